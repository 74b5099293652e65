package dev.understudy.protocol.gemini;

import dev.understudy.protocol.wire.EndMark;
import dev.understudy.protocol.wire.SseReader;
import java.io.ByteArrayOutputStream;

/**
 * Cuts a streamed body into its chunks, whichever of the API's two forms it has.
 *
 * <p>With {@code alt=sse} a body is server-sent events, without it one JSON array whose elements
 * arrive one after another; the first byte tells which.
 */
final class ChunkCutter {
  /** What hears the chunks. */
  interface Listener {
    /** One chunk; the buffer is only good during the call. */
    void chunk(byte[] json, int offset, int length);

    /** A sign of life between chunks. */
    void comment();
  }

  private enum Form {
    UNKNOWN,
    EVENTS,
    ARRAY
  }

  private final Listener listener;
  private final SseReader events;
  private final ByteArrayOutputStream element = new ByteArrayOutputStream();
  private Form form = Form.UNKNOWN;
  private int depth;
  private boolean inString;
  private boolean escaped;

  ChunkCutter(Listener listener) {
    this.listener = listener;
    this.events =
        new SseReader(
            new SseReader.Listener() {
              @Override
              public void event(String name, byte[] data, int offset, int length) {
                if (!EndMark.saysNothing(data, offset, length)) {
                  listener.chunk(data, offset, length);
                }
              }

              @Override
              public void comment() {
                listener.comment();
              }
            });
  }

  /**
   * Takes the next bytes.
   *
   * @throws IllegalStateException if a chunk is longer than {@link SseReader#EVENT_BYTES_MAX}
   */
  void accept(byte[] bytes, int offset, int length) {
    int from = offset;
    int end = offset + length;
    while (form == Form.UNKNOWN && from < end) {
      byte first = bytes[from];
      if (first == '[' || first == '{') {
        form = Form.ARRAY;
      } else if (first > ' ' || first < 0) {
        form = Form.EVENTS;
      } else {
        from++;
      }
    }
    if (form == Form.EVENTS) {
      events.accept(bytes, from, end - from);
    } else if (form == Form.ARRAY) {
      array(bytes, from, end);
    }
  }

  void end() {
    if (form == Form.EVENTS) {
      events.end();
    }
  }

  /** Whether bytes of a chunk are here whose end has not come. */
  boolean isInsideChunk() {
    return depth > 0;
  }

  /** Brackets of the array itself and commas between its elements stand outside every object. */
  private void array(byte[] bytes, int from, int end) {
    int start = from;
    for (int i = from; i < end; i++) {
      byte b = bytes[i];
      if (depth == 0) {
        if (b == '{') {
          depth = 1;
          start = i;
        }
      } else if (escaped) {
        escaped = false;
      } else if (inString) {
        inString = b != '"';
        escaped = b == '\\';
      } else if (b == '"') {
        inString = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
        if (depth == 0) {
          element(bytes, start, i + 1);
        }
      }
    }
    if (depth > 0) {
      keep(bytes, start, end);
    }
  }

  private void element(byte[] bytes, int start, int end) {
    if (element.size() == 0) {
      listener.chunk(bytes, start, end - start);
      return;
    }
    keep(bytes, start, end);
    byte[] whole = element.toByteArray();
    element.reset();
    listener.chunk(whole, 0, whole.length);
  }

  private void keep(byte[] bytes, int start, int end) {
    if ((long) element.size() + (end - start) > SseReader.EVENT_BYTES_MAX) {
      throw new IllegalStateException(
          "a chunk is longer than " + SseReader.EVENT_BYTES_MAX + " bytes");
    }
    element.write(bytes, start, end - start);
  }
}
