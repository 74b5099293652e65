package dev.understudy.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/**
 * The reply to one caller, written to its connection: in one piece, or piece by piece. What is
 * written gathers until {@link #flush}, so that one read of a vendor's reply is one write here.
 */
final class CallerReply {
  private final @Nullable Channel channel;
  private final LoopState loop;
  private final boolean http10;
  private final boolean keepAlive;
  private @Nullable ByteBuf out;
  private boolean begun;
  private boolean complete;
  private long bodyBytes;

  CallerReply(@Nullable Channel channel, LoopState loop, boolean http10, boolean keepAlive) {
    this.channel = channel;
    this.loop = loop;
    this.http10 = http10;
    this.keepAlive = keepAlive;
  }

  /** A reply to nobody, of a call that only we want to hear of. */
  static CallerReply toNobody(LoopState loop) {
    return new CallerReply(null, loop, false, true);
  }

  /** Whether the head has been written: from here on the status cannot change. */
  boolean hasBegun() {
    return begun;
  }

  boolean isComplete() {
    return complete;
  }

  /** How many bytes of body were written so far, framing not counted. */
  long bodyBytes() {
    return bodyBytes;
  }

  /** Whether the caller takes what is written; if not, the vendor should be slowed down. */
  boolean isWritable() {
    return channel == null || channel.isWritable();
  }

  /** Whether the connection serves another call after this one. */
  boolean keepsConnection() {
    // A reply without a length to a caller of HTTP/1.0 ends with the connection.
    return keepAlive && !(http10 && streamed);
  }

  private boolean streamed;
  private @Nullable Capture capture;
  private @Nullable KeptReply kept;

  /** Lets somebody read along. */
  void capture(Capture reader) {
    capture = reader;
  }

  private int heldBytesMax;

  /** What of the loop's room for answers that are held back this one takes. */
  private long roomTaken;

  /** What the head says if more comes than is held back. */
  private @Nullable ReplyHeaders excuse;

  private @Nullable KeptReply reviewed;

  /**
   * Lets nothing go to the caller until {@link #letGo}, unless it becomes more than so much: then
   * all goes, and what follows.
   *
   * @param into keeps the body to be read
   * @param unheld what the head says if all goes
   */
  void holdBack(int bytesMax, KeptReply into, ReplyHeaders unheld) {
    excuse = unheld;
    heldBytesMax = bytesMax;
    reviewed = into;
  }

  /** Whether nothing has gone to the caller. */
  boolean isHeldBack() {
    return heldBytesMax > 0;
  }

  /** Sends what was held back. */
  void letGo() {
    heldBytesMax = 0;
    giveRoomBack();
    reviewed = null;
    flush();
  }

  /** A reply that is set aside while another is tried. */
  static final class Held {
    private final @Nullable ByteBuf bytes;
    private final boolean streamed;
    private final boolean complete;
    private final long bodyBytes;
    private final LoopState loop;
    private final long roomTaken;

    private Held(CallerReply of) {
      loop = of.loop;
      roomTaken = of.roomTaken;
      bytes = of.out;
      streamed = of.streamed;
      complete = of.complete;
      bodyBytes = of.bodyBytes;
    }

    /** Nobody will get it. */
    void release() {
      loop.unhold(roomTaken);
      if (bytes != null) {
        bytes.release();
      }
    }
  }

  /** Sets aside what was held back, as if nothing had been answered. */
  Held take() {
    var held = new Held(this);
    out = null;
    roomTaken = 0;
    begun = false;
    complete = false;
    streamed = false;
    bodyBytes = 0;
    capture = null;
    kept = null;
    return held;
  }

  /** Takes back what was set aside, in place of what has been answered since. */
  void restore(Held held) {
    discard();
    out = held.bytes;
    roomTaken = held.roomTaken;
    begun = true;
    complete = held.complete;
    streamed = held.streamed;
    bodyBytes = held.bodyBytes;
  }

  /** Puts headers into the head of a reply that is held back. */
  void annotate(ReplyHeaders headers) {
    ByteBuf before = out;
    if (before == null || heldBytesMax == 0) {
      return;
    }
    int line = before.bytesBefore((byte) '\n') + 1;
    if (line == 0) {
      return;
    }
    out = null;
    try {
      HeadBytes more = loop.head();
      headers.writeTo(more);
      ByteBuf whole = buffer(before.readableBytes() + more.length());
      whole.writeBytes(before, line);
      more.writeTo(whole);
      whole.writeBytes(before);
    } finally {
      before.release();
    }
  }

  /** Keeps the body for whoever compares it with another. */
  void keep(KeptReply into) {
    kept = into;
  }

  /** No headers yet: to be filled, and written with the next reply before others are begun. */
  ReplyHeaders headers() {
    return loop.headers();
  }

  /** Writes a whole reply. {@code forwarded} lends its headers. */
  void whole(
      int status,
      String mediaType,
      @Nullable ResponseHead forwarded,
      ReplyHeaders headers,
      byte[] body,
      int offset,
      int length) {
    HeadBytes head = head(status, mediaType, forwarded, headers);
    head.raw(CONTENT_LENGTH).number(length).lineEnd().lineEnd();
    ByteBuf buffer = buffer(head.length() + length);
    head.writeTo(buffer);
    buffer.writeBytes(body, offset, length);
    bodyBytes = length;
    if (capture != null) {
      capture.piece(body, offset, length, false);
    }
    if (kept != null) {
      kept.piece(body, offset, length, false);
    }
    if (reviewed != null) {
      reviewed.piece(body, offset, length, false);
    }
    complete = true;
  }

