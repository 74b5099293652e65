package dev.understudy.settlement;

import dev.understudy.contract.Subject;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reads what was used: by sums where these tell enough, else attempt by attempt. */
final class Consumption {
  private final Given given;
  private final Instant from;
  private final Instant until;
  private final Predicate<Subject> wanted;

  /**
   * One item of an attempt, or of many that are alike.
   *
   * @param listed what a list asks for one; empty if none does, or if lists were not asked
   */
  record Part(Subject subject, Facts.Sum sum, Optional<Money> listed) {}

  /** Of a span, as far as it is wanted. */
  Consumption(Given given, Instant from, Instant until, Predicate<Subject> wanted) {
    this.given = given;
    this.from = from;
    this.until = until;
    this.wanted = wanted;
  }

  /** By the hour or the day. */
  void summed(Facts.Grain grain, Consumer<Part> use) throws IOException {
    given
        .facts()
        .sums(
            from,
            until,
            grain,
            sum -> {
              Subject subject = Subject.of(sum.group());
              if (!sum.item().isEmpty() && wanted.test(subject)) {
                use.accept(new Part(subject, sum, Optional.empty()));
              }
            });
  }

  /** Attempt by attempt, with all that is known of their keys. */
  void singly(boolean listed, Consumer<Part> use) throws IOException {
    given.facts().each(from, until, fact -> tell(fact, listed, _ -> true, use));
  }

  /** With what lists ask: attempt by attempt where that depends on their length, or the minute. */
  void listed(Consumer<Part> use) throws IOException {
    Set<Key> uneven = new HashSet<>();
    given
        .facts()
        .sums(
            from,
            until,
            Facts.Grain.HOUR,
            sum -> {
              Subject subject = Subject.of(sum.group());
              if (sum.item().isEmpty() || !wanted.test(subject)) {
                return;
              }
              if (given.list().isUneven(sum)) {
                uneven.add(Key.of(sum));
              } else {
                use.accept(new Part(subject, sum, given.list().each(sum)));
              }
            });
    if (!uneven.isEmpty()) {
      given
          .facts()
          .each(from, until, fact -> tell(fact, true, sum -> uneven.contains(Key.of(sum)), use));
    }
  }

  private void tell(Fact fact, boolean listed, Predicate<Facts.Sum> some, Consumer<Part> use) {
    Subject subject = Subject.of(fact);
    if (!wanted.test(subject)) {
      return;
    }
    List<Facts.Sum> sums = sums(fact).stream().filter(some).toList();
    Map<String, Money> lists = listed && !sums.isEmpty() ? given.list().each(fact) : Map.of();
    for (Facts.Sum sum : sums) {
      use.accept(new Part(subject, sum, Optional.ofNullable(lists.get(sum.item()))));
    }
  }

  /** What lists may ask one price for, within an hour. */
  private record Key(
      long hour,
      String vendor,
      String model,
      String replyModel,
      String region,
      String tier,
      String item) {
    static Key of(Facts.Sum sum) {
      Facts.Group group = sum.group();
      return new Key(
          Math.floorDiv(sum.begins().toEpochMilli(), 3_600_000L),
          group.vendor(),
          group.model(),
          group.replyModel(),
          group.region(),
          group.tier(),
          sum.item());
    }
  }

  /** The items of one attempt. */
  static List<Facts.Sum> sums(Fact fact) {
    Cost cost = fact.cost().orElse(null);
    if (cost == null) {
      return List.of();
    }
    var group = Facts.Group.of(fact);
    Instant begins = fact.occurredAt();
    Instant ends = begins.plusMillis(1);
    var sums = new ArrayList<Facts.Sum>();
    for (Cost.Line one : cost.lines()) {
      sums.add(
          new Facts.Sum(
              group,
              begins,
              ends,
              one.item(),
              one.each(),
              one.quantity(),
              one.amount(),
              one.amount(),
              true,
              1));
    }
    for (Cost.Unpriced one : cost.unpriced()) {
      sums.add(
          new Facts.Sum(
              group,
              begins,
              ends,
              one.item(),
              Optional.empty(),
              one.quantity(),
              Money.zero(cost.currency()),
              one.counted(),
              false,
              1));
    }
    return sums;
  }
}
