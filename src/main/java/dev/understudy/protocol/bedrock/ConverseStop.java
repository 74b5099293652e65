package dev.understudy.protocol.bedrock;

import dev.understudy.chat.Stop;
import dev.understudy.chat.Stop.Reason;
import dev.understudy.json.Fields;
import java.util.Optional;

/** Reads Converse's {@code stopReason}. */
final class ConverseStop {
  private ConverseStop() {}

  /**
   * @param reason the vendor's word
   * @param additional {@code additionalModelResponseFields}, where {@code stop_sequence} stands for
   *     models that were asked for it
   */
  static Stop read(String reason, Optional<Fields> additional) {
    Optional<String> sequence =
        additional
            .filter(fields -> fields.node().path("stop_sequence").isString())
            .flatMap(fields -> fields.text("stop_sequence"));
    return new Stop(known(reason), Optional.of(reason), sequence);
  }

  private static Reason known(String reason) {
    return switch (reason) {
      case "end_turn" -> Reason.END;
      case "tool_use" -> Reason.TOOL_CALLS;
      case "max_tokens" -> Reason.MAX_TOKENS;
      case "stop_sequence" -> Reason.STOP_SEQUENCE;
      case "guardrail_intervened", "content_filtered" -> Reason.CONTENT_FILTER;
      case "refusal" -> Reason.REFUSAL;
      case "model_context_window_exceeded" -> Reason.CONTEXT_WINDOW;
      case "pause_turn" -> Reason.PAUSE;
      // malformed_model_output, malformed_tool_use, and what may come.
      default -> Reason.OTHER;
    };
  }
}
