package dev.understudy.routing;

/** What is known of targets at this moment; a router asks for no more than its rule needs. */
public interface Signals {
  Standing standing(Target target);

  /** Why a target is out, in a clause. */
  default String whyOut(Target target) {
    return "it failed too often";
  }

  /** Until when it is out, as {@link System#nanoTime}; of no meaning if it is not. */
  default long outUntilNanos(Target target) {
    return 0;
  }

  /** How many calls it is serving for us. */
  default int openCalls(Target target) {
    return 0;
  }

  /**
   * The peak of its recent times to the first content of a stream, or to an answer in one piece,
   * falling off with time; 0 if not known.
   */
  default double latencyMillis(Target target, Delivery delivery) {
    return 0;
  }

  /** How much of its tightest limit is left, from 0 to 1; 1 if that is not known. */
  default double headroom(Target target) {
    return 1;
  }

  /** What a request would cost there, in any one currency; not a number if that is not known. */
  default double price(Target target, Request request) {
    return Double.NaN;
  }
}
