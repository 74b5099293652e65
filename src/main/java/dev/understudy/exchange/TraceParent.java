package dev.understudy.exchange;

import java.util.Optional;

/**
 * Where a caller's request stands in a trace of its own.
 *
 * @param traceId 32 hexadecimal digits in lower case, not all zero
 * @param spanId 16 hexadecimal digits in lower case, not all zero
 * @param sampled whether the caller may have recorded the trace
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {
  private static final int VERSION_0_LENGTH = 55;

  public TraceParent {
    if (!isId(traceId, 32) || !isId(spanId, 16)) {
      throw new IllegalArgumentException("not the ids of a trace and a span");
    }
  }

  /**
   * Reads the header {@code traceparent}; empty if it is not one, for a request is served all the
   * same. Of a later version that part is read which version 00 defines.
   *
   * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
   */
  public static Optional<TraceParent> parse(String header) {
    if (header.length() < VERSION_0_LENGTH
        || header.charAt(2) != '-'
        || header.charAt(35) != '-'
        || header.charAt(52) != '-') {
      return Optional.empty();
    }
    String version = header.substring(0, 2);
    boolean ends = header.length() == VERSION_0_LENGTH;
    boolean mayEnd = version.equals("00") ? ends : ends || header.charAt(VERSION_0_LENGTH) == '-';
    String traceId = header.substring(3, 35);
    String spanId = header.substring(36, 52);
    String flags = header.substring(53, 55);
    if (!mayEnd
        || !isHex(version)
        || version.equals("ff")
        || !isHex(flags)
        || !isId(traceId, 32)
        || !isId(spanId, 16)) {
      return Optional.empty();
    }
    return Optional.of(new TraceParent(traceId, spanId, (Integer.parseInt(flags, 16) & 1) == 1));
  }

  private static boolean isId(String text, int length) {
    return text.length() == length && isHex(text) && text.chars().anyMatch(digit -> digit != '0');
  }

  private static boolean isHex(String text) {
    return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
}
