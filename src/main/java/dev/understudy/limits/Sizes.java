package dev.understudy.limits;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Learns how long answers are, for each route and model: a histogram in quarters of powers of two
 * that halves now and then, so that last week's habits fade.
 */
public final class Sizes {
  /** Before so many answers, what was learned is not relied on. */
  static final int SAMPLES_MIN = 20;

  private static final int SAMPLES_KEPT = 1_024;
  private static final int BUCKETS = 128;
  private static final int NAMES_MAX = 2_000;

  private final Map<String, Histogram> byName = new ConcurrentHashMap<>();

  /** Hears how many tokens came out. */
  public void learn(String name, long tokens) {
    Histogram known = byName.get(name);
    if (known == null) {
      if (byName.size() >= NAMES_MAX) {
        return; // strangers may ask for any name
      }
      known = byName.computeIfAbsent(name, _ -> new Histogram());
    }
    known.add(tokens);
  }

  /**
   * How many tokens may come out: what nineteen of twenty answers stayed below, or the caller's own
   * maximum where that is less.
   *
   * @param max the caller's maximum; {@code fallback} where it sets none
   * @param fallback for a name of which too little is known
   */
  public long expect(String name, long max, long fallback) {
    Histogram known = byName.get(name);
    long usual = known == null ? -1 : known.usual();
    if (max > 0) {
      return usual < 0 ? max : Math.min(max, usual);
    }
    return usual < 0 ? fallback : usual;
  }

  private static final class Histogram {
    private final AtomicIntegerArray counts = new AtomicIntegerArray(BUCKETS);
    private final AtomicLong seen = new AtomicLong();
    private volatile long usual = -1;

    void add(long tokens) {
      counts.incrementAndGet(bucket(tokens));
      long now = seen.incrementAndGet();
      if (now % SAMPLES_KEPT == 0) {
        for (int i = 0; i < BUCKETS; i++) {
          int count = counts.get(i);
          counts.addAndGet(i, -(count / 2));
        }
      }
      if (now >= SAMPLES_MIN && (now < SAMPLES_MIN * 4 || now % 16 == 0)) {
        usual = quantile();
      }
    }

    long usual() {
      return usual;
    }

    private long quantile() {
      long total = 0;
      for (int i = 0; i < BUCKETS; i++) {
        total += counts.get(i);
      }
      long above = total / 20;
      for (int i = BUCKETS - 1; i >= 0; i--) {
        above -= counts.get(i);
        if (above < 0) {
          return ceiling(i);
        }
      }
      return 0;
    }

    /** Bucket 4n+q holds what is below 2^n times 1, 1.25, 1.5 or 1.75. */
    private static int bucket(long tokens) {
      if (tokens < 4) {
        return (int) Math.max(0, tokens);
      }
      int power = 63 - Long.numberOfLeadingZeros(tokens);
      int quarter = (int) ((tokens >> (power - 2)) & 3);
      return Math.min(BUCKETS - 1, power * 4 + quarter);
    }

    private static long ceiling(int bucket) {
      if (bucket < 4) {
        return bucket;
      }
      int power = bucket / 4;
      return ((long) (4 + bucket % 4 + 1) << (power - 2)) - 1;
    }
  }
}
