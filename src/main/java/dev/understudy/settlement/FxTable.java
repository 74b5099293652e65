package dev.understudy.settlement;

import dev.understudy.ledger.ExchangeRate;
import dev.understudy.money.Money;
import java.time.LocalDate;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Rates of exchange by day; where there is none of a day, such as a Sunday, the last one before.
 */
public final class FxTable {
  /** An older rate than this is not the rate of a day. */
  private static final int DAYS_MAX = 7;

  private record Pair(Currency from, Currency to) {}

  private final Map<Pair, NavigableMap<LocalDate, ExchangeRate>> rates = new HashMap<>();

  public FxTable(List<ExchangeRate> all) {
    for (ExchangeRate rate : all) {
      ExchangeRate other =
          rates
              .computeIfAbsent(new Pair(rate.from(), rate.to()), _ -> new TreeMap<>())
              .putIfAbsent(rate.day(), rate);
      if (other != null && !other.equals(rate)) {
        throw new IllegalArgumentException(
            "two rates of exchange from %s to %s for %s: %s by %s, and %s by %s"
                .formatted(
                    rate.from(),
                    rate.to(),
                    rate.day(),
                    other.rate().toPlainString(),
                    other.source(),
                    rate.rate().toPlainString(),
                    rate.source()));
      }
    }
  }

  /**
   * The rate of a day.
   *
   * @throws Unsettled if there is none
   */
  public ExchangeRate rate(Currency from, Currency to, LocalDate day) {
    var byDay = rates.get(new Pair(from, to));
    var found = byDay == null ? null : byDay.floorEntry(day);
    if (found == null || found.getKey().isBefore(day.minusDays(DAYS_MAX))) {
      throw new Unsettled(
          "no rate of exchange from %s to %s for %s, or for the %d days before; import one"
              .formatted(from, to, day, DAYS_MAX));
    }
    return found.getValue();
  }

  /** An amount in another currency, exact. */
  public Money in(Currency to, Money amount, LocalDate day) {
    if (amount.currency().equals(to) || amount.isZero()) {
      return Money.of(amount.amount(), to);
    }
    return Money.of(amount.amount().multiply(rate(amount.currency(), to, day).rate()), to);
  }
}
