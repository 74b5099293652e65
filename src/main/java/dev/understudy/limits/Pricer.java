package dev.understudy.limits;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Use;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says what one attempt cost by given prices: what budgets settle by and what records tell.
 *
 * @param regions where a vendor of the settings serves, as far as its address says
 */
public record Pricer(Function<String, Optional<String>> regions) {
  /** Counting tokens, which is free of charge at every vendor that does it, is not priced. */
  private static final String PRICED = "chat";

  /**
   * What an attempt cost; empty where nothing was consumed.
   *
   * @param operation what was asked for, as exchanges name it
   * @param startedAt when its exchange began
   */
  public Optional<Cost> cost(Attempt attempt, String operation, Instant startedAt, Prices prices) {
    if (!operation.equals(PRICED)) {
      return Optional.empty();
    }
    if (!attempt.usage().isSaid()) {
      return isAnswer(attempt) ? Optional.of(unsaid(prices)) : Optional.empty();
    }
    return Optional.of(
        prices.cost(
            new Use(
                attempt.vendor(),
                attempt.kind(),
                attempt.model(),
                attempt.replyModel(),
                regions.apply(attempt.vendor()),
                Optional.empty(),
                startedAt.plusNanos(attempt.startedNanos()),
                startedAt.plusNanos(attempt.endedNanos()),
                attempt.usage())));
  }

  /** The record with the cost of every attempt that has none yet; the same if there is none. */
  public Exchange priced(Exchange exchange, Prices prices) {
    List<Attempt> attempts = exchange.attempts();
    ArrayList<Attempt> priced = null;
    for (int i = 0; i < attempts.size(); i++) {
      Attempt attempt = attempts.get(i);
      if (attempt.cost().isEmpty()) {
        Optional<Cost> cost = cost(attempt, exchange.operation(), exchange.startedAt(), prices);
        if (cost.isPresent()) {
          priced = priced == null ? new ArrayList<>(attempts) : priced;
          priced.set(i, attempt.with(cost.get()));
        }
      }
    }
    return priced == null ? exchange : exchange.with(priced);
  }

  private static boolean isAnswer(Attempt attempt) {
    return switch (attempt.outcome()) {
      case ANSWERED, BROKEN, ABANDONED -> true;
      case REFUSED, UNREACHED -> false;
    };
  }

  /** An answer without a word on what it took: certainly not free. */
  private static Cost unsaid(Prices prices) {
    var currency = prices.currency();
    var unpriced =
        new Cost.Unpriced(
            "usage", BigDecimal.ONE, "the vendor did not say what it took", Money.zero(currency));
    return Cost.of(List.of(), List.of(unpriced), currency, "");
  }
}
