package dev.understudy.statistics;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** The distributions that everything here is read from. */
public final class Curves {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private Curves() {}

  /** How many standard errors away a normal variable stays below, with this probability. */
  static double normalQuantile(double probability) {
    return NORMAL.inverseCumulativeProbability(probability);
  }

  static double normalBelow(double z) {
    return NORMAL.cumulativeProbability(z);
  }

  static double normalAbove(double z) {
    return NORMAL.survivalProbability(z);
  }

  public static double tQuantile(double probability, double degreesOfFreedom) {
    return TDistribution.of(degreesOfFreedom).inverseCumulativeProbability(probability);
  }

  static double tAbove(double t, double degreesOfFreedom) {
    return TDistribution.of(degreesOfFreedom).survivalProbability(t);
  }

  static double betaQuantile(double probability, double alpha, double beta) {
    return BetaDistribution.of(alpha, beta).inverseCumulativeProbability(probability);
  }

  /** The chance of at most {@code k} heads in {@code n} throws. */
  static double binomialUpTo(long k, long n, double probability) {
    return BinomialDistribution.of(Math.toIntExact(n), probability)
        .cumulativeProbability(Math.toIntExact(k));
  }

  /** The chance of exactly {@code k} heads in {@code n} throws. */
  static double binomialAt(long k, long n, double probability) {
    return BinomialDistribution.of(Math.toIntExact(n), probability).probability(Math.toIntExact(k));
  }
}
