package dev.understudy.sandbox;

import dev.understudy.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One recorded exchange with a vendor.
 *
 * @param path the request's path with its query
 * @param request the request's body as compact JSON
 * @param reply the reply's body as it goes over the wire
 */
@SuppressWarnings("ArrayRecordComponent") // replayed, never compared
public record RecordedExchange(
    String id,
    String vendor,
    String api,
    boolean stream,
    Set<String> features,
    String path,
    Map<String, String> requestHeaders,
    byte[] request,
    int status,
    Map<String, String> replyHeaders,
    byte[] reply) {

  public RecordedExchange {
    features = Set.copyOf(features);
    requestHeaders = Map.copyOf(requestHeaders);
    replyHeaders = Map.copyOf(replyHeaders);
  }

  /**
   * Reads one line of a recording.
   *
   * @throws dev.understudy.json.Malformed if it is not JSON
   */
  static RecordedExchange read(String line) {
    JsonNode exchange = Json.parseObject(line);
    JsonNode request = exchange.path("request");
    JsonNode response = exchange.path("response");
    Set<String> features = new LinkedHashSet<>();
    exchange.path("features").forEach(feature -> features.add(feature.asString("")));
    return new RecordedExchange(
        exchange.path("id").asString(""),
        exchange.path("vendor").asString(""),
        exchange.path("api").asString(""),
        exchange.path("stream").asBoolean(false),
        features,
        request.path("path").asString(""),
        headers(request.path("headers")),
        Json.bytes(request.path("body")),
        response.path("status").asInt(200),
        headers(response.path("headers")),
        wire(response.path("body")));
  }

  /** The bytes of a recorded body: text and bytes as they were, JSON written compactly again. */
  private static byte[] wire(JsonNode body) {
    if (body.isMissingNode() || body.isNull()) {
      return new byte[0];
    }
    if (body.size() == 1) {
      for (String form : new String[] {"sse", "ndjson", "text"}) {
        if (body.path(form).isString()) {
          return body.path(form).stringValue().getBytes(StandardCharsets.UTF_8);
        }
      }
      if (body.path("base64").isString()) {
        return Base64.getDecoder().decode(body.path("base64").stringValue());
      }
    }
    return Json.bytes(body);
  }

  private static Map<String, String> headers(JsonNode node) {
    Map<String, String> headers = new LinkedHashMap<>();
    node.properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asString("")));
    return headers;
  }
}
