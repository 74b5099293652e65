package dev.understudy.gateway;

import dev.understudy.chat.ProtocolName;
import dev.understudy.vendor.Operation;
import java.util.Optional;

/** What the head of a vendor's response says of the body: in which form it comes, if in any. */
final class ResponseForm {
  private ResponseForm() {}

  /** Why a response can be neither passed on nor read, whatever its body says. */
  static Optional<String> unfit(ResponseHead head) {
    int status = head.status();
    if (status >= 300 && status < 400) {
      // Neither followed nor passed on: the caller would take the request, with its credential, to
      // wherever the vendor points.
      return Optional.of("it answered with a redirect (" + status + ")");
    }
    if (status == 204 || status == 205 || status >= 600) {
      return Optional.of("it answered with status " + status);
    }
    String coding = head.header("content-encoding").orElse("identity");
    return coding.isEmpty() || coding.equalsIgnoreCase("identity")
        ? Optional.empty()
        : Optional.of("it sent its reply in a content-encoding that was not asked for");
  }

  /** Whether the body is the stream that was asked for. */
  static boolean isStream(ResponseHead head, Candidate asked) {
    return asked.operation() == Operation.CHAT_STREAM
        && head.isSuccess()
        && isStreamType(head.mediaType(), asked);
  }

  private static boolean isStreamType(String mediaType, Candidate asked) {
    return switch (mediaType) {
      case "text/event-stream", "application/vnd.amazon.eventstream" -> true;
      // Gemini streams a JSON array to callers who do not ask for events; who does looks for them
      // only. A translation can read either.
      case "application/json" ->
          asked.endpoint().protocol().equals(ProtocolName.GEMINI)
              && !(asked.relay() && asked.path().contains("alt=sse"));
      default -> false;
    };
  }

  /** Why a success is not what was asked for, though it came in one piece; empty if it is. */
  static Optional<String> unfitWhole(ResponseHead head, Candidate asked) {
    String mediaType = head.mediaType();
    if (asked.operation() == Operation.CHAT_STREAM) {
      return Optional.of(
          "it answered a wish for a stream with "
              + (mediaType.isEmpty() ? "no content type" : mediaType));
    }
    return isJson(mediaType)
        ? Optional.empty()
        : Optional.of("it answered with " + mediaType + " instead of JSON");
  }

  /** Libraries take a reply for text that does not say that it is JSON. */
  private static boolean isJson(String mediaType) {
    return mediaType.indexOf('/') < 0 || mediaType.endsWith("json");
  }
}
