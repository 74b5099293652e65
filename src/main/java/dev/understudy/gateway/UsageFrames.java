package dev.understudy.gateway;

import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.wire.Bytes;

/**
 * Withholds from a Chat stream the one frame that was asked for on the gateway's own account: usage
 * without a choice. All other frames pass as they are, each as soon as it is whole; what arrives as
 * whole frames is not copied.
 */
final class UsageFrames {
  /** What takes the bytes that go on; the array is only good during the call. */
  interface Passed {
    void piece(byte[] bytes, int offset, int length);
  }

  private static final String USAGE = "\"usage\"";

  /** One for each thread and not each stream: what it found is used before the next scan. */
  private static final ThreadLocal<JsonScanner> SCANNER = ThreadLocal.withInitial(JsonScanner::new);

  /** The beginning of a frame whose end is still to come. */
  private final Bytes carry = new Bytes(0);

  /** Where the line under way begins in what is carried; negative if most of it was passed on. */
  private int line;

  /** Whether the frame under way is too long to be usage, and passed on as it comes. */
  private boolean passing;

  private static final int FRAME_BYTES_MAX = 64 << 10;

  /** Takes more of the stream, and passes on what may go. */
  void accept(byte[] bytes, int offset, int length, Passed passed) {
    if (carry.size() == 0) {
      int kept = cut(bytes, offset, offset, offset + length, passed);
      carry.write(bytes, kept, offset + length - kept);
      return;
    }
    int scanned = carry.size();
    carry.write(bytes, offset, length);
    int kept = cut(carry.array(), 0, scanned, carry.size(), passed);
    if (kept > 0) {
      byte[] rest = java.util.Arrays.copyOfRange(carry.array(), kept, carry.size());
      carry.reset();
      carry.writeBytes(rest);
    }
  }

  /**
   * Passes on what is whole.
   *
   * @param from where the frame under way begins
   * @param scanned from where on there is something new
   * @return from where on bytes are to be carried
   */
  private int cut(byte[] all, int from, int scanned, int end, Passed passed) {
    int frame = from;
    int pass = from;
    int lineStart = from + line;
    for (int i = Search.next(all, scanned, end, '\n'); i < end; ) {
      boolean empty = i == lineStart || (i == lineStart + 1 && all[lineStart] == '\r');
      lineStart = i + 1;
      if (empty) {
        if (!passing && isUsageOnly(all, frame, lineStart)) {
          passed.piece(all, pass, frame - pass);
          pass = lineStart;
        }
        passing = false;
        frame = lineStart;
      }
      i = Search.next(all, lineStart, end, '\n');
    }
    int kept = frame;
    if (passing || end - frame > FRAME_BYTES_MAX) {
      passing = true;
      kept = end - lineStart < 2 ? Math.max(lineStart, frame) : end;
    }
    passed.piece(all, pass, kept - pass);
    line = Math.max(lineStart - kept, -2);
    return kept;
  }

  /** The stream is over: what is left of it, a frame without its empty line, goes on. */
  void end(Passed passed) {
    if (passing || !isUsageOnly(carry.array(), 0, carry.size())) {
      passed.piece(carry.array(), 0, carry.size());
    }
    carry.reset();
  }

  private static boolean isUsageOnly(byte[] bytes, int from, int to) {
    if (!namesUsage(bytes, from, to)) {
      return false;
    }
    int start = from;
    while (start < to && bytes[start] != '{') {
      start++;
    }
    int stop = to;
    while (stop > start && bytes[stop - 1] != '}') {
      stop--;
    }
    if (start >= stop) {
      return false;
    }
    JsonScanner scanner = SCANNER.get();
    try {
      scanner.scan(bytes, start, stop - start);
    } catch (Malformed e) {
      return false;
    }
    int usage = scanner.find("usage");
    int choices = scanner.find("choices");
    return usage >= 0
        && scanner.kind(usage) == '{'
        && choices >= 0
        && isEmptyArray(bytes, scanner.valueStart(choices), scanner.valueEnd(choices));
  }

  /** Whether an object follows the name anywhere: many vendors send it in each frame, as null. */
  private static boolean namesUsage(byte[] bytes, int from, int to) {
    int at = Search.find(bytes, from, to, USAGE);
    while (at >= 0) {
      int value = at + USAGE.length();
      while (value < to && (bytes[value] <= ' ' || bytes[value] == ':')) {
        value++;
      }
      if (value < to && bytes[value] == '{') {
        return true;
      }
      at = Search.find(bytes, at + 1, to, USAGE);
    }
    return false;
  }

  private static boolean isEmptyArray(byte[] bytes, int from, int to) {
    if (bytes[from] != '[') {
      return false;
    }
    for (int i = from + 1; i < to - 1; i++) {
      if (bytes[i] > ' ') {
        return false;
      }
    }
    return true;
  }
}
