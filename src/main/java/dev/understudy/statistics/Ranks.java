package dev.understudy.statistics;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Numbers by their order instead of their size. */
public final class Ranks {
  private Ranks() {}

  /** The rank of each, from 1; equal ones share the mean of theirs. */
  public static double[] of(double[] values) {
    Integer[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .toArray(Integer[]::new);
    double[] ranks = new double[values.length];
    int start = 0;
    while (start < order.length) {
      int end = start;
      while (end + 1 < order.length && values[order[end + 1]] == values[order[start]]) {
        end++;
      }
      for (int i = start; i <= end; i++) {
        ranks[order[i]] = (start + end) / 2.0 + 1;
      }
      start = end + 1;
    }
    return ranks;
  }

  /** Spearman's correlation; 0 where one of them never changes. */
  public static double spearman(double[] first, double[] second) {
    return correlation(of(first), of(second));
  }

  /** Pearson's correlation; 0 where one of them never changes. */
  public static double correlation(double[] first, double[] second) {
    if (first.length != second.length || first.length == 0) {
      throw new IllegalArgumentException("%d and %d".formatted(first.length, second.length));
    }
    double meanFirst = Sample.of(first).mean();
    double meanSecond = Sample.of(second).mean();
    double both = 0;
    double one = 0;
    double other = 0;
    for (int i = 0; i < first.length; i++) {
      double a = first[i] - meanFirst;
      double b = second[i] - meanSecond;
      both += a * b;
      one += a * a;
      other += b * b;
    }
    return one == 0 || other == 0 ? 0 : both / Math.sqrt(one * other);
  }
}
