package dev.understudy.limits;

/** What becomes of a call that asks for its share of the limits. */
public sealed interface Verdict {
  /** It goes on; the ticket is to be settled. */
  record Admitted(Ticket ticket) implements Verdict {}

  record Refused(Refusal refusal) implements Verdict {}

  /**
   * This replica holds too little of the limits, and more is being asked for: the call should ask
   * once more when it is called back.
   */
  record Later(Waiting waiting) implements Verdict {}

  /** A way to be called back, once, within a bound of time, on whatever thread. */
  @FunctionalInterface
  interface Waiting {
    void then(Runnable again);
  }
}
