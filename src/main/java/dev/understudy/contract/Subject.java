package dev.understudy.contract;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a term is asked about: who answers, and what is known of who asks. Texts that are not known
 * are empty.
 *
 * @param vendor the vendor's name in the settings
 * @param kind the vendor's kind in the catalogue
 * @param model the vendor's name for the model
 * @param region where it answers
 * @param product what is sold, from the key's tag {@code product}
 * @param channel by which way, such as {@code api}, from the key's tag {@code channel}
 * @param segment the kind of customer, from the key's tag {@code segment}
 * @param country where the customer is, from the key's tag {@code country}
 * @param customers names under which the customer may be meant: organisation, team, the key's tag
 *     for it
 * @param uses what the answers are for, from the tag {@code use}
 */
public record Subject(
    String vendor,
    String kind,
    String model,
    String region,
    String product,
    String channel,
    String segment,
    String country,
    Set<String> customers,
    Set<String> uses) {
  /** The tags of keys that contracts look at. */
  public static final List<String> TAGS =
      List.of("product", "channel", "segment", "country", "customer", "use");

  public Subject {
    customers = Set.copyOf(customers);
    uses = Set.copyOf(uses);
  }

  /** Of an attempt. */
  public static Subject of(Fact fact) {
    return asker(fact.organisation(), fact.team(), fact.tags(), Set.of())
        .at(fact.vendor(), fact.kind(), fact.model(), fact.region());
  }

  /** Of many attempts at once, of whose keys no tags are known. */
  public static Subject of(Facts.Group group) {
    return asker(group.organisation(), group.team(), Map.of(), Set.of())
        .at(group.vendor(), group.kind(), group.model(), group.region());
  }

  /** Of something sold; texts that are not known are empty. */
  public static Subject sale(
      String product,
      String channel,
      String model,
      String region,
      String segment,
      String customer) {
    return new Subject(
        "", "", model, region, product, channel, segment, "", names(List.of(customer)), Set.of());
  }

  /**
   * Of who asks, before it is known who answers.
   *
   * @param tags of the key, which the operator gave it
   * @param alsoFor uses that the request itself admits to
   */
  public static Subject asker(
      String organisation, String team, Map<String, String> tags, Set<String> alsoFor) {
    String use = tags.getOrDefault("use", "");
    Set<String> uses = alsoFor;
    if (!use.isEmpty()) {
      uses = new HashSet<>(alsoFor);
      uses.add(use);
    }
    return new Subject(
        "",
        "",
        "",
        "",
        tags.getOrDefault("product", ""),
        tags.getOrDefault("channel", ""),
        tags.getOrDefault("segment", ""),
        tags.getOrDefault("country", ""),
        customers(organisation, team, tags.getOrDefault("customer", "")),
        uses);
  }

  /** Without a detour for what most keys have, since every call asks. */
  private static Set<String> customers(String organisation, String team, String customer) {
    if (!customer.isEmpty() || organisation.isEmpty() || team.isEmpty()) {
      return names(List.of(organisation, team, customer));
    }
    return organisation.equals(team) ? Set.of(team) : Set.of(organisation, team);
  }

  private static Set<String> names(List<String> all) {
    var names = new HashSet<String>();
    for (String name : all) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  /** The same asked of a target. */
  public Subject at(String target, String targetKind, String targetModel, String where) {
    return new Subject(
        target,
        targetKind,
        targetModel,
        where,
        product,
        channel,
        segment,
        country,
        customers,
        uses);
  }
}
