package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Failure;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.FailureBody;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Errors (platform.claude.com/docs/en/api/errors), also in the forms that clouds put around them:
 * Bedrock's {@code {"message"}} and Google's {@code {"error": {"code", "message", "status"}}}.
 */
final class Failures {
  /** More of an error that is not JSON is not shown. */
  private static final int TEXT_SHOWN_MAX = 500;

  private Failures() {}

  static Failure read(int status, byte[] body, String vendor) {
    JsonNode node;
    try {
      node = Json.parse(body);
    } catch (Malformed e) {
      return plain(status, body, vendor);
    }
    // Google streams begin an array that holds the error.
    JsonNode outermost = node instanceof ArrayNode array && !array.isEmpty() ? array.get(0) : node;
    if (outermost instanceof ObjectNode object) {
      return read(status, object, vendor);
    }
    return plain(status, body, vendor);
  }

  /** Reads an error object that came with {@code status}, or in a stream. */
  static Failure read(int status, ObjectNode object, String vendor) {
    ObjectNode inner = object.get("error") instanceof ObjectNode error ? error : object;
    // Bedrock names the kind of error in __type, Google in status.
    Optional<String> type =
        text(inner, "__type")
            .or(() -> text(inner, "type").filter(word -> !word.equals("error")))
            .or(() -> text(inner, "status"));
    return new Failure(
        status,
        type.map(Failures::lastWord).orElseGet(() -> type(status)),
        text(inner, "code").or(() -> text(inner, "status")),
        text(inner, "message")
            .or(() -> text(inner, "Message"))
            .or(() -> text(object, "error"))
            .or(() -> text(inner, "detail"))
            .or(() -> FailureBody.words(inner))
            .orElse("the vendor answered with status " + status),
        text(inner, "param"),
        Optional.of(vendor),
        Optional.empty(),
        Optional.of(Json.text(object)));
  }

  /** Reads the {@code error} event of a stream, whose status the type tells. */
  static Failure readEvent(ObjectNode event, String vendor) {
    String type = text(event.path("error"), "type").orElse("api_error");
    return read(status(type), event, vendor);
  }

  /** Whether an event, or a body, tells an error; some vendors leave out its type. */
  static boolean isError(ObjectNode node) {
    String type = node.path("type").asString("");
    return type.equals("error") || (type.isEmpty() && node.path("error") instanceof ObjectNode);
  }

  /** A stream that broke the protocol or was cut off. */
  static Failure broken(String message, String vendor) {
    return Failure.of(502, "api_error", message).withVendor(vendor);
  }

  private static Failure plain(int status, byte[] body, String vendor) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    String shown = text.length() > TEXT_SHOWN_MAX ? text.substring(0, TEXT_SHOWN_MAX) + "…" : text;
    return Failure.of(
            status,
            type(status),
            shown.isEmpty() ? "the vendor answered with status " + status : shown)
        .withVendor(vendor);
  }

  /** {@code com.amazonaws…#ThrottlingException} and the like. */
  private static String lastWord(String type) {
    return type.substring(type.lastIndexOf('#') + 1);
  }

  static String type(int status) {
    return switch (status) {
      case 400 -> "invalid_request_error";
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 504 -> "timeout_error";
      case 529 -> "overloaded_error";
      default -> status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  static int status(String type) {
    return switch (type) {
      case "invalid_request_error" -> 400;
      case "authentication_error" -> 401;
      case "billing_error" -> 402;
      case "permission_error" -> 403;
      case "not_found_error" -> 404;
      case "request_too_large" -> 413;
      case "rate_limit_error" -> 429;
      case "timeout_error" -> 504;
      case "overloaded_error" -> 529;
      default -> 500;
    };
  }

  /** An error for a caller: the vendor's own words, and beside them who the vendor is. */
  static ObjectNode write(Failure failure) {
    ObjectNode node = Json.object().put("type", "error");
    ObjectNode error = node.putObject("error");
    error.put("type", failure.type()).put("message", failure.message());
    failure.code().ifPresent(code -> error.put("code", code));
    failure.param().ifPresent(param -> error.put("param", param));
    failure.vendor().ifPresent(vendor -> error.put("vendor", vendor));
    requestId(failure).ifPresent(id -> node.put("request_id", id));
    return node;
  }

  private static Optional<String> requestId(Failure failure) {
    try {
      return failure.vendorJson().map(Json::parse).flatMap(node -> text(node, "request_id"));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value != null && value.isString() && !value.stringValue().isEmpty()
        ? Optional.of(value.stringValue())
        : Optional.empty();
  }
}
