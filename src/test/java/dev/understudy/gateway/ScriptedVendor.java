package dev.understudy.gateway;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A vendor on a plain socket that says exactly the bytes a test wants, when it wants. */
final class ScriptedVendor implements AutoCloseable {
  /** A request as it arrived; header names in lower case. */
  record Seen(String line, Map<String, String> headers, String body) {}

  /** What the vendor does with one request. */
  interface Script {
    void play(Seen seen, Socket socket, OutputStream out) throws IOException, InterruptedException;
  }

  final List<Seen> seen = new CopyOnWriteArrayList<>();
  final List<Socket> open = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private volatile Script script;

  ScriptedVendor(Script script) throws IOException {
    this.script = script;
    this.server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void script(Script other) {
    script = other;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        String line = line(in);
        if (line.isEmpty()) {
          return;
        }
        var headers = new TreeMap<String, String>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
          int colon = header.indexOf(':');
          headers.put(
              header.substring(0, colon).toLowerCase(Locale.ROOT),
              header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        var request =
            new Seen(line, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
        seen.add(request);
        script.play(request, socket, out);
        out.flush();
        if (socket.isClosed()) {
          return;
        }
      }
    } catch (IOException e) {
      // The gateway hung up, which tests may well want.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Answers everything with one JSON body. */
  static Script json(int status, String body, String... headers) {
    return (seen, socket, out) -> out.write(response(status, "application/json", body, headers));
  }

  static byte[] response(int status, String type, String body, String... headers) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    var head =
        new StringBuilder("HTTP/1.1 %d Whatever\r\ncontent-type: %s\r\n".formatted(status, type));
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("content-length: ").append(bytes.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] all = java.util.Arrays.copyOf(start, start.length + bytes.length);
    System.arraycopy(bytes, 0, all, start.length, bytes.length);
    return all;
  }

  /** Answers everything with one stream of events, in one chunk each, and ends it well. */
  static Script events(String... events) {
    return (seen, socket, out) -> {
      streamHead(out);
      for (String event : events) {
        chunk(out, event);
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    };
  }

  static void streamHead(OutputStream out) throws IOException {
    out.write(
        ("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: req_1\r\n"
                + "transfer-encoding: chunked\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
  }

  static void chunk(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
    out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
