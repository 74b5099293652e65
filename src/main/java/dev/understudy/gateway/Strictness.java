package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * What a request's head may not be, although the decoder lets it pass: where two servers could read
 * it differently, neither reading is taken.
 */
final class Strictness {
  private static final AsciiString FETCH_SITE = AsciiString.cached("sec-fetch-site");

  private Strictness() {}

  /** Why a request is refused by its head alone; the connection cannot be used again. */
  static Optional<Failure> objection(HttpRequest request) {
    HttpHeaders headers = request.headers();
    HttpVersion version = request.protocolVersion();
    boolean isOld = version.equals(HttpVersion.HTTP_1_0);
    if (!isOld && !version.equals(HttpVersion.HTTP_1_1)) {
      return bad(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    }
    int codings = 0;
    int lengths = 0;
    int hosts = 0;
    for (var all = headers.iteratorCharSequence(); all.hasNext(); ) {
      CharSequence name = all.next().getKey();
      if (HttpHeaderNames.HOST.contentEqualsIgnoreCase(name)) {
        hosts++;
      } else if (HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)) {
        lengths++;
      } else if (HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)) {
        codings++;
      }
    }
    if (codings > 0
        && (isOld
            || codings > 1
            || lengths > 0
            || !"chunked".equalsIgnoreCase(headers.get(HttpHeaderNames.TRANSFER_ENCODING)))) {
      return bad(400, "the transfer-encoding of this request is ambiguous");
    }
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    if (lengths > 1 || (length != null && !isLength(length))) {
      return bad(400, "the content-length of this request is ambiguous");
    }
    if (hosts > 1 || (hosts == 0 && !isOld)) {
      return bad(400, "a request names its host once");
    }
    return Optional.empty();
  }

  private static Optional<Failure> bad(int status, String message) {
    return Optional.of(Failure.of(status, Failures.INVALID, message));
  }

  /** A length of more digits would not fit a number. */
  static final int LENGTH_DIGITS_MAX = 18;

  /** Whether a text is a length as both sides of a connection read it: digits, and not too many. */
  static boolean isLength(String text) {
    if (text.isEmpty() || text.length() > LENGTH_DIGITS_MAX) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a browser sends this for a web page that is not of this machine: one of another site,
   * or one whose name was made to lead here.
   */
  static boolean isOfAnotherSite(HttpHeaders headers) {
    if ("cross-site".equals(headers.get(FETCH_SITE))) {
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
