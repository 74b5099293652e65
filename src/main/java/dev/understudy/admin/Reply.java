package dev.understudy.admin;

import dev.understudy.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an operator's request is answered with.
 *
 * @param headers further ones, beside those that every reply has
 */
public record Reply(int status, String contentType, Map<String, String> headers, Body body) {
  private static final String JSON = "application/json; charset=utf-8";

  public Reply {
    headers = Map.copyOf(headers);
  }

  /** The content of a reply. */
  public sealed interface Body {
    /** All of it is there. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Whole(byte[] bytes) implements Body {}

    /** It is written while it is sent, for what should not stand in memory at once. */
    record Streamed(Writer writer) implements Body {}

    /** Writes a content. */
    @FunctionalInterface
    interface Writer {
      void writeTo(OutputStream out) throws IOException;
    }
  }

  public static Reply of(int status, String contentType, byte[] bytes) {
    return new Reply(status, contentType, Map.of(), new Body.Whole(bytes));
  }

  /** 200 with content that is written while it is sent. */
  public static Reply streamed(String contentType, Body.Writer writer) {
    return new Reply(200, contentType, Map.of(), new Body.Streamed(writer));
  }

  public static Reply json(byte[] document) {
    return of(200, JSON, document);
  }

  public static Reply json(JsonNode document) {
    return json(200, document);
  }

  public static Reply json(int status, JsonNode document) {
    return of(status, JSON, Json.bytes(document));
  }

  /** 204: it is done, and there is nothing to say. */
  public static Reply done() {
    return of(204, JSON, new byte[0]);
  }

  static Reply error(int status, String message) {
    ObjectNode body = Json.object();
    body.putObject("error").put("message", message);
    return json(status, body);
  }

  /** The same with a further header. */
  public Reply with(String header, String value) {
    var all = new HashMap<>(headers);
    all.put(header, value);
    return new Reply(status, contentType, all, body);
  }
}
