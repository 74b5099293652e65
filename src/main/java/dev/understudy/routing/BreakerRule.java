package dev.understudy.routing;

import java.time.Duration;

/**
 * When a target is taken out, and for how long.
 *
 * @param consecutive so many failures in a row take it out
 * @param share or this share of failures, of at least {@code callsMin} calls, within the window
 * @param callsMin so many calls are needed before a share means anything
 * @param window how fast the past is forgotten: after this time it counts a third
 * @param slowAfter a first content later than this is slow; zero: nothing is
 * @param slowShare this share of slow answers takes it out too
 * @param out for how long it is out at least
 * @param outMax and at most this long
 * @param probe how often a connection is made to who is out, to bring it back; zero: never
 */
public record BreakerRule(
    int consecutive,
    double share,
    int callsMin,
    Duration window,
    Duration slowAfter,
    double slowShare,
    Duration out,
    Duration outMax,
    Duration probe) {
  public static final BreakerRule USUAL =
      new BreakerRule(
          5,
          0.5,
          20,
          Duration.ofSeconds(30),
          Duration.ZERO,
          0.5,
          Duration.ofSeconds(2),
          Duration.ofMinutes(2),
          Duration.ZERO);

  /** Nothing takes a target out. */
  public static final BreakerRule NEVER =
      new BreakerRule(
          Integer.MAX_VALUE,
          1,
          Integer.MAX_VALUE,
          Duration.ofSeconds(30),
          Duration.ZERO,
          1,
          Duration.ofSeconds(5),
          Duration.ofMinutes(2),
          Duration.ZERO);

  public BreakerRule {
    if (consecutive < 1
        || callsMin < 1
        || !(share > 0 && share <= 1)
        || !(slowShare > 0 && slowShare <= 1)
        || !window.isPositive()
        || slowAfter.isNegative()
        || probe.isNegative()
        || !out.isPositive()
        || outMax.compareTo(out) < 0) {
      throw new IllegalArgumentException("this rule for breakers cannot be followed");
    }
  }
}
