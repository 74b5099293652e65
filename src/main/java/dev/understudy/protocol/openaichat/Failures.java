package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Failure;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.FailureBody;
import dev.understudy.protocol.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the errors of all the vendors that speak Chat Completions, and writes OpenAI's. */
final class Failures {
  /** Longest piece of an unreadable body that is shown, in characters. */
  static final int SHOWN_MAX = 500;

  private static final Pattern TITLE =
      Pattern.compile("<title[^>]*>([^<]*)</title>", Pattern.CASE_INSENSITIVE);
  private static final Pattern TAGS = Pattern.compile("<[^>]*>");
  private static final Pattern SPACES = Pattern.compile("\\s+");

  private Failures() {}

  static Failure read(int status, byte[] body, String vendor) {
    JsonNode node;
    try {
      node = Json.parse(body);
    } catch (Malformed e) {
      return unreadable(status, new String(body, StandardCharsets.UTF_8)).withVendor(vendor);
    }
    return read(status, node, vendor);
  }

  /** Reads an error object, or what stands around it. */
  static Failure read(int status, JsonNode node, String vendor) {
    JsonNode outer = node.isArray() && !node.isEmpty() ? node.get(0) : node;
    JsonNode inner = inner(outer);
    String message =
        firstText(inner, "message", "Message", "detail", "msg", "error_message")
            .or(() -> firstText(outer, "message", "detail", "error"))
            .orElseGet(() -> FailureBody.words(outer).orElse(said(status) + " without a message"));
    String type =
        firstText(inner, "type", "status")
            .or(() -> firstText(outer, "type", "error_type"))
            .orElseGet(() -> typeOf(status));
    Optional<String> code =
        firstText(inner, "code", "error_code").or(() -> firstText(outer, "code", "error_code"));
    return new Failure(
        status,
        type,
        code,
        message,
        firstText(inner, "param"),
        Optional.of(vendor),
        Optional.empty(),
        Optional.of(Json.text(node)));
  }

  /** The status that fits an error which came in a stream, where the status was long sent. */
  static int statusOf(JsonNode node) {
    JsonNode inner = inner(node);
    for (JsonNode at : new JsonNode[] {inner, node}) {
      for (String name : new String[] {"status_code", "code", "status"}) {
        JsonNode value = at.get(name);
        if (value != null && value.isIntegralNumber()) {
          int status = value.asInt(0);
          if (status >= 400 && status <= 599) {
            return status;
          }
        }
      }
    }
    String type = firstText(inner, "type", "status").orElse("").toLowerCase(Locale.ROOT);
    if (type.contains("rate_limit") || type.contains("quota") || type.contains("exhausted")) {
      return 429;
    }
    if (type.contains("overloaded") || type.contains("unavailable")) {
      return 503;
    }
    return type.contains("invalid") ? 400 : 502;
  }

  static String typeOf(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "invalid_request_error" : "server_error";
    };
  }

  /**
   * The event that ends a stream which breaks. It has a name, as Groq's has: LangChain4j takes an
   * error without one for an answer that is over.
   */
  static void writeInStream(Failure failure, Bytes out) {
    out.event("error", write(failure));
  }

  /** The error as OpenAI tells one; {@code vendor} stands beside where a vendor failed. */
  static ObjectNode write(Failure failure) {
    ObjectNode error = Json.object();
    error.put("message", failure.message());
    error.put("type", failure.type());
    failure.param().ifPresentOrElse(p -> error.put("param", p), () -> error.putNull("param"));
    failure.code().ifPresentOrElse(c -> error.put("code", c), () -> error.putNull("code"));
    failure.vendor().ifPresent(vendor -> error.put("vendor", vendor));
    ObjectNode body = Json.object();
    body.set("error", error);
    return body;
  }

  private static JsonNode inner(JsonNode outer) {
    JsonNode error = outer.get("error");
    if (error instanceof ObjectNode) {
      return error;
    }
    JsonNode errors = outer.get("errors");
    if (errors != null && errors.isArray() && errors.get(0) instanceof ObjectNode first) {
      return first;
    }
    // Mistral and FastAPI put lists of what is wrong into the message.
    return outer;
  }

  private static Optional<String> firstText(JsonNode node, String... names) {
    for (String name : names) {
      Optional<String> text = text(node.get(name));
      if (text.isPresent()) {
        return text;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (value.isString()) {
      return value.stringValue().isEmpty() ? Optional.empty() : Optional.of(value.stringValue());
    }
    if (value.isArray()) {
      var all = new StringJoiner("; ");
      value.forEach(one -> text(one).ifPresent(all::add));
      return all.length() == 0 ? Optional.empty() : Optional.of(all.toString());
    }
    if (value instanceof ObjectNode object) {
      Optional<String> message = firstText(object, "message", "msg", "detail");
      JsonNode at = object.get("loc");
      return at == null ? message : message.map(text -> text + " at " + Json.text(at));
    }
    return Optional.of(Json.text(value));
  }

  private static Failure unreadable(int status, String body) {
    var title = TITLE.matcher(body);
    String text = title.find() ? title.group(1) : TAGS.matcher(body).replaceAll(" ");
    String plain = SPACES.matcher(text).replaceAll(" ").strip();
    String shown = plain.length() > SHOWN_MAX ? plain.substring(0, SHOWN_MAX) + "…" : plain;
    return Failure.of(
        status, typeOf(status), shown.isEmpty() ? said(status) + " without a message" : shown);
  }

  private static String said(int status) {
    return "the vendor answered " + status;
  }
}
