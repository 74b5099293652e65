package dev.understudy.statistics;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** How far two raters agree beyond what chance would bring about. */
public final class Agreement {
  private Agreement() {}

  /**
   * Cohen's kappa of two ratings of the same items.
   *
   * @return 1 for full agreement, 0 for that of chance; NaN where both always say the same one
   *     thing, so that chance explains everything
   */
  public static double kappa(List<String> first, List<String> second) {
    if (first.size() != second.size() || first.isEmpty()) {
      throw new IllegalArgumentException(
          "%d and %d ratings".formatted(first.size(), second.size()));
    }
    var seen = new LinkedHashSet<String>(first);
    seen.addAll(second);
    var labels = new ArrayList<>(seen);
    long[][] table = new long[labels.size()][labels.size()];
    for (int i = 0; i < first.size(); i++) {
      table[labels.indexOf(first.get(i))][labels.indexOf(second.get(i))]++;
    }
    return kappa(table);
  }

  /** The same from counts: row by the first rater, column by the second. */
  public static double kappa(long[][] table) {
    int labels = table.length;
    double total = 0;
    double agreed = 0;
    double[] rows = new double[labels];
    double[] columns = new double[labels];
    for (int r = 0; r < labels; r++) {
      for (int c = 0; c < labels; c++) {
        total += table[r][c];
        rows[r] += table[r][c];
        columns[c] += table[r][c];
      }
      agreed += table[r][r];
    }
    double byChance = 0;
    for (int i = 0; i < labels; i++) {
      byChance += rows[i] * columns[i] / total / total;
    }
    double observed = agreed / total;
    return (observed - byChance) / (1 - byChance);
  }
}
