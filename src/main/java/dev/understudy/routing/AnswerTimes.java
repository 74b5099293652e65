package dev.understudy.routing;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/** How long one target takes to answer in one {@link Delivery}, as all event loops report it. */
final class AnswerTimes {
  private final AtomicReference<PeakLatency> peak = new AtomicReference<>(PeakLatency.UNKNOWN);
  private final Quantiles times = new Quantiles();

  /** An answer came after so long. */
  void answered(long nanos, long now) {
    times.add(nanos);
    waited(nanos, now);
  }

  /** Nothing came for so long, and nobody waited on. */
  void waited(long nanos, long now) {
    peak.getAndUpdate(p -> p.seen(nanos, now));
  }

  /** The peak of recent times, falling off with time; 0 if none is known. */
  double peakMillis(long now) {
    return peak.get().now(now) / 1e6;
  }

  /** A quantile of the last times; empty as long as too few are known. */
  OptionalLong quantileNanos(double quantile) {
    return times.quantile(quantile);
  }

  boolean isEmpty() {
    return times.isEmpty();
  }
}
