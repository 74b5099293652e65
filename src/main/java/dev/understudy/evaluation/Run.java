package dev.understudy.evaluation;

import java.time.Instant;
import java.util.List;

/**
 * One finished run of a suite.
 *
 * @param id names its folder
 * @param spending what each target and judge took
 */
public record Run(
    String id,
    Instant at,
    Suite suite,
    String candidate,
    String incumbent,
    List<Pair> pairs,
    Verdict verdict,
    List<Spending> spending) {
  public Run {
    pairs = List.copyOf(pairs);
    spending = List.copyOf(spending);
  }

  /** Answers that this run paid for. */
  int asked() {
    return spending.stream().mapToInt(Spending::asked).sum();
  }

  /** Answers that an earlier run had paid for. */
  int kept() {
    return spending.stream().mapToInt(Spending::kept).sum();
  }
}
