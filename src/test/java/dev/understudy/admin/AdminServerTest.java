package dev.understudy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.json.Json;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminServerTest {
  private static final Pages PAGES =
      new Pages() {
        @Override
        public Page metrics(String accept) {
          return new Page("text/plain; version=0.0.4", utf8("up 1\n# " + accept + "\n"));
        }

        @Override
        public byte[] info() {
          return utf8("{\"version\":\"0.1.0\"}");
        }

        @Override
        public byte[] exchanges(int limit) {
          return utf8("{\"limit\":" + limit + "}");
        }

        @Override
        public Optional<byte[]> exchange(String id) {
          if (id.equals("breaks")) {
            throw new IllegalStateException("what nobody expected");
          }
          return id.equals("01JDBZ9")
              ? Optional.of(utf8("{\"id\":\"01JDBZ9\"}"))
              : Optional.empty();
        }
      };

  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void open() throws IOException {
    server =
        AdminServer.open(InetAddress.getLoopbackAddress(), 0, Doorkeeper.loopbackOnly(), PAGES);
  }

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @Test
  void saysThatItLives() throws Exception {
    HttpResponse<String> reply = get("/healthz");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"status\":\"ok\"}");
  }

  @Test
  void showsMetricsInTheFormatThatIsAskedFor() throws Exception {
    HttpResponse<String> reply = get("/metrics", "Accept", "application/openmetrics-text");

    assertThat(reply.body()).isEqualTo("up 1\n# application/openmetrics-text\n");
    assertThat(reply.headers().firstValue("content-type")).contains("text/plain; version=0.0.4");
  }

  @Test
  void showsWhatIsConfiguredAndWhatHappened() throws Exception {
    assertThat(get("/admin/info").body()).isEqualTo("{\"version\":\"0.1.0\"}");
    assertThat(get("/admin/exchanges").body()).isEqualTo("{\"limit\":100}");
    assertThat(get("/admin/exchanges?limit=7").body()).isEqualTo("{\"limit\":7}");
    assertThat(get("/admin/exchanges/01JDBZ9").body()).isEqualTo("{\"id\":\"01JDBZ9\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1001", "ten", "", "99999999999"})
  void refusesALimitOutOfBounds(String limit) throws Exception {
    HttpResponse<String> reply = get("/admin/exchanges?limit=" + limit);

    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(message(reply)).isEqualTo("limit must be a whole number from 1 to 1000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/admin", "/admin/", "/admin/keys", "/metrics/x", "/admin/exchanges/a/b"})
  void saysWhatThereIsWhereThereIsNothing(String path) throws Exception {
    HttpResponse<String> reply = get(path);

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(message(reply)).contains("/healthz, /metrics, /admin/info");
  }

  @Test
  void anExchangeThatIsGoneIsNotFound() throws Exception {
    HttpResponse<String> reply = get("/admin/exchanges/01JDAAA");

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(message(reply)).startsWith("no such exchange");
  }

  @Test
  void changesNothing() throws Exception {
    var request =
        HttpRequest.newBuilder(uri("/admin/info"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> reply = client.send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(405);
    assertThat(reply.headers().firstValue("allow")).contains("GET, HEAD");
    assertThat(message(reply)).isEqualTo("only GET and HEAD are understood here");
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    var request = HttpRequest.newBuilder(uri("/healthz")).HEAD().build();
    HttpResponse<String> reply = client.send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void aPageThatFailsIsAnErrorAndTheNextOneIsNot() throws Exception {
    HttpResponse<String> reply = get("/admin/exchanges/breaks");

    assertThat(reply.statusCode()).isEqualTo(500);
    assertThat(reply.body()).doesNotContain("what nobody expected");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void aPageOfTheWebCannotReadThroughANameThatPointsHere() throws Exception {
    assertThat(raw("GET /admin/info HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403")
        .contains("must name this machine");
    assertThat(raw("GET /healthz HTTP/1.1\r\nHost: pod-7\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void endlessHeadersAreCutOff() throws Exception {
    String reply =
        raw(
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: "
                + "x".repeat(500_000)
                + "\r\nConnection: close\r\n\r\n");

    assertThat(reply).doesNotContain(" 200 ");
    assertThat(get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void aGuardedDoorAsksForTheToken() throws Exception {
    try (var guarded =
        AdminServer.open(
            InetAddress.getLoopbackAddress(),
            0,
            Doorkeeper.withToken(new Secret("s3cret")),
            PAGES)) {
      var address = "http://127.0.0.1:" + guarded.port();
      var closed = HttpRequest.newBuilder(URI.create(address + "/admin/info")).build();
      var shown =
          HttpRequest.newBuilder(URI.create(address + "/admin/info"))
              .header("Authorization", "Bearer s3cret")
              .build();
      var health = HttpRequest.newBuilder(URI.create(address + "/healthz")).build();

      HttpResponse<String> refused = client.send(closed, HttpResponse.BodyHandlers.ofString());
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
      assertThat(client.send(shown, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      assertThat(client.send(health, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void aPortInUseIsSaidInOneSentence() {
    assertThatThrownBy(() ->
            AdminServer.open(
                InetAddress.getLoopbackAddress(), server.port(), Doorkeeper.loopbackOnly(), PAGES))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot listen on 127.0.0.1:%d for operators: the port is in use; choose another port with --admin-port"
                .formatted(server.port()));
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** What comes back for these bytes; what was read before a reset counts. */
  private String raw(String request) throws IOException {
    var reply = new StringBuilder();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(utf8(request));
      int b = socket.getInputStream().read();
      while (b >= 0) {
        reply.append((char) b);
        b = socket.getInputStream().read();
      }
    } catch (java.net.SocketException e) {
      // Closed with our bytes unread.
    }
    return reply.toString();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private static String message(HttpResponse<String> reply) {
    return Json.parse(reply.body()).path("error").path("message").asString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
