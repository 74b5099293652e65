package dev.understudy.rollout;

import dev.understudy.statistics.BettingTest;
import dev.understudy.statistics.Interval;
import dev.understudy.statistics.QuantileCounts;
import dev.understudy.statistics.Sequences;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/** What candidate and incumbent weigh by one guardrail, brought up to date call by call. */
abstract sealed class Scale {
  final Guardrail guardrail;
  private final Window window;

  private Scale(Guardrail guardrail, Window window) {
    this.guardrail = guardrail;
    this.window = window;
  }

  static Scale of(Guardrail guardrail) {
    return guardrail.metric().isQuantile() ? new Quantiles(guardrail) : new Means(guardrail);
  }

  /** A call that was put to both. */
  final void paired(double incumbent, double candidate) {
    if (!Double.isNaN(candidate) && !Double.isNaN(incumbent)) {
      pair(incumbent, candidate);
      window.add(incumbent, candidate);
    } else if (!Double.isNaN(candidate) && guardrail.metric() != Metric.QUALITY) {
      window.add(candidate, candidate);
    }
  }

  /** A call that was put to one of them. */
  final void served(Observation.Arm arm, double value) {
    if (Double.isNaN(value) || guardrail.metric() == Metric.QUALITY) {
      return;
    }
    serve(arm, value);
    if (arm == Observation.Arm.CANDIDATE) {
      window.add(value, value);
    }
  }

  /** What happened before this stage no longer counts against the candidate. */
  final void beginStage() {
    window.clear();
    begin();
  }

  final Finding finding(Rules rules) {
    if (window.isBeyond()) {
      return new Finding(
          guardrail.metric(), isProven(rules.alpha()), Finding.State.BEYOND, window.clause());
    }
    boolean worse = isWorse(rules.harmAlpha());
    return new Finding(
        guardrail.metric(),
        isProven(rules.alpha()),
        worse ? Finding.State.WORSE : Finding.State.OPEN,
        clause(worse, rules));
  }

  /** Whether there is something to decide: cheap enough to be asked after every call. */
  final boolean doesHarm(Rules rules) {
    return window.isBeyond() || isWorse(rules.harmAlpha());
  }

  abstract boolean isProven(double alpha);

  abstract boolean isWorse(double alpha);

  abstract void pair(double incumbent, double candidate);

  abstract void serve(Observation.Arm arm, double value);

  abstract void begin();

  abstract Scale copy();

  abstract Weights weights(double alpha);

  abstract String clause(boolean worse, Rules rules);

  List<Double> window() {
    return window.values();
  }

  /**
   * The difference of two means: each pair, or each of the candidate's calls with the incumbent's
   * between it and the one before, is one bet for the candidate and one against it. What happens to
   * both at the same time cancels out.
   */
  static final class Means extends Scale {
    private BettingTest proof;
    private BettingTest harm;
    private final double[] sums;
    private final long[] counts;
    private final double[] waiting;
    private final long[] waitingCounts;

    Means(Guardrail guardrail) {
      super(guardrail, new Window(guardrail, List.of()));
      proof = BettingTest.against((1 - guardrail.margin()) / 2);
      harm = freshHarm();
      sums = new double[2];
      counts = new long[2];
      waiting = new double[2];
      waitingCounts = new long[2];
    }

