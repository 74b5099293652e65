package dev.understudy.gateway;

import dev.understudy.access.Admission;
import dev.understudy.access.Callers;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Purpose;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the head of a caller's request: what it asks for, in which protocol, and who asks. */
final class RequestHead {
  /** Headers that mean something to a vendor of the caller's own protocol. */
  private static final AsciiString[] PASSED_ON = {
    AsciiString.cached("anthropic-version"),
    AsciiString.cached("anthropic-beta"),
    AsciiString.cached("openai-beta"),
    AsciiString.cached("idempotency-key")
  };

  private static final AsciiString[] KEYS = {
    AsciiString.cached("x-api-key"),
    AsciiString.cached("x-goog-api-key"),
    AsciiString.cached("api-key")
  };

  private RequestHead() {}

  /** The protocol in which the request is to be answered, whatever becomes of it. */
  static ProtocolName protocol(HttpRequest request, Optional<Door> door) {
    if (door.isPresent() && door.get().isOfModels()) {
      return request.uri().startsWith("/v1/") ? guess(request) : ProtocolName.GEMINI;
    }
    return door.map(Door::protocol).orElseGet(() -> guess(request));
  }

  /** Whether the request is let in, and as whom. */
  static Admission admission(
      HttpRequest request, Callers callers, boolean loopback, long nowMillis) {
    if (callers.isEmpty() && Strictness.isOfAnotherSite(request.headers())) {
      // Without keys, a web page of a stranger in a browser on this machine would be let in.
      return new Admission.Refused(403, "web pages of other sites are not let in without a key");
    }
    return callers.admit(key(request), loopback, nowMillis);
  }

  /** Why a request cannot be answered whoever asks: path, method. */
  static Optional<Failure> misplaced(HttpRequest request, Optional<Door> door) {
    if (door.isEmpty()) {
      return Optional.of(
          Failure.of(
              404,
              "not_found_error",
              "nothing is here: " + method(request) + " " + shown(request.uri())));
    }
    HttpMethod wanted = door.get().isPost() ? HttpMethod.POST : HttpMethod.GET;
    return request.method().equals(wanted) || door.get().ask() == Door.Ask.HEALTH
        ? Optional.empty()
        : Optional.of(Failure.of(405, Failures.INVALID, "this path takes " + wanted + " only"));
  }

  /** Why the body that is announced cannot be taken. */
  static Optional<Failure> coded(HttpRequest request) {
    String coding = request.headers().get(HttpHeaderNames.CONTENT_ENCODING);
    return coding == null || coding.equalsIgnoreCase("identity")
        ? Optional.empty()
        : Optional.of(
            Failure.of(415, Failures.INVALID, "bodies are taken without content-encoding only"));
  }

  private static String method(HttpRequest request) {
    String name = request.method().name();
    return name.length() > 16 ? name.substring(0, 16) : name;
  }

  /** A path as it may be shown: without its query, which may hold a key. */
  private static String shown(String uri) {
    int end = uri.indexOf('?');
    String path = end < 0 ? uri : uri.substring(0, end);
    return path.length() > 120 ? path.substring(0, 120) + "…" : path;
  }

  /** The protocol of a request whose path does not tell. */
  private static ProtocolName guess(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (headers.contains("x-goog-api-key") || request.uri().startsWith("/v1beta/")) {
      return ProtocolName.GEMINI;
    }
    if (headers.contains("anthropic-version") || headers.contains("x-api-key")) {
      return ProtocolName.ANTHROPIC_MESSAGES;
    }
    return ProtocolName.OPENAI_CHAT;
  }

  /** The key the caller shows, in whichever header its protocol uses; empty if none. */
  private static String key(HttpRequest request) {
    HttpHeaders headers = request.headers();
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
    if (authorization != null && authorization.regionMatches(true, 0, "bearer ", 0, 7)) {
      return authorization.substring(7).strip();
    }
    for (AsciiString name : KEYS) {
      String value = headers.get(name);
      if (value != null) {
        return value.strip();
      }
    }
    // Google's own libraries send it so; elsewhere a key in an address would only end up in logs.
    return request.uri().startsWith("/v1beta/") || request.uri().startsWith("/v1alpha/")
        ? Door.keyInQuery(request.uri()).orElse("")
        : "";
  }

  /** How urgent the caller says its call is; empty if it does not say. */
  static String priority(HttpHeaders headers) {
    String value = headers.get("x-understudy-priority");
    return value == null ? "" : value.strip();
  }

  /**
   * What the caller says the call is for. It can only call it a qualification: that changes what is
   * learned of the call, and nothing about who pays for it.
   */
  static Purpose purpose(HttpHeaders headers) {
    String value = headers.get("x-understudy-purpose");
    return value != null && value.strip().equalsIgnoreCase(Purpose.QUALIFICATION.word())
        ? Purpose.QUALIFICATION
        : Purpose.CALL;
  }

  /** What to tell a caller whose bytes the decoder could not take. */
  static Failure unreadable(Throwable cause) {
    return switch (cause) {
      case TooLongHttpHeaderException _ ->
          Failure.of(431, Failures.INVALID, "the headers are larger than this gateway takes");
      case TooLongHttpLineException _ ->
          Failure.of(414, Failures.INVALID, "the request line is longer than this gateway takes");
      default -> Failure.of(400, Failures.INVALID, "this is not a valid HTTP/1.1 request");
    };
  }

  /** The headers that go on to a vendor of the caller's protocol, names in lower case. */
  static Map<String, String> passedOn(HttpHeaders headers) {
    Map<String, String> passed = Map.of();
    for (AsciiString name : PASSED_ON) {
      if (headers.contains(name)) {
        if (passed.isEmpty()) {
          passed = new LinkedHashMap<>();
        }
        passed.put(name.toString(), String.join(",", headers.getAll(name)));
      }
    }
    return passed;
  }

  /** More tags, and longer ones, are not looked at. */
  private static final int TAGS_MAX = 20;

  private static final int TAG_LENGTH_MAX = 64;

  /** What the caller says the call is for, in {@code x-understudy-tags}, with commas between. */
  static Set<String> tags(HttpHeaders headers) {
    String said = headers.get("x-understudy-tags");
    if (said == null) {
      return Set.of();
    }
    var tags = new LinkedHashSet<String>();
    for (String tag : said.split(",", TAGS_MAX + 1)) {
      String one = tag.strip();
      if (!one.isEmpty() && one.length() <= TAG_LENGTH_MAX && tags.size() < TAGS_MAX) {
        tags.add(one);
      }
    }
    return tags;
  }

  /** Where the call is to be answered, in {@code x-understudy-region}; empty if anywhere. */
  static String region(HttpHeaders headers) {
    String said = headers.get("x-understudy-region");
    return said == null ? "" : said.strip();
  }
}
