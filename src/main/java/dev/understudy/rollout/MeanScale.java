package dev.understudy.rollout;

import dev.understudy.statistics.BettingTest;
import dev.understudy.statistics.Interval;
import dev.understudy.statistics.Sequences;
import java.util.Arrays;
import java.util.List;

/**
 * The difference of two means: each pair, or each of the candidate's calls with the incumbent's
 * between it and the one before, is one bet for the candidate and one against it. What happens to
 * both at the same time cancels out.
 */
final class MeanScale extends Scale {
  private BettingTest proof;
  private BettingTest harm;
  private final double[] sums;
  private final long[] counts;
  private final double[] waiting;
  private final long[] waitingCounts;

  MeanScale(Guardrail guardrail) {
    super(guardrail, new Window(guardrail, List.of()));
    proof = BettingTest.against((1 - guardrail.margin()) / 2);
    harm = freshHarm();
    sums = new double[2];
    counts = new long[2];
    waiting = new double[2];
    waitingCounts = new long[2];
  }

  MeanScale(Guardrail guardrail, Kept kept) {
    super(guardrail, new Window(guardrail, kept.window()));
    proof = kept.proof();
    harm = kept.harm();
    sums = kept.sums().clone();
    counts = kept.counts().clone();
    waiting = kept.waiting().clone();
    waitingCounts = kept.waitingCounts().clone();
  }

  /** All that is to be known to go on. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Kept(
      BettingTest proof,
      BettingTest harm,
      double[] sums,
      long[] counts,
      double[] waiting,
      long[] waitingCounts,
      List<Double> window) {}

  Kept kept() {
    return new Kept(
        proof,
        harm,
        sums.clone(),
        counts.clone(),
        waiting.clone(),
        waitingCounts.clone(),
        window());
  }

  private BettingTest freshHarm() {
    return BettingTest.against((1 + guardrail.tolerates()) / 2);
  }

  @Override
  void pair(double incumbent, double candidate) {
    count(0, incumbent);
    count(1, candidate);
    bet(candidate - incumbent);
  }

  @Override
  void serve(Observation.Arm arm, double value) {
    int at = arm.ordinal();
    count(at, value);
    waiting[at] += value;
    waitingCounts[at]++;
    if (waitingCounts[0] > 0 && waitingCounts[1] > 0) {
      bet(waiting[1] / waitingCounts[1] - waiting[0] / waitingCounts[0]);
      forgetWaiting();
    }
  }

  private void count(int arm, double value) {
    sums[arm] += value;
    counts[arm]++;
  }

  private void forgetWaiting() {
    Arrays.fill(waiting, 0);
    Arrays.fill(waitingCounts, 0);
  }

  /** By how much the candidate's is more, from -1 to 1. */
  private void bet(double more) {
    double better = guardrail.metric().isHarm() ? -more : more;
    proof = proof.after((1 + better) / 2);
    harm = harm.after((1 - better) / 2);
  }

  @Override
  void begin() {
    harm = freshHarm();
    forgetWaiting();
  }

  @Override
  boolean isProven(double alpha) {
    return proof.isRejected(alpha);
  }

  @Override
  boolean isWorse(double alpha) {
    return harm.isRejected(alpha);
  }

  @Override
  MeanScale copy() {
    return new MeanScale(guardrail, kept());
  }

  /** How much better the candidate is, with the asymptotic interval, which is for the eye only. */
  @Override
  Weights weights(double alpha) {
    long n = proof.count();
    if (n == 0) {
      return new Weights(
          mean(0), mean(1), counts[0], counts[1], n, 0, new Interval(-1, 1), proof.p(), harm.p());
    }
    double mean = proof.sum() / n;
    double variance = Math.max(0, proof.squares() / n - mean * mean);
    Interval around = Sequences.asymptotic(2 * mean - 1, 4 * variance + 1.0 / n, n, alpha);
    return new Weights(
        mean(0),
        mean(1),
        counts[0],
        counts[1],
        n,
        2 * mean - 1,
        around.within(-1, 1),
        proof.p(),
        harm.p());
  }

  private double mean(int arm) {
    return counts[arm] == 0 ? Double.NaN : sums[arm] / counts[arm];
  }

  @Override
  String clause(boolean worse, Rules rules) {
    Weights now = weights(rules.alpha());
    return worse
        ? "worse by more than %s points is shown in %d comparisons (difference %s points, p %s)"
            .formatted(
                Shares.number(100 * guardrail.tolerates()),
                harm.count(),
                Shares.number(-100 * (2 * harm.sum() / harm.count() - 1)),
                Shares.p(harm.p()))
        : "difference %s points in %d comparisons, margin %s (p %s)"
            .formatted(
                Shares.number(100 * now.difference()),
                now.comparisons(),
                Shares.number(100 * guardrail.margin()),
                Shares.p(proof.p()));
  }
}
