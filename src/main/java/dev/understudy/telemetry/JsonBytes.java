package dev.understudy.telemetry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Writes one JSON document on one line of UTF-8, without building a tree of it first.
 *
 * <p>Nothing that a stranger named can end the line, steer a terminal or turn text around: control
 * and format characters are written as escapes, halves of surrogate pairs as U+FFFD.
 */
final class JsonBytes {
  /** A longer text is cut here, in UTF-16 units, and ends with an ellipsis. */
  static final int TEXT_MAX = 1_000;

  private static final int KEPT_BYTES_MAX = 64 << 10;

  /** One character takes six bytes at most, as in {@code \}{@code u001b}. */
  private static final int BYTES_PER_CHAR_MAX = 6;

  /** A vendor's object that is nested deeper becomes a text. */
  private static final int COPIED_DEPTH_MAX = Long.SIZE;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** What stands between the brackets and texts of a JSON document. */
  private static final boolean[] LITERAL = new boolean[128];

  static {
    "0123456789+-.eE,:truefalsn".chars().forEach(c -> LITERAL[c] = true);
  }

  private byte[] bytes = new byte[4 << 10];
  private int length;

  /** The day that was written last, and how: one line after another is of the same. */
  private long day = Long.MIN_VALUE;

  private byte[] date = {};

