package dev.understudy.gain;

import java.util.Arrays;
import java.util.List;

/**
 * What a model scores, by the words and the form of a prompt: a ridge regression (Hoerl and Kennard
 * 1970, Technometrics 12(1)).
 *
 * <p>Being linear in what it learned from, the line of the strong model less that of the cheap one
 * is the line of the gain.
 */
final class WordLine {
  private static final int ROUNDS_MAX = 60;

  /** Of the squared length of what is left to explain; closer than this is not closer. */
  private static final double NEAR = 1e-4;

  /** One weight for each bucket, in units. */
  final short[] weights;

  final float unit;

  /** One weight for each figure of form. */
  final float[] formWeights;

  final float offset;

  WordLine(short[] weights, float unit, float[] formWeights, float offset) {
    if (weights.length != Reading.BUCKETS || formWeights.length != Reading.FORM.size()) {
      throw new IllegalArgumentException("a line has a weight for each bucket and each figure");
    }
    this.weights = weights;
    this.unit = unit;
    this.formWeights = formWeights;
    this.offset = offset;
  }

  /**
   * Learns, by conjugate gradients over the normal equations.
   *
   * @param rows what is known of each prompt
   * @param scores 0 to 1, one for each row
   * @param shrinkage how strongly weights are drawn to nothing; more than 0
   */
  static WordLine of(List<Row> rows, double[] scores, double shrinkage) {
    double mean = Arrays.stream(scores).average().orElse(0);
    var solving = new Solving(rows, shrinkage);
    double[] found = solving.weights(Arrays.stream(scores).map(score -> score - mean).toArray());
    int form = Reading.FORM.size();
    float[] formWeights = new float[form];
    for (int i = 0; i < form; i++) {
      formWeights[i] = (float) found[Reading.BUCKETS + i];
    }
    double most = 0;
    for (int i = 0; i < Reading.BUCKETS; i++) {
      most = Math.max(most, Math.abs(found[i]));
    }
    float unit = most == 0 ? 1 : (float) (most / Short.MAX_VALUE);
    short[] units = new short[Reading.BUCKETS];
    for (int i = 0; i < units.length; i++) {
      units[i] = (short) Math.rint(Math.clamp(found[i] / unit, -32_767, 32_767));
    }
    return new WordLine(units, unit, formWeights, (float) (mean + found[Reading.BUCKETS + form]));
  }

  double of(Row row) {
    double sum = 0;
    for (int k = 0; k < row.values.length; k++) {
      sum += weights[row.buckets[k]] * row.values[k];
    }
    double form = 0;
    for (int i = 0; i < formWeights.length; i++) {
      form += formWeights[i] * row.form[i];
    }
    return offset + sum * unit + form;
  }

  /** A prompt as a line sees it: scaled words, and figures of form in like size. */
  static final class Row {
    private final int[] buckets;
    private final float[] values;
    private final float[] form;

    /** Without the buckets that tell nothing, which are many where a prompt is of a new kind. */
    Row(Reading reading, WordScale scale, FormScale formScale) {
      float[] scaled = scale.scaled(reading, reading.buckets.length);
      int[] told = new int[scaled.length];
      int count = 0;
      for (int k = 0; k < scaled.length; k++) {
        if (scaled[k] != 0) {
          told[count] = reading.buckets[k];
          scaled[count] = scaled[k];
          count++;
        }
      }
      this.buckets = Arrays.copyOf(told, count);
      this.values = Arrays.copyOf(scaled, count);
      this.form = formScale.scaled(reading.form);
    }
  }

  /** One weight for each bucket, then each figure of form, then the offset. */
  private static final class Solving {
    private final List<Row> rows;
    private final double shrinkage;
    private final int size = Reading.BUCKETS + Reading.FORM.size() + 1;

    Solving(List<Row> rows, double shrinkage) {
      this.rows = rows;
      this.shrinkage = shrinkage;
    }

    double[] weights(double[] scores) {
      double[] weights = new double[size];
      double[] left = new double[size];
      for (int i = 0; i < scores.length; i++) {
        add(rows.get(i), scores[i], left);
      }
      double[] way = left.clone();
      double length = dot(left, left);
      double enough = NEAR * length;
      for (int round = 0; round < ROUNDS_MAX && length > enough; round++) {
        double[] pushed = times(way);
        double step = length / dot(way, pushed);
        for (int i = 0; i < size; i++) {
          weights[i] += step * way[i];
          left[i] -= step * pushed[i];
        }
        double next = dot(left, left);
        double kept = next / length;
        length = next;
        for (int i = 0; i < size; i++) {
          way[i] = left[i] + kept * way[i];
        }
      }
      return weights;
    }

    /** The normal equations' left side, by rows: each row's product goes back to its places. */
    private double[] times(double[] way) {
      double[] product = new double[size];
      for (Row row : rows) {
        double sum = way[size - 1];
        for (int k = 0; k < row.values.length; k++) {
          sum += way[row.buckets[k]] * row.values[k];
        }
        for (int i = 0; i < row.form.length; i++) {
          sum += way[Reading.BUCKETS + i] * row.form[i];
        }
        add(row, sum, product);
      }
      // The offset alone is not drawn to nothing.
      for (int i = 0; i < size - 1; i++) {
        product[i] += shrinkage * way[i];
      }
      return product;
    }

    private void add(Row row, double times, double[] into) {
      into[size - 1] += times;
      for (int k = 0; k < row.values.length; k++) {
        into[row.buckets[k]] += times * row.values[k];
      }
      for (int i = 0; i < row.form.length; i++) {
        into[Reading.BUCKETS + i] += times * row.form[i];
      }
    }

    private static double dot(double[] one, double[] other) {
      double sum = 0;
      for (int i = 0; i < one.length; i++) {
        sum += one[i] * other[i];
      }
      return sum;
    }
  }
}
