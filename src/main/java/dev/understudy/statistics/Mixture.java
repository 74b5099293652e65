package dev.understudy.statistics;

import org.apache.commons.numbers.gamma.LogBeta;
import org.apache.commons.numbers.gamma.LogGamma;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.numbers.gamma.RegularizedGamma;

/**
 * A martingale that a sum of centred outcomes cannot make large without a reason, at whatever
 * moment one looks: the chance that {@code exp(log(sum, time))} ever reaches 1/alpha is at most
 * alpha. {@code time} is what the outcomes' variance sums up to (Howard, Ramdas, McAuliffe and
 * Sekhon 2021, arXiv 1810.08240).
 */
public sealed interface Mixture {
  /** The logarithm of the martingale. */
  double log(double sum, double time);

  /** How high the sum may be at that time before the martingale reaches 1/alpha. */
  default double bound(double time, double alpha) {
    double wanted = Math.log(1 / alpha);
    double high = Math.sqrt(time + 1);
    while (log(high, time) < wanted) {
      high *= 2;
    }
    return Roots.bisect(sum -> log(sum, time) - wanted, 0, high, 1e-9 * high);
  }

  /** How much to mix so that the bound is tightest at one time. */
  static double bestRho(double time, double alpha) {
    return time / (2 * Math.log(1 / alpha) + Math.log1p(2 * Math.log(1 / alpha)));
  }

  static Mixture normal(double bestTime, double alpha) {
    return new Normal(bestRho(bestTime, alpha));
  }

  /** Likewise, for sums that are feared on one side only. */
  static Mixture normalAbove(double bestTime, double alpha) {
    return new NormalAbove(bestRho(bestTime, 2 * alpha));
  }

  /**
   * For outcomes with exponential tails.
   *
   * @param scale of the tails
   */
  static Mixture gammaExponential(double bestTime, double alpha, double scale) {
    return new GammaExponential(bestRho(bestTime, 2 * alpha), scale);
  }

  /** For outcomes with tails like a Poisson variable's. */
  static Mixture gammaPoisson(double bestTime, double alpha, double scale) {
    return new GammaPoisson(bestRho(bestTime, 2 * alpha), scale);
  }

  /** For outcomes that lie {@code below} beneath or {@code above} over their mean, two-sided. */
  static Mixture betaBinomial(double bestTime, double alpha, double below, double above) {
    double rho = bestRho(bestTime, alpha);
    return new BetaBinomial(spread(rho, below, above), below, above, 1);
  }

  /** Likewise, for sums that are feared on one side only. */
  static Mixture betaBinomialAbove(double bestTime, double alpha, double below, double above) {
    double rho = bestRho(bestTime, 2 * alpha);
    return new BetaBinomial(spread(rho, below, above), below, above, above / (below + above));
  }

  private static double spread(double rho, double below, double above) {
    return Math.max(rho - below * above, 1e-3 * below * above);
  }

  /** Two-sided, for sums that spread like normal ones. */
  record Normal(double rho) implements Mixture {
    @Override
    public double log(double sum, double time) {
      return 0.5 * Math.log(rho / (time + rho)) + sum * sum / (2 * (time + rho));
    }

    @Override
    public double bound(double time, double alpha) {
      return Math.sqrt((time + rho) * (Math.log1p(time / rho) + 2 * Math.log(1 / alpha)));
    }
  }

  /** One-sided, for sums that spread like normal ones. */
  record NormalAbove(double rho) implements Mixture {
    @Override
    public double log(double sum, double time) {
      return 0.5 * Math.log(4 * rho / (time + rho))
          + sum * sum / (2 * (time + rho))
          + Math.log(Curves.normalBelow(sum / Math.sqrt(time + rho)));
    }
  }

  /** One-sided, for exponential tails. */
  record GammaExponential(double rho, double scale) implements Mixture {
    @Override
    public double log(double sum, double time) {
      double square = scale * scale;
      double prior = rho / square;
      double shape = (time + rho) / square;
      double moved = (scale * sum + time) / square;
      return prior * Math.log(prior)
          - LogGamma.value(prior)
          - Math.log(RegularizedGamma.P.value(prior, prior))
          + LogGamma.value(shape)
          + Math.log(RegularizedGamma.P.value(shape, moved + prior))
          - shape * Math.log(moved + prior)
          + moved;
    }
  }

  /** One-sided, for Poisson tails. */
  record GammaPoisson(double rho, double scale) implements Mixture {
    @Override
    public double log(double sum, double time) {
      double square = scale * scale;
      double prior = rho / square;
      double rate = (time + rho) / square;
      double shape = sum / scale + rate;
      return prior * Math.log(prior)
          - LogGamma.value(prior)
          - Math.log(RegularizedGamma.Q.value(prior, prior))
          + LogGamma.value(shape)
          + Math.log(RegularizedGamma.Q.value(shape, rate))
          - shape * Math.log(rate)
          + time / square;
    }
  }

  /**
   * For bounded outcomes.
   *
   * @param part how much of the prior is used: 1 for two sides
   */
  record BetaBinomial(double r, double below, double above, double part) implements Mixture {
    @Override
    public double log(double sum, double time) {
      double range = below + above;
      return time / (below * above) * Math.log(range)
          - (time + above * sum) / (above * range) * Math.log(below)
          - (time - below * sum) / (below * range) * Math.log(above)
          + logBeta(
              (r + time - below * sum) / (below * range),
              (r + time + above * sum) / (above * range))
          - logBeta(r / (below * range), r / (above * range));
    }

    @Override
    public double bound(double time, double alpha) {
      // Beyond it, no sum is possible: all outcomes would have been the highest.
      double most = time / below * (1 - 1e-12);
      double wanted = Math.log(1 / alpha);
      return log(most, time) < wanted
          ? time / below
          : Roots.bisect(sum -> log(sum, time) - wanted, 0, most, 1e-9 * most);
    }

    private double logBeta(double a, double b) {
      double whole = LogBeta.value(a, b);
      return part == 1 ? whole : whole + Math.log(RegularizedBeta.value(part, a, b));
    }
  }

  /**
   * A bound that grows no faster than the law of the iterated logarithm demands (the same paper,
   * polynomial stitching with shape 1.4 and epochs that double).
   *
   * @param leastTime from which on the bound is meant
   * @param scale of the tails; 0 for normal ones, negative for lighter
   */
  static double stitched(double time, double alpha, double leastTime, double scale) {
    double shape = 1.4;
    double t = Math.max(time, leastTime);
    double k1 = (Math.pow(2, 0.25) + Math.pow(2, -0.25)) / Math.sqrt(2);
    double k2 = (Math.sqrt(2) + 1) / 2;
    double level =
        shape * Math.log(Math.log(2 * t / leastTime))
            + Math.log(zeta(shape) / (alpha * Math.pow(Math.log(2), shape)));
    double linear = k2 * scale * level;
    return Math.sqrt(k1 * k1 * t * level + linear * linear) + linear;
  }

  /** Riemann's zeta for s over 1, by Euler and Maclaurin. */
  private static double zeta(double s) {
    int n = 20;
    double sum = 0;
    for (int k = 1; k < n; k++) {
      sum += Math.pow(k, -s);
    }
    double tail = Math.pow(n, 1 - s) / (s - 1) + Math.pow(n, -s) / 2;
    double first = s * Math.pow(n, -s - 1) / 12;
    double second = s * (s + 1) * (s + 2) * Math.pow(n, -s - 3) / 720;
    double third = s * (s + 1) * (s + 2) * (s + 3) * (s + 4) * Math.pow(n, -s - 5) / 30_240;
    return sum + tail + first - second + third;
  }
}
