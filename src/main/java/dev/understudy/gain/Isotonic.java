package dev.understudy.gain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sets a score right against what came of it: the best curve that never falls, by pooling
 * neighbours that are out of order (Ayer and others 1955), straight between the middles of its
 * steps so that no two scores become one; drawn towards the best straight line, the more so the
 * fewer outcomes there are, since steps of few outcomes are chance.
 */
final class Isotonic {
  private static final int STEPS_MAX = 64;

  /** Beyond its ends the curve goes on this flat, so that who scores more is still told apart. */
  private static final double END_SLOPE = 0.1;

  /** Fewer outcomes than this make no step of their own. */
  private static final double ROWS_PER_STEP = 20;

  /** With this many outcomes the line counts as much as the steps. */
  private static final double LINE_ROWS = 2_000;

  final float[] scores;
  final float[] values;

  Isotonic(float[] scores, float[] values) {
    if (scores.length == 0 || scores.length != values.length) {
      throw new IllegalArgumentException("a curve has as many values as scores, at least one");
    }
    for (int i = 1; i < scores.length; i++) {
      if (!(scores[i] > scores[i - 1]) || !(values[i] >= values[i - 1])) {
        throw new IllegalArgumentException("a curve never falls");
      }
    }
    this.scores = scores;
    this.values = values;
  }

  private record Pool(double score, double value, double rows) {
    Pool with(Pool other) {
      double all = rows + other.rows;
      return new Pool(
          (score * rows + other.score * other.rows) / all,
          (value * rows + other.value * other.rows) / all,
          all);
    }
  }

  static Isotonic of(double[] scores, double[] values) {
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(i -> i)
            .toArray();
    double each = Math.max(ROWS_PER_STEP, (double) order.length / STEPS_MAX);
    List<Pool> pools = new ArrayList<>();
    Pool filling = null;
    for (int i : order) {
      var one = new Pool(scores[i], values[i], 1);
      filling = filling == null ? one : filling.with(one);
      if (filling.rows() >= each) {
        add(pools, filling);
        filling = null;
      }
    }
    if (filling != null) {
      add(pools, filling);
    }
    double stepsShare = scores.length / (scores.length + LINE_ROWS);
    Line line = Line.of(scores, values);
    float[] at = new float[pools.size()];
    float[] is = new float[pools.size()];
    int count = 0;
    for (Pool pool : pools) {
      float score = (float) pool.score();
      if (count == 0 || score > at[count - 1]) {
        at[count] = score;
        is[count] = (float) (stepsShare * pool.value() + (1 - stepsShare) * line.at(pool.score()));
        count++;
      }
    }
    return new Isotonic(Arrays.copyOf(at, count), Arrays.copyOf(is, count));
  }

  /** By least squares; it does not fall either. */
  private record Line(double score, double value, double slope) {
    static Line of(double[] scores, double[] values) {
      double score = Arrays.stream(scores).average().orElse(0);
      double value = Arrays.stream(values).average().orElse(0);
      double both = 0;
      double squares = 0;
      for (int i = 0; i < scores.length; i++) {
        both += (scores[i] - score) * (values[i] - value);
        squares += (scores[i] - score) * (scores[i] - score);
      }
      return new Line(score, value, squares > 0 ? Math.max(0, both / squares) : 0);
    }

    double at(double of) {
      return value + slope * (of - score);
    }
  }

  private static void add(List<Pool> pools, Pool pool) {
    pools.add(pool);
    while (pools.size() > 1 && pools.get(pools.size() - 2).value() >= pools.getLast().value()) {
      Pool last = pools.removeLast();
      pools.add(pools.removeLast().with(last));
    }
  }

  double of(double score) {
    int last = scores.length - 1;
    if (score <= scores[0]) {
      return values[0] + END_SLOPE * (score - scores[0]);
    }
    if (score >= scores[last]) {
      return values[last] + END_SLOPE * (score - scores[last]);
    }
    int above = Arrays.binarySearch(scores, (float) score);
    if (above >= 0) {
      return values[above];
    }
    above = -above - 1;
    if (above > last) {
      return values[last];
    }
    if (above == 0) {
      return values[0];
    }
    double part = (score - scores[above - 1]) / (scores[above] - scores[above - 1]);
    return values[above - 1] + part * (values[above] - values[above - 1]);
  }
}
