package dev.understudy.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The members of a small object and of the objects in it, found by their paths without a tree.
 *
 * <p>Objects of numbers come with every reply of a vendor, and nearly all of them are plain: whole
 * numbers that are not negative, ASCII, two levels. What is not so plain is left to the general
 * parser, so that nothing is read differently here. An instance is used again and again by one
 * thread.
 */
public final class Figures {
  /** More digits than this might not fit into a long. */
  private static final int DIGITS_MAX = 18;

  private final JsonScanner outer = new JsonScanner();
  private final JsonScanner inner = new JsonScanner();
  private byte[] bytes = {};
  private int from;
  private int to;
  private int count;
  private int[] holder = new int[32];
  private int[] nameFrom = new int[32];
  private int[] nameTo = new int[32];
  private int[] valueFrom = new int[32];
  private int[] valueTo = new int[32];

  /**
   * Looks at an object, whose bytes must stay as they are for as long as it is asked about.
   *
   * @return false if it is not plain; nothing can be asked then
   * @throws Malformed if it is no object
   */
  public boolean read(byte[] document, int offset, int length) {
    outer.scan(document, offset, length);
    bytes = document;
    from = offset;
    to = offset + length;
    count = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0 || bytes[i] == '\\') {
        return false;
      }
    }
    for (int i = 0; i < outer.members(); i++) {
      int held = note(outer, i, -1);
      if (hasPoint(held)) {
        return false;
      }
      if (outer.kind(i) == '{') {
        inner.scan(bytes, outer.valueStart(i), outer.valueEnd(i) - outer.valueStart(i));
        for (int j = 0; j < inner.members(); j++) {
          if (inner.kind(j) == '{' || !isPlain(note(inner, j, held)) || hasPoint(count - 1)) {
            return false;
          }
        }
      } else if (!isPlain(held)) {
        return false;
      }
    }
    return true;
  }

  private int note(JsonScanner scanner, int member, int in) {
    if (count == holder.length) {
      holder = Arrays.copyOf(holder, 2 * count);
      nameFrom = Arrays.copyOf(nameFrom, 2 * count);
      nameTo = Arrays.copyOf(nameTo, 2 * count);
      valueFrom = Arrays.copyOf(valueFrom, 2 * count);
      valueTo = Arrays.copyOf(valueTo, 2 * count);
    }
    holder[count] = in;
    nameFrom[count] = scanner.nameStart(member) + 1;
    nameTo[count] = scanner.nameEnd(member) - 1;
    valueFrom[count] = scanner.valueStart(member);
    valueTo[count] = scanner.valueEnd(member);
    return count++;
  }

  /** Whether a name looks like a path. */
  private boolean hasPoint(int at) {
    for (int i = nameFrom[at]; i < nameTo[at]; i++) {
      if (bytes[i] == '.') {
        return true;
      }
    }
    return false;
  }

  private boolean isPlain(int at) {
    return switch (bytes[valueFrom[at]]) {
      case '"', 't', 'f', 'n' -> true;
      case '[', '-' -> false;
      default -> isWhole(at);
    };
  }

  private boolean isWhole(int at) {
    if (valueTo[at] - valueFrom[at] > DIGITS_MAX) {
      return false;
    }
    for (int i = valueFrom[at]; i < valueTo[at]; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** Where a member is, by its name or by its holder's and its own with a point; -1 if nowhere. */
  public int find(String path) {
    int length = path.length();
    for (int i = 0; i < count; i++) {
      int own = nameTo[i] - nameFrom[i];
      int in = holder[i];
      if (in < 0
          ? own == length && is(path, 0, i)
          : own + 1 + nameTo[in] - nameFrom[in] == length
              && path.charAt(length - own - 1) == '.'
              && is(path, length - own, i)
              && is(path, 0, in)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether the member's name stands in a text, from some place on. */
  private boolean is(String text, int at, int member) {
    for (int i = nameFrom[member]; i < nameTo[member]; i++) {
      if (bytes[i] != text.charAt(at + i - nameFrom[member])) {
        return false;
      }
    }
    return true;
  }

  public boolean isNull(int member) {
    return bytes[valueFrom[member]] == 'n';
  }

  public boolean isNumber(int member) {
    byte first = bytes[valueFrom[member]];
    return first >= '0' && first <= '9';
  }

  public boolean isString(int member) {
    return bytes[valueFrom[member]] == '"';
  }

  /** The number, which the member must be. */
  public long number(int member) {
    long number = 0;
    for (int i = valueFrom[member]; i < valueTo[member]; i++) {
      number = number * 10 + bytes[i] - '0';
    }
    return number;
  }

  /** The text, which the member must be. */
  public String string(int member) {
    return new String(
        bytes,
        valueFrom[member] + 1,
        valueTo[member] - valueFrom[member] - 2,
        StandardCharsets.US_ASCII);
  }

  /** The object as JSON, without white space between its tokens. */
  public String json() {
    var text = new byte[to - from];
    int length = 0;
    boolean quoted = false;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '"') {
        quoted = !quoted;
      }
      if (quoted || b > ' ') {
        text[length++] = b;
      }
    }
    return new String(text, 0, length, StandardCharsets.US_ASCII);
  }
}
