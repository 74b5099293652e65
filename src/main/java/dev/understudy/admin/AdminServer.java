package dev.understudy.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the operators' resources over HTTP; {@code docs/reference/admin.md} lists them. */
public final class AdminServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AdminServer.class.getName());

  private static final int SHOWN_MAX = 200;

  /** The JDK's server reads its bounds from system properties, once, when it is first used. */
  private static final Map<String, String> BOUNDS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "60",
          "sun.net.httpserver.maxReqHeaders", "100",
          "sun.net.httpserver.maxReqHeaderSize", "32768",
          "sun.net.httpserver.drainAmount", "65536",
          "sun.net.httpserver.nodelay", "true",
          "jdk.httpserver.maxConnections", "256");

  static {
    BOUNDS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Doorkeeper doorkeeper;
  private final Resources resources;

  private AdminServer(HttpServer server, Doorkeeper doorkeeper, Resources resources) {
    this.server = server;
    this.doorkeeper = doorkeeper;
    this.resources = resources;
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /**
   * Opens the door.
   *
   * @param port 0 for any that is free
   * @param resources all there are; no two with the same method and path
   * @throws IOException if the port is taken or the address is none of this machine's; the message
   *     is fit for an operator
   */
  public static AdminServer open(
      InetAddress address, int port, Doorkeeper doorkeeper, List<Resource> resources)
      throws IOException {
    var known = new Resources(resources);
    var at = new InetSocketAddress(address, port);
    HttpServer server;
    try {
      server = HttpServer.create(at, 64);
    } catch (BindException e) {
      throw new IOException(
          "cannot listen on %s:%d for operators: %s; choose another port with --admin-port"
              .formatted(address.getHostAddress(), port, reason(e)),
          e);
    }
    return new AdminServer(server, doorkeeper, known);
  }

  private static String reason(BindException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("in use") ? "the port is in use" : message;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private void serve(HttpExchange http) {
    try (http) {
      Reply reply;
      try {
        reply = reply(http);
      } catch (AdminRefusal e) {
        reply = Reply.error(e.status(), e.getMessage());
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "the page " + http.getRequestURI().getPath() + " failed", e);
        reply = Reply.error(500, "the page failed; the log says more");
      }
      note(http, reply);
      send(http, reply);
    } catch (IOException e) {
      // Who asked has left.
    }
  }

  /** What operators change is in the log, and so is who shows a wrong token; bodies are not. */
  private static void note(HttpExchange http, Reply reply) {
    int status = reply.status();
    String method = http.getRequestMethod();
    boolean changed = status < 400 && !method.equals("GET") && !method.equals("HEAD");
    if (changed || status == 401) {
      String path = String.valueOf(http.getRequestURI().getRawPath());
      String made = reply.headers().getOrDefault("Location", "");
      LOG.log(
          changed ? Level.INFO : Level.WARNING,
          "operators: %s %s from %s: %d%s"
              .formatted(
                  shortened(method),
                  shortened(path),
                  http.getRemoteAddress().getAddress().getHostAddress(),
                  status,
                  made.isEmpty() ? "" : ", " + made));
    }
  }

  private static String shortened(String text) {
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
  }

  private Reply reply(HttpExchange http) throws IOException {
    String path = http.getRequestURI().getRawPath();
    return switch (resources.find(http.getRequestMethod(), path == null ? "" : path)) {
      case Resources.Unknown(String message) -> Reply.error(404, message);
      case Resources.OtherMethod(String allow) ->
          Reply.error(405, "this address takes " + allow + " only").with("Allow", allow);
      case Resources.Found(Resource resource, Map<String, String> names) ->
          found(http, resource, names);
    };
  }

  private Reply found(HttpExchange http, Resource resource, Map<String, String> names)
      throws IOException {
    Optional<Doorkeeper.Refusal> refusal = resource.open() ? Optional.empty() : refusal(http);
    if (refusal.isPresent()) {
      Reply reply = Reply.error(refusal.get().status(), refusal.get().message());
      return refusal.get().status() == 401 ? reply.with("WWW-Authenticate", "Bearer") : reply;
    }
    String query = http.getRequestURI().getRawQuery();
    return resource
        .action()
        .answer(
            new AdminRequest(
                names,
                query == null ? "" : query,
                headers(http),
                body(http, resource),
                doorkeeper.operator(header(http, "Authorization")).orElse("")));
  }

  private Optional<Doorkeeper.Refusal> refusal(HttpExchange http) {
    return doorkeeper.refusal(
        new Doorkeeper.Visit(
            http.getRequestMethod(),
            header(http, "Host"),
            header(http, "Authorization"),
            header(http, "Origin"),
            header(http, "Sec-Fetch-Site"),
            header(http, "Content-Type")));
  }

  /** The body, which is looked at only once the doorkeeper has let the request in. */
  private static byte[] body(HttpExchange http, Resource resource) throws IOException {
    String length = header(http, "Content-Length");
    if (resource.bodyMax() == 0) {
      return new byte[0];
    }
    boolean large = length.length() > 10 || (!length.isEmpty() && tooLong(length, resource));
    byte[] body = large ? new byte[0] : http.getRequestBody().readNBytes(resource.bodyMax() + 1);
    if (large || body.length > resource.bodyMax()) {
      throw new AdminRefusal(
          413, "the body is larger than the %d bytes that are taken".formatted(resource.bodyMax()));
    }
    return body;
  }

  private static boolean tooLong(String length, Resource resource) {
    return length.matches("[0-9]{1,10}") && Long.parseLong(length) > resource.bodyMax();
  }

  private static void send(HttpExchange http, Reply reply) throws IOException {
    var headers = http.getResponseHeaders();
    headers.set("Content-Type", reply.contentType());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    reply.headers().forEach(headers::set);
    if (http.getRequestMethod().equals("HEAD") || reply.status() == 204) {
      http.sendResponseHeaders(reply.status(), -1);
      return;
    }
    switch (reply.body()) {
      case Reply.Body.Whole(byte[] bytes) -> {
        http.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
          http.getResponseBody().write(bytes);
        }
      }
      case Reply.Body.Streamed(Reply.Body.Writer writer) -> {
        http.sendResponseHeaders(reply.status(), 0);
        try {
          writer.writeTo(http.getResponseBody());
        } catch (RuntimeException e) {
          // Half of it is sent: only a cut says that it is not whole.
          LOG.log(Level.ERROR, "the page " + http.getRequestURI().getPath() + " broke off", e);
          throw new IOException("broken off", e);
        }
      }
    }
  }

  private static Map<String, String> headers(HttpExchange http) {
    var all = new HashMap<String, String>();
    http.getRequestHeaders()
        .forEach((name, values) -> all.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    return all;
  }

  private static String header(HttpExchange http, String name) {
    String value = http.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }
}
