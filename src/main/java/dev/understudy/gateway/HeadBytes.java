package dev.understudy.gateway;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The head of one message while it is put together; an event loop has one for all its messages. */
final class HeadBytes {
  private static final int FIRST_BYTES = 2 << 10;
  private static final int KEPT_BYTES_MAX = 64 << 10;
  private static final byte[] LINE_END = {'\r', '\n'};

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;

  /** A piece of a head that is the same in many. */
  static byte[] constant(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Begins with nothing. */
  HeadBytes begin() {
    length = 0;
    if (bytes.length > KEPT_BYTES_MAX) {
      bytes = new byte[FIRST_BYTES];
    }
    return this;
  }

  HeadBytes raw(byte[] constant) {
    return raw(constant, 0, constant.length);
  }

  HeadBytes raw(byte[] from, int offset, int count) {
    reserve(count);
    System.arraycopy(from, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** Characters beyond ASCII become question marks. */
  HeadBytes text(String text) {
    int count = text.length();
    reserve(count);
    byte[] out = bytes;
    int at = length;
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      out[at++] = (byte) (c < 0x80 ? c : '?');
    }
    length = at;
    return this;
  }

  /** A number that is not negative. */
  HeadBytes number(int number) {
    reserve(10);
    int digits = 1;
    for (int rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    int rest = number;
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  HeadBytes lineEnd() {
    return raw(LINE_END);
  }

  int length() {
    return length;
  }

  void writeTo(ByteBuf out) {
    out.writeBytes(bytes, 0, length);
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}
