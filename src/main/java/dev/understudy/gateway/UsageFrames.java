package dev.understudy.gateway;

import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.wire.Bytes;

/**
 * Withholds from a Chat stream the one frame that was asked for on the gateway's own account: usage
 * without a choice. All other frames pass as they are, each as soon as it is whole.
 */
final class UsageFrames {
  private final JsonScanner scanner = new JsonScanner();
  private final Bytes carry = new Bytes();
  private final Bytes passed = new Bytes();

  /** Where the line under way begins in what is carried; negative if most of it was passed on. */
  private int line;

  private int scanned;

  /** Whether the frame under way is too long to be usage, and passed on as it comes. */
  private boolean passing;

  private static final int FRAME_BYTES_MAX = 64 << 10;

  /** Takes more of the stream; returns what may go on, which is only good until the next call. */
  Bytes accept(byte[] bytes, int offset, int length) {
    passed.reset();
    carry.write(bytes, offset, length);
    byte[] all = carry.array();
    int end = carry.size();
    int frame = 0;
    for (int i = scanned; i < end; i++) {
      if (all[i] == '\n') {
        boolean empty = i == line || (i == line + 1 && all[line] == '\r');
        line = i + 1;
        if (empty) {
          if (passing || !isUsageOnly(all, frame, line)) {
            passed.write(all, frame, line - frame);
          }
          passing = false;
          frame = line;
        }
      }
    }
    int kept = frame;
    if (passing || end - frame > FRAME_BYTES_MAX) {
      passing = true;
      kept = end - line < 2 ? Math.max(line, frame) : end;
      passed.write(all, frame, kept - frame);
    }
    if (kept > 0) {
      byte[] rest = java.util.Arrays.copyOfRange(all, kept, end);
      carry.reset();
      carry.writeBytes(rest);
      line = Math.max(line - kept, -2);
    }
    scanned = carry.size();
    return passed;
  }

  /** The stream is over: what is left of it, a frame without its empty line. */
  Bytes end() {
    passed.reset();
    if (passing || !isUsageOnly(carry.array(), 0, carry.size())) {
      passed.write(carry.array(), 0, carry.size());
    }
    carry.reset();
    return passed;
  }

  private boolean isUsageOnly(byte[] bytes, int from, int to) {
    int start = from;
    while (start < to && bytes[start] != '{') {
      start++;
    }
    int stop = to;
    while (stop > start && bytes[stop - 1] != '}') {
      stop--;
    }
    if (start >= stop || !Search.contains(bytes, start, stop, "\"usage\"")) {
      return false;
    }
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
