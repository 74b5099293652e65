package dev.understudy.gateway;

import dev.understudy.protocol.wire.Bytes;

/**
 * Lets server-sent events through as soon as they are whole, so that what a caller has never ends
 * in the middle of one. A read that ends with an event's empty line, as almost all do, is not
 * copied.
 */
final class WholeFrames {
  /** A longer event goes through in pieces. */
  static final int FRAME_BYTES_MAX = 1 << 20;

  /** Takes bytes of whole events; the array is only good during the call. */
  interface Taker {
    void take(byte[] bytes, int offset, int length);
  }

  private final Bytes carry = new Bytes(0);
  private boolean broke;

  void accept(byte[] bytes, int offset, int length, Taker taker) {
    if (broke) {
      taker.take(bytes, offset, length);
      return;
    }
    if (carry.size() == 0) {
      int whole = end(bytes, offset, offset + length) - offset;
      if (whole > 0) {
        taker.take(bytes, offset, whole);
      }
      carry.write(bytes, offset + whole, length - whole);
    } else {
      // The empty line may have come in two.
      carry.write(bytes, offset, length);
      int whole = end(carry.array(), 0, carry.size());
      if (whole > 0) {
        byte[] all = carry.take();
        carry.write(all, whole, all.length - whole);
        taker.take(all, 0, whole);
      }
    }
    if (carry.size() > FRAME_BYTES_MAX) {
      broke = true;
      end(taker);
    }
  }

  /** The stream is over: what is left of it, an event without its empty line. */
  void end(Taker taker) {
    if (carry.size() > 0) {
      byte[] rest = carry.take();
      taker.take(rest, 0, rest.length);
    }
  }

  /** One past the last empty line before {@code to}; {@code from} if there is none. */
  static int end(byte[] bytes, int from, int to) {
    for (int at = to; at > from + 1; at--) {
      if (bytes[at - 1] == '\n'
          && (bytes[at - 2] == '\n'
              || (at > from + 2 && bytes[at - 2] == '\r' && bytes[at - 3] == '\n'))) {
        return at;
      }
    }
    return from;
  }
}
