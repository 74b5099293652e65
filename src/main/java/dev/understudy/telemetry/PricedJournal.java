package dev.understudy.telemetry;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Use;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Prices every attempt before the record goes on to other journals.
 *
 * <p>The list of prices is read while calls are served already; records that come before wait for
 * it. Pricing itself is done on the calls' path: it takes a microsecond, and everything after it
 * tells of the same cost.
 */
public final class PricedJournal implements Journal, AutoCloseable {
  /** How many records may wait for the prices; further ones go on without a cost. */
  public static final int WAITING_MAX = 10_000;

  /** How many different things without a price are told in the log. */
  private static final int TOLD_MAX = 200;

  private final Journal next;
  private final Function<String, Optional<String>> regions;
  private final Queue<Exchange> early = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Prices prices;

  /**
   * A journal that waits for its prices.
   *
   * @param regions where a vendor of the settings serves, as far as its address says
   */
  public PricedJournal(Journal next, Function<String, Optional<String>> regions) {
    this.next = next;
    this.regions = regions;
  }

  /** From now on these prices hold, and whatever waited is priced. */
  public void inForce(Prices prices) {
    this.prices = prices;
    drain(prices);
  }

  @Override
  public void append(Exchange exchange) {
    Prices known = prices;
    if (known != null) {
      next.append(priced(exchange, known));
    } else if (waiting.incrementAndGet() > WAITING_MAX) {
      next.append(exchange);
    } else {
      early.add(exchange);
      // The prices may have come in between, and then nobody else looks into the queue.
      Prices come = prices;
      if (come != null) {
        drain(come);
      }
    }
  }

  /** What still waits goes on without a cost. */
  @Override
  public void close() {
    for (Exchange exchange = early.poll(); exchange != null; exchange = early.poll()) {
      next.append(exchange);
    }
  }

  private void drain(Prices prices) {
    for (Exchange exchange = early.poll(); exchange != null; exchange = early.poll()) {
      next.append(priced(exchange, prices));
    }
  }

  private Exchange priced(Exchange exchange, Prices prices) {
    List<Attempt> attempts = exchange.attempts();
    if (attempts.isEmpty()) {
      return exchange;
    }
    var all = new ArrayList<Attempt>(attempts.size());
    boolean any = false;
    for (int i = 0; i < attempts.size(); i++) {
      Attempt attempt = attempts.get(i);
      Optional<Cost> cost = cost(exchange, attempt, prices);
      any |= cost.isPresent();
      all.add(cost.isPresent() ? attempt.with(cost.get()) : attempt);
    }
    return any ? exchange.with(all) : exchange;
  }

  private Optional<Cost> cost(Exchange exchange, Attempt attempt, Prices prices) {
    // Counting tokens is free of charge at every vendor that does it.
    if (!exchange.operation().equals("chat")) {
      return Optional.empty();
    }
    boolean answered =
        switch (attempt.outcome()) {
          case ANSWERED, BROKEN, ABANDONED -> true;
          case REFUSED, UNREACHED -> false;
        };
    if (!attempt.usage().isSaid()) {
      return answered ? Optional.of(unsaid(attempt, prices)) : Optional.empty();
    }
    Cost cost =
        prices.cost(
            new Use(
                attempt.vendor(),
                attempt.kind(),
                attempt.model(),
                attempt.replyModel(),
                regions.apply(attempt.vendor()),
                Optional.empty(),
                exchange.startedAt().plusNanos(attempt.startedNanos()),
                exchange.startedAt().plusNanos(attempt.endedNanos()),
                attempt.usage()));
    if (!cost.isWhole()) {
      tell(attempt, cost);
    }
    return Optional.of(cost);
  }

  /** An answer without a word on what it took: certainly not free. */
  private Cost unsaid(Attempt attempt, Prices prices) {
    var currency = prices.currency();
    var unpriced =
        new Cost.Unpriced(
            "usage", BigDecimal.ONE, "the vendor did not say what it took", Money.zero(currency));
    Cost cost = Cost.of(List.of(), List.of(unpriced), currency, "");
    tell(attempt, cost);
    return cost;
  }

  /** The alarm in the log, once for each cause; the metric counts them all. */
  private void tell(Attempt attempt, Cost cost) {
    Cost.Unpriced first = cost.unpriced().getFirst();
    String cause =
        "%s of %s (%s) in suspense: %s"
            .formatted(first.item(), attempt.vendor(), attempt.kind(), first.reason());
    if (told.size() < TOLD_MAX && told.add(cause)) {
      // The log may block, and calls must not.
      Thread.ofVirtual()
          .start(() ->
              System.getLogger("dev.understudy.prices")
                  .log(Level.WARNING, cause + "; see docs/reference/prices.md"));
    }
  }
}
