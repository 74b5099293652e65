package dev.understudy.rollout;

/**
 * What the evidence on one guardrail says now.
 *
 * @param proven whether the candidate is shown to be worse by less than the margin
 * @param state whether it does harm
 * @param clause that in words, with its figures
 */
public record Finding(Metric metric, boolean proven, State state, String clause) {
  /** Whether a candidate does harm. */
  public enum State {
    /** Nothing is shown. */
    OPEN,
    /** It is shown to be worse by more than is tolerated. */
    WORSE,
    /** It is beyond a hard limit. */
    BEYOND
  }
}
