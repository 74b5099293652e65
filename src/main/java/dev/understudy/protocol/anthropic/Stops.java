package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Stop;
import java.util.Optional;

/**
 * Why an answer ended, in the protocol's words
 * (platform.claude.com/docs/en/build-with-claude/handling-stop-reasons).
 */
final class Stops {
  private Stops() {}

  static Stop read(Optional<String> word, Optional<String> sequence) {
    Stop.Reason reason =
        switch (word.orElse("")) {
          case "end_turn" -> Stop.Reason.END;
          case "max_tokens" -> Stop.Reason.MAX_TOKENS;
          case "stop_sequence" -> Stop.Reason.STOP_SEQUENCE;
          case "tool_use" -> Stop.Reason.TOOL_CALLS;
          case "pause_turn" -> Stop.Reason.PAUSE;
          case "refusal" -> Stop.Reason.REFUSAL;
          case "model_context_window_exceeded" -> Stop.Reason.CONTEXT_WINDOW;
          default -> Stop.Reason.OTHER;
        };
    return new Stop(reason, word, sequence);
  }

  /**
   * The word for a caller. An answer that calls tools says so whatever its vendor said, because
   * callers run tools for no other reason; one with a refusal in it is a refusal.
   */
  static String write(Stop stop, boolean callsTools, boolean refuses) {
    return switch (stop.reason()) {
      case MAX_TOKENS -> "max_tokens";
      case STOP_SEQUENCE -> "stop_sequence";
      case TOOL_CALLS -> "tool_use";
      case PAUSE -> "pause_turn";
      case REFUSAL, CONTENT_FILTER -> "refusal";
      case CONTEXT_WINDOW -> "model_context_window_exceeded";
      case END, OTHER -> callsTools ? "tool_use" : refuses ? "refusal" : "end_turn";
    };
  }
}