    Means(Guardrail guardrail, MeansKept kept) {
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
    record MeansKept(
        BettingTest proof,
        BettingTest harm,
        double[] sums,
        long[] counts,
        double[] waiting,
        long[] waitingCounts,
        List<Double> window) {}

    MeansKept kept() {
      return new MeansKept(
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
      java.util.Arrays.fill(waiting, 0);
      java.util.Arrays.fill(waitingCounts, 0);
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
    Means copy() {
      return new Means(guardrail, kept());
    }

    /**
     * How much better the candidate is, with the asymptotic interval, which is for the eye only.
     */
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

  /** The ratio of two quantiles, each bounded for itself. */
  static final class Quantiles extends Scale {
    /** When the bounds are meant to be tightest, in calls. */
    private static final double BEST_COUNT = 1_000;

    /** How many more numbers there are before the bounds are looked at again. */
    private static final double MORE = 1.01;

    private final List<QuantileCounts> whole;
    private List<QuantileCounts> ofStage;
    private boolean proven;
    private boolean worse;
    private long provenNext;
    private long worseNext;

    Quantiles(Guardrail guardrail) {
      super(guardrail, new Window(guardrail, List.of()));
      whole = fresh();
      ofStage = fresh();
    }

    Quantiles(Guardrail guardrail, QuantilesKept kept) {
      super(guardrail, new Window(guardrail, kept.window()));
      whole = kept.whole().stream().map(c -> QuantileCounts.of(c.steps())).toList();
      ofStage = kept.ofStage().stream().map(c -> QuantileCounts.of(c.steps())).toList();
      proven = kept.proven();
      worse = kept.worse();
    }

    /**
     * All that is to be known to go on.
     *
     * @param whole the incumbent's numbers, and the candidate's
     * @param ofStage likewise since the stage began
     */
    record QuantilesKept(
        List<QuantileCounts> whole,
        List<QuantileCounts> ofStage,
        boolean proven,
        boolean worse,
        List<Double> window) {}

    QuantilesKept kept() {
      return new QuantilesKept(whole, ofStage, proven, worse, window());
    }

    private static List<QuantileCounts> fresh() {
      return List.of(new QuantileCounts(), new QuantileCounts());
    }

    @Override
    void pair(double incumbent, double candidate) {
      serve(Observation.Arm.INCUMBENT, incumbent);
      serve(Observation.Arm.CANDIDATE, candidate);
    }

    @Override
    void serve(Observation.Arm arm, double value) {
      whole.get(arm.ordinal()).add(value);
      ofStage.get(arm.ordinal()).add(value);
    }

    @Override
    void begin() {
      ofStage = fresh();
      worse = false;
      worseNext = 0;
    }

    @Override
    boolean isProven(double alpha) {
      long n = fewer(whole);
      if (!proven && n >= Math.max(1, provenNext)) {
        provenNext = next(n);
        double least = whole.get(0).lower(guardrail.quantile(), alpha / 2, BEST_COUNT);
        double most = whole.get(1).upper(guardrail.quantile(), alpha / 2, BEST_COUNT);
        proven = most <= least * (1 + guardrail.margin());
      }
      return proven;
    }

    @Override
    boolean isWorse(double alpha) {
      long n = fewer(ofStage);
      if (!worse && n >= Math.max(1, worseNext)) {
        worseNext = next(n);
        double most = ofStage.get(0).upper(guardrail.quantile(), alpha / 2, BEST_COUNT);
        double least = ofStage.get(1).lower(guardrail.quantile(), alpha / 2, BEST_COUNT);
        worse = least > most * (1 + guardrail.tolerates());
      }
      return worse;
    }

    private static long fewer(List<QuantileCounts> both) {
      return Math.min(both.get(0).count(), both.get(1).count());
    }

    private static long next(long n) {
      return Math.max(n + 1, (long) (n * MORE));
    }

    @Override
    Quantiles copy() {
      var copy = new Quantiles(guardrail, kept());
      copy.provenNext = provenNext;
      copy.worseNext = worseNext;
      return copy;
    }

    /** The ratio less 1, from what the bounds allow. */
    @Override
    Weights weights(double alpha) {
      double q = guardrail.quantile();
      double incumbent = whole.get(0).estimate(q);
      double candidate = whole.get(1).estimate(q);
      double lower =
          whole.get(1).lower(q, alpha / 2, BEST_COUNT)
              / whole.get(0).upper(q, alpha / 2, BEST_COUNT);
      double least = whole.get(0).lower(q, alpha / 2, BEST_COUNT);
      double upper =
          least == 0
              ? Double.POSITIVE_INFINITY
              : whole.get(1).upper(q, alpha / 2, BEST_COUNT) / least;
      return new Weights(
          fewer(whole) == 0 ? Double.NaN : incumbent,
          fewer(whole) == 0 ? Double.NaN : candidate,
          whole.get(0).count(),
          whole.get(1).count(),
          fewer(whole),
          incumbent == 0 ? 0 : candidate / incumbent - 1,
          new Interval(lower - 1, Math.max(lower, upper) - 1),
          Double.NaN,
          Double.NaN);
    }

    @Override
    String clause(boolean isWorse, Rules rules) {
      Weights now = weights(rules.alpha());
      String figures =
          "p%s is %s, the incumbent's %s, of %d and %d calls"
              .formatted(
                  Shares.number(100 * guardrail.quantile()),
                  Shares.number(now.candidate()),
                  Shares.number(now.incumbent()),
                  now.candidateCount(),
                  now.incumbentCount());
      return isWorse
          ? "more than %s longer or dearer is shown: %s"
              .formatted(Shares.text(guardrail.tolerates()), figures)
          : "%s; ratio %s to %s, margin %s"
              .formatted(
                  figures,
                  Shares.number(1 + now.interval().lower()),
                  Shares.number(1 + now.interval().upper()),
                  Shares.number(1 + guardrail.margin()));
    }
  }

  /** The candidate's last calls, where a hard limit is set on them. */
  private static final class Window {
    private final Guardrail guardrail;
    private final ArrayDeque<Double> values = new ArrayDeque<>();
    private double sum;

    Window(Guardrail guardrail, Collection<Double> before) {
      this.guardrail = guardrail;
      before.forEach(this::push);
    }

    void add(double incumbent, double candidate) {
      OptionalDouble limit = guardrail.limit();
      if (limit.isEmpty()) {
        return;
      }
      push(
          switch (guardrail.metric()) {
            case ERRORS, REFUSALS, FORMAT, COST -> candidate;
            case QUALITY -> incumbent - candidate;
            case LATENCY, FIRST_TOKEN -> candidate > limit.getAsDouble() ? 1 : 0;
          });
    }

    private void push(double value) {
      values.addLast(value);
      sum += value;
      if (values.size() > guardrail.window()) {
        sum -= values.removeFirst();
      }
    }

    void clear() {
      values.clear();
      sum = 0;
    }

    /** What the mean of the window must not exceed. */
    private double bound() {
      return switch (guardrail.metric()) {
        case LATENCY, FIRST_TOKEN -> 1 - guardrail.quantile();
        case ERRORS, REFUSALS, FORMAT, COST, QUALITY ->
            guardrail.limit().orElse(Double.POSITIVE_INFINITY);
      };
    }

    boolean isBeyond() {
      return guardrail.limit().isPresent()
          && values.size() == guardrail.window()
          && sum / values.size() > bound() + 1e-9;
    }

    String clause() {
      double limit = guardrail.limit().orElse(0);
      double mean = sum / values.size();
      return switch (guardrail.metric()) {
        case ERRORS, REFUSALS, FORMAT ->
            "%s of the last %d calls, and %s is the limit"
                .formatted(Shares.text(mean), values.size(), Shares.text(limit));
        case QUALITY ->
            "a loss of %s points in the last %d comparisons, and %s is the limit"
                .formatted(Shares.number(100 * mean), values.size(), Shares.number(100 * limit));
        case COST ->
            "%s a call in the last %d calls, and %s is the limit"
                .formatted(Shares.number(mean), values.size(), Shares.number(limit));
        case LATENCY, FIRST_TOKEN ->
            "%s of the last %d calls took more than %s ms"
                .formatted(Shares.text(mean), values.size(), Shares.number(limit));
      };
    }

    List<Double> values() {
      return List.copyOf(new ArrayList<>(values));
    }
  }
}
