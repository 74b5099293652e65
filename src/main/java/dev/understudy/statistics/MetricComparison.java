package dev.understudy.statistics;

import java.util.Arrays;

/**
 * Says whether a metric of a canary lies above or below that of its baseline, by the rule of
 * Kayenta's judge (github.com/spinnaker/kayenta, NetflixACAJudge): the shift's interval must clear
 * a tolerance, and the effect must be large enough. For people who know that rule; a rollout
 * decides by sequences that may be looked at at any time.
 *
 * @param tolerance how far the interval must clear zero, as a part of the shift's estimate
 * @param level confidence of the shift's interval
 * @param measure how large the effect is
 * @param allowed effects within it, both ends left out, are passed
 * @param critical effects beyond it, both ends included, are critical
 */
public record MetricComparison(
    Direction direction,
    double tolerance,
    double level,
    Measure measure,
    Interval allowed,
    Interval critical) {

  /** Which way a metric may not go. */
  public enum Direction {
    INCREASE,
    DECREASE,
    EITHER
  }

  public enum Measure {
    /** The canary's mean over the baseline's. */
    MEAN_RATIO,
    /** The chance that the canary's value is the higher of two. */
    SUPERIORITY
  }

  public enum Finding {
    PASS,
    HIGH,
    LOW,
    NO_DATA
  }

  /** What became of a metric, and whether that alone should stop the canary. */
  public record Result(Finding result, boolean critical) {}

  /**
   * What became of the metric; where one of them has no values there is no data, which is critical.
   */
  public Result compare(double[] canary, double[] baseline) {
    if (canary.length == 0 || baseline.length == 0) {
      return new Result(Finding.NO_DATA, true);
    }
    if (Arrays.equals(sorted(canary), sorted(baseline))) {
      return new Result(Finding.PASS, false);
    }
    MannWhitney shift = MannWhitney.of(canary, baseline, level);
    double effect = effect(canary, baseline);
    double clear = tolerance * Math.abs(shift.shift());
    boolean high =
        direction != Direction.DECREASE
            && shift.interval().lower() > clear
            && effect >= allowed.upper();
    boolean low =
        direction != Direction.INCREASE
            && shift.interval().upper() < -clear
            && effect <= allowed.lower();
    if (high) {
      return new Result(Finding.HIGH, effect >= critical.upper());
    }
    return low
        ? new Result(Finding.LOW, effect <= critical.lower())
        : new Result(Finding.PASS, false);
  }

  private double effect(double[] canary, double[] baseline) {
    return switch (measure) {
      case SUPERIORITY -> MannWhitney.superiority(canary, baseline);
      case MEAN_RATIO -> {
        double below = Sample.of(baseline).mean();
        double above = Sample.of(canary).mean();
        yield below == 0
            ? (above == 0 ? 1 : Math.copySign(Double.MAX_VALUE, above))
            : above / below;
      }
    };
  }

  private static double[] sorted(double[] values) {
    double[] copy = values.clone();
    Arrays.sort(copy);
    return copy;
  }
}
