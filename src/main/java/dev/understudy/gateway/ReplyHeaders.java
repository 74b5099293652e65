package dev.understudy.gateway;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The headers that are ours in a reply, written so that nothing a stranger sent can break a line.
 */
final class ReplyHeaders {
  private static final int VALUE_MAX = 4 << 10;

  /** A character takes three bytes of UTF-8 at the most, and each of them three when encoded. */
  private static final int BYTES_PER_CHAR_MAX = 9;

  /** Of a number. */
  private static final int DIGITS_MAX = 19;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** Enough for most: who served, and how the caller stands. */
  private static final int FIRST_BYTES = 448;

  private static final int KEPT_BYTES_MAX = 16 << 10;

  private byte[] bytes = new byte[FIRST_BYTES];

  private int length;

  private boolean rateLimits;

  /** Begins with none. */
  ReplyHeaders begin() {
    length = 0;
    rateLimits = false;
    if (bytes.length > KEPT_BYTES_MAX) {
      bytes = new byte[FIRST_BYTES];
    }
    return this;
  }

  /** Whether the caller hears of its own rate limits, so that a vendor's do not concern it. */
  boolean tellsRateLimits() {
    return rateLimits;
  }

  void withRateLimits() {
    rateLimits = true;
  }

  /** Adds a header; what cannot stand in one is percent-encoded, and the value is cut at 4 KiB. */
  ReplyHeaders add(String name, String value) {
    return add(HeadBytes.constant(name + ": "), value);
  }

  /**
   * The same.
   *
   * @param name with colon and space, as {@link HeadBytes#constant} gives it
   */
  ReplyHeaders add(byte[] name, String value) {
    int count = value.length();
    reserve(name.length + count + 2);
    System.arraycopy(name, 0, bytes, length, name.length);
    byte[] out = bytes;
    int at = length + name.length;
    int i = 0;
    for (int plain = Math.min(count, VALUE_MAX); i < plain; i++) {
      char c = value.charAt(i);
      if (c < 0x20 || c >= 0x7F) {
        break;
      }
      out[at++] = (byte) c;
    }
    length = at;
    if (i < count) {
      encoded(value, i);
    }
    bytes[length++] = '\r';
    bytes[length++] = '\n';
    return this;
  }

  /** The rest of a value from its first character that cannot stand as it is. */
  private void encoded(String value, int from) {
    int max = length - from + VALUE_MAX;
    for (int i = from; i < value.length() && length < max; i++) {
      char c = value.charAt(i);
      if (c >= 0x20 && c < 0x7F) {
        bytes[length++] = (byte) c;
      } else {
        encode(c, value.length() - i);
      }
    }
  }

  /**
   * Adds a header whose value is a number that is not negative.
   *
   * @param name with colon and space, as {@link HeadBytes#constant} gives it
   * @param unit what follows the number: ASCII, or nothing
   */
  ReplyHeaders add(byte[] name, long number, String unit) {
    reserve(name.length + DIGITS_MAX + unit.length() + 2);
    System.arraycopy(name, 0, bytes, length, name.length);
    length += name.length;
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    for (int i = 0; i < unit.length(); i++) {
      bytes[length++] = (byte) unit.charAt(i);
    }
    bytes[length++] = '\r';
    bytes[length++] = '\n';
    return this;
  }

  /** {@code value} as it may stand in a line of text: printable ASCII, of bounded length. */
  static String printable(String value) {
    var line = new ReplyHeaders().add("", value);
    return new String(line.bytes, 2, line.length - 4, StandardCharsets.US_ASCII);
  }

  private void encode(char c, int left) {
    reserve(BYTES_PER_CHAR_MAX + left + 2);
    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
      bytes[length++] = '%';
      bytes[length++] = HEX[(b >> 4) & 15];
      bytes[length++] = HEX[b & 15];
    }
  }

  void writeTo(HeadBytes out) {
    out.raw(bytes, 0, length);
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}
