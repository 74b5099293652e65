package dev.understudy.evaluation;

import java.util.List;

/** What came back for a question. */
public sealed interface Answer {
  /**
   * The model answered.
   *
   * @param text what it said; empty if it only asked for tools
   * @param calls the tools it asked for, in order
   * @param cut whether a limit on its length ended it
   * @param refused whether the vendor itself marks it as a refusal
   * @param inputTokens as the vendor counted; 0 if it did not say
   * @param outputTokens likewise
   * @param millis from the question to the whole answer
   * @param exchange the gateway's name for the call; empty if it has none
   */
  record Given(
      String text,
      List<Call> calls,
      boolean cut,
      boolean refused,
      long inputTokens,
      long outputTokens,
      long millis,
      String exchange)
      implements Answer {
    public Given {
      calls = List.copyOf(calls);
    }
  }

  /** A tool the model asked for, with its arguments as it wrote them. */
  record Call(String tool, String argumentsJson) {}

  /**
   * The vendor failed; nobody's merit and nobody's fault.
   *
   * @param status the HTTP status; 0 if there was no reply
   */
  record Failed(int status, String message) implements Answer {}
}
