package dev.understudy.rollout;

import dev.understudy.statistics.Interval;
import dev.understudy.statistics.QuantileCounts;
import java.util.List;

/** The ratio of two quantiles, each bounded for itself. */
final class QuantileScale extends Scale {
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

  QuantileScale(Guardrail guardrail) {
    super(guardrail, new Window(guardrail, List.of()));
    whole = fresh();
    ofStage = fresh();
  }

  QuantileScale(Guardrail guardrail, Kept kept) {
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
  record Kept(
      List<QuantileCounts> whole,
      List<QuantileCounts> ofStage,
      boolean proven,
      boolean worse,
      List<Double> window) {}

  Kept kept() {
    return new Kept(whole, ofStage, proven, worse, window());
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
  QuantileScale copy() {
    var copy = new QuantileScale(guardrail, kept());
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
        whole.get(1).lower(q, alpha / 2, BEST_COUNT) / whole.get(0).upper(q, alpha / 2, BEST_COUNT);
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
