package dev.understudy.routing;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** Remembers the last times to first content, to tell a quantile of them. */
final class Quantiles {
  private static final int KEPT = 128;
  private static final int NEEDED = 20;

  private final AtomicLongArray last = new AtomicLongArray(KEPT);
  private final AtomicInteger next = new AtomicInteger();

  void add(long nanos) {
    last.set(Math.floorMod(next.getAndIncrement(), KEPT), nanos);
  }

  /** Empty as long as too few are known. */
  OptionalLong quantile(double quantile) {
    int known = Math.min(next.get(), KEPT);
    if (known < NEEDED) {
      return OptionalLong.empty();
    }
    long[] sorted = new long[known];
    for (int i = 0; i < known; i++) {
      sorted[i] = last.get(i);
    }
    Arrays.sort(sorted);
    return OptionalLong.of(sorted[Math.min(known - 1, (int) (quantile * (double) known))]);
  }
}
