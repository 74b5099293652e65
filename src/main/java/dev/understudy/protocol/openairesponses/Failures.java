package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Failure;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.FailureBody;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Errors as this protocol tells them: as a body, inside a response that failed, and as an event of
 * a stream.
 *
 * <p>Source: <a href="https://platform.openai.com/docs/guides/error-codes">error codes</a>, schemas
 * {@code ErrorResponse}, {@code ResponseError} and {@code ResponseErrorEvent}.
 */
final class Failures {
  /** Most characters of a body that is no JSON which are shown to the caller. */
  static final int TEXT_MAX = 500;

  private Failures() {}

  /** Reads the body of a reply whose status tells an error. */
  static Failure ofBody(int status, byte[] body, String vendor) {
    ObjectNode object;
    try {
      object = Json.parseObject(body);
    } catch (Malformed e) {
      String text = new String(body, StandardCharsets.UTF_8).strip();
      String shown = text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "…" : text;
      String message = shown.isEmpty() ? "the vendor answered " + status : shown;
      return Failure.of(status, typeOf(status), message).withVendor(vendor);
    }
    return of(status, object, vendor);
  }

  /** Reads the error of a response whose status is failed. */
  static Failure ofResponse(ObjectNode response, String vendor) {
    String code = text(response.path("error"), "code").orElse("server_error");
    return of(statusOf(code), response, vendor);
  }

  /** Reads the event {@code error}, which holds its error within or is it. */
  static Failure ofEvent(ObjectNode event, String vendor) {
    JsonNode error = event.get("error") instanceof ObjectNode within ? within : event;
    String code = text(error, "code").or(() -> text(error, "type")).orElse("");
    return of(statusOf(code), event, vendor);
  }

  private static Failure of(int status, ObjectNode object, String vendor) {
    JsonNode error = object.get("error") instanceof ObjectNode within ? within : object;
    // xAI gives the message itself where others give an object.
    Optional<String> bare = text(object, "error");
    String message =
        bare.or(() -> text(error, "message"))
            .or(() -> text(error, "detail"))
            .or(() -> FailureBody.words(error))
            .orElse("the vendor failed without saying why");
    Optional<String> type =
        text(error, "type")
            .filter(word -> !word.equals("error") && !word.equals("response.failed"));
    return new Failure(
        status,
        type.orElse(typeOf(status)),
        text(error, "code"),
        message,
        text(error, "param"),
        Optional.of(vendor),
        Optional.empty(),
        Optional.of(Json.text(error.isObject() && bare.isEmpty() ? error : object)));
  }

  /** The body of a reply that tells {@code failure}. */
  static ObjectNode body(Failure failure) {
    var body = Json.object();
    body.set("error", error(failure));
    return body;
  }

  /**
   * The event of a stream that ends in {@code failure}. The error stands in the event and, once
   * more, within it: the schema has it there, and the official libraries raise for a member {@code
   * error}.
   */
  static ObjectNode event(Failure failure, long sequence) {
    var event = Json.object().put("type", "error").put("sequence_number", sequence);
    event.put("code", failure.code().orElse(failure.type()));
    event.put("message", failure.message());
    event.put("param", failure.param().orElse(null));
    event.set("error", error(failure));
    return event;
  }

  private static ObjectNode error(Failure failure) {
    var error = Json.object().put("message", failure.message()).put("type", failure.type());
    error.put("param", failure.param().orElse(null));
    error.put("code", failure.code().orElse(null));
    failure.vendor().ifPresent(vendor -> error.put("vendor", vendor));
    return error;
  }

  /** The kind of error that a status tells where the vendor names none. */
  private static String typeOf(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }

  /** The status that an error would have had, told before the first byte. */
  private static int statusOf(String code) {
    return switch (code) {
      case "rate_limit_exceeded", "rate_limit_error", "insufficient_quota", "tokens" -> 429;
      case "server_error", "vector_store_timeout", "internal_error", "" -> 500;
      case "server_is_overloaded", "slow_down", "overloaded_error" -> 503;
      case "invalid_api_key", "authentication_error" -> 401;
      default ->
          code.contains("invalid")
                  || code.contains("image")
                  || code.contains("exceeded")
                  || code.contains("policy")
              ? 400
              : 500;
    };
  }

  private static Optional<String> text(JsonNode holder, String name) {
    JsonNode value = holder.get(name);
    if (value == null || value.isNull() || value.isContainer()) {
      return Optional.empty();
    }
    return Optional.of(value.asString());
  }
}
