package dev.understudy.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Walks over a JSON document once, checks that it is one, and notes where the members of its
 * outermost object are, without making an object of anything.
 *
 * <p>This is what the calls' path needs: the model's name and its place, whether a stream is asked
 * for, where the usage stands. It is strict about syntax (RFC 8259), nesting and member names that
 * occur twice in one object at any depth, because two readers that disagree about a document are a
 * hole; it does not check that strings are valid UTF-8. Compared with the general parser by test,
 * input by input.
 *
 * <p>An instance is used again and again by one thread.
 */
public final class JsonScanner {
  /** More members than this in the outermost object are an error. */
  public static final int MEMBERS_MAX = 512;

  /** Room for so many members at first, for many a scanner reads one small object and no more. */
  private static final int FIRST = 8;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long BACKSLASHES = ONES * '\\';

  /** Exchanges each quote with a space, so that both it and control characters are below 0x21. */
  private static final long SWAPS = ONES * ('"' ^ ' ');

  private static final long BELOW = ONES * 0x21;

  private byte[] bytes = {};
  private int end;

  /** Whether the string that was read last holds a backslash. */
  private boolean escaped;

  /** Which bytes strings began with, a bit for each by its lowest six bits. */
  private long initials;

  private int members;
  private int[] nameFrom = new int[FIRST];
  private int[] nameTo = new int[FIRST];
  private int[] valueFrom = new int[FIRST];
  private int[] valueTo = new int[FIRST];
  private final NameSet names = new NameSet();

  /**
   * Scans a document whose outermost value is an object.
   *
   * @throws Malformed if it is not, with the position of the fault
   */
  public void scan(byte[] document, int offset, int length) {
    bytes = document;
    end = offset + length;
    begin();
    int at = skipSpace(offset);
    if (at >= end || bytes[at] != '{') {
      throw wrong(at, "a JSON object is needed");
    }
    at = skipSpace(object(at, 1));
    if (at != end) {
      throw wrong(at, "something follows the end of the object");
    }
  }

  /**
   * Scans an object that other values may follow, as the first of an array does, and does not look
   * at those.
   *
   * @throws Malformed if there is no object, with the position of the fault
   */
  public void scanFirst(byte[] document, int offset, int length) {
    bytes = document;
    end = offset + length;
    begin();
    int at = skipSpace(offset);
    if (at >= end || bytes[at] != '{') {
      throw wrong(at, "a JSON object is needed");
    }
    end = object(at, 1);
  }

  private void begin() {
    members = 0;
    initials = 0;
    names.clear();
  }

  /** How many members the outermost object has. */
  public int members() {
    return members;
  }

  /** The position of a member by its name, -1 if there is none. Names with escapes never match. */
  public int find(String name) {
    for (int i = 0; i < members; i++) {
      if (isNamed(i, name)) {
        return i;
      }
    }
    return -1;
  }

  /** Where the member's name begins, its quote included. */
  public int nameStart(int member) {
    return nameFrom[member];
  }

  public int valueStart(int member) {
    return valueFrom[member];
  }

  /** One past the end of the member's value. */
  public int valueEnd(int member) {
    return valueTo[member];
  }

  /**
   * Whether some string of the document, a name or a value at any depth, may begin with that ASCII
   * character; never false where one does, unless it is written as an escape.
   */
  public boolean mayBegin(char ascii) {
    return (initials & 1L << ascii) != 0;
  }

  /** Where the outermost object's closing brace is, given the end of the scanned bytes. */
  public int closingBrace() {
    int at = end - 1;
    while (bytes[at] != '}') {
      at--;
    }
    return at;
  }

  /** Whether the member's value is a string. */
  public boolean isString(int member) {
    return bytes[valueFrom[member]] == '"';
  }

  /** The first byte of the member's value, which tells its kind. */
  public byte kind(int member) {
    return bytes[valueFrom[member]];
  }

  public boolean isNull(int member) {
    return bytes[valueFrom[member]] == 'n';
  }

  /** Whether the member's value is true, false or null. */
  public boolean isLiteral(int member) {
    byte kind = kind(member);
    return kind == 't' || kind == 'f' || kind == 'n';
  }

