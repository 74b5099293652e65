package dev.understudy.gateway;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Reads the HTTP/1.1 responses of one connection to a vendor, cut anywhere.
 *
 * <p>The standard codec makes an object of every chunk, which is most of the cost of relaying a
 * stream; here the framing is undone in place, so that what one read brought is one piece of body.
 * Strict where leniency has been a hole: a length and a transfer coding at once, a coding other
 * than {@code chunked}, two lengths, folded headers and control characters are errors.
 */
final class ResponseParser {
  /** The longest head that is read, in bytes. */
  static final int HEAD_BYTES_MAX = 64 << 10;

  private static final int HEADERS_MAX = 256;
  private static final int CHUNK_LINE_MAX = 4 << 10;

  /** Interim responses before the response itself. */
  private static final int INTERIM_MAX = 16;

  /** What hears the response. */
  interface Listener {
    void head(ResponseHead head) throws BadResponse;

    /** Some of the body, framing undone; the array is only good during the call. */
    void body(byte[] bytes, int offset, int length);

    /** The response is complete. */
    void end();
  }

  private enum State {
    /** Nothing is expected; anything that comes is a fault. */
    IDLE,
    HEAD,
    FIXED,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_DATA_END,
    TRAILER
  }

  private final Listener listener;
  private State state = State.IDLE;
  private byte[] head = new byte[1024];
  private int headLength;
  private int lineStart;
  private int interim;
  private long remaining;
  private int lineLength;
  private boolean sizeSeen;
  private boolean sizeOver;
  private boolean keepAlive;
  private boolean ended;

  ResponseParser(Listener listener) {
    this.listener = listener;
  }

  /** A request was sent: one response is due. */
  void expect() {
    state = State.HEAD;
    headLength = 0;
    lineStart = 0;
    interim = 0;
    keepAlive = false;
  }

  /** Whether the connection can be used again, once the response is complete. */
  boolean isReusable() {
    return state == State.IDLE && keepAlive;
  }

  /** Whether any byte of the response has come. */
  boolean hasBegun() {
    return state != State.HEAD || headLength > 0;
  }

  /**
   * Takes what one read brought; the array's content may be moved about.
   *
   * @throws BadResponse if it is not a response; the connection must then be closed
   */
  void accept(byte[] bytes, int offset, int length) throws BadResponse {
    int at = offset;
    int end = offset + length;
    int bodyStart = -1;
    int bodyEnd = -1;
    ended = false;
    while (at < end && !ended) {
      switch (state) {
        case IDLE -> throw new BadResponse("it sent bytes that nobody asked for");
        case HEAD -> at = head(bytes, at, end);
        case FIXED -> {
          int n = (int) Math.min(remaining, end - at);
          remaining -= n;
          listener.body(bytes, at, n);
          at += n;
          if (remaining == 0) {
            complete();
          }
        }
        case UNTIL_CLOSE -> {
          listener.body(bytes, at, end - at);
          at = end;
        }
        case CHUNK_SIZE -> at = chunkSize(bytes, at, end);
        case CHUNK_DATA -> {
          int n = (int) Math.min(remaining, end - at);
          remaining -= n;
          if (bodyStart < 0) {
            bodyStart = at;
            bodyEnd = at + n;
          } else {
            System.arraycopy(bytes, at, bytes, bodyEnd, n);
            bodyEnd += n;
          }
          at += n;
          if (remaining == 0) {
            state = State.CHUNK_DATA_END;
            lineLength = 0;
          }
        }
        case CHUNK_DATA_END -> {
          byte b = bytes[at++];
          if (b == '\n') {
            startChunk();
          } else if (b != '\r' || lineLength++ > 0) {
            throw new BadResponse("a chunk does not end where it should");
          }
        }
        case TRAILER -> {
          byte b = bytes[at++];
          if (b == '\n') {
            if (lineLength == 0) {
              complete();
            } else {
              lineLength = 0;
            }
          } else if (b != '\r') {
            lineLength++;
            if (++remaining > CHUNK_LINE_MAX) {
              throw new BadResponse("its trailers are too long");
            }
          }
        }
      }
    }
    if (bodyStart >= 0) {
      listener.body(bytes, bodyStart, bodyEnd - bodyStart);
    }
    if (ended) {
      if (at < end) {
        // More than was asked for: the next response on this connection could not be trusted.
        keepAlive = false;
      }
      listener.end();
    }
  }

  /**
   * The vendor closed the connection.
   *
   * @throws BadResponse if a response was under way that does not end so
   */
  void closed() throws BadResponse {
    if (state == State.UNTIL_CLOSE) {
      complete();
      listener.end();
    } else if (state != State.IDLE) {
      throw new BadResponse(
          state == State.HEAD ? "it closed the connection without an answer" : "it broke off");
    }
  }

  private void complete() {
    state = State.IDLE;
    ended = true;
  }

  private void startChunk() {
    state = State.CHUNK_SIZE;
    remaining = 0;
    lineLength = 0;
    sizeSeen = false;
    sizeOver = false;
  }

  private int chunkSize(byte[] bytes, int from, int end) throws BadResponse {
    int at = from;
    while (at < end) {
      byte b = bytes[at++];
      if (b == '\n') {
        if (!sizeSeen) {
          throw new BadResponse("a chunk has no size");
        }
        state = remaining == 0 ? State.TRAILER : State.CHUNK_DATA;
        lineLength = 0;
        return at;
      }
      if (++lineLength > CHUNK_LINE_MAX) {
        throw new BadResponse("a chunk's size line is too long");
      }
      int digit = Character.digit(b, 16);
      if (digit >= 0 && !sizeOver) {
        if (remaining > (Long.MAX_VALUE >> 5)) {
          throw new BadResponse("a chunk is too large");
        }
        remaining = remaining * 16 + digit;
        sizeSeen = true;
      } else if (b == ';' || b == '\r' || b == ' ' || b == '\t' || sizeOver) {
        sizeOver = true;
      } else {
        throw new BadResponse("a chunk's size is not a number");
      }
    }
    return at;
  }

