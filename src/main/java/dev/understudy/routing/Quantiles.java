package dev.understudy.routing;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** Remembers the last times to first content, to tell a quantile of them. */
final class Quantiles {
  private static final int KEPT = 128;
  private static final int NEEDED = 20;

  private final AtomicInteger next = new AtomicInteger();

  /** Made when there is something to remember: names that are made up never answer. */
  private volatile @Nullable AtomicLongArray last;

  boolean isEmpty() {
    return last == null;
  }

  void add(long nanos) {
    AtomicLongArray times = last;
    if (times == null) {
      synchronized (this) {
        times = last == null ? new AtomicLongArray(KEPT) : last;
        last = times;
      }
    }
    times.set(Math.floorMod(next.getAndIncrement(), KEPT), nanos);
  }

  /** Empty as long as too few are known. */
  OptionalLong quantile(double quantile) {
    int known = Math.min(next.get(), KEPT);
    AtomicLongArray times = last;
    if (known < NEEDED || times == null) {
      return OptionalLong.empty();
    }
    long[] sorted = new long[known];
    for (int i = 0; i < known; i++) {
      sorted[i] = times.get(i);
    }
    Arrays.sort(sorted);
    return OptionalLong.of(sorted[Math.min(known - 1, (int) (quantile * (double) known))]);
  }
}