  /** A member's name as it is written behind another member. */
  static byte[] name(String name) {
    return (",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
  }

  void clear() {
    length = 0;
    if (bytes.length > KEPT_BYTES_MAX) {
      bytes = new byte[4 << 10];
    }
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  /** What is written so far is in the first {@link #length} of these. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void open(char bracket) {
    separate();
    put(bracket);
  }

  void close(char bracket) {
    put(bracket);
  }

  void newline() {
    put('\n');
  }

  /** Begins a member whose name was made by {@link #name}. */
  void member(byte[] name) {
    reserve(name.length);
    int comma = bytes[length - 1] == '{' ? 1 : 0;
    System.arraycopy(name, comma, bytes, length, name.length - comma);
    length += name.length - comma;
  }

  /** Begins a member with any name. */
  void member(String name) {
    text(name);
    put(':');
  }

  void text(String text) {
    int end = Math.min(text.length(), TEXT_MAX);
    reserve(end * BYTES_PER_CHAR_MAX + 8);
    separate();
    bytes[length++] = '"';
    int i = plain(text, 0, end);
    while (i < end) {
      i = plain(text, i + character(text, i), end);
    }
    if (end < text.length()) {
      character("…", 0);
    }
    put('"');
  }

  void flag(boolean value) {
    literal(value ? "true" : "false");
  }

  void number(long value) {
    separate();
    digits(value);
  }

  /** A number, or another literal, in JSON's own spelling. */
  void literal(String text) {
    separate();
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
  }

  /** Milliseconds with three places. */
  void millis(long nanos) {
    separate();
    long micros = Math.max(0, nanos) / 1_000;
    digits(micros / 1_000);
    put('.');
    padded(micros % 1_000, 3);
  }

  /** A moment to the millisecond, as ISO 8601 in UTC. */
  void time(Instant time) {
    separate();
    long epochSecond = time.getEpochSecond();
    long epochDay = Math.floorDiv(epochSecond, 86_400L);
    int milli = time.getNano() / 1_000_000;
    int second = (int) Math.floorMod(epochSecond, 86_400L);
    if (epochDay != day) {
      day = epochDay;
      date = (LocalDate.ofEpochDay(epochDay) + "T").getBytes(StandardCharsets.US_ASCII);
    }
    put('"');
    raw(date);
    padded(second / 3_600, 2);
    put(':');
    padded(second / 60 % 60, 2);
    put(':');
    padded(second % 60, 2);
    put('.');
    padded(milli, 3);
    put('Z');
    put('"');
  }

  /**
   * A vendor's own JSON object, without the white space between its tokens. What does not look like
   * an object, or is very long, becomes a text: the line stays one document whatever a vendor
   * sends.
   */
  void object(String json) {
    int before = length;
    separate();
    if (json.length() > KEPT_BYTES_MAX || !copied(json)) {
      length = before;
      text(json);
    }
  }

  private boolean copied(String json) {
    reserve(json.length() * BYTES_PER_CHAR_MAX);
    // The brackets that are open, the innermost in the lowest bit: a one for each array.
    long arrays = 0;
    int depth = 0;
    boolean quoted = false;
    boolean ended = false;
    for (int i = 0; i < json.length(); ) {
      char c = json.charAt(i);
      if (quoted) {
        if (c == '\\') {
          if (!isEscape(json, i)) {
            return false;
          }
          bytes[length++] = '\\';
          bytes[length++] = (byte) json.charAt(i + 1);
          i += 2;
        } else if (c == '"') {
          quoted = false;
          bytes[length++] = '"';
          i++;
        } else if (c < ' ') {
          return false;
        } else {
          int next = plain(json, i, json.length());
          i = next > i ? next : i + character(json, i);
        }
        continue;
      }
      i++;
      if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
        continue;
      }
      if (ended || (depth == 0 && c != '{')) {
        return false;
      }
      switch (c) {
        case '{', '[' -> {
          if (depth == COPIED_DEPTH_MAX) {
            return false;
          }
          arrays = arrays << 1 | (c == '[' ? 1 : 0);
          depth++;
        }
        case '}', ']' -> {
          if ((arrays & 1) != (c == ']' ? 1 : 0)) {
            return false;
          }
          arrays >>>= 1;
          depth--;
          ended = depth == 0;
        }
        case '"' -> quoted = true;
        default -> {
          if (c >= LITERAL.length || !LITERAL[c]) {
            return false;
          }
        }
      }
      bytes[length++] = (byte) c;
    }
    return ended;
  }

  private static boolean isEscape(String json, int backslash) {
    int i = backslash + 1;
    if (i >= json.length() || "\"\\/bfnrtu".indexOf(json.charAt(i)) < 0) {
      return false;
    }
    if (json.charAt(i) == 'u') {
      for (int digit = i + 1; digit <= i + 4; digit++) {
        if (digit >= json.length() || !HexFormat.isHexDigit(json.charAt(digit))) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Copies the characters that stand for themselves, which are nearly all; returns where they end.
   */
  private int plain(String text, int from, int end) {
    byte[] out = bytes;
    int at = length;
    int i = from;
    for (; i < end; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        break;
      }
      out[at++] = (byte) c;
    }
    length = at;
    return i;
  }

  /**
   * Writes the character at {@code i}, escaped where it must be; returns how many units it took.
   */
  private int character(String text, int i) {
    char c = text.charAt(i);
    if (c < 0x80) {
      ascii(c);
      return 1;
    }
    if (Character.isHighSurrogate(c)
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1))) {
      int point = Character.toCodePoint(c, text.charAt(i + 1));
      bytes[length++] = (byte) (0xF0 | (point >> 18));
      bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3F));
      bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
      bytes[length++] = (byte) (0x80 | (point & 0x3F));
      return 2;
    }
    if (Character.isSurrogate(c)) {
      escape('\uFFFD');
    } else if (isHidden(c)) {
      escape(c);
    } else if (c < 0x800) {
      bytes[length++] = (byte) (0xC0 | (c >> 6));
      bytes[length++] = (byte) (0x80 | (c & 0x3F));
    } else {
      bytes[length++] = (byte) (0xE0 | (c >> 12));
      bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
      bytes[length++] = (byte) (0x80 | (c & 0x3F));
    }
    return 1;
  }

  private void ascii(char c) {
    switch (c) {
      case '"', '\\' -> {
        bytes[length++] = '\\';
        bytes[length++] = (byte) c;
      }
      case '\n' -> {
        bytes[length++] = '\\';
        bytes[length++] = 'n';
      }
      case '\t' -> {
        bytes[length++] = '\\';
        bytes[length++] = 't';
      }
      default -> {
        if (c < ' ' || c == 0x7F) {
          escape(c);
        } else {
          bytes[length++] = (byte) c;
        }
      }
    }
  }

  /** C1 controls, which some terminals obey, and marks that hide text or turn its direction. */
  private static boolean isHidden(char c) {
    return c <= 0x9F
        || (c >= 0x200B && c <= 0x200F)
        || (c >= 0x2028 && c <= 0x202E)
        || (c >= 0x2060 && c <= 0x206F)
        || c == 0xFEFF;
  }

  private void escape(char c) {
    bytes[length++] = '\\';
    bytes[length++] = 'u';
    bytes[length++] = HEX[c >> 12];
    bytes[length++] = HEX[(c >> 8) & 15];
    bytes[length++] = HEX[(c >> 4) & 15];
    bytes[length++] = HEX[c & 15];
  }

  /** A comma, unless a value or a first member comes next. */
  private void separate() {
    if (length > 0) {
      byte last = bytes[length - 1];
      if (last != '{' && last != '[' && last != ':') {
        put(',');
      }
    }
  }

  private void digits(long value) {
    reserve(20);
    if (value < 0) {
      // Sizes and times are never negative; what is wrong is shown as it is.
      for (byte b : Long.toString(value).getBytes(StandardCharsets.US_ASCII)) {
        bytes[length++] = b;
      }
      return;
    }
    int count = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      count++;
    }
    padded(value, count);
  }

  private void padded(long value, int count) {
    reserve(count);
    long rest = value;
    for (int i = length + count - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += count;
  }

  private void raw(byte[] ascii) {
    reserve(ascii.length);
    System.arraycopy(ascii, 0, bytes, length, ascii.length);
    length += ascii.length;
  }

  private void put(char c) {
    reserve(1);
    bytes[length++] = (byte) c;
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}
