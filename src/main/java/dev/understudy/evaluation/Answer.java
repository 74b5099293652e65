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
   * @param target who answered; behind a route this is one of its targets
   * @param beginnings what the first token might have been, where that was asked for and said
   * @param sandbox whether a vendor in a box gave it, in the place of the one it is called by
   */
  record Given(
      String text,
      List<Call> calls,
      boolean cut,
      boolean refused,
      long inputTokens,
      long outputTokens,
      long millis,
      String exchange,
      String target,
      List<Beginning> beginnings,
      boolean sandbox)
      implements Answer {
    public Given {
      calls = List.copyOf(calls);
      beginnings = List.copyOf(beginnings);
    }

    /** An answer of which nobody said who gave it. */
    public Given(
        String text,
        List<Call> calls,
        boolean cut,
        boolean refused,
        long inputTokens,
        long outputTokens,
        long millis,
        String exchange) {
      this(
          text,
          calls,
          cut,
          refused,
          inputTokens,
          outputTokens,
          millis,
          exchange,
          "",
          List.of(),
          false);
    }

    /** The same, given by a vendor in a box. */
    public Given ofSandbox() {
      return new Given(
          text,
          calls,
          cut,
          refused,
          inputTokens,
          outputTokens,
          millis,
          exchange,
          target,
          beginnings,
          true);
    }

    /** The text and, a line each, the tools it asked for: what a judge is shown. */
    String shown() {
      var all = new StringBuilder(text);
      for (Call call : calls) {
        all.append(all.isEmpty() ? "" : "\n").append("[calls the tool ").append(call.tool());
        all.append(" with ").append(call.argumentsJson()).append(']');
      }
      return all.toString();
    }
  }

  /** A first token and the natural logarithm of its probability. */
  record Beginning(String token, double logprob) {}

  /** A tool the model asked for, with its arguments as it wrote them. */
  record Call(String tool, String argumentsJson) {}

  /**
   * The vendor failed; nobody's merit and nobody's fault.
   *
   * @param status the HTTP status; 0 if there was no reply
   */
  record Failed(int status, String message) implements Answer {}
}
