package dev.understudy.protocol.bedrock;

import dev.understudy.chat.Failure;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Reads Bedrock's errors, whole replies as well as the exceptions that end a stream. */
final class ConverseFailure {
  private ConverseFailure() {}

  /**
   * Reads the body of an error. Bedrock names the kind of error in a header; from the body alone it
   * is known only where {@code __type} is given, and otherwise follows from the status.
   */
  static Failure read(int status, byte[] body, Dialect dialect) {
    Optional<Fields> fields = fields(body);
    String type =
        fields.flatMap(f -> word(f, "__type")).map(ConverseFailure::plain).orElse(type(status));
    return failure(status, type, fields, dialect);
  }

  /** Reads an exception frame's payload. */
  static Failure exception(String type, byte[] payload, Dialect dialect) {
    return failure(status(type), type, fields(payload), dialect);
  }

  /** A stream that is not what it must be. */
  static Failure brokenStream(String message, Dialect dialect) {
    return Failure.of(502, "invalid_stream", message).withVendor(dialect.vendor());
  }

  private static Failure failure(
      int status, String type, Optional<Fields> fields, Dialect dialect) {
    String message =
        fields
            .flatMap(f -> word(f, "message").or(() -> word(f, "Message")))
            .orElse("the vendor answered with status " + status + " and no message");
    return new Failure(
        status,
        type,
        Optional.empty(),
        message,
        Optional.empty(),
        Optional.of(dialect.vendor()),
        Optional.empty(),
        fields.map(f -> Json.text(f.node())));
  }

  private static Optional<Fields> fields(byte[] body) {
    try {
      ObjectNode object = Json.parseObject(body);
      return Optional.of(Fields.of(object));
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private static Optional<String> word(Fields fields, String name) {
    return fields.node().path(name).isString() ? fields.text(name) : Optional.empty();
  }

  /** {@code com.amazon.x#ThrottlingException:http://…} names ThrottlingException. */
  private static String plain(String type) {
    String name = type.substring(type.indexOf('#') + 1);
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  /** The error that Bedrock documents for a status. */
  private static String type(int status) {
    return switch (status) {
      case 400 -> "ValidationException";
      case 401, 403 -> "AccessDeniedException";
      case 404 -> "ResourceNotFoundException";
      case 408 -> "ModelTimeoutException";
      case 424 -> "ModelErrorException";
      case 429 -> "ThrottlingException";
      case 503 -> "ServiceUnavailableException";
      default -> status >= 500 ? "InternalServerException" : "ValidationException";
    };
  }

  /** The status that Bedrock documents for an exception. */
  private static int status(String type) {
    return switch (type) {
      case "validationException" -> 400;
      case "accessDeniedException" -> 403;
      case "resourceNotFoundException" -> 404;
      case "modelTimeoutException" -> 408;
      case "modelStreamErrorException", "modelErrorException" -> 424;
      case "throttlingException", "modelNotReadyException" -> 429;
      case "serviceUnavailableException" -> 503;
      default -> 500;
    };
  }
}
