package dev.understudy.evaluation;

/**
 * Fits chances between 0 and 1 by a logistic curve over two or three figures, with a pull of each
 * weight towards what is known of it beforehand, and a spread of cases that the figures do not
 * know.
 */
final class Logit {
  private static final int STEPS_MAX = 100;
  private static final double NEAR = 1e-9;
  private static final double LEAST = 1e-6;

  /**
   * Nodes and weights of a sum that stands for the mean over a standard normal: 9-point
   * Gauss-Hermite (Abramowitz and Stegun, table 25.10), scaled.
   */
  private static final double[] NODES = {
    -4.512745863399783,
    -3.205429002856470,
    -2.076847978677830,
    -1.023255663789133,
    0,
    1.023255663789133,
    2.076847978677830,
    3.205429002856470,
    4.512745863399783
  };

  private static final double[] WEIGHTS = {
    2.234584400774658e-5, 2.789141321231769e-3, 4.991640676521788e-2, 0.2440975028949394,
    0.4063492063492064, 0.2440975028949394, 4.991640676521788e-2, 2.789141321231769e-3,
    2.234584400774658e-5
  };

  private final double spread;
  private final double[] expected;
  private final double[] pull;

  /**
   * Will fit.
   *
   * @param spread the standard deviation, on the logistic scale, of what makes cases differ beside
   *     the figures; 0 for none
   * @param expected what each weight is pulled towards
   * @param pull how hard: the inverse variance of what is known beforehand
   */
  Logit(double spread, double[] expected, double[] pull) {
    this.spread = spread;
    this.expected = expected.clone();
    this.pull = pull.clone();
  }

  /** The chance at a sum of figures times weights, over all cases that this sum may stand for. */
  double chance(double sum) {
    return chance(sum, spread);
  }

  /** The same for any spread. */
  static double chance(double sum, double spread) {
    if (spread == 0) {
      return 1 / (1 + Math.exp(-sum));
    }
    double mean = 0;
    for (int k = 0; k < NODES.length; k++) {
      mean += WEIGHTS[k] / (1 + Math.exp(-(sum + spread * NODES[k])));
    }
    return mean;
  }

  private double slope(double sum) {
    return slope(sum, spread);
  }

  /** How steep that chance is. */
  static double slope(double sum, double spread) {
    double mean = 0;
    for (int k = 0; k < NODES.length; k++) {
      double at = 1 / (1 + Math.exp(-(sum + spread * NODES[k])));
      mean += WEIGHTS[k] * at * (1 - at);
    }
    return mean;
  }

  /** The weights, by scoring on the quasi-likelihood. */
  double[] fit(double[][] figures, double[] chances) {
    int k = expected.length;
    double[] weights = expected.clone();
    for (int step = 0; step < STEPS_MAX; step++) {
      double[][] information = new double[k][k];
      double[] slope = new double[k];
      for (int i = 0; i < chances.length; i++) {
        double sum = 0;
        for (int a = 0; a < k; a++) {
          sum += weights[a] * figures[i][a];
        }
        double chance = chance(sum);
        double steep = slope(sum);
        double variance = Math.max(LEAST, chance * (1 - chance));
        for (int a = 0; a < k; a++) {
          slope[a] += (chances[i] - chance) * steep / variance * figures[i][a];
          for (int b = 0; b < k; b++) {
            information[a][b] += steep * steep / variance * figures[i][a] * figures[i][b];
          }
        }
      }
      for (int a = 0; a < k; a++) {
        slope[a] -= pull[a] * (weights[a] - expected[a]);
        information[a][a] += pull[a];
      }
      double[] move = solve(information, slope);
      double most = 0;
      for (int a = 0; a < k; a++) {
        double bounded = Math.clamp(move[a], -2, 2);
        weights[a] += bounded;
        most = Math.max(most, Math.abs(bounded));
      }
      if (most < NEAR) {
        break;
      }
    }
    return weights;
  }

  /** Gauss without pivots: the pull keeps the matrix positive definite. */
  private static double[] solve(double[][] matrix, double[] right) {
    int n = right.length;
    for (int c = 0; c < n; c++) {
      for (int i = c + 1; i < n; i++) {
        double factor = matrix[i][c] / matrix[c][c];
        for (int j = c; j < n; j++) {
          matrix[i][j] -= factor * matrix[c][j];
        }
        right[i] -= factor * right[c];
      }
    }
    double[] solution = new double[n];
    for (int i = n - 1; i >= 0; i--) {
      double rest = right[i];
      for (int j = i + 1; j < n; j++) {
        rest -= matrix[i][j] * solution[j];
      }
      solution[i] = rest / matrix[i][i];
    }
    return solution;
  }
}
