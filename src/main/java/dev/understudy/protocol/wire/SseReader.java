package dev.understudy.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into server-sent events, however it arrives.
 *
 * <p>Lines may end in LF, CR or CR LF, and several {@code data} lines make one event, as the HTML
 * standard's chapter on server-sent events says. An event without its empty line at the end of the
 * stream is not an event there; {@link #end()} still delivers it, because some vendors leave out
 * the last empty line.
 */
public final class SseReader {
  /** What hears the events. */
  public interface Listener {
    /**
     * One event.
     *
     * @param name the event's name, empty if it has none
     * @param data a buffer that is only good during the call
     */
    void event(String name, byte[] data, int offset, int length);

    /** A comment, which keeps the connection alive. */
    default void comment() {}
  }

  /** Longest event that is read; a longer one is an error of the stream. */
  public static final int EVENT_BYTES_MAX = 64 << 20;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long LINE_FEEDS = ONES * '\n';
  private static final long CARRIAGE_RETURNS = ONES * '\r';

  private static final int ROOM_BYTES_MIN = 512;

  private final Listener listener;
  // Of no use to most streams, whose events come one whole line each, and of which there are many.
  private byte[] line = {};
  private int lineLength;
  private byte[] data = {};
  private int dataLength;
  private boolean hasData;
  private String name = "";
  private boolean skipLineFeed;
  private boolean first = true;

  public SseReader(Listener listener) {
    this.listener = listener;
  }

  /**
   * Takes the next bytes.
   *
   * @throws IllegalStateException if an event is longer than {@link #EVENT_BYTES_MAX}
   */
  public void accept(byte[] bytes, int offset, int length) {
    int start = offset;
    int end = offset + length;
    while (start < end) {
      if (skipLineFeed) {
        skipLineFeed = false;
        if (bytes[start] == '\n') {
          start++;
          continue;
        }
      }
      int stop = lineEnd(bytes, start, end);
      if (stop == end) {
        append(bytes, start, end - start);
        return;
      }
      int next = afterLineEnd(bytes, stop, end);
      if (lineLength > 0) {
        append(bytes, start, stop - start);
        int filled = lineLength;
        lineLength = 0;
        line(line, 0, filled);
      } else if (isWholeEvent(bytes, start, stop, next, end)) {
        // The usual case, an event of one data line that arrived in one piece, is not copied.
        int skip = valueOffset(bytes, start, stop - start, 4);
        String event = name;
        name = "";
        first = false;
        listener.event(event, bytes, start + skip, stop - start - skip);
        next = afterLineEnd(bytes, next, end);
      } else {
        line(bytes, start, stop - start);
      }
      start = next;
    }
  }

  /**
   * Whether a line is the only data of its event, whose empty line follows. Then it has no byte
   * order mark, either.
   */
  private boolean isWholeEvent(byte[] bytes, int start, int stop, int next, int end) {
    return !hasData
        && next < end
        && (bytes[next] == '\n' || (bytes[next] == '\r' && !skipLineFeed))
        && startsWith(bytes, start, stop - start, "data");
  }

  /** Past a line end; a CR at the very end of what has come may have its LF still to come. */
  private int afterLineEnd(byte[] bytes, int at, int end) {
    if (bytes[at] == '\n') {
      return at + 1;
    }
    if (at + 1 < end) {
      return bytes[at + 1] == '\n' ? at + 2 : at + 1;
    }
    skipLineFeed = true;
    return at + 1;
  }

  /** The next CR or LF, eight bytes at a time; {@code end} if there is none. */
  private static int lineEnd(byte[] bytes, int from, int end) {
    int at = from;
    while (at + 8 <= end) {
      long word = (long) LONGS.get(bytes, at);
      long feed = word ^ LINE_FEEDS;
      long carriage = word ^ CARRIAGE_RETURNS;
      long hit = (((feed - ONES) & ~feed) | ((carriage - ONES) & ~carriage)) & HIGHS;
      if (hit != 0) {
        return at + (Long.numberOfTrailingZeros(hit) >>> 3);
      }
      at += 8;
    }
    while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
      at++;
    }
    return at;
  }

  /** The stream ended; an event that lacks only its empty line is delivered. */
  public void end() {
    if (lineLength > 0) {
      int filled = lineLength;
      lineLength = 0;
      line(line, 0, filled);
    }
    dispatch();
  }

  private void line(byte[] bytes, int from, int length) {
    int offset = from;
    int count = length;
    if (first) {
      first = false;
      if (count >= 3
          && bytes[offset] == (byte) 0xEF
          && bytes[offset + 1] == (byte) 0xBB
          && bytes[offset + 2] == (byte) 0xBF) {
        offset += 3;
        count -= 3;
      }
    }
    if (count == 0) {
      dispatch();
    } else if (bytes[offset] == ':') {
      listener.comment();
    } else if (startsWith(bytes, offset, count, "data")) {
      int skip = valueOffset(bytes, offset, count, 4);
      addData(bytes, offset + skip, count - skip);
    } else if (startsWith(bytes, offset, count, "event")) {
      int skip = valueOffset(bytes, offset, count, 5);
      name = new String(bytes, offset + skip, count - skip, StandardCharsets.UTF_8);
    }
    // id, retry and unknown fields mean nothing to a reply.
  }

  private void dispatch() {
    if (hasData) {
      hasData = false;
      int filled = dataLength;
      dataLength = 0;
      String event = name;
      name = "";
      listener.event(event, data, 0, filled);
    } else {
      name = "";
    }
  }

  private void addData(byte[] bytes, int offset, int length) {
    int separator = hasData ? 1 : 0;
    data = room(data, dataLength, length + separator);
    if (hasData) {
      data[dataLength] = '\n';
    }
    System.arraycopy(bytes, offset, data, dataLength + separator, length);
    dataLength += length + separator;
    hasData = true;
  }

  private void append(byte[] bytes, int offset, int length) {
    line = room(line, lineLength, length);
    System.arraycopy(bytes, offset, line, lineLength, length);
    lineLength += length;
  }

  private static byte[] room(byte[] array, int filled, int more) {
    long needed = (long) filled + more;
    if (needed > EVENT_BYTES_MAX) {
      throw new IllegalStateException("an event is longer than " + EVENT_BYTES_MAX + " bytes");
    }
    if (needed <= array.length) {
      return array;
    }
    return Arrays.copyOf(
        array,
        (int)
            Math.min(
                EVENT_BYTES_MAX, Math.max(ROOM_BYTES_MIN, Math.max(needed, array.length * 2L))));
  }

  private static boolean startsWith(byte[] bytes, int offset, int length, String field) {
    if (length < field.length()) {
      return false;
    }
    for (int i = 0; i < field.length(); i++) {
      if (bytes[offset + i] != field.charAt(i)) {
        return false;
      }
    }
    return length == field.length() || bytes[offset + field.length()] == ':';
  }

  private static int valueOffset(byte[] bytes, int offset, int length, int fieldLength) {
    if (length == fieldLength) {
      return fieldLength;
    }
    int colon = fieldLength + 1;
    return length > colon && bytes[offset + colon] == ' ' ? colon + 1 : colon;
  }
}
