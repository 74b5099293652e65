package dev.understudy.limits;

import dev.understudy.exchange.Attempt;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.pricing.Ask;
import dev.understudy.pricing.Prices;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What calls cost, as budgets count it: by the price books in force, and what has no price at a
 * stated one, never at nothing.
 */
public final class Tariff {
  /** For a million tokens in where no book says anything: as dear as the dearest usual model. */
  public static final BigDecimal INPUT_UNPRICED = BigDecimal.valueOf(15);

  /** For a million tokens out, likewise. */
  public static final BigDecimal OUTPUT_UNPRICED = BigDecimal.valueOf(75);

  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);
  private static final BigDecimal NANOS_MAX = BigDecimal.valueOf(1_000_000_000_000_000_000L);

  private final Supplier<Prices> prices;
  private final Function<String, Optional<String>> regions;
  private final Pricer pricer;
  private final Currencies currencies;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** One that knows nothing of regions. */
  public Tariff(Supplier<Prices> prices, Currencies currencies) {
    this(prices, _ -> Optional.empty(), currencies);
  }

  /**
   * Makes one.
   *
   * @param prices those in force
   * @param regions where a vendor of the settings serves, as far as its address says
   */
  public Tariff(
      Supplier<Prices> prices, Function<String, Optional<String>> regions, Currencies currencies) {
    this.prices = prices;
    this.regions = regions;
    this.pricer = new Pricer(regions);
    this.currencies = currencies;
  }

  /** What an attempt may cost at the most, in billionths. */
  public long before(String vendor, String kind, String model, Instant at, long in, long out) {
    Cost cost =
        prices
            .get()
            .worstCase(
                new Ask(vendor, kind, model, regions.apply(vendor), Optional.empty(), at, in, out));
    return nanos(cost, in, out);
  }

  /**
   * The attempt with its cost, if anything was consumed and the prices are known yet.
   *
   * @param operation what was asked for, as exchanges name it
   * @param startedAt when its exchange began
   */
  public Attempt priced(Attempt attempt, String operation, Instant startedAt) {
    Prices known = prices.get();
    if (known.books().isEmpty()) {
      return attempt;
    }
    Optional<Cost> cost = pricer.cost(attempt, operation, startedAt, known);
    return cost.isPresent() ? attempt.with(cost.get()) : attempt;
  }

  /**
   * What an attempt did cost, in billionths.
   *
   * @param in all tokens that went in
   * @param out all that came out
   */
  public long after(Attempt attempt, Instant startedAt, long in, long out) {
    Optional<Cost> cost = attempt.cost();
    if (cost.isEmpty()) {
      cost = pricer.cost(attempt, "chat", startedAt, prices.get());
    }
    return cost.isPresent() ? nanos(cost.get(), in, out) : 0;
  }

  private long nanos(Cost cost, long in, long out) {
    Money counted = cost.counted();
    if (counted.sign() <= 0 && !cost.isWhole()) {
      BigDecimal nanos =
          INPUT_UNPRICED
              .multiply(BigDecimal.valueOf(in))
              .add(OUTPUT_UNPRICED.multiply(BigDecimal.valueOf(out)))
              .multiply(BigDecimal.valueOf(1_000));
      return whole(nanos);
    }
    String currency = counted.currency().getCurrencyCode();
    if (!currencies.knows(currency) && told.add(currency)) {
      System.getLogger(Tariff.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "prices in {0} count one for one in budgets: set limits.currencies.{0}",
              currency);
    }
    BigDecimal amount = currencies.toPrices(counted.amount(), currency);
    return whole(amount.multiply(NANOS));
  }

  private static long whole(BigDecimal nanos) {
    return nanos.max(BigDecimal.ZERO).min(NANOS_MAX).setScale(0, RoundingMode.CEILING).longValue();
  }
}
