package dev.understudy.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How all targets are doing, as far as anything is known of them. */
public final class Health {
  /** Strangers may make up names of models; of more targets than this nothing is kept. */
  static final int TARGETS_MAX = 5_000;

  private static final long FORGETTING_NANOS = 1_000_000_000L;

  private final Map<Target, Vitals> targets = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;
  private final AtomicLong forgotten;

  public Health(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.forgotten = new AtomicLong(nanoTime.getAsLong() - 2 * FORGETTING_NANOS);
  }

  /** Of one target. */
  public Vitals of(Target target) {
    Vitals known = targets.get(target);
    if (known != null) {
      return known;
    }
    long now = nanoTime.getAsLong();
    if (targets.size() >= TARGETS_MAX) {
      forget(now);
    }
    return targets.size() >= TARGETS_MAX
        ? new Vitals(target.name(), now)
        : targets.computeIfAbsent(target, t -> new Vitals(t.name(), now));
  }

  /** Makes room by forgetting targets that never answered, at most once in a while. */
  private void forget(long now) {
    long before = forgotten.get();
    if (now - before > FORGETTING_NANOS && forgotten.compareAndSet(before, now)) {
      targets.values().removeIf(Vitals::isForgettable);
    }
  }

  /** The moment on the clock of {@link System#nanoTime}, which all that is told here goes by. */
  public long now() {
    return nanoTime.getAsLong();
  }

  /** Of every target of which anything is known, by name. */
  public List<Vitals> all() {
    var all = new ArrayList<>(targets.values());
    all.sort(Comparator.comparing(Vitals::target));
    return all;
  }

  /**
   * What a router may ask.
   *
   * @param headrooms how much of a target's limits is left
   * @param prices what a request costs at a target
   */
  public Signals signals(Headrooms headrooms, Prices prices) {
    return new Signals() {
      @Override
      public Standing standing(Target target) {
        return of(target).breaker().standing(now());
      }

      @Override
      public String whyOut(Target target) {
        return of(target).breaker().why();
      }

      @Override
      public long outUntilNanos(Target target) {
        return of(target).breaker().outUntil();
      }

      @Override
      public int openCalls(Target target) {
        return of(target).open();
      }

      @Override
      public double latencyMillis(Target target, Delivery delivery) {
        return of(target).latencyMillis(delivery, now());
      }

      @Override
      public double headroom(Target target) {
        return headrooms.of(target);
      }

      @Override
      public double price(Target target, Request request) {
        return prices.of(target, request);
      }
    };
  }

  /** How much of a target's limits is left. */
  public interface Headrooms {
    Headrooms UNKNOWN = target -> 1;

    /** Of the tightest, from 0 to 1; 1 if that is not known. */
    double of(Target target);
  }

  /** What a request costs at a target. */
  public interface Prices {
    Prices UNKNOWN = (target, request) -> Double.NaN;

    /** In any one currency; not a number if that is not known. */
    double of(Target target, Request request);
  }
}
