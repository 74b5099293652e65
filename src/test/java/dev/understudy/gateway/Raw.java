package dev.understudy.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A caller on a plain socket, who may send what no HTTP client would. */
final class Raw implements AutoCloseable {
  /** How long an answer may take before a test calls it a hang. */
  private static final int PATIENCE_MILLIS = 20_000;

  final Socket socket;
  private final InputStream in;

  Raw(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = socket.getInputStream();
  }

  Raw send(String latin1) throws IOException {
    return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  Raw send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** A reply as it came. */
  record Reply(int status, String head, String body) {
    boolean has(String header) {
      return head.toLowerCase(Locale.ROOT).contains("\r\n" + header);
    }
  }

  /** The next reply, which must state its length or come in chunks. */
  Reply reply() throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed, after " + head);
      }
      head.append((char) b);
    }
    String text = head.toString();
    int status = Integer.parseInt(text.substring(9, 12));
    if (status == 100) {
      return new Reply(status, text, "");
    }
    String lower = text.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("\r\ncontent-length: ");
    if (at >= 0) {
      int from = at + 18;
      int length = Integer.parseInt(text.substring(from, text.indexOf('\r', from)));
      return new Reply(status, text, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
    var body = new ByteArrayOutputStream();
    if (!lower.contains("transfer-encoding: chunked")) {
      in.transferTo(body);
      return new Reply(status, text, body.toString(StandardCharsets.UTF_8));
    }
    while (true) {
      int size = Integer.parseInt(line(), 16);
      body.writeBytes(in.readNBytes(size));
      line();
      if (size == 0) {
        return new Reply(status, text, body.toString(StandardCharsets.UTF_8));
      }
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("closed in a chunk");
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }

  /** All that comes until the connection closes; fails if it stays open. */
  String rest() throws IOException {
    var all = new ByteArrayOutputStream();
    try {
      in.transferTo(all);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection hangs after: " + all, e);
    } catch (IOException e) {
      // A reset is an end as well.
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** A request with a body, its length stated. */
  static String post(String path, String body, String... headers) {
    var text = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return text.append("Content-Length: ").append(bytes.length).append("\r\n\r\n")
        + new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
