package dev.understudy.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Corrects the p-values of several tests, one of which would else raise an alarm by design. */
public final class ManyTests {
  private ManyTests() {}

  /** Holm's step-down: the chance of any false alarm stays below what is tested at. */
  public static List<Double> holm(List<Double> pValues) {
    int n = pValues.size();
    double[] adjusted = new double[n];
    double most = 0;
    List<Integer> order = ascending(pValues);
    for (int rank = 0; rank < n; rank++) {
      int at = order.get(rank);
      most = Math.max(most, Math.min(1, (n - rank) * pValues.get(at)));
      adjusted[at] = most;
    }
    return boxed(adjusted);
  }

  /** Benjamini and Hochberg's step-up: of the alarms raised, the false share stays below. */
  public static List<Double> benjaminiHochberg(List<Double> pValues) {
    int n = pValues.size();
    double[] adjusted = new double[n];
    double least = 1;
    List<Integer> order = ascending(pValues);
    for (int rank = n - 1; rank >= 0; rank--) {
      int at = order.get(rank);
      least = Math.min(least, pValues.get(at) * n / (rank + 1));
      adjusted[at] = least;
    }
    return boxed(adjusted);
  }

  private static List<Integer> ascending(List<Double> pValues) {
    return IntStream.range(0, pValues.size())
        .boxed()
        .sorted(Comparator.comparingDouble(pValues::get))
        .toList();
  }

  private static List<Double> boxed(double[] values) {
    var list = new ArrayList<Double>(values.length);
    for (double value : values) {
      list.add(value);
    }
    return list;
  }
}
