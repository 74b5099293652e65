package dev.understudy.routing;

/**
 * The peak of recent latencies, falling off with time, as a value: a slow answer counts at once, a
 * fast one only little by little.
 *
 * @param nanos the peak as it was then; 0 if none is known
 * @param at when that was, of {@link System#nanoTime}
 * @see <a
 *     href="https://twitter.github.io/finagle/guide/Clients.html#power-of-two-choices-p2c-peak-ewma">
 *     peak EWMA in Finagle</a>
 */
public record PeakLatency(double nanos, long at) {
  private static final double FORGETTING_NANOS = 10e9;

  public static final PeakLatency UNKNOWN = new PeakLatency(0, 0);

  /** After an answer that took so many nanoseconds. */
  public PeakLatency seen(long observed, long now) {
    if (nanos == 0 || (double) observed >= nanos) {
      return new PeakLatency((double) observed, now);
    }
    double kept = kept(now);
    return new PeakLatency(nanos * kept + (double) observed * (1 - kept), now);
  }

  /**
   * What it comes to now, with nothing seen since: it falls, so that who was slow is tried again.
   */
  public double now(long now) {
    return nanos == 0 ? 0 : nanos * kept(now);
  }

  private double kept(long now) {
    return Math.exp(-(double) Math.max(0, now - at) / FORGETTING_NANOS);
  }
}
