package dev.understudy.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/**
 * The headers that are ours in a reply, written so that nothing a stranger sent can break a line.
 */
final class ReplyHeaders {
  private final StringBuilder text = new StringBuilder(256);

  /** Adds a header; what cannot stand in one is percent-encoded, and the value is cut at 4 KiB. */
  ReplyHeaders add(String name, String value) {
    text.append(name).append(": ");
    printable(value, text);
    text.append("\r\n");
    return this;
  }

  /** {@code value} as it may stand in a line of text: printable ASCII, of bounded length. */
  static String printable(String value) {
    var text = new StringBuilder(value.length());
    printable(value, text);
    return text.toString();
  }

  private static void printable(String value, StringBuilder text) {
    int max = text.length() + VALUE_MAX;
    for (int i = 0; i < value.length() && text.length() < max; i++) {
      char c = value.charAt(i);
      if (c >= 0x20 && c < 0x7F) {
        text.append(c);
      } else {
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
          text.append('%')
              .append(Character.forDigit((b >> 4) & 15, 16))
              .append(Character.forDigit(b & 15, 16));
        }
      }
    }
  }

  private static final int VALUE_MAX = 4 << 10;

  static void statusLine(int status, ByteBuf out) {
    HttpResponseStatus known = HttpResponseStatus.valueOf(status);
    ascii("HTTP/1.1 " + status + " " + known.reasonPhrase() + "\r\n", out);
  }

  void writeTo(ByteBuf out) {
    ascii(text, out);
  }

  static void ascii(CharSequence text, ByteBuf out) {
    out.writeCharSequence(text, StandardCharsets.US_ASCII);
  }
}