  /** Writes the head of a reply that comes piece by piece. */
  void begin(int status, String mediaType, @Nullable ResponseHead forwarded, ReplyHeaders headers) {
    streamed = true;
    HeadBytes head = head(status, mediaType, forwarded, headers);
    if (!http10) {
      head.raw(CHUNKED);
    }
    head.lineEnd().writeTo(buffer(head.length() + FIRST_PIECES_BYTES));
  }

  /** What is likely to follow the head of a stream in the same write. */
  private static final int FIRST_PIECES_BYTES = 2 << 10;

  private static final byte[] OK = HeadBytes.constant("HTTP/1.1 200 OK\r\n");
  private static final byte[] VERSION = HeadBytes.constant("HTTP/1.1 ");
  private static final byte[] CONTENT_TYPE = HeadBytes.constant("content-type: ");
  private static final byte[] CONTENT_LENGTH = HeadBytes.constant("content-length: ");
  private static final byte[] CHUNKED = HeadBytes.constant("transfer-encoding: chunked\r\n");
  private static final byte[] CLOSE = HeadBytes.constant("connection: close\r\n");
  private static final byte[] KEEP_ALIVE = HeadBytes.constant("connection: keep-alive\r\n");
  private static final byte[] END = HeadBytes.constant("0\r\n\r\n");

  private HeadBytes head(
      int status, String mediaType, @Nullable ResponseHead forwarded, ReplyHeaders headers) {
    begun = true;
    HeadBytes head = loop.head();
    if (status == 200) {
      head.raw(OK);
    } else {
      head.raw(VERSION).text(HttpResponseStatus.valueOf(status).toString()).lineEnd();
    }
    head.raw(CONTENT_TYPE).text(mediaType).lineEnd();
    if (forwarded != null) {
      forwarded.forward(head, !headers.tellsRateLimits());
    }
    headers.writeTo(head);
    if (!keepsConnection()) {
      head.raw(CLOSE);
    } else if (http10) {
      head.raw(KEEP_ALIVE);
    }
    return head;
  }

  /** Writes a piece of a streamed reply. */
  void piece(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return;
    }
    bodyBytes += length;
    if (capture != null) {
      capture.piece(bytes, offset, length, true);
    }
    if (kept != null) {
      kept.piece(bytes, offset, length, true);
    }
    if (reviewed != null) {
      reviewed.piece(bytes, offset, length, true);
    }
    ByteBuf buffer = buffer(length + 16);
    if (http10) {
      buffer.writeBytes(bytes, offset, length);
      return;
    }
    hex(length, buffer);
    buffer.writeShort(CRLF);
    buffer.writeBytes(bytes, offset, length);
    buffer.writeShort(CRLF);
  }

  private static final int CRLF = ('\r' << 8) | '\n';

  private static void hex(int value, ByteBuf buffer) {
    int shift = (31 - Integer.numberOfLeadingZeros(value)) / 4 * 4;
    for (; shift >= 0; shift -= 4) {
      buffer.writeByte(Character.forDigit((value >> shift) & 15, 16));
    }
  }

  /** Ends a streamed reply. */
  void end() {
    if (!http10) {
      buffer(END.length).writeBytes(END);
    }
    complete = true;
  }

  /** Sends what has gathered. */
  void flush() {
    ByteBuf buffer = out;
    if (buffer != null) {
      if (heldBytesMax > 0) {
        if (buffer.readableBytes() <= heldBytesMax && takesRoom(buffer.readableBytes())) {
          return;
        }
        if (excuse != null) {
          annotate(excuse);
          buffer = buffer(0);
        }
        heldBytesMax = 0;
        giveRoomBack();
      }
      out = null;
      if (channel == null) {
        buffer.release();
      } else {
        channel.write(buffer, channel.voidPromise());
        loop.flushes().add(channel);
      }
    }
  }

  /** Twice: as it goes to the caller, and as it is read meanwhile. */
  private boolean takesRoom(int bytes) {
    long more = 2L * bytes - roomTaken;
    if (!loop.hold(more)) {
      return false;
    }
    roomTaken += more;
    return true;
  }

  private void giveRoomBack() {
    loop.unhold(roomTaken);
    roomTaken = 0;
  }

  /** Holds back what was flushed in this turn of the event loop. */
  void withhold() {
    if (channel != null) {
      loop.flushes().withhold(channel);
    }
  }

  /** Sends what was held back. */
  void release() {
    if (channel != null) {
      loop.flushes().add(channel);
    }
  }

  private ByteBuf buffer(int more) {
    ByteBuf buffer = out;
    if (buffer == null) {
      int room = Math.max(more, 256);
      buffer = channel == null ? Unpooled.buffer(room) : channel.alloc().directBuffer(room);
      out = buffer;
    }
    return buffer;
  }

  /** Ends a reply that cannot be finished by closing the connection in the middle of it. */
  void cut() {
    discard();
    if (channel != null) {
      channel.flush();
      channel.close();
    }
  }

  /** Throws away what has gathered; the caller is gone. */
  void discard() {
    giveRoomBack();
    ByteBuf buffer = out;
    if (buffer != null) {
      out = null;
      buffer.release();
    }
  }
}
