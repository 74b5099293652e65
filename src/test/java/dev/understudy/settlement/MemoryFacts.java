package dev.understudy.settlement;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Attempts in memory, added up one by one. */
final class MemoryFacts implements Facts {
  private final List<Fact> facts = new ArrayList<>();
  private Map<String, String> tags = Map.of();
  private String tier = "standard";

  /** What is said of the keys of the attempts that follow. */
  MemoryFacts tagged(Map<String, String> of) {
    tags = of;
    return this;
  }

  /** The class of service of the attempts that follow. */
  MemoryFacts tier(String of) {
    tier = of;
    return this;
  }

  /** An attempt of one or more items, written {@code input.text 1000 at 0.000002 USD}. */
  MemoryFacts with(String at, String who, String target, String... items) {
    return with(at, who, target, Attempt.Outcome.ANSWERED, items);
  }

  MemoryFacts with(String at, String who, String target, Attempt.Outcome outcome, String... items) {
    var lines = new ArrayList<Cost.Line>();
    var leaves = new TreeMap<String, BigDecimal>();
    for (String item : items) {
      String[] words = item.split(" ", -1);
      var quantity = new BigDecimal(words[1]);
      Money each = Money.parse(words[3] + " " + words[4]);
      leaves.put(words[0], quantity);
      lines.add(
          new Cost.Line(words[0], quantity, Optional.of(each.amount()), each.times(quantity)));
    }
    String[] asker = who.split("/", -1);
    String[] served = target.split("/", -1);
    facts.add(
        new Fact(
            "x" + facts.size(),
            0,
            Instant.parse(at),
            asker[0],
            asker[1],
            asker.length > 2 ? asker[2] : "k",
            tags,
            "route",
            Purpose.CALL,
            served[0],
            served[0],
            served[1],
            served[1],
            "key",
            "",
            tier,
            outcome,
            false,
            leaves,
            lines.isEmpty()
                ? Optional.empty()
                : Optional.of(
                    Cost.of(
                        lines,
                        List.of(),
                        lines.getFirst().amount().currency(),
                        "list/" + served[1]))));
    facts.sort(Comparator.comparing(Fact::occurredAt));
    return this;
  }

  @Override
  public void each(Instant from, Instant until, Consumer<Fact> use) {
    facts.stream()
        .filter(f -> !f.occurredAt().isBefore(from) && f.occurredAt().isBefore(until))
        .forEach(use);
  }

  @Override
  public void sums(Instant from, Instant until, Grain grain, Consumer<Sum> use) {
    record Key(Instant begins, Group group, String item, Optional<BigDecimal> each) {}
    var sums = new LinkedHashMap<Key, Sum>();
    each(
        from,
        until,
        fact -> {
          Cost cost = fact.cost().orElse(null);
          if (cost == null) {
            return;
          }
          Instant piece =
              switch (grain) {
                case HOUR -> fact.occurredAt().truncatedTo(ChronoUnit.HOURS);
                case DAY -> fact.occurredAt().truncatedTo(ChronoUnit.DAYS);
                case WHOLE -> from;
              };
          Instant begins = piece.isBefore(from) ? from : piece;
          var group = Group.of(fact);
          for (Cost.Line line : cost.lines()) {
            sums.merge(
                new Key(begins, group, line.item(), line.each()),
                new Sum(
                    group,
                    begins,
                    begins.plus(Duration.ofHours(1)),
                    line.item(),
                    line.each(),
                    line.quantity(),
                    line.amount(),
                    line.amount(),
                    true,
                    1),
                MemoryFacts::plus);
          }
        });
    sums.values().forEach(use);
  }

  private static Sum plus(Sum one, Sum other) {
    return new Sum(
        one.group(),
        one.begins(),
        one.ends(),
        one.item(),
        one.each(),
        one.quantity().add(other.quantity()),
        one.amount().plus(other.amount()),
        one.counted().plus(other.counted()),
        true,
        one.attempts() + other.attempts());
  }
}
