package dev.understudy.telemetry;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;
import dev.understudy.limits.Pricer;
import dev.understudy.money.Cost;
import dev.understudy.pricing.Prices;
import java.lang.System.Logger.Level;
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
 * Sees to it that every attempt is priced before its record goes on to other journals, and says in
 * the log what has no price.
 *
 * <p>A call prices its attempts itself, since budgets are settled by that. But the list of prices
 * is read while calls are served already: records that come before it wait here, and are priced
 * then.
 */
public final class PricedJournal implements Journal, AutoCloseable {
  /** How many records may wait for the prices; further ones go on without a cost. */
  public static final int WAITING_MAX = 10_000;

  /** How many different things without a price are told in the log. */
  private static final int TOLD_MAX = 200;

  private final Journal next;
  private final Pricer pricer;
  private final Queue<Exchange> early = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Set<Cause> told = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Prices prices;

  /**
   * A journal that waits for its prices.
   *
   * @param regions where a vendor of the settings serves, as far as its address says
   */
  public PricedJournal(Journal next, Function<String, Optional<String>> regions) {
    this.next = next;
    this.pricer = new Pricer(regions);
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
    Exchange priced = pricer.priced(exchange, prices);
    List<Attempt> attempts = priced.attempts();
    for (int i = 0; i < attempts.size(); i++) {
      Optional<Cost> cost = attempts.get(i).cost();
      if (cost.isPresent() && !cost.get().isWhole()) {
        tell(attempts.get(i), cost.get().unpriced().getFirst());
      }
    }
    return priced;
  }

  /** The alarm in the log, once for each cause; the metric counts them all. */
  private void tell(Attempt attempt, Cost.Unpriced first) {
    var cause = new Cause(first.item(), attempt.vendor(), attempt.kind(), first.reason());
    if (told.size() < TOLD_MAX && told.add(cause)) {
      // The log may block, and calls must not.
      Thread.ofVirtual()
          .start(() ->
              System.getLogger("dev.understudy.prices")
                  .log(Level.WARNING, cause.text() + "; see docs/reference/prices.md"));
    }
  }

  /** Why something has no price; spelt out only to be told. */
  private record Cause(String item, String vendor, String kind, String reason) {
    String text() {
      return "%s of %s (%s) in suspense: %s".formatted(item, vendor, kind, reason);
    }
  }
}
