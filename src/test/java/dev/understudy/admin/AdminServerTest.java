package dev.understudy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.json.Json;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
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

  /** Resources as other rooms have them. */
  private static final List<Resource> SHELF =
      List.of(
          Resource.get(
              "/admin/books/{title}/pages/{page}",
              r -> Reply.json(Json.object().put("at", r.named("title") + ":" + r.named("page")))),
          Resource.get(
              "/admin/books/{title}",
              r -> {
                throw new AdminRefusal(404, "no book " + r.named("title"));
              }),
          Resource.get("/admin/books/all", r -> Reply.json(Json.array().add("Ulysses"))),
          Resource.post(
                  "/admin/books",
                  r ->
                      Reply.json(201, Json.object().set("got", r.json()))
                          .with("Location", "/admin/books/Emma"))
              .withBodyMax(100),
          Resource.delete("/admin/books/{title}", _ -> Reply.done()),
          Resource.get(
              "/admin/long",
              _ ->
                  Reply.streamed(
                      "text/csv",
                      out -> {
                        for (int i = 0; i < 1_000; i++) {
                          out.write(utf8(i + "\n"));
                        }
                      })));

  private static final Doorkeeper KEEPER = Doorkeeper.withToken(new Secret("s3cret"));

  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void open() throws IOException {
    server =
        AdminServer.open(
            InetAddress.getLoopbackAddress(),
            0,
            KEEPER,
            Stream.of(PAGES.resources(), SHELF).flatMap(List::stream).toList());
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
  void whatOnlyShowsIsNotPostedTo() throws Exception {
    var request =
        HttpRequest.newBuilder(uri("/admin/info"))
            .header("Authorization", "Bearer s3cret")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> reply = client.send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(405);
    assertThat(reply.headers().firstValue("allow")).contains("GET, HEAD");
    assertThat(message(reply)).isEqualTo("this address takes GET, HEAD only");
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
  void onlyHealthAndMetricsAreForEverybody() throws Exception {
    String host = " HTTP/1.1\r\nHost: pod-7\r\nConnection: close\r\n\r\n";

    assertThat(raw("GET /healthz" + host)).startsWith("HTTP/1.1 200");
    assertThat(raw("GET /metrics" + host)).startsWith("HTTP/1.1 200");
    for (String path : List.of("/admin/info", "/admin/exchanges", "/admin/exchanges/01JDBZ9")) {
      assertThat(raw("GET " + path + host)).startsWith("HTTP/1.1 401");
      // Whatever the address pretends, the path alone decides.
      assertThat(raw("GET http://localhost/healthz/.." + path + host))
          .doesNotStartWith("HTTP/1.1 200");
    }
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
            PAGES.resources())) {
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

  /** Elsewhere a Host header with a path in it led to a page that lets in without a token. */
  @Test
  void noHostHeaderLeadsAroundTheToken() throws Exception {
    try (var guarded =
        AdminServer.open(
            InetAddress.getLoopbackAddress(),
            0,
            Doorkeeper.withToken(new Secret("s3cret")),
            PAGES.resources())) {
      for (String host :
          List.of("localhost/healthz?x=", "x/healthz#", "127.0.0.1", "", "a/../healthz")) {
        for (String path : List.of("/admin/info", "/healthz/../admin/info", "//admin/info")) {
          assertThat(
                  raw(
                      guarded.port(),
                      "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                          .formatted(path, host)))
              .as(host + " " + path)
              .doesNotContain(" 200 ");
        }
      }
    }
  }

  @Test
  void aPortInUseIsSaidInOneSentence() {
    assertThatThrownBy(() ->
            AdminServer.open(InetAddress.getLoopbackAddress(), server.port(), KEEPER, List.of()))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot listen on 127.0.0.1:%d for operators: the port is in use; choose another port with --admin-port"
                .formatted(server.port()));
  }

  @Test
  void aResourceIsFoundByItsPathAndGetsWhatStandsAtItsPlaces() throws Exception {
    assertThat(get("/admin/books/War%20%26%20Peace/pages/a%2Fb+c").body())
        .isEqualTo("{\"at\":\"War & Peace:a/b+c\"}");
    assertThat(get("/admin/books/all").body()).isEqualTo("[\"Ulysses\"]");
    assertThat(message(get("/admin/books/Emma"))).isEqualTo("no book Emma");
    assertThat(get("/admin/books/%ff").statusCode()).isEqualTo(400);
    assertThat(get("/admin/books//pages/1").statusCode()).isEqualTo(404);
    assertThat(get("/admin/long").body()).hasLineCount(1_000).endsWith("\n999\n");
  }

  @Test
  void whatIsSentIsReadAsJsonWithinItsBound() throws Exception {
    HttpResponse<String> taken = send("POST", "/admin/books", "application/json", "{\"a\":1}");
    assertThat(taken.statusCode()).isEqualTo(201);
    assertThat(taken.body()).isEqualTo("{\"got\":{\"a\":1}}");

    HttpResponse<String> large =
        send("POST", "/admin/books", "application/json", "\"" + "x".repeat(200) + "\"");
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(message(large)).isEqualTo("the body is larger than the 100 bytes that are taken");

    HttpResponse<String> twice =
        send("POST", "/admin/books", "application/json", "{\"a\":1,\"a\":2}");
    assertThat(twice.statusCode()).isEqualTo(400);
    assertThat(message(twice)).contains("uplicate");

    HttpResponse<String> form = send("POST", "/admin/books", "text/plain", "{\"a\":1}");
    assertThat(form.statusCode()).isEqualTo(415);
    HttpResponse<String> xml = send("POST", "/admin/books", "application/xml", "<a/>");
    assertThat(xml.statusCode()).isEqualTo(415);
    assertThat(message(xml)).contains("Content-Type: application/json");
  }

  @Test
  void whatIsChangedAndWhoIsRefusedIsInTheLogAndBodiesAreNot() throws Exception {
    var lines = new CopyOnWriteArrayList<String>();
    var logger = Logger.getLogger(AdminServer.class.getName());
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line.getLevel() + " " + line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      send("POST", "/admin/books", "application/json", "{\"secret\":\"us-1-2\"}");
      send("DELETE", "/admin/books/a%0Ab", "application/json", "");
      get("/admin/books/all");
      client.send(
          HttpRequest.newBuilder(uri("/admin/info")).header("Authorization", "Bearer x").build(),
          HttpResponse.BodyHandlers.ofString());
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(lines)
        .containsExactly(
            "INFO operators: POST /admin/books from 127.0.0.1: 201, /admin/books/Emma",
            "INFO operators: DELETE /admin/books/a%0Ab from 127.0.0.1: 204",
            "WARNING operators: GET /admin/info from 127.0.0.1: 401");
  }

  @Test
  void aMethodThatAnAddressDoesNotKnowIsToldTheOthers() throws Exception {
    HttpResponse<String> reply = send("PUT", "/admin/books/Emma", "application/json", "{}");

    assertThat(reply.statusCode()).isEqualTo(405);
    assertThat(reply.headers().firstValue("allow")).contains("GET, HEAD, DELETE");
    assertThat(send("DELETE", "/admin/books/Emma", "application/json", "").statusCode())
        .isEqualTo(204);
  }

  @Test
  void twoResourcesForOneAddressAreAFaultOfTheProgram() {
    var twice =
        List.of(
            Resource.get("/admin/a/{b}", _ -> Reply.done()),
            Resource.get("/admin/a/{c}", _ -> Reply.done()));

    assertThatThrownBy(() -> AdminServer.open(InetAddress.getLoopbackAddress(), 0, KEEPER, twice))
        .hasMessage("two resources for GET /admin/a/{c}");
  }

  @Test
  void theClientOfTheCommandLineSaysInOneLineWhatIsWrong() throws Exception {
    var door =
        new AdminClient(
            URI.create("http://127.0.0.1:" + server.port()), Optional.of(new Secret("s3cret")));

    assertThat(door.get("/admin/books/all").get(0).asString()).isEqualTo("Ulysses");
    assertThat(door.send("POST", "/admin/books", Json.object().put("a", 1)).at("/got/a").asInt())
        .isEqualTo(1);
    assertThat(door.send("DELETE", "/admin/books/" + AdminClient.segment("a b")).isEmpty())
        .isTrue();
    assertThatThrownBy(() -> door.get("/admin/books/Emma"))
        .isInstanceOf(AdminClient.NoAnswer.class)
        .hasMessage("no book Emma");
    try (var guarded =
        AdminServer.open(
            InetAddress.getLoopbackAddress(),
            0,
            Doorkeeper.withToken(new Secret("s3cret")),
            PAGES.resources())) {
      URI address = URI.create("http://127.0.0.1:" + guarded.port());
      assertThat(
              new AdminClient(address, Optional.of(new Secret("s3cret")))
                  .get("/admin/info")
                  .path("version")
                  .asString())
          .isEqualTo("0.1.0");
      assertThatThrownBy(() -> new AdminClient(address, Optional.empty()).get("/admin/info"))
          .hasMessageContaining("wants its admin token")
          .hasMessageContaining("--token-file");
      assertThatThrownBy(
              () -> new AdminClient(address, Optional.of(new Secret("other"))).get("/admin/info"))
          .hasMessageContaining("does not know this admin token")
          .hasMessageNotContaining("other");
    }
    assertThatThrownBy(() ->
            new AdminClient(URI.create("http://127.0.0.1:1"), Optional.empty()).get("/admin/info"))
        .hasMessage(
            "no gateway answers at http://127.0.0.1:1; start it, or name another address with --admin");
  }

  private HttpResponse<String> send(String method, String path, String type, String body)
      throws Exception {
    var request =
        HttpRequest.newBuilder(uri(path))
            .header("Authorization", "Bearer s3cret")
            .header("Content-Type", type)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer s3cret");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** What comes back for these bytes; what was read before a reset counts. */
  private String raw(String request) throws IOException {
    return raw(server.port(), request);
  }

  private static String raw(int port, String request) throws IOException {
    var reply = new StringBuilder();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(utf8(request));
      int b = socket.getInputStream().read();
      while (b >= 0) {
        reply.append((char) b);
        b = socket.getInputStream().read();
      }
    } catch (SocketException e) {
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
