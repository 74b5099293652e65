package dev.understudy.statistics;

/** What several answers to one question say about one answer. */
public final class Attempts {
  private Attempts() {}

  /**
   * The chance that at least one of {@code k} answers is right, estimated without bias from {@code
   * right} of {@code answers}: 1 - C(n-c, k) / C(n, k) (Chen et al. 2021, arXiv 2107.03374).
   */
  public static double passAt(int answers, int right, int k) {
    if (answers < 1 || right < 0 || right > answers || k < 1 || k > answers) {
      throw new IllegalArgumentException("%d of %d at %d".formatted(right, answers, k));
    }
    if (answers - right < k) {
      return 1;
    }
    double noneRight = 1;
    for (int i = answers - right + 1; i <= answers; i++) {
      noneRight *= 1 - (double) k / i;
    }
    return 1 - noneRight;
  }
}
