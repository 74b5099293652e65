package dev.understudy.protocol.wire;

import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Unwraps the answer of Bedrock's InvokeModelWithResponseStream for Claude into the server-sent
 * events that Anthropic's own address would send.
 *
 * <p>Each {@code chunk} frame holds one event of the Messages protocol in base64; its bytes are
 * passed on as they are, {@code amazon-bedrock-invocationMetrics} included. What goes wrong becomes
 * an {@code error} event in Anthropic's form, after which nothing follows.
 */
public final class BedrockChunks {
  private final AwsEventStream frames = new AwsEventStream(this::frame);
  private Bytes out = new Bytes();
  private boolean broken;

  /** Takes the next bytes and appends the events that are complete now. */
  public void accept(byte[] bytes, int offset, int length, Bytes target) {
    out = target;
    if (broken) {
      return;
    }
    try {
      frames.accept(bytes, offset, length);
    } catch (Malformed e) {
      fail("api_error", e.getMessage());
    }
  }

  /** The body ended; appends an error if it ended inside a frame. */
  public void end(Bytes target) {
    out = target;
    if (broken) {
      return;
    }
    try {
      frames.end();
    } catch (Malformed e) {
      fail("api_error", e.getMessage());
    }
  }

  /** Whether an error was told. */
  public boolean isBroken() {
    return broken;
  }

  private void frame(AwsFrame frame) {
    if (broken) {
      return;
    }
    switch (frame.messageType()) {
      case "event" -> {
        if (frame.type().equals("chunk")) {
          chunk(frame.payload());
        }
        // Other events do not occur today; one that comes tomorrow is not an event of Anthropic's.
      }
      case "exception" -> fail(anthropicType(frame.type()), told(frame.type(), frame.payload()));
      default -> fail("api_error", frame.type() + ": " + frame.text(":error-message"));
    }
  }

  private void chunk(byte[] payload) {
    Optional<String> base64 = Fields.of(Json.parseObject(payload)).text("bytes");
    byte[] event = decode(base64.orElseThrow(() -> new Malformed("bytes", "is missing")));
    ObjectNode parsed = Json.parseObject(event);
    String name = Fields.of(parsed).text("type").orElse("");
    if (isName(name)) {
      out.text("event: ").text(name).text("\n");
    }
    out.text("data: ");
    if (isOneLine(event)) {
      out.writeBytes(event);
    } else {
      out.json(parsed);
    }
    out.text("\n\n");
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new Malformed("bytes", "is not base64");
    }
  }

  private static boolean isName(String name) {
    return !name.isEmpty() && name.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'));
  }

  private static boolean isOneLine(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '\n' || b == '\r') {
        return false;
      }
    }
    return true;
  }

  private void fail(String type, String message) {
    broken = true;
    ObjectNode error = Json.object();
    error.put("type", "error");
    error.putObject("error").put("type", type).put("message", message);
    out.event("error", error);
  }

  private static String told(String type, byte[] payload) {
    try {
      return type
          + ": "
          + Fields.of(Json.parseObject(payload)).text("message").orElse("no message");
    } catch (Malformed e) {
      return type + ": no message";
    }
  }

  /** Anthropic's word for what AWS names, as far as there is one. */
  private static String anthropicType(String exception) {
    return switch (exception) {
      case "throttlingException" -> "rate_limit_error";
      case "validationException" -> "invalid_request_error";
      case "serviceUnavailableException" -> "overloaded_error";
      case "modelTimeoutException" -> "timeout_error";
      default -> "api_error";
    };
  }
}
