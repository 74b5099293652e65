package dev.understudy.limits;

/** What becomes of a call that asks for its share of the limits. */
public sealed interface Clearance {
  /** It goes on; the place is to be settled. */
  record Admitted(Place place) implements Clearance {}

  record Refused(Refusal refusal) implements Clearance {}

  /**
   * This replica holds too little of the limits, and more is being asked for: the call should ask
   * once more when it is called back.
   */
  record Later(Waiting waiting) implements Clearance {}

  /** A way to be called back, once, within a bound of time, on whatever thread. */
  @FunctionalInterface
  interface Waiting {
    void then(Runnable again);
  }
}
