package dev.understudy.settlement;

import dev.understudy.ledger.ExchangeRate;
import dev.understudy.money.Money;
import dev.understudy.settlement.Line.Item;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a section took in from other currencies: a line for each rate, with its day and source. */
final class Exchanged {
  private final FxTable fx;
  private final Map<String, Sum> sums = new TreeMap<>();

  /** What was exchanged at one rate. */
  private record Sum(ExchangeRate rate, BigDecimal amount, BigDecimal worth) {
    Sum plus(Sum other) {
      return new Sum(rate, amount.add(other.amount), worth.add(other.worth));
    }
  }

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
          new Sum(rate, amount.amount(), worth.amount()),
          Sum::plus);
    }
    return worth;
  }

  /** By currency and by the day of the rate. */
  List<Line> lines() {
    return sums.values().stream()
        .map(one ->
            new Line(
                Item.FX,
                "%s at the rate of %s (%s)"
                    .formatted(
                        Money.of(one.amount(), one.rate().from()),
                        one.rate().day(),
                        one.rate().source()),
                Optional.of(one.rate().rate()),
                Optional.empty(),
                Money.of(one.worth(), one.rate().to()),
                false))
        .toList();
  }
}
