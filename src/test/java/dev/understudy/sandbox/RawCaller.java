package dev.understudy.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A caller on a bare socket, which sees what an HTTP client would hide. */
final class RawCaller {

  /** How a connection ended. */
  enum End {
    CLOSED,
    RESET,
    OPEN
  }

  /** All bytes of a connection, as Latin-1 text, and how it ended. */
  record Seen(String text, End end) {
    String body() {
      return text.substring(text.indexOf("\r\n\r\n") + 4);
    }
  }

  private RawCaller() {}

  /** Posts a body and reads until the connection ends or nothing came for so long. */
  static Seen post(int port, String path, String headers, String body, int quietMillis)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nhost: sandbox\r\ncontent-type: application/json\r\n%scontent-length: %d\r\n\r\n"
            .formatted(path, headers, bytes.length);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(quietMillis);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return read(socket);
    }
  }

  private static Seen read(Socket socket) throws IOException {
    var seen = new ByteArrayOutputStream();
    End end;
    byte[] buffer = new byte[8192];
    try {
      int count;
      while ((count = socket.getInputStream().read(buffer)) > 0) {
        seen.write(buffer, 0, count);
      }
      end = End.CLOSED;
    } catch (SocketTimeoutException e) {
      end = End.OPEN;
    } catch (SocketException e) {
      end = End.RESET;
    }
    return new Seen(seen.toString(StandardCharsets.ISO_8859_1), end);
  }
}
