package dev.understudy.gateway;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The status line and headers of one vendor's response, kept as the bytes that came. */
final class ResponseHead {
  private final byte[] bytes;
  private final int[] lines;
  private final int lineCount;
  private final int status;
  private final boolean http10;

  /**
   * @param bytes the head as it came
   * @param lines for each header line its start, its colon and its end, line end excluded
   */
  ResponseHead(byte[] bytes, int[] lines, int lineCount, int status, boolean http10) {
    this.bytes = bytes;
    this.lines = lines;
    this.lineCount = lineCount;
    this.status = status;
    this.http10 = http10;
  }

  int status() {
    return status;
  }

  boolean isHttp10() {
    return http10;
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** The value of the first header of that name, given in lower case; white space trimmed. */
  Optional<String> header(String name) {
    for (int i = 0; i < lineCount; i++) {
      if (isName(i, name)) {
        return Optional.of(value(i));
      }
    }
    return Optional.empty();
  }

  /**
   * The body's length.
   *
   * @throws BadResponse if it is not a number or several headers disagree
   */
  OptionalLong contentLength() throws BadResponse {
    long length = -1;
    for (int i = 0; i < lineCount; i++) {
      if (isName(i, "content-length")) {
        long next = length(i);
        if (length >= 0 && next != length) {
          throw new BadResponse("it has two content-lengths");
        }
        length = next;
      }
    }
    return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
  }

  private long length(int line) throws BadResponse {
    int from = valueFrom(line);
    int to = valueTo(line);
    if (from == to || to - from > Strictness.LENGTH_DIGITS_MAX) {
      throw new BadResponse("its content-length is not a number");
    }
    long length = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        throw new BadResponse("its content-length is not a number");
      }
      length = length * 10 + bytes[i] - '0';
    }
    return length;
  }

  /** How many bytes of body to expect, within a bound. */
  int expectedLength(int max) {
    try {
      return (int) Math.min(contentLength().orElse(UNTOLD_LENGTH), max);
    } catch (BadResponse e) {
      return 0; // which the framing has refused before
    }
  }

  private static final int UNTOLD_LENGTH = 512;

  /** The media type without its parameters, in lower case; empty if there is none. */
  String mediaType() {
    return header("content-type")
        .map(text -> {
          int end = text.indexOf(';');
          return (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        })
        .orElse("");
  }

  /**
   * Appends the headers that concern the caller: not those of the connection, of framing, of
   * cookies or of the vendor's web server.
   *
   * @param withRateLimits whether the vendor's rate limits concern the caller, which has none of
   *     its own
   */
  void forward(HeadBytes out, boolean withRateLimits) {
    List<String> bound = boundNames();
    for (int i = 0; i < lineCount; i++) {
      if (isForCaller(i) && !isAny(i, bound) && (withRateLimits || !isRateLimit(i))) {
        int from = lines[3 * i];
        out.raw(bytes, from, lines[3 * i + 2] - from).lineEnd();
      }
    }
  }

  /** Values that are asked for with almost every reply. */
  private static final String[] USUAL = {
    "application/json", "text/event-stream", "text/event-stream; charset=utf-8", "chunked"
  };

  private static final String[] NONE = {};
  private static final String[] KEPT_BACK = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-authentication-info",
    "authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "x-amz-security-token",
    "location",
    "refresh",
    "clear-site-data",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
    "content-type",
    "set-cookie",
    "set-cookie2",
    "server",
    "date",
    "via",
    "alt-svc",
    "nel",
    "report-to",
    "strict-transport-security",
    "www-authenticate"
  };

  /** The same by their lengths: nearly every header has one that none of them has. */
  private static final String[][] KEPT_BACK_BY_LENGTH = byLength();

  private static String[][] byLength() {
    int longest = Arrays.stream(KEPT_BACK).mapToInt(String::length).max().orElse(0);
    var all = new String[longest + 1][];
    for (int i = 0; i <= longest; i++) {
      int length = i;
      all[i] =
          Arrays.stream(KEPT_BACK).filter(name -> name.length() == length).toArray(String[]::new);
    }
    return all;
  }

  private boolean isForCaller(int line) {
    int length = lines[3 * line + 1] - lines[3 * line];
    for (String name : length < KEPT_BACK_BY_LENGTH.length ? KEPT_BACK_BY_LENGTH[length] : NONE) {
      if (isName(line, name)) {
        return false;
      }
    }
    // Ours alone: a vendor that is a gateway of the same make must not speak in our name. Nor does
    // a vendor decide which web pages may read what this gateway answers.
    return !startsWith(line, "x-understudy-") && !startsWith(line, "access-control-");
  }

  /**
   * A vendor's rate limits: they are ours, and where a caller has its own they would mislead it.
   */
  private boolean isRateLimit(int line) {
    return startsWith(line, "x-ratelimit-") || startsWith(line, "anthropic-ratelimit-");
  }

  /** Names of headers that the vendor binds to its own connection; mostly none. */
  private List<String> boundNames() {
    var bound = new ArrayList<String>(0);
    for (int i = 0; i < lineCount; i++) {
      if (isName(i, "connection")) {
        for (String listed : value(i).toLowerCase(Locale.ROOT).split(",", -1)) {
          bound.add(listed.strip());
        }
      }
    }
    return bound;
  }

  private boolean isAny(int line, List<String> names) {
    for (String name : names) {
      if (isName(line, name)) {
        return true;
      }
    }
    return false;
  }

  /** How many headers of that name there are. */
  int count(String name) {
    int count = 0;
    for (int i = 0; i < lineCount; i++) {
      if (isName(i, name)) {
        count++;
      }
    }
    return count;
  }

  /** Whether the vendor closes the connection behind this response. */
  boolean closesConnection() {
    return boundNames().contains("close");
  }

  private boolean isName(int line, String name) {
    return lines[3 * line + 1] - lines[3 * line] == name.length() && startsWith(line, name);
  }

  private boolean startsWith(int line, String prefix) {
    int from = lines[3 * line];
    if (lines[3 * line + 1] - from < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      int b = bytes[from + i];
      if (b >= 'A' && b <= 'Z') {
        b |= 0x20;
      }
      if (b != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String value(int line) {
    int from = valueFrom(line);
    int length = valueTo(line) - from;
    for (String usual : USUAL) {
      if (usual.length() == length && isAt(from, usual)) {
        return usual;
      }
    }
    return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
  }

  private boolean isAt(int from, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (bytes[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Where the value begins, white space before it left out. */
  private int valueFrom(int line) {
    int from = lines[3 * line + 1] + 1;
    while (from < lines[3 * line + 2] && isSpace(bytes[from])) {
      from++;
    }
    return from;
  }

  /** One past the value's end, white space behind it left out. */
  private int valueTo(int line) {
    int from = valueFrom(line);
    int to = lines[3 * line + 2];
    while (to > from && isSpace(bytes[to - 1])) {
      to--;
    }
    return to;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }
}
