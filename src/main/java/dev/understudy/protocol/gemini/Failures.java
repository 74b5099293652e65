package dev.understudy.protocol.gemini;

import dev.understudy.chat.Failure;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Errors as {@code google.rpc.Status} in JSON.
 *
 * <p>Source: cloud.google.com/apis/design/errors.
 */
final class Failures {
  private static final String TYPE = "type.googleapis.com/google.rpc.";
  private static final int MESSAGE_CHARS_MAX = 2_000;

  private Failures() {}

  static Failure read(int status, byte[] body, String vendor) {
    try {
      JsonNode node = Json.parse(body);
      // A stream that is not asked for as events is an array, its error too.
      JsonNode first = node instanceof ArrayNode array && !array.isEmpty() ? array.get(0) : node;
      if (first.has("error")) {
        return read(status, first, first.path("error"), vendor);
      }
    } catch (Malformed e) {
      // Something between the vendor and us answered; its text is all there is.
    }
    String text = new String(body, StandardCharsets.UTF_8).strip();
    String message = text.isEmpty() ? "the vendor answered " + status + " without a body" : text;
    return Failure.of(status, word(status), cut(message)).withVendor(vendor);
  }

  /** An error inside a stream, whose status line was good; its own code is its status. */
  static Failure inStream(ObjectNode chunk, String vendor) {
    JsonNode error = chunk.path("error");
    int code = error.path("code").asInt(0);
    return read(code >= 400 && code <= 599 ? code : 502, chunk, error, vendor);
  }

  private static Failure read(int status, JsonNode whole, JsonNode error, String vendor) {
    if (error.isString()) {
      // Google's token servers: {"error": "invalid_grant", "error_description": "..."}.
      String message = whole.path("error_description").asString(error.stringValue());
      return new Failure(
          status,
          error.stringValue(),
          Optional.empty(),
          cut(message),
          Optional.empty(),
          Optional.of(vendor),
          Optional.empty(),
          Optional.of(Json.text(whole)));
    }
    Optional<String> reason = Optional.empty();
    Optional<String> field = Optional.empty();
    Optional<Long> retry = Optional.empty();
    for (JsonNode detail : error.path("details")) {
      switch (detail.path("@type").asString("").replace(TYPE, "")) {
        case "ErrorInfo" -> reason = word(detail.path("reason"));
        case "BadRequest" -> field = word(detail.path("fieldViolations").path(0).path("field"));
        case "RetryInfo" -> retry = seconds(detail.path("retryDelay").asString(""));
        default -> {}
      }
    }
    String type = error.path("status").asString("");
    return new Failure(
        status,
        type.isEmpty() ? word(status) : type,
        reason,
        error.path("message").asString(""),
        field,
        Optional.of(vendor),
        retry,
        Optional.of(Json.text(whole)));
  }

  private static Optional<String> word(JsonNode node) {
    return node.isString() && !node.stringValue().isEmpty()
        ? Optional.of(node.stringValue())
        : Optional.empty();
  }

  /** A duration such as {@code 48s} or {@code 1.5s}, in seconds, rounded up. */
  private static Optional<Long> seconds(String duration) {
    if (!duration.matches("\\d{1,9}(\\.\\d{1,9})?s")) {
      return Optional.empty();
    }
    return Optional.of(
        (long) Math.ceil(Double.parseDouble(duration.substring(0, duration.length() - 1))));
  }

  private static String cut(String text) {
    return text.length() > MESSAGE_CHARS_MAX ? text.substring(0, MESSAGE_CHARS_MAX) + "…" : text;
  }

  /** The error for a caller; the vendor's own word is kept as the status. */
  static ObjectNode write(Failure failure) {
    var out = Json.object();
    ObjectNode error = out.putObject("error");
    boolean ours = failure.vendor().isEmpty();
    boolean isGooglesWord = failure.type().matches("[A-Z][A-Z_]*");
    boolean keeps = !failure.type().isEmpty() && (!ours || isGooglesWord);
    error
        .put("code", failure.status())
        .put("message", failure.message())
        .put("status", keeps ? failure.type() : word(failure.status()));
    ArrayNode details = error.putArray("details");
    ObjectNode info = details.addObject().put("@type", TYPE + "ErrorInfo");
    info.put(
            "reason",
            failure
                .code()
                .orElse(failure.type().isEmpty() ? word(failure.status()) : failure.type())
                .toUpperCase(Locale.ROOT))
        .put("domain", failure.vendor().orElse("understudy"));
    ObjectNode metadata = info.putObject("metadata");
    failure.vendor().ifPresent(vendor -> metadata.put("vendor", vendor));
    metadata.put("type", failure.type());
    failure.code().ifPresent(code -> metadata.put("code", code));
    failure
        .param()
        .ifPresent(field ->
            details
                .addObject()
                .put("@type", TYPE + "BadRequest")
                .putArray("fieldViolations")
                .addObject()
                .put("field", field)
                .put("description", failure.message()));
    failure
        .retryAfterSeconds()
        .ifPresent(seconds ->
            details.addObject().put("@type", TYPE + "RetryInfo").put("retryDelay", seconds + "s"));
    vendorsDetails(failure).forEach(details::add);
    return out;
  }

  /** What else a vendor of this protocol said, but for what is written already. */
  private static ArrayNode vendorsDetails(Failure failure) {
    var kept = Json.array();
    if (failure.vendorJson().isEmpty()) {
      return kept;
    }
    try {
      for (JsonNode detail : Json.parse(failure.vendorJson().get()).path("error").path("details")) {
        String type = detail.path("@type").asString("");
        if (type.startsWith(TYPE) && !type.endsWith("RetryInfo") && !type.endsWith("BadRequest")) {
          kept.add(detail);
        }
      }
    } catch (Malformed e) {
      // Not an object of this protocol.
    }
    return kept;
  }

  /** Google's word for a status (cloud.google.com/apis/design/errors, "Handling errors"). */
  static String word(int status) {
    return switch (status) {
      case 400, 413, 415, 422 -> "INVALID_ARGUMENT";
      case 401 -> "UNAUTHENTICATED";
      case 402, 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 408, 504 -> "DEADLINE_EXCEEDED";
      case 409 -> "ABORTED";
      case 412 -> "FAILED_PRECONDITION";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 499 -> "CANCELLED";
      case 501 -> "UNIMPLEMENTED";
      case 502, 503, 529 -> "UNAVAILABLE";
      default -> status < 500 ? "FAILED_PRECONDITION" : "INTERNAL";
    };
  }
}
