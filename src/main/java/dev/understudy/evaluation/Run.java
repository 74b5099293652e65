package dev.understudy.evaluation;

import java.time.Instant;
import java.util.List;

/**
 * One finished run of a suite.
 *
 * @param id names its folder
 * @param kept answers that an earlier run had paid for
 * @param asked answers that this run paid for
 */
public record Run(
    String id,
    Instant at,
    Suite suite,
    String candidate,
    String incumbent,
    List<Pair> pairs,
    Verdict verdict,
    int asked,
    int kept) {
  public Run {
    pairs = List.copyOf(pairs);
  }
}
