package dev.understudy.rollout;

import java.util.OptionalDouble;

/**
 * How much worse a candidate may be by one metric.
 *
 * <p>Differences of means are from 0 to 1, a point being 0.01; of quantiles they are ratios, 0.1
 * being a tenth more.
 *
 * @param margin a candidate advances only once it is shown to be worse by less; above 0
 * @param tolerates it is rolled back once it is shown to be worse by more; at least 0
 * @param quantile which quantile is compared, where one is
 * @param limit what is never accepted: a share of calls, a loss of quality, milliseconds at the
 *     quantile, or the mean cost of a call; acts at once
 * @param window over how many of the candidate's last calls the limit is looked at
 */
public record Guardrail(
    Metric metric,
    double margin,
    double tolerates,
    double quantile,
    OptionalDouble limit,
    int window) {
  /** A limit looks back over no more calls than this. */
  public static final int WINDOW_MAX = 1_000;

  public Guardrail {
    if (!(margin > 0) || (!metric.isQuantile() && margin >= 1)) {
      throw new IllegalArgumentException(
          "the margin of %s is above 0%s, not %s"
              .formatted(metric.word(), metric.isQuantile() ? "" : " and below 1", margin));
    }
    if (!(tolerates >= 0) || (!metric.isQuantile() && tolerates >= 1)) {
      throw new IllegalArgumentException(
          "what is tolerated of %s is at least 0%s, not %s"
              .formatted(metric.word(), metric.isQuantile() ? "" : " and below 1", tolerates));
    }
    if (!(quantile > 0 && quantile < 1)) {
      throw new IllegalArgumentException("a quantile lies between 0 and 1, not " + quantile);
    }
    if (window < 1 || window > WINDOW_MAX) {
      throw new IllegalArgumentException("a window of 1 to 1000 calls, not " + window);
    }
    limit.ifPresent(bound -> {
      if (!(bound > 0)) {
        throw new IllegalArgumentException("a limit is above 0, not " + bound);
      }
    });
  }

  /** Tolerates what its margin allows, and sets no limit. */
  public static Guardrail of(Metric metric, double margin) {
    return new Guardrail(metric, margin, margin, 0.95, OptionalDouble.empty(), 50);
  }

  /** The same with a hard limit. */
  public Guardrail withLimit(double bound, int calls) {
    return new Guardrail(metric, margin, tolerates, quantile, OptionalDouble.of(bound), calls);
  }
}
