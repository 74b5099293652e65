package dev.understudy.routing;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Says how long to wait before a target is tried again. */
public final class Backoff {
  private static final int DOUBLINGS_MAX = 20;

  private Backoff() {}

  /**
   * A time with chance in it, so that callers who failed together do not come back together.
   *
   * @param again how often it has been tried already; at least 1
   * @param asked how long the vendor asked to be left alone; zero if it did not
   * @return empty if that is longer than anybody should wait here
   */
  public static Optional<Duration> before(
      Retry retry, int again, Duration asked, RandomGenerator random) {
    double doubled =
        (double) retry.backoff().toNanos() * Math.scalb(1.0, Math.min(again - 1, DOUBLINGS_MAX));
    long full = (long) Math.min((double) retry.backoffMax().toNanos(), doubled);
    long jittered = full / 2 + (long) (random.nextDouble() * (double) (full - full / 2));
    if (asked.compareTo(retry.backoffMax()) > 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Math.max(jittered, asked.toNanos())));
  }
}
