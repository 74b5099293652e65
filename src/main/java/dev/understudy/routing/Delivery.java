package dev.understudy.routing;

/**
 * How an answer comes. Their times are kept apart: the first words of a stream come in a moment, an
 * answer in one piece when its last word is found.
 */
public enum Delivery {
  /** As a stream of events. */
  STREAMED,
  /** In one piece. */
  WHOLE;

  /** What a request asks for. */
  public static Delivery of(boolean streamed) {
    return streamed ? STREAMED : WHOLE;
  }
}
