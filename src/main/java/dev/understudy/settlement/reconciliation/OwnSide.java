package dev.understudy.settlement.reconciliation;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Cost;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What our records say of a vendor: by day, model and meter, and what its replies said. */
final class OwnSide {
  /** More models and units than a vendor has; beyond this, names are made up. */
  private static final int CELLS_MAX = 1_000_000;

  private static final int LATE_HOUR = 23;

  /** Where replies tell what they cost, and what one of it is worth. */
  private static final Map<String, BigDecimal> REPORTED =
      Map.of(
          "cost_in_usd_ticks", new BigDecimal("0.0000000001"),
          "cost", BigDecimal.ONE,
          "cost.total_cost", BigDecimal.ONE);

  /** What was asked of a model and meter. */
  record Key(String model, Meter meter) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byModel = model.compareTo(other.model);
      return byModel != 0 ? byModel : meter.compareTo(other.meter);
    }

    @Override
    public String toString() {
      return model + ", " + meter;
    }
  }

  private final SortedMap<LocalDate, SortedMap<Key, OwnCell>> days = new TreeMap<>();
  private final SortedMap<LocalDate, BigDecimal> reported = new TreeMap<>();
  private final Set<Currency> currencies = new HashSet<>();
  private int cells;

  static OwnSide read(Facts facts, String vendor, LocalDate from, LocalDate to) throws IOException {
    var side = new OwnSide();
    Instant begin = from.atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant end = to.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    facts.each(
        begin,
        end,
        fact -> {
          if (fact.vendor().equals(vendor)) {
            side.add(fact);
          }
        });
    return side;
  }

  private void add(Fact fact) {
    var at = fact.occurredAt().atOffset(ZoneOffset.UTC);
    LocalDate day = at.toLocalDate();
    boolean late = at.getHour() == LATE_HOUR;
    String model = fact.replyModel().isEmpty() ? fact.model() : fact.replyModel();
    for (Map.Entry<String, BigDecimal> one : fact.leaves().entrySet()) {
      BigDecimal worth = REPORTED.get(one.getKey());
      if (worth != null) {
        reported.merge(day, one.getValue().multiply(worth), BigDecimal::add);
      }
    }
    if (fact.cost().isEmpty()) {
      return;
    }
    Cost cost = fact.cost().get();
    currencies.add(cost.currency());
    for (Cost.Line line : cost.lines()) {
      cell(day, model, line.item())
          .add(
              line.item(),
              line.quantity(),
              line.amount().amount(),
              true,
              BigDecimal.ZERO,
              fact.estimated(),
              late,
              fact.tier());
    }
    for (Cost.Unpriced one : cost.unpriced()) {
      cell(day, model, one.item())
          .add(
              one.item(),
              one.quantity(),
              BigDecimal.ZERO,
              false,
              one.counted().amount(),
              fact.estimated(),
              late,
              fact.tier());
    }
  }

  private OwnCell cell(LocalDate day, String model, String item) {
    return days.computeIfAbsent(day, _ -> new TreeMap<>())
        .computeIfAbsent(
            new Key(model, Meter.ofItem(item)),
            _ -> {
              if (++cells > CELLS_MAX) {
                throw new IllegalArgumentException(
                    "more than %d different models and units; reconcile a shorter span"
                        .formatted(CELLS_MAX));
              }
              return new OwnCell();
            });
  }

  SortedMap<Key, OwnCell> day(LocalDate day) {
    return days.getOrDefault(day, new TreeMap<>());
  }

  /** What all of a day comes to. */
  BigDecimal amount(LocalDate day) {
    BigDecimal sum = BigDecimal.ZERO;
    for (OwnCell cell : day(day).values()) {
      sum = sum.add(cell.amount());
    }
    return sum;
  }

  Optional<BigDecimal> reported(LocalDate day) {
    return Optional.ofNullable(reported.get(day));
  }

  Set<Currency> currencies() {
    return currencies;
  }
}
