package dev.understudy.rollout;

/** One thing that was seen of a rollout. */
public sealed interface Observation {
  /** Who a call was given to first. */
  enum Arm {
    INCUMBENT,
    CANDIDATE
  }

  /** A caller's call. */
  record Served(Arm arm, Readings readings) implements Observation {}

  /** A call that was put to both. */
  record Paired(Readings incumbent, Readings candidate) implements Observation {}

  /**
   * Copies, or their judges, consumed something.
   *
   * @param cost in the currency of the price books
   */
  record Spent(double cost) implements Observation {}

  /** A call that was also put to the old incumbent, after a promotion. */
  record Rehearsed(Readings incumbent) implements Observation {}
}
