package dev.understudy.rollout;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;

/** Says how good two answers to one request are. */
public interface PairJudge {
  /** Knows nothing of quality. */
  PairJudge NONE = (asked, incumbent, candidate) -> new Opinion.None("nobody judges quality");

  /** Judges, and may take its time; called on a virtual thread. */
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
