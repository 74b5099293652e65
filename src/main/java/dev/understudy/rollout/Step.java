package dev.understudy.rollout;

import java.time.Instant;
import java.util.Locale;

/**
 * One step of a rollout, kept for good.
 *
 * @param number counted from 1 within the rollout
 * @param kind what was done
 * @param from the share before
 * @param to the share after
 * @param clause why
 * @param by who did it: the rollout itself, or what an operator is called
 * @param evidence what each guardrail said, a line each
 */
public record Step(
    int number,
    Instant at,
    Kind kind,
    double from,
    double to,
    String clause,
    String by,
    String evidence) {
  /** What was done. */
  public enum Kind {
    START,
    ADVANCE,
    ASK,
    APPROVE,
    PROMOTE,
    ROLL_BACK,
    PAUSE,
    RESUME,
    ABORT;

    /** As JSON and pages write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
