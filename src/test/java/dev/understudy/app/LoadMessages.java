package dev.understudy.app;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Finds whole HTTP messages, whose length their heads tell, in what a connection reads. */
final class LoadMessages {
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  private byte[] bytes = new byte[4 << 10];
  private int end;

  /** The head of a message that is there whole, with its line first. */
  record Head(String text) {
    boolean isAnswer(int status) {
      return text.startsWith("HTTP/1.1 " + status + " ");
    }

    /** What a header says; its name in small letters. */
    Optional<String> header(String name) {
      int at = text.toLowerCase(Locale.ROOT).indexOf("\r\n" + name + ":");
      if (at < 0) {
        return Optional.empty();
      }
      int from = at + 2 + name.length() + 1;
      return Optional.of(text.substring(from, text.indexOf('\r', from)).strip());
    }
  }

  /** Takes what was read. */
  void accept(ByteBuffer read) {
    int more = read.remaining();
    if (end + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + more));
    }
    read.get(bytes, end, more);
    end += more;
  }

  /** The next message that is there whole; it is taken away. */
  Optional<Head> next() {
    int headEnd = headEnd();
    if (headEnd < 0) {
      return Optional.empty();
    }
    var head = new Head(new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1));
    int length = headEnd + Integer.parseInt(head.header("content-length").orElse("0"));
    if (end < length) {
      return Optional.empty();
    }
    System.arraycopy(bytes, length, bytes, 0, end - length);
    end -= length;
    return Optional.of(head);
  }

  private int headEnd() {
    for (int at = 0; at + HEAD_END.length <= end; at++) {
      if (Arrays.equals(bytes, at, at + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
        return at + HEAD_END.length;
      }
    }
    return -1;
  }
}
