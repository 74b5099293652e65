package dev.understudy.settlement.focus;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Attempts in memory, for tests of what reads them. */
public final class MemoryFacts implements Facts {
  private final List<Fact> facts = new ArrayList<>();

  public MemoryFacts add(Fact fact) {
    facts.add(fact);
    facts.sort(Comparator.comparing(Fact::occurredAt));
    return this;
  }

  @Override
  public void each(Instant from, Instant until, Consumer<Fact> use) {
    for (Fact fact : facts) {
      if (!fact.occurredAt().isBefore(from) && fact.occurredAt().isBefore(until)) {
        use.accept(fact);
      }
    }
  }

  @Override
  public void sums(Instant from, Instant until, Grain grain, Consumer<Sum> use) {
    Map<String, Sum> sums = new LinkedHashMap<>();
    each(
        from,
        until,
        fact -> {
          if (fact.cost().isEmpty()) {
            return;
          }
          Cost cost = fact.cost().get();
          for (Cost.Line line : cost.lines()) {
            merge(
                sums,
                fact,
                grain,
                from,
                until,
                line.item(),
                line.each(),
                line.quantity(),
                line.amount(),
                line.amount(),
                true);
          }
          for (Cost.Unpriced one : cost.unpriced()) {
            merge(
                sums,
                fact,
                grain,
                from,
                until,
                one.item(),
                Optional.empty(),
                one.quantity(),
                Money.zero(cost.currency()),
                one.counted(),
                false);
          }
        });
    sums.values().forEach(use);
  }

  private static void merge(
      Map<String, Sum> sums,
      Fact fact,
      Grain grain,
      Instant from,
      Instant until,
      String item,
      Optional<BigDecimal> each,
      BigDecimal quantity,
      Money amount,
      Money counted,
      boolean priced) {
    var group = Group.of(fact);
    long size = grain == Grain.HOUR ? 3_600 : 86_400;
    Instant piece =
        grain == Grain.WHOLE
            ? from
            : Instant.ofEpochSecond(Math.floorDiv(fact.occurredAt().getEpochSecond(), size) * size);
    Instant ends = grain == Grain.WHOLE ? until : piece.plusSeconds(size);
    String key = group + " " + piece + " " + item + " " + each + " " + priced + amount.currency();
    Sum before = sums.get(key);
    sums.put(
        key,
        new Sum(
            group,
            piece,
            ends,
            item,
            each,
            before == null ? quantity : before.quantity().add(quantity),
            before == null ? amount : before.amount().plus(amount),
            before == null ? counted : before.counted().plus(counted),
            priced,
            before == null ? 1 : before.attempts() + 1));
  }

  /** A call of a team to a model, each item with how many and the price of one. */
  public static Fact call(String at, String vendor, String model, String... items) {
    var lines = new ArrayList<Cost.Line>();
    var leaves = new TreeMap<String, BigDecimal>();
    for (String item : items) {
      String[] parts = item.split(" ");
      var quantity = new BigDecimal(parts[1]);
      var each = new BigDecimal(parts[2]);
      leaves.put(parts[0], quantity);
      lines.add(
          new Cost.Line(
              parts[0],
              quantity,
              Optional.of(each),
              Money.of(quantity.multiply(each), Currencies.USD)));
    }
    String price = "negotiated/" + vendor + "/" + model + "@2026-01-01";
    return fact(
        at,
        vendor,
        model,
        "blue",
        leaves,
        Optional.of(Cost.of(lines, List.of(), Currencies.USD, price)));
  }

  /** The same call, as the vendor says of it in which class it was served. */
  public static Fact tier(String tier, Fact of) {
    return new Fact(
        of.exchange(),
        of.index(),
        of.occurredAt(),
        of.organisation(),
        of.team(),
        of.keyId(),
        of.tags(),
        of.route(),
        of.purpose(),
        of.vendor(),
        of.kind(),
        of.model(),
        of.replyModel(),
        of.credential(),
        of.region(),
        tier,
        of.outcome(),
        of.estimated(),
        of.leaves(),
        of.cost());
  }

  public static Fact fact(
      String at,
      String vendor,
      String model,
      String team,
      TreeMap<String, BigDecimal> leaves,
      Optional<Cost> cost) {
    return new Fact(
        "ex-" + at + vendor + model + leaves.hashCode(),
        0,
        Instant.parse(at),
        "acme",
        team,
        "key_1",
        Map.of("app", "chat"),
        "smart",
        Purpose.CALL,
        vendor,
        vendor,
        model,
        model,
        "env:KEY",
        "",
        "standard",
        Attempt.Outcome.ANSWERED,
        false,
        leaves,
        cost);
  }
}
