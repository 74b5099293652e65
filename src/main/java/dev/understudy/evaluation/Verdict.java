package dev.understudy.evaluation;

import dev.understudy.statistics.Interval;
import dev.understudy.statistics.PairedOutcomes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the candidate is no worse than the incumbent by more than the margin, and how sure that
 * is.
 *
 * @param why in a sentence
 * @param comparison over all cases
 * @param slices worst first
 * @param gates in the order of their names
 * @param moreCases how many more would settle it, were the difference as it seems; empty if it is
 *     settled, or if none would
 * @param failedPairs cases that a vendor failed
 * @param cutPairs cases with an answer that was cut
 * @param latency the candidate's mean time over the incumbent's
 * @param outputTokens the candidate's mean output over the incumbent's
 * @param unjudgedPairs cases in which a judge failed, or a price was missing
 * @param cost the candidate's mean cost over the incumbent's, where all has a price
 * @param winRate how far judges prefer the candidate, where they compared
 * @param length what of it is owed to length
 * @param judges whether they can be trusted
 */
public record Verdict(
    Decision decision,
    String why,
    Comparison comparison,
    List<Slice> slices,
    List<GateResult> gates,
    Optional<Long> moreCases,
    int failedPairs,
    int cutPairs,
    Optional<Ratio> latency,
    Optional<Ratio> outputTokens,
    int unjudgedPairs,
    Optional<Ratio> cost,
    Optional<WinRate> winRate,
    Optional<LengthControl> length,
    Optional<JudgeHealth.Panel> judges,
    List<String> warnings) {
  /** Never two: what is not shown is not denied. */
  public enum Decision {
    QUALIFIED,
    REJECTED,
    UNDECIDED
  }

  public Verdict {
    slices = List.copyOf(slices);
    gates = List.copyOf(gates);
    warnings = List.copyOf(warnings);
  }

  /** With one thing more to know of it. */
  public Verdict with(String warning) {
    var more = new ArrayList<>(warnings);
    more.add(warning);
    return new Verdict(
        decision,
        why,
        comparison,
        slices,
        gates,
        moreCases,
        failedPairs,
        cutPairs,
        latency,
        outputTokens,
        unjudgedPairs,
        cost,
        winRate,
        length,
        judges,
        more);
  }

  /**
   * Candidate and incumbent over the same cases.
   *
   * @param pairs cases that both answered
   * @param interval of the difference; its lower end is the one-sided bound at the suite's alpha
   * @param nonInferiorityP the chance of a result this good, were the candidate worse by the margin
   * @param inferiorityP the chance of a result this bad, were the candidate worse by the margin
   * @param outcomes for yes or no with one answer each
   */
  public record Comparison(
      int pairs,
      int clusters,
      double candidate,
      double incumbent,
      double difference,
      Interval interval,
      double nonInferiorityP,
      double inferiorityP,
      Optional<PairedOutcomes> outcomes) {}

  /**
   * A part of the cases.
   *
   * @param adjustedP of being worse by more than the margin, corrected for the number of slices
   */
  public record Slice(String name, Comparison comparison, double adjustedP) {}

  /**
   * A demand on a slice.
   *
   * @param clusters to which the cases belong, each one witness
   * @param failures of the candidate among {@code cases}
   * @param failureRateAtMost with the suite's confidence
   * @param moreCases without a failure until it would pass; 0 if it passes or cannot
   */
  public record GateResult(
      String slice,
      double failureRateMax,
      int cases,
      int clusters,
      int failures,
      double failureRateAtMost,
      Decision decision,
      long moreCases) {}

  /** A quotient of two means with its 95 % interval. */
  public record Ratio(double ratio, Interval interval) {}
}
