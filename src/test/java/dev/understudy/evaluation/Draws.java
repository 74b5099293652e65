package dev.understudy.evaluation;

import java.util.List;

/**
 * How many of several independent draws come out, each with a chance of its own (the Poisson
 * binomial distribution).
 */
final class Draws {
  private final double[] chances;

  private Draws(double[] chances) {
    this.chances = chances;
  }

  static Draws of(List<Double> each) {
    var chances = new double[each.size() + 1];
    chances[0] = 1;
    for (int n = 0; n < each.size(); n++) {
      double chance = each.get(n);
      for (int k = n + 1; k >= 0; k--) {
        chances[k] = chances[k] * (1 - chance) + (k == 0 ? 0 : chances[k - 1] * chance);
      }
    }
    return new Draws(chances);
  }

  /** The least number that is not exceeded with a probability. */
  int quantile(double probability) {
    double sum = 0;
    for (int k = 0; k < chances.length; k++) {
      sum += chances[k];
      if (sum >= probability) {
        return k;
      }
    }
    return chances.length - 1;
  }
}