  public boolean isTrue(int member) {
    return bytes[valueFrom[member]] == 't';
  }

  /** The member's value as a string, escapes undone; it must be one. */
  public String string(int member) {
    int from = valueFrom[member];
    int to = valueTo[member];
    for (int i = from + 1; i < to - 1; i++) {
      if (bytes[i] == '\\') {
        return Json.parse(bytes, from, to - from).stringValue();
      }
    }
    return new String(bytes, from + 1, to - from - 2, StandardCharsets.UTF_8);
  }

  /** Whether a member has that name. */
  public boolean isNamed(int member, String name) {
    return is(nameFrom[member] + 1, nameTo[member] - 1, name);
  }

  /** Whether the member's value is exactly that string, written without escapes. */
  public boolean isText(int member, String text) {
    return isString(member) && is(valueFrom[member] + 1, valueTo[member] - 1, text);
  }

  private boolean is(int from, int to, String text) {
    if (to - from != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (bytes[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int value(int from, int depth) {
    if (from >= end) {
      throw wrong(from, "a value is missing");
    }
    return switch (bytes[from]) {
      case '{' -> object(from, depth + 1);
      case '[' -> array(from, depth + 1);
      case '"' -> stringAt(from);
      case 't' -> literal(from, "true");
      case 'f' -> literal(from, "false");
      case 'n' -> literal(from, "null");
      default -> numberAt(from);
    };
  }

  private int object(int from, int depth) {
    tooDeep(from, depth);
    int mark = names.open();
    int at = skipSpace(from + 1);
    if (at < end && bytes[at] == '}') {
      names.close(mark);
      return at + 1;
    }
    while (true) {
      if (at >= end || bytes[at] != '"') {
        throw wrong(at, "a member's name is needed");
      }
      int nameEnd = stringAt(at);
      if (!names.add(bytes, at + 1, nameEnd - 1, escaped, mark)) {
        throw wrong(at, "a member's name occurs twice in one object");
      }
      int colon = skipSpace(nameEnd);
      if (colon >= end || bytes[colon] != ':') {
        throw wrong(colon, "a colon is needed");
      }
      int start = skipSpace(colon + 1);
      int stop = value(start, depth);
      if (depth == 1) {
        note(at, nameEnd, start, stop);
      }
      at = skipSpace(stop);
      if (at < end && bytes[at] == ',') {
        at = skipSpace(at + 1);
      } else if (at < end && bytes[at] == '}') {
        names.close(mark);
        return at + 1;
      } else {
        throw wrong(at, "a comma or a closing brace is needed");
      }
    }
  }

  private int array(int from, int depth) {
    tooDeep(from, depth);
    int at = skipSpace(from + 1);
    if (at < end && bytes[at] == ']') {
      return at + 1;
    }
    while (true) {
      at = skipSpace(value(at, depth));
      if (at < end && bytes[at] == ',') {
        at = skipSpace(at + 1);
      } else if (at < end && bytes[at] == ']') {
        return at + 1;
      } else {
        throw wrong(at, "a comma or a closing bracket is needed");
      }
    }
  }

  /** From an opening quote to one past the closing one. */
  private int stringAt(int from) {
    escaped = false;
    int at = from + 1;
    if (at < end) {
      initials |= 1L << bytes[at];
    }
    while (true) {
      at = plain(bytes, at, end);
      if (at >= end) {
        throw wrong(end, "a string does not end");
      }
      byte b = bytes[at];
      if (b == '"') {
        return at + 1;
      }
      if (b != '\\') {
        throw wrong(at, "a control character stands in a string");
      }
      escaped = true;
      at = escape(at);
    }
  }

  /**
   * Skips what stands for itself in a string: to the next quote, backslash or control character, or
   * {@code end}.
   *
   * <p>Most of a body is this, so eight bytes are looked at together, and twice that where there is
   * room. A subtraction borrows from the byte above only below a hit, so that the lowest hit is
   * always a true one; bytes above 0x7F never are. What people write has a hit soon; behind {@value
   * #NEAR} bytes without one there are likely thousands, as in an image.
   */
  private static int plain(byte[] bytes, int from, int end) {
    int at = from;
    for (; at + 16 <= end; at += 16) {
      long hit = hits((long) LONGS.get(bytes, at));
      if (hit != 0) {
        return at + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
      hit = hits((long) LONGS.get(bytes, at + 8));
      if (hit != 0) {
        return at + 8 + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
      if (at == from + NEAR) {
        at = skipBlocks(bytes, at + 16, end) - 16;
      }
    }
    for (; at < end; at++) {
      byte b = bytes[at];
      if (b == '"' || b == '\\' || (b >= 0 && b < 0x20)) {
        break;
      }
    }
    return at;
  }

  private static final int NEAR = 128;
  private static final int BLOCK = 256;

  private static int skipBlocks(byte[] bytes, int from, int end) {
    int at = from;
    while (at <= end - BLOCK && isPlain(bytes, at)) {
      at += BLOCK;
    }
    return at;
  }

  /** Whether a whole block stands for itself; simple enough for the compiler to use vectors. */
  private static boolean isPlain(byte[] bytes, int from) {
    long hit = 0;
    for (int i = 0; i < BLOCK; i += Long.BYTES) {
      hit |= hits((long) LONGS.get(bytes, from + i));
    }
    return hit == 0;
  }

  private static long hits(long word) {
    return (((word ^ SWAPS) - BELOW) | ((word ^ BACKSLASHES) - ONES)) & ~word & HIGHS;
  }

  private int escape(int from) {
    if (from + 1 >= end) {
      throw wrong(end, "a string does not end");
    }
    return switch (bytes[from + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> from + 2;
      case 'u' -> {
        for (int i = from + 2; i < from + 6; i++) {
          if (i >= end || Character.digit(bytes[i], 16) < 0) {
            throw wrong(i, "four hexadecimal digits are needed");
          }
        }
        yield from + 6;
      }
      default -> throw wrong(from, "an unknown escape stands in a string");
    };
  }

  private int literal(int from, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (from + i >= end || bytes[from + i] != text.charAt(i)) {
        throw wrong(from, "not a JSON value");
      }
    }
    return from + text.length();
  }

  private int numberAt(int from) {
    int at = from;
    if (bytes[at] == '-') {
      at++;
    }
    int whole = digits(at);
    if (whole == at) {
      throw wrong(from, "not a JSON value");
    }
    if (bytes[at] == '0' && whole > at + 1) {
      throw wrong(from, "a number begins with 0");
    }
    at = whole;
    if (at < end && bytes[at] == '.') {
      int fraction = digits(at + 1);
      if (fraction == at + 1) {
        throw wrong(at, "a digit is needed after the point");
      }
      at = fraction;
    }
    if (at < end && (bytes[at] | 0x20) == 'e') {
      int sign = at + 1;
      if (sign < end && (bytes[sign] == '+' || bytes[sign] == '-')) {
        sign++;
      }
      int exponent = digits(sign);
      if (exponent == sign) {
        throw wrong(at, "a digit is needed in the exponent");
      }
      at = exponent;
    }
    return at;
  }

  private int digits(int from) {
    int at = from;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at;
  }

  private int skipSpace(int from) {
    int at = from;
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private void tooDeep(int at, int depth) {
    if (depth > Json.DEPTH_MAX) {
      throw wrong(at, "nested deeper than " + Json.DEPTH_MAX);
    }
  }

  private void note(int nameStart, int nameEnd, int start, int stop) {
    if (members == MEMBERS_MAX) {
      throw wrong(nameStart, "more than " + MEMBERS_MAX + " members");
    }
    if (members == nameFrom.length) {
      nameFrom = Arrays.copyOf(nameFrom, members * 2);
      nameTo = Arrays.copyOf(nameTo, members * 2);
      valueFrom = Arrays.copyOf(valueFrom, members * 2);
      valueTo = Arrays.copyOf(valueTo, members * 2);
    }
    nameFrom[members] = nameStart;
    nameTo[members] = nameEnd;
    valueFrom[members] = start;
    valueTo[members] = stop;
    members++;
  }

  private Malformed wrong(int at, String what) {
    return new Malformed("", "not valid JSON at byte %d: %s".formatted(Math.max(at, 0), what));
  }

  /**
   * The member names of the objects that are open now. Objects are small, so a name is compared
   * with those of its own object from the last one back; an object with many names gets a set.
   */
  private static final class NameSet {
    /** From so many names on an object gets a set, lest many names cost their square. */
    private static final int LINEAR_MAX = 64;

    /** The names of large objects, by where their names begin here. */
    private final Map<Integer, Set<String>> large = new HashMap<>();

    private int[] from = new int[FIRST];
    private int[] length = new int[FIRST];
    private int[] hash = new int[FIRST];
    private int size;

    void clear() {
      size = 0;
      large.clear();
    }

    int open() {
      return size;
    }

    void close(int mark) {
      if (size - mark > LINEAR_MAX) {
        large.remove(mark);
      }
      size = mark;
    }

    /** Adds a name; false if the object that began at {@code mark} has it already. */
    boolean add(byte[] bytes, int start, int stop, boolean escaped, int mark) {
      int count = stop - start;
      int h = escaped ? ESCAPED : hash(bytes, start, stop);
      if (size - mark >= LINEAR_MAX) {
        return addToSet(bytes, start, stop, mark, h);
      }
      if (h == ESCAPED) {
        return addEscaped(bytes, start, stop, mark);
      }
      for (int i = size - 1; i >= mark; i--) {
        if (hash[i] == h
            && length[i] == count
            && Arrays.equals(bytes, from[i], from[i] + count, bytes, start, stop)) {
          return false;
        }
        if (hash[i] == ESCAPED && plain(bytes, i).equals(text(bytes, start, stop))) {
          return false;
        }
      }
      push(start, count, h);
      return true;
    }

    private boolean addToSet(byte[] bytes, int start, int stop, int mark, int h) {
      Set<String> set =
          large.computeIfAbsent(
              mark,
              _ -> {
                var all = new HashSet<String>();
                for (int i = mark; i < size; i++) {
                  all.add(plain(bytes, i));
                }
                return all;
              });
      push(start, stop - start, h);
      return set.add(plain(bytes, size - 1));
    }

    private boolean addEscaped(byte[] bytes, int start, int stop, int mark) {
      String name = unescape(bytes, start, stop);
      for (int i = size - 1; i >= mark; i--) {
        if (plain(bytes, i).equals(name)) {
          return false;
        }
      }
      push(start, stop - start, ESCAPED);
      return true;
    }

    private String plain(byte[] bytes, int i) {
      return hash[i] == ESCAPED
          ? unescape(bytes, from[i], from[i] + length[i])
          : text(bytes, from[i], from[i] + length[i]);
    }

    private static String text(byte[] bytes, int start, int stop) {
      return new String(bytes, start, stop - start, StandardCharsets.UTF_8);
    }

    private static String unescape(byte[] bytes, int start, int stop) {
      return Json.parse(bytes, start - 1, stop - start + 2).stringValue();
    }

    private void push(int start, int count, int h) {
      if (size == from.length) {
        from = Arrays.copyOf(from, size * 2);
        length = Arrays.copyOf(length, size * 2);
        hash = Arrays.copyOf(hash, size * 2);
      }
      from[size] = start;
      length[size] = count;
      hash[size] = h;
      size++;
    }

    /** The hash of names that hold a backslash, whose text must be compared. */
    private static final int ESCAPED = 0;

    /** Of the first eight bytes and the last: names that differ in between are compared. */
    private static int hash(byte[] bytes, int start, int stop) {
      long first;
      long last = 0;
      int count = stop - start;
      if (count >= 8) {
        first = (long) LONGS.get(bytes, start);
        last = (long) LONGS.get(bytes, stop - 8);
      } else if (start + 8 <= bytes.length) {
        first = (long) LONGS.get(bytes, start) & ((1L << (8 * count)) - 1);
      } else {
        first = 0;
        for (int i = stop - 1; i >= start; i--) {
          first = (first << 8) | (bytes[i] & 0xFF);
        }
      }
      long mixed = (first * 31 + last) * 0x9E3779B97F4A7C15L + count;
      int h = (int) (mixed >>> 32);
      return h == ESCAPED ? 1 : h;
    }
  }
}
