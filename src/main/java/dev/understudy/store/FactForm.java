package dev.understudy.store;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.json.Json;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is the same for many attempts beside their group: some words, and what each of their numbers
 * means. An attempt is then little more than its numbers.
 *
 * @param currency of the cost; null where there is none
 * @param leaves the names of what was consumed, in order
 */
record FactForm(
    String credential,
    Attempt.Outcome outcome,
    SortedMap<String, String> tags,
    @Nullable String currency,
    List<String> leaves,
    List<Line> lines,
    List<Unpriced> unpriced) {

  /**
   * A priced item.
   *
   * @param leaf whether its quantity is that of the leaf of its name, and so is no number of its
   *     own
   * @param product whether its amount is quantity times price, and so is no number of its own
   */
  record Line(String item, @Nullable BigDecimal each, boolean leaf, boolean product) {}

  /**
   * An item without a price.
   *
   * @param leaf as of a line
   */
  record Unpriced(String item, String reason, boolean leaf) {}

  /** What is the same for many attempts, and what is not. */
  record Split(FactForm form, String numbers) {}

  static Split split(Fact fact) {
    var numbers = new StringBuilder(32);
    fact.leaves().values().forEach(value -> number(value, numbers));
    var lines = new ArrayList<Line>();
    var unpriced = new ArrayList<Unpriced>();
    if (fact.cost().isPresent()) {
      Cost cost = fact.cost().get();
      for (Cost.Line line : cost.lines()) {
        boolean leaf = isOf(line.item(), line.quantity(), fact);
        boolean product =
            line.each()
                .map(each -> line.amount().amount().compareTo(each.multiply(line.quantity())) == 0)
                .orElse(false);
        lines.add(new Line(line.item(), line.each().orElse(null), leaf, product));
        if (!leaf) {
          number(line.quantity(), numbers);
        }
        if (!product) {
          number(line.amount().amount(), numbers);
        }
      }
      for (Cost.Unpriced one : cost.unpriced()) {
        boolean leaf = isOf(one.item(), one.quantity(), fact);
        unpriced.add(new Unpriced(one.item(), one.reason(), leaf));
        if (!leaf) {
          number(one.quantity(), numbers);
        }
        number(one.counted().amount(), numbers);
      }
    }
    var form =
        new FactForm(
            fact.credential(),
            fact.outcome(),
            fact.tags().isEmpty() ? NO_TAGS : new TreeMap<>(fact.tags()),
            fact.cost().map(cost -> cost.currency().getCurrencyCode()).orElse(null),
            List.copyOf(fact.leaves().keySet()),
            lines,
            unpriced);
    return new Split(form, numbers.toString());
  }

  private static final SortedMap<String, String> NO_TAGS = new TreeMap<>();

  /** Whether a quantity is that of the leaf of its name, written alike. */
  private static boolean isOf(String item, BigDecimal quantity, Fact fact) {
    BigDecimal leaf = fact.leaves().get(item);
    return leaf != null && leaf.scale() == quantity.scale() && leaf.compareTo(quantity) == 0;
  }

  private static void number(BigDecimal value, StringBuilder numbers) {
    if (!numbers.isEmpty()) {
      numbers.append(' ');
    }
    numbers.append(value);
  }

  /** The attempt again. */
  Fact join(String exchange, int place, Instant occurredAt, Facts.Group group, String numbers) {
    var reading = new Numbers(numbers);
    var quantities = new TreeMap<String, BigDecimal>();
    for (String leaf : leaves) {
      quantities.put(leaf, reading.next());
    }
    return new Fact(
        exchange,
        place,
        occurredAt,
        group.organisation(),
        group.team(),
        group.keyId(),
        tags,
        group.route(),
        group.purpose(),
        group.vendor(),
        group.kind(),
        group.model(),
        group.replyModel(),
        credential,
        group.region(),
        group.tier(),
        outcome,
        group.estimated(),
        quantities,
        currency == null
            ? Optional.empty()
            : Optional.of(cost(Currencies.of(currency), quantities, group.price(), reading)));
  }

  private Cost cost(
      Currency in, SortedMap<String, BigDecimal> quantities, String price, Numbers reading) {
    var priced = new ArrayList<Cost.Line>();
    for (Line line : lines) {
      BigDecimal quantity = line.leaf() ? leaf(line.item(), quantities) : reading.next();
      BigDecimal each = line.each();
      BigDecimal amount = line.product() && each != null ? each.multiply(quantity) : reading.next();
      priced.add(
          new Cost.Line(line.item(), quantity, Optional.ofNullable(each), Money.of(amount, in)));
    }
    var suspended = new ArrayList<Cost.Unpriced>();
    for (Unpriced one : unpriced) {
      BigDecimal quantity = one.leaf() ? leaf(one.item(), quantities) : reading.next();
      suspended.add(
          new Cost.Unpriced(one.item(), quantity, one.reason(), Money.of(reading.next(), in)));
    }
    return Cost.of(priced, suspended, in, price);
  }

  private static BigDecimal leaf(String item, Map<String, BigDecimal> quantities) {
    BigDecimal quantity = quantities.get(item);
    if (quantity == null) {
      throw new IllegalArgumentException("a form without the leaf " + item);
    }
    return quantity;
  }

  /** Reads the numbers of an attempt one by one. */
  private static final class Numbers {
    private final String text;
    private int at;

    Numbers(String text) {
      this.text = text;
    }

    BigDecimal next() {
      int end = text.indexOf(' ', at);
      String number = end < 0 ? text.substring(at) : text.substring(at, end);
      at = end < 0 ? text.length() : end + 1;
      return new BigDecimal(number);
    }
  }

  /** As it is kept. */
  String json() {
    var object = Json.object();
    object.put("credential", credential);
    object.put("outcome", outcome.name());
    if (currency != null) {
      object.put("currency", currency);
    }
    var tagged = object.putObject("tags");
    tags.forEach(tagged::put);
    var consumed = object.putArray("leaves");
    leaves.forEach(consumed::add);
    var priced = object.putArray("lines");
    for (Line line : lines) {
      BigDecimal each = line.each();
      priced
          .addArray()
          .add(line.item())
          .add(each == null ? "" : each.toString())
          .add(line.leaf())
          .add(line.product());
    }
    var suspended = object.putArray("unpriced");
    for (Unpriced one : unpriced) {
      suspended.addArray().add(one.item()).add(one.reason()).add(one.leaf());
    }
    return Json.text(object);
  }

  static FactForm read(String json) {
    JsonNode object = Json.parseObject(json);
    var tags = new TreeMap<String, String>();
    object
        .path("tags")
        .properties()
        .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asString()));
    var leaves = new ArrayList<String>();
    object.path("leaves").forEach(leaf -> leaves.add(leaf.asString()));
    var lines = new ArrayList<Line>();
    for (JsonNode line : object.path("lines")) {
      String each = line.path(1).asString();
      lines.add(
          new Line(
              line.path(0).asString(),
              each.isEmpty() ? null : new BigDecimal(each),
              line.path(2).asBoolean(),
              line.path(3).asBoolean()));
    }
    var unpriced = new ArrayList<Unpriced>();
    for (JsonNode one : object.path("unpriced")) {
      unpriced.add(
          new Unpriced(one.path(0).asString(), one.path(1).asString(), one.path(2).asBoolean()));
    }
    return new FactForm(
        object.path("credential").asString(),
        Attempt.Outcome.valueOf(object.path("outcome").asString()),
        tags,
        object.has("currency") ? object.path("currency").asString() : null,
        leaves,
        lines,
        unpriced);
  }
}