  private int head(byte[] bytes, int from, int end) throws BadResponse {
    int at = from;
    while (at < end) {
      int newline = at;
      while (newline < end && bytes[newline] != '\n') {
        newline++;
      }
      int stop = Math.min(newline + 1, end);
      append(bytes, at, stop - at);
      at = stop;
      if (newline == end) {
        return at;
      }
      int length = headLength - lineStart;
      boolean empty = length == 1 || (length == 2 && head[lineStart] == '\r');
      lineStart = headLength;
      if (empty) {
        if (headLength <= 2) {
          // An empty line before the status line is forgiven (RFC 9112, 2.2).
          headLength = 0;
          lineStart = 0;
          continue;
        }
        parseHead();
        return at;
      }
    }
    return at;
  }

  private void append(byte[] bytes, int from, int length) throws BadResponse {
    if (headLength + length > HEAD_BYTES_MAX) {
      throw new BadResponse("its head is longer than " + HEAD_BYTES_MAX + " bytes");
    }
    if (headLength + length > head.length) {
      head = Arrays.copyOf(head, Math.max(headLength + length, head.length * 2));
    }
    System.arraycopy(bytes, from, head, headLength, length);
    headLength += length;
  }

  private void parseHead() throws BadResponse {
    int at = lineEnd(0);
    int status = status(at);
    boolean http10 = head[7] == '0';
    int[] lines = new int[3 * 16];
    int count = 0;
    at = skipLineEnd(at);
    while (true) {
      int stop = lineEnd(at);
      if (stop == at) {
        break;
      }
      if (count == HEADERS_MAX) {
        throw new BadResponse("it has more than " + HEADERS_MAX + " headers");
      }
      if (3 * count == lines.length) {
        lines = Arrays.copyOf(lines, lines.length * 2);
      }
      lines[3 * count] = at;
      lines[3 * count + 1] = colon(at, stop);
      lines[3 * count + 2] = stop;
      count++;
      at = skipLineEnd(stop);
    }
    var parsed = new ResponseHead(Arrays.copyOf(head, headLength), lines, count, status, http10);
    headLength = 0;
    lineStart = 0;
    if (status < 200) {
      if (status == 101) {
        throw new BadResponse("it switched protocols");
      }
      if (++interim > INTERIM_MAX) {
        throw new BadResponse("it sent more than " + INTERIM_MAX + " interim responses");
      }
      return;
    }
    frame(parsed);
  }

  private void frame(ResponseHead parsed) throws BadResponse {
    keepAlive = !parsed.isHttp10() && !parsed.closesConnection();
    OptionalLong length = parsed.contentLength();
    String coding = parsed.header("transfer-encoding").orElse("");
    if (parsed.count("transfer-encoding") > 0) {
      if (length.isPresent()
          || parsed.isHttp10()
          || parsed.count("transfer-encoding") > 1
          || !coding.equalsIgnoreCase("chunked")) {
        throw new BadResponse("its framing is ambiguous");
      }
      startChunk();
      listener.head(parsed);
    } else if (parsed.status() == 204 || parsed.status() == 304) {
      listener.head(parsed);
      complete();
    } else if (length.isPresent()) {
      remaining = length.getAsLong();
      state = State.FIXED;
      listener.head(parsed);
      if (remaining == 0) {
        complete();
      }
    } else {
      keepAlive = false;
      state = State.UNTIL_CLOSE;
      listener.head(parsed);
    }
  }

  private int status(int end) throws BadResponse {
    boolean good =
        end >= 12
            && head[0] == 'H'
            && head[1] == 'T'
            && head[2] == 'T'
            && head[3] == 'P'
            && head[4] == '/'
            && head[5] == '1'
            && head[6] == '.'
            && (head[7] == '0' || head[7] == '1')
            && head[8] == ' '
            && (end == 12 || head[12] == ' ');
    int status = 0;
    for (int i = 9; good && i < 12; i++) {
      good = head[i] >= '0' && head[i] <= '9';
      status = status * 10 + head[i] - '0';
    }
    if (!good || status < 100) {
      throw new BadResponse("it does not speak HTTP/1.1");
    }
    return status;
  }

  private int colon(int from, int stop) throws BadResponse {
    int colon = -1;
    for (int i = from; i < stop; i++) {
      byte b = head[i];
      if (colon < 0) {
        if (b == ':') {
          colon = i;
        } else if (b <= 0x20 || b == 0x7F) {
          // Catches folded lines too: they begin with white space.
          throw new BadResponse("a header's name is malformed");
        }
      } else if ((b >= 0 && b < 0x20 && b != '\t') || b == 0x7F) {
        throw new BadResponse("a header's value holds control characters");
      }
    }
    if (colon <= from) {
      throw new BadResponse("a header has no name");
    }
    return colon;
  }

  /** From a line's start to its end, the line end excluded. */
  private int lineEnd(int from) {
    int at = from;
    while (head[at] != '\n') {
      at++;
    }
    return at > from && head[at - 1] == '\r' ? at - 1 : at;
  }

  private int skipLineEnd(int at) {
    return head[at] == '\r' ? at + 2 : at + 1;
  }
}
