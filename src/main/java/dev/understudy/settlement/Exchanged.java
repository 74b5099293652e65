package dev.understudy.settlement;

import dev.understudy.ledger.ExchangeRate;
import dev.understudy.money.Money;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a section took in from other currencies: a line for each rate, with its day and source. */
final class Exchanged {
  private final FxTable fx;
  private final Map<String, Exchange> sums = new TreeMap<>();

  Exchanged(FxTable fx) {
    this.fx = fx;
  }

  /**
   * An amount in another currency at the rate of its day, exact, and remembered.
   *
   * @throws Unsettled if there is no rate of that day
   */
  Money in(Currency to, Money amount, LocalDate day) {
    Money worth = fx.in(to, amount, day);
    if (!amount.currency().equals(to) && !amount.isZero()) {
      ExchangeRate rate = fx.rate(amount.currency(), to, day);
      sums.merge(
          "%s %s %s".formatted(rate.from(), rate.to(), rate.day()),
          new Exchange(rate, amount.amount(), worth.amount()),
          Exchange::plus);
    }
    return worth;
  }

  /** By currency and by the day of the rate. */
  List<Line> lines() {
    return sums.values().stream().map(Exchange::line).toList();
  }

  /** Likewise, for what is no statement. */
  List<Exchange> all() {
    return List.copyOf(sums.values());
  }
}
