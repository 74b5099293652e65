package dev.understudy.protocol.cohere;

import dev.understudy.chat.Failure;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import java.util.Optional;

/** Reads Cohere's errors: {@code {"id", "message", "error_type"}}, often the message alone. */
final class CohereFailure {
  private CohereFailure() {}

  static Failure read(int status, byte[] body, Dialect dialect) {
    Optional<Fields> fields;
    try {
      fields = Optional.of(Fields.of(Json.parseObject(body)));
    } catch (Malformed e) {
      fields = Optional.empty();
    }
    return new Failure(
        status,
        fields.flatMap(f -> word(f, "error_type")).orElse(type(status)),
        Optional.empty(),
        fields
            .flatMap(f -> word(f, "message").or(() -> word(f, "error")))
            .orElse("the vendor answered with status " + status + " and no message"),
        Optional.empty(),
        Optional.of(dialect.vendor()),
        Optional.empty(),
        fields.map(f -> Json.text(f.node())));
  }

  /** What the end of a stream, or a stray error in it, says went wrong. */
  static Failure inStream(int status, String type, Fields about, Dialect dialect) {
    String message =
        word(about, "error")
            .or(() -> word(about, "message"))
            .orElse("the vendor ended its answer with " + type);
    return new Failure(
        status,
        word(about, "error_type").orElse(type),
        Optional.empty(),
        message,
        Optional.empty(),
        Optional.of(dialect.vendor()),
        Optional.empty(),
        Optional.of(Json.text(about.node())));
  }

  static Failure brokenStream(String message, Dialect dialect) {
    return Failure.of(502, "invalid_stream", message).withVendor(dialect.vendor());
  }

  private static Optional<String> word(Fields fields, String name) {
    return fields.node().path(name).isString() ? fields.text(name) : Optional.empty();
  }

  /** Cohere's name for a status (docs.cohere.com/reference/errors). */
  private static String type(int status) {
    return switch (status) {
      case 400 -> "bad_request";
      case 401 -> "unauthorized";
      case 402 -> "payment_required";
      case 403 -> "forbidden";
      case 404 -> "not_found";
      case 422 -> "unprocessable_entity";
      case 429 -> "too_many_requests";
      case 498 -> "invalid_token";
      case 499 -> "client_closed_request";
      case 501 -> "not_implemented";
      case 503 -> "service_unavailable";
      case 504 -> "gateway_timeout";
      default -> status >= 500 ? "internal_server_error" : "bad_request";
    };
  }
}
