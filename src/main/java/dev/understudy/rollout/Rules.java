package dev.understudy.rollout;

import java.time.Duration;
import java.util.List;

/**
 * By what a rollout steps.
 *
 * @param stages the candidate's share of the calls in each stage, ascending; 0 is the shadow, where
 *     it serves nobody; the last is 1
 * @param guardrails each metric once
 * @param alpha the chance of ever rolling back a candidate that is as good as tolerated, and the
 *     chance of ever promoting one that is worse by a margin
 * @param unprovenMax the largest share that is given to a candidate that has not been shown to be
 *     within every margin
 * @param callsMin so many calls, or pairs in the shadow, a stage lasts at the least
 * @param stageTimeMin so long a stage lasts at the least
 * @param approval which steps up wait for a person
 * @param stickiness what keeps a caller with one of the two
 * @param shadow the share of the incumbent's calls that are also put to the candidate
 * @param rehearsal the share of calls that are also put to the old incumbent after a promotion
 * @param copies how much copying may take
 */
public record Rules(
    List<Double> stages,
    List<Guardrail> guardrails,
    double alpha,
    double unprovenMax,
    int callsMin,
    Duration stageTimeMin,
    Approval approval,
    Stickiness stickiness,
    double shadow,
    double rehearsal,
    Copies copies) {
  /** More stages than this nobody needs. */
  public static final int STAGES_MAX = 20;

  /** Shadow, 1 %, 5 %, 25 %, 50 %, 100 %. */
  public static final List<Double> USUAL_STAGES = List.of(0.0, 0.01, 0.05, 0.25, 0.5, 1.0);

  /** Which steps up wait for a person. */
  public enum Approval {
    NONE,
    /** The last step. */
    PROMOTION,
    EACH
  }

  /** What keeps a caller with one of the two. */
  public enum Stickiness {
    CONVERSATION,
    USER
  }

  /**
   * How much copying may take.
   *
   * @param atOnce copies under way at the same time, on each replica
   * @param waiting copies that wait, on each replica; what is more is not copied
   * @param costPerDay what copies and their judges may cost in a day of UTC, on all replicas
   *     together, in the currency of the price books
   */
  public record Copies(int atOnce, int waiting, double costPerDay) {
    /** Eight at once, 100 waiting, 50 a day. */
    public static final Copies USUAL = new Copies(8, 100, 50);

    public Copies {
      if (atOnce < 1 || waiting < 1 || !(costPerDay > 0)) {
        throw new IllegalArgumentException("copies have bounds above 0");
      }
    }
  }

  public Rules {
    stages = List.copyOf(stages);
    guardrails = List.copyOf(guardrails);
    if (stages.isEmpty() || stages.size() > STAGES_MAX || stages.getLast() != 1) {
      throw new IllegalArgumentException("the last of 1 to 20 stages is 100 %");
    }
    for (int i = 0; i < stages.size(); i++) {
      double before = i == 0 ? -1 : stages.get(i - 1);
      if (!(stages.get(i) > before && stages.get(i) >= 0 && stages.get(i) <= 1)) {
        throw new IllegalArgumentException("stages ascend from shadow to 100 %");
      }
    }
    if (guardrails.isEmpty()) {
      throw new IllegalArgumentException("there is no guardrail");
    }
    if (guardrails.stream().map(Guardrail::metric).distinct().count() < guardrails.size()) {
      throw new IllegalArgumentException("two guardrails are on the same metric");
    }
    if (!(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException("alpha lies between 0 and 0.5, not " + alpha);
    }
    if (callsMin < 1 || stageTimeMin.isNegative()) {
      throw new IllegalArgumentException("a stage lasts for at least one call");
    }
    if (!isShare(unprovenMax) || !isShare(shadow) || !isShare(rehearsal)) {
      throw new IllegalArgumentException("a share lies between 0 and 1");
    }
    if (stages.getFirst() == 0 && shadow == 0) {
      throw new IllegalArgumentException("a rollout that begins in the shadow copies some calls");
    }
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }

  /** Whether any guardrail looks at what was said. */
  public boolean readsAnswers() {
    return guardrails.stream().anyMatch(guardrail -> guardrail.metric().isRead());
  }

  /**
   * The chance with which one guardrail may wrongly roll back in one stage: who looks at several
   * things is wrong with the sum of their chances.
   */
  double harmAlpha() {
    return alpha / (guardrails.size() * Math.max(1, stages.size() - 1));
  }
}
