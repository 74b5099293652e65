package dev.understudy.rollout;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;

/** Says how good two answers to one request are. */
public interface PairJudge {
  /** Knows nothing of quality. */
  PairJudge NONE = (asked, incumbent, candidate) -> new Opinion.None("nobody judges quality");

  /** Whether it asks others and waits for them, so that it is not to keep a thread of ours busy. */
  default boolean asks() {
    return false;
  }

  /** Judges; where it asks nobody, at once. */
  Opinion judge(ChatRequest asked, ChatReply incumbent, ChatReply candidate)
      throws InterruptedException;

  /** What a judge says. */
  sealed interface Opinion {
    /** How good each is, from 0 to 1. */
    record Scored(double incumbent, double candidate) implements Opinion {}

    /** It cannot say, which counts for neither. */
    record None(String why) implements Opinion {}
  }
}
