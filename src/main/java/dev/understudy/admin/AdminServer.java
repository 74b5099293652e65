package dev.understudy.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.understudy.json.Json;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.node.ObjectNode;

/** Serves the operators' pages over HTTP; {@code docs/reference/admin.md} lists them. */
public final class AdminServer implements AutoCloseable {
  private static final int EXCHANGES_DEFAULT = 100;
  private static final int EXCHANGES_MAX = 1_000;
  private static final String EXCHANGE = "/admin/exchanges/";
  private static final String JSON = "application/json; charset=utf-8";

  private static final System.Logger LOG = System.getLogger(AdminServer.class.getName());

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
  private final Pages pages;

  private record Reply(int status, String contentType, byte[] body) {}

  private AdminServer(HttpServer server, Doorkeeper doorkeeper, Pages pages) {
    this.server = server;
    this.doorkeeper = doorkeeper;
    this.pages = pages;
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /**
   * Opens the door.
   *
   * @param port 0 for any that is free
   * @throws IOException if the port is taken or the address is none of this machine's; the message
   *     is fit for an operator
   */
  public static AdminServer open(InetAddress address, int port, Doorkeeper doorkeeper, Pages pages)
      throws IOException {
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
    return new AdminServer(server, doorkeeper, pages);
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
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "the page " + http.getRequestURI().getPath() + " failed", e);
        reply = error(500, "the page failed; the log says more");
      }
      send(http, reply);
    } catch (IOException e) {
      // Who asked has left.
    }
  }

  private Reply reply(HttpExchange http) {
    String path = http.getRequestURI().getRawPath();
    String method = http.getRequestMethod();
    if (path == null || !isPage(path)) {
      return error(
          404,
          "unknown; known: /healthz, /metrics, /admin/info, /admin/exchanges, /admin/exchanges/{id}");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      http.getResponseHeaders().set("Allow", "GET, HEAD");
      return error(405, "only GET and HEAD are understood here");
    }
    if (path.startsWith("/admin/")) {
      Optional<Doorkeeper.Refusal> refusal =
          doorkeeper.refusal(
              http.getRemoteAddress().getAddress(),
              header(http, "Host"),
              header(http, "Authorization"));
      if (refusal.isPresent()) {
        if (refusal.get().status() == 401) {
          http.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        }
        return error(refusal.get().status(), refusal.get().message());
      }
    }
    return switch (path) {
      case "/healthz" -> json("{\"status\":\"ok\"}".getBytes(StandardCharsets.UTF_8));
      case "/metrics" -> {
        Pages.Page page = pages.metrics(header(http, "Accept"));
        yield new Reply(200, page.contentType(), page.body());
      }
      case "/admin/info" -> json(pages.info());
      case "/admin/exchanges" -> exchanges(http.getRequestURI().getRawQuery());
      default ->
          pages
              .exchange(path.substring(EXCHANGE.length()))
              .map(AdminServer::json)
              .orElseGet(
                  () -> error(404, "no such exchange, or no longer: only the last are kept"));
    };
  }

  private static boolean isPage(String path) {
    return switch (path) {
      case "/healthz", "/metrics", "/admin/info", "/admin/exchanges" -> true;
      default -> path.startsWith(EXCHANGE) && path.indexOf('/', EXCHANGE.length()) < 0;
    };
  }

  private Reply exchanges(String query) {
    int limit = EXCHANGES_DEFAULT;
    for (String part : query == null ? new String[0] : query.split("&")) {
      if (part.startsWith("limit=")) {
        String given = part.substring("limit=".length());
        if (!given.matches("[0-9]{1,4}")
            || Integer.parseInt(given) < 1
            || Integer.parseInt(given) > EXCHANGES_MAX) {
          return error(400, "limit must be a whole number from 1 to " + EXCHANGES_MAX);
        }
        limit = Integer.parseInt(given);
      }
    }
    return json(pages.exchanges(limit));
  }

  private static void send(HttpExchange http, Reply reply) throws IOException {
    var headers = http.getResponseHeaders();
    headers.set("Content-Type", reply.contentType());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    if (http.getRequestMethod().equals("HEAD")) {
      http.sendResponseHeaders(reply.status(), -1);
      return;
    }
    http.sendResponseHeaders(reply.status(), reply.body().length);
    http.getResponseBody().write(reply.body());
  }

  private static String header(HttpExchange http, String name) {
    String value = http.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private static Reply json(byte[] body) {
    return new Reply(200, JSON, body);
  }

  private static Reply error(int status, String message) {
    ObjectNode body = Json.object();
    body.putObject("error").put("message", message);
    return new Reply(status, JSON, Json.bytes(body));
  }
}
