package dev.understudy.statistics;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * How far one sample lies above another by ranks alone: the shift's estimate and interval by the
 * normal approximation with corrections for ties and continuity, as R's {@code wilcox.test} has it.
 *
 * @param shift what to take from the first sample so that the two look alike
 */
public record MannWhitney(Interval interval, double shift) {
  private static final double TOLERANCE = 1e-4;

  /**
   * How far the first sample lies above the second.
   *
   * @param level confidence of the interval, such as 0.98
   * @throws IllegalArgumentException if one of them has no values
   */
  public static MannWhitney of(double[] first, double[] second, double level) {
    if (first.length == 0 || second.length == 0) {
      throw new IllegalArgumentException("both samples have at least one value");
    }
    double least = min(first) - max(second);
    double most = max(first) - min(second);
    if (least == most) {
      return new MannWhitney(new Interval(least, least), least);
    }
    var standing = new Standing(first, second);
    double z = Curves.normalQuantile(1 - (1 - level) / 2);
    double lower = standing.root(z, 0.5, least, most);
    double upper = standing.root(-z, -0.5, least, most);
    double shift = standing.root(0, 0, least, most);
    // The solver stops within its tolerance, so that ends of nearly nothing may come out crossed.
    return new MannWhitney(new Interval(Math.min(lower, upper), Math.max(lower, upper)), shift);
  }

  /** The chance that one of the first sample lies above one of the second; ties count half. */
  public static double superiority(double[] first, double[] second) {
    double above = 0;
    for (double a : first) {
      for (double b : second) {
        above += a > b ? 1 : a == b ? 0.5 : 0;
      }
    }
    return above / first.length / second.length;
  }

  private static double min(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }

  private record Standing(double[] first, double[] second) {

    double root(double z, double continuity, double least, double most) {
      if (off(least, z, continuity) <= 0) {
        return least;
      }
      if (off(most, z, continuity) >= 0) {
        return most;
      }
      return Roots.zeroin(d -> off(d, z, continuity), least, most, TOLERANCE);
    }

    /** How many standard errors the first sample's ranks, moved down by {@code d}, lie above z. */
    private double off(double d, double z, double continuity) {
      double[] together =
          DoubleStream.concat(Arrays.stream(first).map(x -> x - d), Arrays.stream(second))
              .toArray();
      double[] ranks = Ranks.of(together);
      double sum = 0;
      for (int i = 0; i < first.length; i++) {
        sum += ranks[i];
      }
      double nx = first.length;
      double ny = second.length;
      double n = nx + ny;
      double above = sum - nx * (nx + 1) / 2 - nx * ny / 2;
      double variance = nx * ny / 12 * (n + 1 - ties(together) / (n * (n - 1)));
      return variance <= 0 ? -z : (above - continuity) / Math.sqrt(variance) - z;
    }

    private static double ties(double[] together) {
      double[] sorted = together.clone();
      Arrays.sort(sorted);
      double sum = 0;
      int start = 0;
      for (int i = 1; i <= sorted.length; i++) {
        if (i == sorted.length || sorted[i] != sorted[start]) {
          double run = i - start;
          sum += run * run * run - run;
          start = i;
        }
      }
      return sum;
    }
  }
}
