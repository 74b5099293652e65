package dev.understudy.limits;

import dev.understudy.access.Budget;
import dev.understudy.access.Limits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How money of the prices becomes money of budgets in other currencies: at rates that a person
 * states with their dates, never at rates that somebody guesses.
 *
 * @param ofPrices the currency prices are in
 * @param stated for each other currency, what one unit of it costs in the prices' currency
 */
public record Currencies(String ofPrices, Map<String, Rate> stated) {
  /**
   * What one unit of a currency costs.
   *
   * @param on the day for which this was true
   */
  public record Rate(BigDecimal price, LocalDate on) {
    public Rate {
      if (price.signum() <= 0) {
        throw new IllegalArgumentException("an exchange rate is more than zero");
      }
    }
  }

  /** Prices and budgets in US dollars. */
  public static final Currencies USD = new Currencies("USD", Map.of());

  public Currencies {
    stated = Map.copyOf(stated);
  }

  /** Why these limits cannot be counted; empty if they can. */
  public Optional<String> objection(Limits limits) {
    for (Budget budget : limits.budgets()) {
      if (!knows(budget.currency())) {
        var known = new TreeMap<>(stated).keySet();
        return Optional.of(
            "the budget %s is in %s, prices are in %s, and no rate between them is stated%s;"
                    .formatted(
                        budget.text(),
                        budget.currency(),
                        ofPrices,
                        known.isEmpty() ? "" : " (stated: " + String.join(", ", known) + ")")
                + " write the budget in %s or set limits.currencies.%s"
                    .formatted(ofPrices, budget.currency()));
      }
    }
    return Optional.empty();
  }

  /**
   * An amount of a price book in the currency that is counted in. Where no rate is stated, one for
   * one: that is wrong, but less wrong than nothing.
   */
  BigDecimal toPrices(BigDecimal amount, String currency) {
    Rate rate = stated.get(currency);
    return currency.equals(ofPrices) || rate == null ? amount : amount.multiply(rate.price());
  }

  boolean knows(String currency) {
    return currency.equals(ofPrices) || stated.containsKey(currency);
  }

  /** Money of the prices in a budget's currency, rounded up: a budget is not passed by rounding. */
  long convert(long nanos, String currency) {
    if (currency.equals(ofPrices)) {
      return nanos;
    }
    Rate rate = stated.get(currency);
    if (rate == null) {
      // Refused where budgets are set; one that is there all the same is counted one for one.
      return nanos;
    }
    return BigDecimal.valueOf(nanos).divide(rate.price(), 0, RoundingMode.CEILING).longValueExact();
  }
}
