package dev.understudy.sandbox;

import java.util.List;

/**
 * What the sandbox's model says.
 *
 * @param thought its reasoning, empty if none
 * @param stopSequence the sequence at which it stopped, empty if none
 */
record Script(
    String thought, String text, List<ToolCall> calls, Finish finish, String stopSequence) {

  /** Why it ends. */
  enum Finish {
    STOP,
    LENGTH,
    TOOLS,
    STOP_SEQUENCE
  }

  /** One tool call; the arguments are compact JSON. */
  record ToolCall(int index, String tool, String arguments) {}

  Script {
    calls = List.copyOf(calls);
  }

  int thoughtTokens() {
    return TokenCount.of(thought);
  }

  /** Tokens of text and calls, without the reasoning. */
  int visibleTokens() {
    return TokenCount.of(text) + calls.stream().mapToInt(Script::tokens).sum();
  }

  int outputTokens() {
    return thoughtTokens() + visibleTokens();
  }

  static int tokens(ToolCall call) {
    return TokenCount.of(call.tool()) + TokenCount.of(call.arguments());
  }
}
