package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a request's head may not be, although the decoder lets it pass: where two servers could read
 * it differently, neither reading is taken.
 */
final class Strictness {
  private Strictness() {}

  /** Why a request is refused by its head alone; the connection cannot be used again. */
  static Optional<Failure> objection(HttpRequest request) {
    HttpHeaders headers = request.headers();
    HttpVersion version = request.protocolVersion();
    boolean isOld = version.equals(HttpVersion.HTTP_1_0);
    if (!isOld && !version.equals(HttpVersion.HTTP_1_1)) {
      return bad(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (!codings.isEmpty()
        && (isOld
            || codings.size() > 1
            || !lengths.isEmpty()
            || !codings.getFirst().equalsIgnoreCase("chunked"))) {
      return bad(400, "the transfer-encoding of this request is ambiguous");
    }
    if (lengths.size() > 1 || (lengths.size() == 1 && !isLength(lengths.getFirst()))) {
      return bad(400, "the content-length of this request is ambiguous");
    }
    int hosts = headers.getAll(HttpHeaderNames.HOST).size();
    if (hosts > 1 || (hosts == 0 && !isOld)) {
      return bad(400, "a request names its host once");
    }
    return Optional.empty();
  }

  private static Optional<Failure> bad(int status, String message) {
    return Optional.of(Failure.of(status, Failures.INVALID, message));
  }

  private static boolean isLength(String text) {
    return !text.isEmpty()
        && text.length() <= 18
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /**
   * Whether a browser sends this for a web page that is not of this machine: one of another site,
   * or one whose name was made to lead here.
   */
  static boolean isOfAnotherSite(HttpHeaders headers) {
    if ("cross-site".equals(headers.get("sec-fetch-site"))) {
      return true;
    }
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    return origin != null && !isLoopback(origin);
  }

  private static boolean isLoopback(String origin) {
    String host;
    try {
      host = URI.create(origin).getHost();
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || (name.startsWith("127.") && NetUtil.isValidIpV4Address(name));
  }
}
