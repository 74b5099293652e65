package dev.understudy.statistics;

import java.util.Arrays;

/** Intervals that hold at every moment at once, so that one may look after each outcome. */
public final class Sequences {
  private Sequences() {}

  /**
   * A share, after so many trials, by the beta-binomial mixture.
   *
   * @param bestTrials when the interval is meant to be tightest
   */
  public static Interval share(long successes, long trials, double alpha, double bestTrials) {
    if (trials <= 0 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException("%d of %d".formatted(successes, trials));
    }
    double seen = (double) successes / trials;
    double lower = successes == 0 ? 0 : shareRoot(successes, trials, alpha, bestTrials, 0, seen);
    double upper =
        successes == trials ? 1 : shareRoot(successes, trials, alpha, bestTrials, 1, seen);
    return new Interval(lower, upper);
  }

  private static double shareRoot(
      long successes, long trials, double alpha, double bestTrials, int end, double seen) {
    double wanted = Math.log(1 / alpha);
    double edge = end == 0 ? 1e-12 : 1 - 1e-12;
    if (against(successes, trials, bestTrials, edge) < wanted) {
      return end;
    }
    double low = Math.min(edge, seen);
    double high = Math.max(edge, seen);
    return Roots.bisect(p -> against(successes, trials, bestTrials, p) - wanted, low, high, 1e-12);
  }

  /** The logarithm of the evidence against a true share of {@code p}. */
  private static double against(long successes, long trials, double bestTrials, double p) {
    if (p <= 0 || p >= 1) {
      return 0;
    }
    Mixture mixture = Mixture.betaBinomial(bestTrials * p * (1 - p), 0.05, p, 1 - p);
    return mixture.log(successes - p * trials, trials * p * (1 - p));
  }

  /**
   * A mean, by the asymptotic sequence: good from about a hundred outcomes, and cheap
   * (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Annals of Statistics 52(6)).
   */
  public static Interval asymptotic(double mean, double variance, long count, double alpha) {
    double rho = Math.sqrt((-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha)) + 1) / 100);
    return asymptotic(mean, variance, count, alpha, rho);
  }

  /**
   * The same with a choice of when it is tightest.
   *
   * @param rho decides when it is tightest: large for early
   */
  public static Interval asymptotic(
      double mean, double variance, long count, double alpha, double rho) {
    double n = count;
    double grown = n * variance * rho * rho + 1;
    return Interval.around(
        mean, Math.sqrt(grown / (n * n * rho * rho) * Math.log(grown / (alpha * alpha))));
  }

  /**
   * A quantile of independent numbers (Howard and Ramdas 2022, Bernoulli 28(3)).
   *
   * @param sorted all that were seen, ascending
   * @param probability such as 0.95
   * @param bestCount when the interval is meant to be tightest
   * @return without an end where nothing seen bounds it
   */
  public static Interval quantile(
      double[] sorted, double probability, double alpha, double bestCount) {
    int n = sorted.length;
    if (n == 0) {
      return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    double unit = probability * (1 - probability);
    // How far the share of what was seen at or below the true quantile may lie over the
    // probability, and how far under it.
    double over =
        Mixture.betaBinomialAbove(bestCount * unit, alpha / 2, probability, 1 - probability)
                .bound(n * unit, alpha / 2)
            / n;
    double under =
        Mixture.betaBinomialAbove(bestCount * unit, alpha / 2, 1 - probability, probability)
                .bound(n * unit, alpha / 2)
            / n;
    int high = (int) Math.floor((probability + over) * n);
    int low = (int) Math.ceil((probability - under) * n) - 1;
    return new Interval(
        low < 0 ? Double.NEGATIVE_INFINITY : sorted[low],
        high >= n ? Double.POSITIVE_INFINITY : sorted[high]);
  }

  /** Sorts what is to be given to {@link #quantile}. */
  public static double[] sorted(double... values) {
    double[] copy = values.clone();
    Arrays.sort(copy);
    return copy;
  }
}
