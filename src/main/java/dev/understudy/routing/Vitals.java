package dev.understudy.routing;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * How one target is doing: what all event loops report of it, and all of them ask. Each report is
 * one exchange of a small value; nobody waits.
 */
public final class Vitals {
  private final String target;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicReference<Breaker> breaker;
  private final AtomicReference<PeakLatency> peak = new AtomicReference<>(PeakLatency.UNKNOWN);
  private final Quantiles times = new Quantiles();

  // As many as the vendor has keys, whose labels are ours.
  private final Map<String, AtomicReference<Breaker>> keys = new ConcurrentHashMap<>();

  Vitals(String target, long now) {
    this.target = target;
    this.breaker = new AtomicReference<>(Breaker.untried(now));
  }

  public String target() {
    return target;
  }

  public int open() {
    return open.get();
  }

  /** The peak of recent times to first content; 0 if none is known. */
  public double latencyMillis(long now) {
    return peak.get().now(now) / 1e6;
  }

  /** A quantile of recent times to first content; empty as long as too few are known. */
  public OptionalLong quantileNanos(double quantile) {
    return times.quantile(quantile);
  }

  public Breaker breaker() {
    return breaker.get();
  }

  /** The keys of which anything is known, by their labels. */
  public Map<String, Breaker> keys() {
    var known = new java.util.TreeMap<String, Breaker>();
    keys.forEach((label, state) -> known.put(label, state.get()));
    return known;
  }

  /** Whether a key may be used. */
  public Standing key(String label, long now) {
    AtomicReference<Breaker> state = keys.get(label);
    return state == null ? Standing.IN : state.get().standing(now);
  }

  /** A call begins. */
  public void begun(String key, long now) {
    open.incrementAndGet();
    change(breaker, b -> b.begun(now));
    AtomicReference<Breaker> state = keys.get(key);
    if (state != null) {
      change(state, b -> b.begun(now));
    }
  }

  /** Its first content came. */
  public void answering(long firstNanos, long now) {
    times.add(firstNanos);
    peak.getAndUpdate(p -> p.seen(firstNanos, now));
  }

  /** Nothing came for so long, and nobody waited on. */
  public void waited(long nanos, long now) {
    peak.getAndUpdate(p -> p.seen(nanos, now));
  }

  /** Whether nothing is lost by forgetting it: it never answered, and nobody waits for it. */
  boolean isForgettable() {
    return open.get() == 0 && times.isEmpty();
  }

  /** A call that had begun is over. */
  public void ended(String key, Ending ending, long begunAt, BreakerRule rule, long now) {
    open.decrementAndGet();
    AtomicReference<Breaker> state = keys.get(key);
    switch (ending) {
      case Ending.Answered(long firstNanos) -> {
        change(breaker, b -> b.succeeded(begunAt, firstNanos, rule, now));
        if (state != null) {
          change(state, b -> b.answered(begunAt, now));
        }
      }
      case Ending.CallersFault _ -> {
        change(breaker, b -> b.answered(begunAt, now));
        if (state != null) {
          change(state, b -> b.answered(begunAt, now));
        }
      }
      case Ending.Failed(long waitedNanos, Duration rest) -> {
        double chance = ThreadLocalRandom.current().nextDouble();
        change(breaker, b -> b.failed(begunAt, waitedNanos, rule, chance, now));
        if (rest.isPositive()) {
          change(breaker, b -> b.rested("it asked to be left alone", rest.toNanos(), now));
        }
        // What never came counts as late as it was waited for.
        if (waitedNanos > 0) {
          peak.getAndUpdate(p -> p.seen(waitedNanos, now));
        }
        if (state != null) {
          change(state, Breaker::unlearned);
        }
      }
      case Ending.KeyRefused(String why, Duration rest) -> {
        // The key is to blame and the target is there.
        change(breaker, b -> b.answered(begunAt, now));
        change(
            keys.computeIfAbsent(key, _ -> new AtomicReference<>(Breaker.untried(now))),
            b -> b.rested(why, rest.toNanos(), now));
      }
      case Ending.Unlearned _ -> {
        change(breaker, Breaker::unlearned);
        if (state != null) {
          change(state, Breaker::unlearned);
        }
      }
    }
  }

  /** Somebody saw that it is there. */
  public void seen(long now) {
    change(breaker, b -> b.seen(now));
  }

  private static void change(AtomicReference<Breaker> state, UnaryOperator<Breaker> change) {
    while (true) {
      Breaker before = state.get();
      Breaker after = change.apply(before);
      if (after.equals(before) || state.compareAndSet(before, after)) {
        return;
      }
    }
  }
}
