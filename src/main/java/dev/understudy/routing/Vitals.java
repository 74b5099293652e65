package dev.understudy.routing;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * How one target is doing: what all event loops report of it, and all of them ask. Each report is
 * one exchange of a small value; nobody waits. All moments are of {@link System#nanoTime}.
 */
public final class Vitals {
  private final String target;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicReference<Breaker> breaker;
  private final AnswerTimes streamed = new AnswerTimes();
  private final AnswerTimes whole = new AnswerTimes();

  // As many as the vendor has keys, whose labels are ours.
  private final Map<String, AtomicReference<Breaker>> keys = new ConcurrentHashMap<>();

  Vitals(String target, long now) {
    this.target = target;
    this.breaker = new AtomicReference<>(Breaker.untried(now));
  }

  public String target() {
    return target;
  }

  /** How many calls to it are under way. */
  public int open() {
    return open.get();
  }

  /**
   * The peak of recent times to the first content of a stream, or to an answer in one piece; 0 if
   * none is known.
   */
  public double latencyMillis(Delivery delivery, long now) {
    return times(delivery).peakMillis(now);
  }

  /** A quantile of the same times; empty as long as too few are known. */
  public OptionalLong quantileNanos(Delivery delivery, double quantile) {
    return times(delivery).quantileNanos(quantile);
  }

  private AnswerTimes times(Delivery delivery) {
    return switch (delivery) {
      case STREAMED -> streamed;
      case WHOLE -> whole;
    };
  }

  public Breaker breaker() {
    return breaker.get();
  }

  /** The keys of which anything is known, by their labels. */
  public Map<String, Breaker> keys() {
    var known = new TreeMap<String, Breaker>();
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

  /** The first content of a stream came, or all of an answer in one piece, after so long. */
  public void answering(Delivery delivery, long nanos, long now) {
    times(delivery).answered(nanos, now);
  }

  /** Nothing came for so long, and nobody waited on. */
  public void waited(Delivery delivery, long nanos, long now) {
    times(delivery).waited(nanos, now);
  }

  /** Whether nothing is lost by forgetting it: it never answered, and nobody waits for it. */
  boolean isForgettable() {
    return open.get() == 0 && streamed.isEmpty() && whole.isEmpty();
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
        // What never came counts as late as it was waited for, however it was to come.
        if (waitedNanos > 0) {
          streamed.waited(waitedNanos, now);
          whole.waited(waitedNanos, now);
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
