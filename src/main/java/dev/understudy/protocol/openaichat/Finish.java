package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Stop;
import dev.understudy.chat.Stop.Reason;
import java.util.Optional;

/** The words for why an answer ended. */
final class Finish {
  private Finish() {}

  /**
   * Reads a {@code finish_reason}.
   *
   * <p>Some vendors say {@code stop} after tool calls, and OpenAI itself does when the choice of
   * the tool was forced; whoever runs the tools must still be told to.
   *
   * @param word empty where the vendor said none
   */
  static Stop read(Optional<String> word, boolean calledTools, boolean refused) {
    Reason reason = word.map(Finish::reason).orElse(Reason.END);
    if (reason == Reason.END && calledTools) {
      reason = Reason.TOOL_CALLS;
    } else if (reason == Reason.END && refused) {
      reason = Reason.REFUSAL;
    }
    return new Stop(reason, word, Optional.empty());
  }

  /**
   * Whether the word tells that the answer is not whole because the vendor failed. DeepSeek's is
   * {@code insufficient_system_resource}. https://api-docs.deepseek.com/api/create-chat-completion
   */
  static boolean isFailure(String word) {
    return word.equals("error") || word.equals("insufficient_system_resource");
  }

  private static Reason reason(String word) {
    return switch (word) {
      case "stop", "eos", "eos_token", "end_turn", "complete", "COMPLETE", "STOP" -> Reason.END;
      case "length", "max_tokens", "MAX_TOKENS" -> Reason.MAX_TOKENS;
      // Mistral: the model's own context is full. https://docs.mistral.ai/api
      case "model_length" -> Reason.CONTEXT_WINDOW;
      case "tool_calls", "function_call", "tool_use" -> Reason.TOOL_CALLS;
      case "stop_sequence" -> Reason.STOP_SEQUENCE;
      // "sensitive" is Z.ai's word. https://docs.z.ai/api-reference/llm/chat-completion
      case "content_filter", "safety", "SAFETY", "sensitive" -> Reason.CONTENT_FILTER;
      case "refusal" -> Reason.REFUSAL;
      default -> Reason.OTHER;
    };
  }

  static String write(Stop stop, boolean refusalWritten) {
    return switch (stop.reason()) {
      case END, STOP_SEQUENCE, PAUSE, OTHER -> "stop";
      case MAX_TOKENS, CONTEXT_WINDOW -> "length";
      case TOOL_CALLS -> "tool_calls";
      case CONTENT_FILTER -> "content_filter";
      case REFUSAL -> refusalWritten ? "stop" : "content_filter";
    };
  }
}
