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

  private final JsonScanner scanner = new JsonScanner();
  private byte[] bytes = {};
  private int from;
  private int to;
  private int count;
  private int[] holder = new int[32];
  private int[] nameFrom = new int[32];
  private int[] nameTo = new int[32];
  private int[] valueFrom = new int[32];
  private int[] valueTo = new int[32];
  private int[] pathLength = new int[32];

  /** Which lengths of paths there are, a bit for each, by the lowest six bits of the length. */
  private long pathLengths;

  /**
   * Looks at an object, whose bytes must stay as they are for as long as it is asked about.
   *
   * @return false if it is not plain; nothing can be asked then
   * @throws Malformed if it is no object
   */
  public boolean read(byte[] document, int offset, int length) {
    bytes = document;
    from = offset;
    to = offset + length;
    count = 0;
    pathLengths = 0;
    int end = members(skipSpace(from), -1);
    if (end >= 0 && skipSpace(end) == to) {
      return true;
    }
    // Not plain, or no object at all: the scanner knows.
    scanner.scan(document, offset, length);
    return false;
  }

  /** Notes the members of an object; one past its end, or -1 if it is not plain. */
  private int members(int object, int in) {
    if (!isAt('{', object)) {
      return -1;
    }
    int at = skipSpace(object + 1);
    if (isAt('}', at)) {
      return at + 1;
    }
    while (true) {
      int nameEnd = text(at, true);
      int colon = nameEnd < 0 ? to : skipSpace(nameEnd);
      if (!isAt(':', colon)) {
        return -1;
      }
      int start = skipSpace(colon + 1);
      int member = note(at + 1, nameEnd - 1, in, start);
      int stop = member < 0 ? -1 : value(start, member, in);
      if (stop < 0) {
        return -1;
      }
      valueTo[member] = stop;
      at = skipSpace(stop);
      if (isAt('}', at)) {
        return at + 1;
      }
      if (!isAt(',', at)) {
        return -1;
      }
      at = skipSpace(at + 1);
    }
  }

  /** One past the end of a value, -1 if it is not plain. */
  private int value(int at, int member, int in) {
    if (at >= to) {
      return -1;
    }
    return switch (bytes[at]) {
      case '{' -> in < 0 ? members(at, member) : -1;
      case '"' -> text(at, false);
      case 't' -> literal(at, "true");
      case 'f' -> literal(at, "false");
      case 'n' -> literal(at, "null");
      default -> whole(at);
    };
  }

  /** A name with a point in it looks like a path, and is not plain. */
  private int text(int quote, boolean isName) {
    if (!isAt('"', quote)) {
      return -1;
    }
    for (int i = quote + 1; i < to; i++) {
      byte b = bytes[i];
      if (b == '"') {
        return i + 1;
      }
      if (b < ' ' || b == '\\' || (isName && b == '.')) {
        return -1;
      }
    }
    return -1;
  }

  private int literal(int at, String text) {
    int end = at + text.length();
    if (end > to) {
      return -1;
    }
    for (int i = 1; i < text.length(); i++) {
      if (bytes[at + i] != text.charAt(i)) {
        return -1;
      }
    }
    return end;
  }

  private int whole(int at) {
    int end = at;
    while (end < to && bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    int digits = end - at;
    boolean isPlain = digits > 0 && digits <= DIGITS_MAX && (digits == 1 || bytes[at] != '0');
    return isPlain ? end : -1;
  }

  private boolean isAt(char ascii, int at) {
    return at < to && bytes[at] == ascii;
  }

  private int skipSpace(int at) {
    int next = at;
    while (next < to
        && (bytes[next] == ' '
            || bytes[next] == '\n'
            || bytes[next] == '\r'
            || bytes[next] == '\t')) {
      next++;
    }
    return next;
  }

  /** Notes a member; -1 if its holder has one of that name, or if there are too many. */
  private int note(int name, int nameEnd, int in, int value) {
    int own = nameEnd - name;
    int length = in < 0 ? own : pathLength[in] + 1 + own;
    if (count == JsonScanner.MEMBERS_MAX || isNoted(name, nameEnd, in, length)) {
      return -1;
    }
    if (count == holder.length) {
      holder = Arrays.copyOf(holder, 2 * count);
      nameFrom = Arrays.copyOf(nameFrom, 2 * count);
      nameTo = Arrays.copyOf(nameTo, 2 * count);
      valueFrom = Arrays.copyOf(valueFrom, 2 * count);
      valueTo = Arrays.copyOf(valueTo, 2 * count);
      pathLength = Arrays.copyOf(pathLength, 2 * count);
    }
    holder[count] = in;
    nameFrom[count] = name;
    nameTo[count] = nameEnd;
    valueFrom[count] = value;
    pathLength[count] = length;
    pathLengths |= 1L << length;
    return count++;
  }

  private boolean isNoted(int name, int nameEnd, int in, int length) {
    if ((pathLengths & 1L << length) == 0) {
      return false;
    }
    for (int i = count - 1; i >= 0; i--) {
      if (pathLength[i] == length
          && holder[i] == in
          && Arrays.equals(bytes, nameFrom[i], nameTo[i], bytes, name, nameEnd)) {
        return true;
      }
    }
    return false;
  }

  /** Where a member is, by its name or by its holder's and its own with a point; -1 if nowhere. */
  public int find(String path) {
    int length = path.length();
    // Most of what is asked for is not there.
    if ((pathLengths & 1L << length) == 0) {
      return -1;
    }
    for (int i = 0; i < count; i++) {
      if (pathLength[i] == length && isOf(path, i)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isOf(String path, int member) {
    int in = holder[member];
    if (in < 0) {
      return is(path, 0, member);
    }
    int own = path.length() - (nameTo[member] - nameFrom[member]);
    return path.charAt(own - 1) == '.' && is(path, own, member) && is(path, 0, in);
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
