package dev.understudy.protocol.gemini;

import dev.understudy.chat.Stop;
import dev.understudy.chat.Stop.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Why an answer ended, to and from {@code finishReason}.
 *
 * <p>Source: ai.google.dev/api/generate-content, "FinishReason" and "BlockReason".
 */
final class FinishReasons {
  static final String MALFORMED_CALL = "MALFORMED_FUNCTION_CALL";

  /** Numbers on which the Gemini API and Vertex AI agree; beyond these they differ. */
  private static final List<String> BY_NUMBER =
      List.of("FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER");

  private FinishReasons() {}

  /** The word for a word or number; empty if it says that the answer has not ended. */
  static Optional<String> word(String wordOrNumber) {
    String word = wordOrNumber;
    if (wordOrNumber.length() == 1 && "012345".contains(wordOrNumber)) {
      word = BY_NUMBER.get(Integer.parseInt(wordOrNumber));
    }
    return word.equals(BY_NUMBER.getFirst()) ? Optional.empty() : Optional.of(word);
  }

  static Stop read(String word, boolean callsTools) {
    return new Stop(reason(word, callsTools), word);
  }

  private static Reason reason(String word, boolean callsTools) {
    return switch (word) {
      case "STOP" -> callsTools ? Reason.TOOL_CALLS : Reason.END;
      case "MAX_TOKENS" -> Reason.MAX_TOKENS;
      case "SAFETY",
          "RECITATION",
          "BLOCKLIST",
          "PROHIBITED_CONTENT",
          "SPII",
          "MODEL_ARMOR",
          "JAILBREAK",
          "IMAGE_SAFETY",
          "IMAGE_PROHIBITED_CONTENT",
          "IMAGE_RECITATION" ->
          Reason.CONTENT_FILTER;
      case "CONTINUATION" -> Reason.PAUSE;
      // LANGUAGE, MALFORMED_FUNCTION_CALL, UNEXPECTED_TOOL_CALL, TOO_MANY_TOOL_CALLS,
      // MALFORMED_RESPONSE, NO_IMAGE, IMAGE_OTHER, OTHER, and what is yet to come.
      default -> Reason.OTHER;
    };
  }

  /** A prompt that was not let through to the model. */
  static Stop blocked(String blockReason) {
    return new Stop(Reason.CONTENT_FILTER, blockReason);
  }

  /** The vendor's own word where it is one of this protocol, else the nearest. */
  static String write(Stop stop) {
    String own = stop.vendorReason().orElse("");
    if (isOwn(own, stop.reason())) {
      return own;
    }
    return switch (stop.reason()) {
      case END, STOP_SEQUENCE, TOOL_CALLS -> "STOP";
      case MAX_TOKENS, CONTEXT_WINDOW -> "MAX_TOKENS";
      case REFUSAL, CONTENT_FILTER -> "SAFETY";
      case PAUSE, OTHER -> "OTHER";
    };
  }

  private static boolean isOwn(String word, Reason reason) {
    return switch (word) {
      case "STOP" ->
          reason == Reason.END || reason == Reason.TOOL_CALLS || reason == Reason.STOP_SEQUENCE;
      case "LANGUAGE",
          MALFORMED_CALL,
          "UNEXPECTED_TOOL_CALL",
          "TOO_MANY_TOOL_CALLS",
          "MALFORMED_RESPONSE",
          "NO_IMAGE",
          "IMAGE_OTHER" ->
          true;
      // Words of a blocked prompt, which finishReason does not know.
      case "MODEL_ARMOR", "JAILBREAK" -> false;
      default -> reason(word, false) != Reason.OTHER && reason(word, false) == reason;
    };
  }

  /** Says in words what the finish reason alone does not. */
  static Optional<String> message(Stop stop) {
    return switch (stop.reason()) {
      case END, TOOL_CALLS, MAX_TOKENS -> Optional.empty();
      case STOP_SEQUENCE -> stop.sequence().map(text -> "Stopped at the sequence: " + text);
      case REFUSAL -> Optional.of("The model refused to answer.");
      case CONTENT_FILTER, PAUSE, CONTEXT_WINDOW, OTHER ->
          stop.vendorReason()
              .filter(word -> !isOwn(word, stop.reason()))
              .map(word -> "The model stopped: " + word);
    };
  }
}
