package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One request as the voices see it. */
final class Call {
  private static final Pattern MODEL =
      Pattern.compile("/models?/([^/]+?)(?::[a-zA-Z]+|/converse.*|/invoke.*|/count-tokens)$");
  private static final Pattern SAY = Pattern.compile("sandbox-say-(\\d{1,6})");
  private static final Pattern RECITE = Pattern.compile("sandbox-recite-(\\d{1,6})");
  private static final Pattern GOES_ON = Pattern.compile("sandbox-goes-on-([a-z]+)");

  private final SandboxProfile profile;
  private final String method;
  private final String uri;
  private final String path;
  private final Map<String, String> headers;
  private final byte[] body;
  private final Pace pace;
  private boolean babbles;
  private @Nullable Ids ids;
  private @Nullable ObjectNode json;

  Call(
      SandboxProfile profile,
      String method,
      String uri,
      Map<String, String> headers,
      byte[] body,
      Pace pace) {
    this.profile = profile;
    this.method = method;
    this.uri = uri;
    int query = uri.indexOf('?');
    this.path = query < 0 ? uri : uri.substring(0, query);
    this.headers = headers;
    this.body = body;
    this.pace = pace;
  }

  SandboxProfile profile() {
    return profile;
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  Pace pace() {
    return pace;
  }

  /** The ids of its answer, which are the same whether it is streamed or not. */
  Ids ids() {
    if (ids == null) {
      ids = new Ids(seed());
    }
    return ids;
  }

  private byte[] seed() {
    try {
      ObjectNode seed = json().deepCopy();
      seed.remove(List.of("stream", "stream_options"));
      return Json.bytes(seed);
    } catch (Malformed e) {
      return body;
    }
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  Optional<String> query(String name) {
    List<String> values = new QueryStringDecoder(uri).parameters().get(name);
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
  }

  Map<String, String> headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  /**
   * The body, read once.
   *
   * @throws dev.understudy.json.Malformed if it is not a JSON object
   */
  ObjectNode json() {
    if (json == null) {
      json = Json.parseObject(body);
    }
    return json;
  }

  /** The model asked for, from the path or the body; empty if neither names one. */
  String model() {
    Matcher inPath = MODEL.matcher(path);
    if (inPath.find()) {
      return decoded(inPath.group(1));
    }
    try {
      return json().path("model").asString("");
    } catch (Malformed e) {
      return "";
    }
  }

  /** A path's segment such as {@code x%3A0}, escapes undone. */
  static String decoded(String segment) {
    return QueryStringDecoder.decodeComponent(segment, StandardCharsets.UTF_8);
  }

  private static final int BABBLED_TOKENS = 40;

  /** From now on its answer has nothing to do with it. */
  void babble() {
    babbles = true;
  }

  /** How the model is to speak, as the request's headers or the model's name ask. */
  Speech speech(String model, Interrupted interrupted) {
    return new Speech(
        number("x-sandbox-say", SAY, model),
        babbles ? BABBLED_TOKENS : number("x-sandbox-recite", RECITE, model),
        GoingOn.of(word("x-sandbox-goes-on", GOES_ON, model, "well")),
        interrupted,
        Judge.of(model, () -> Json.text(json())),
        model.contains("sandbox-pleads"));
  }

  private int number(String header, Pattern marker, String model) {
    String asked = word(header, marker, model, "");
    return asked.matches("\\d{1,6}") ? Integer.parseInt(asked) : 0;
  }

  private String word(String header, Pattern marker, String model, String otherwise) {
    String asked = header(header);
    if (!asked.isEmpty()) {
      return asked;
    }
    Matcher marked = marker.matcher(model);
    return marked.find() ? marked.group(1) : otherwise;
  }

  static long nowSeconds() {
    return System.currentTimeMillis() / 1000;
  }
}
