package dev.understudy.gain;

import java.util.List;
import java.util.SplittableRandom;

/** The chance that a model is right, by the words of a prompt: a logistic regression. */
final class WordLine {
  private static final int ROUNDS = 5;
  private static final double RATE = 0.1;
  private static final double SHRINKAGE = 0.01;

  /** One weight for each bucket, in units. */
  final short[] weights;

  final float unit;
  final float offset;

  WordLine(short[] weights, float unit, float offset) {
    if (weights.length != Reading.BUCKETS) {
      throw new IllegalArgumentException("a line has a weight for each bucket");
    }
    this.weights = weights;
    this.unit = unit;
    this.offset = offset;
  }

  /**
   * Learns by AdaGrad (Duchi, Hazan and Singer 2011, JMLR 12).
   *
   * @param scores 0 to 1, one for each reading
   */
  static WordLine of(List<Reading> readings, double[] scores, WordScale scale, long seed) {
    float[][] scaled = new float[scores.length][];
    int[] order = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scaled[i] = scale.scaled(readings.get(i), readings.get(i).buckets.length);
      order[i] = i;
    }
    double[] weights = new double[Reading.BUCKETS];
    double[] squares = new double[Reading.BUCKETS];
    double offset = 0;
    double offsetSquares = 1e-3;
    var random = new SplittableRandom(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Folds.shuffle(order, random);
      for (int i : order) {
        float[] values = scaled[i];
        int[] buckets = readings.get(i).buckets;
        double sum = offset;
        for (int k = 0; k < values.length; k++) {
          sum += weights[buckets[k]] * values[k];
        }
        double off = logistic(sum) - scores[i];
        for (int k = 0; k < values.length; k++) {
          if (values[k] != 0) {
            int bucket = buckets[k];
            double slope = off * values[k] + SHRINKAGE * weights[bucket];
            squares[bucket] += slope * slope;
            weights[bucket] -= RATE * slope / Math.sqrt(squares[bucket] + 1e-4);
          }
        }
        offsetSquares += off * off;
        offset -= RATE * off / Math.sqrt(offsetSquares);
      }
    }
    return rounded(weights, offset);
  }

  private static WordLine rounded(double[] weights, double offset) {
    double most = 0;
    for (double weight : weights) {
      most = Math.max(most, Math.abs(weight));
    }
    float unit = most == 0 ? 1 : (float) (most / Short.MAX_VALUE);
    short[] units = new short[weights.length];
    for (int i = 0; i < units.length; i++) {
      units[i] = (short) Math.rint(Math.clamp(weights[i] / unit, -32_767, 32_767));
    }
    return new WordLine(units, unit, (float) offset);
  }

  double chance(Reading reading, float[] scaled) {
    double sum = 0;
    for (int k = 0; k < scaled.length; k++) {
      sum += weights[reading.buckets[k]] * scaled[k];
    }
    return logistic(offset + sum * unit);
  }

  private static double logistic(double sum) {
    return 1 / (1 + StrictMath.exp(-sum));
  }
}
