package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two servers could read differently, and connections that keep one waiting. */
class SmugglingTest {
  private static final String BODY =
      "{\"model\":\"openai/a\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

  private static ScriptedVendor vendor;
  private static House house;

  @BeforeAll
  static void open() throws IOException {
    // Answers with the request's own words, so that answers can be told apart.
    vendor =
        new ScriptedVendor((seen, socket, out) ->
            out.write(
                ScriptedVendor.response(
                    200, "application/json", "{\"echo\":" + seen.body() + "}")));
    house =
        new House(
            Callers.NONE,
            List.of(),
            House.vendor("openai", vendor.port(), ProtocolName.OPENAI_CHAT));
  }

  @AfterAll
  static void shut() {
    house.close();
    vendor.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5|Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked|Content-Length: 5",
        "Content-Length: 0|Content-Length: 80",
        "Content-Length: 80|Content-Length: 80",
        "Content-Length: 80, 80",
        "Content-Length: +80",
        "Content-Length: -1",
        "Content-Length: 0x50",
        "Content-Length: 8 0",
        "Content-Length: 80abc",
        "Content-Length: 99999999999999999999",
        "Content-Length : 80",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked|Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked|Transfer-Encoding: identity",
        "Transfer-Encoding:|Transfer-Encoding: chunked",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: \u000bchunked",
        "Transfer-Encoding: chunked\u0000",
        "Transfer-Encoding:| chunked",
        "Host: other",
        "X: a\rTransfer-Encoding: chunked",
        "X\u0000: a",
        "X: a\u0000b",
        ": empty",
        "no colon",
        "X Y: 1"
      })
  void aRequestThatCanBeReadInTwoWaysIsNotReadAtAll(String lines) throws IOException {
    int before = vendor.seen.size();
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
              + lines.replace("|", "\r\n")
              + "\r\n\r\n"
              + "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n");

      String all = caller.rest();

      assertThat(all).startsWith("HTTP/1.1 400").doesNotContain("\"ok\"");
      assertThat(all.split("HTTP/1.1 [0-9]", -1)).hasSize(2);
    }
    assertThat(vendor.seen).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /healthz HTTP/1.1\nHost: x\n\n",
        "GET /healthz HTTP/1.1\r\nHost: x\n\r\n",
        "GET /healthz HTTP/1.1\rHost: x\r\r",
        "GET /healthz\r\n\r\n",
        "GET /healthz HTTP/0.9\r\nHost: x\r\n\r\n",
        "GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n",
        "GET /healthz HTTP/1.1x\r\nHost: x\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET /healthz\u0000 HTTP/1.1\r\nHost: x\r\n\r\n",
        "G\u0000T /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /healthz HTTP/1.1 extra\r\nHost: x\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
        "{\"model\":\"openai/a\"}\r\n\r\n"
      })
  void whatIsNotHttpIsRefusedAndTheConnectionEnds(String bytes) throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(bytes);
      caller.socket.shutdownOutput();

      assertThat(caller.rest()).doesNotContain("\"ok\"").doesNotContain(" 200 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1\r\n",
        "0x3\r\nabc\r\n",
        "+3\r\nabc\r\n",
        "g\r\n",
        "\r\n",
        "3\nabc\n0\n\n",
        "ffffffff\r\n",
        "ffffffffffffffffff\r\n",
        "3\r\nabcd\r\n0\r\n\r\n",
        "3;\u0000\r\nabc\r\n",
        "3;a=\"\n\"\r\nabc\r\n"
      })
  void aChunkThatIsNotOneEndsTheConnection(String chunk) throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
              + chunk
              + "GET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n");
      caller.socket.shutdownOutput();

      assertThat(caller.rest()).doesNotContain("\"ok\"").doesNotContain(" 200 ");
    }
  }

  @Test
  void aFoldedHeaderIsRefusedHoweverItArrives() throws Exception {
    int before = vendor.seen.size();
    for (String fold : new String[] {"\r\n ", "\r\n\t", "\n "}) {
      String head =
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX: y"
              + fold
              + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n[";
      for (int pieces : new int[] {head.length(), 1, 7}) {
        try (var caller = new Raw(house.gateway.port())) {
          for (int at = 0; at < head.length(); at += pieces) {
            caller.send(head.substring(at, Math.min(head.length(), at + pieces)));
            if (pieces < head.length()) {
              Thread.sleep(1);
            }
          }

          assertThat(caller.reply().status()).as("%s in %d", fold, pieces).isEqualTo(400);
          assertThat(caller.rest()).isEmpty();
        }
      }
    }
    assertThat(vendor.seen).hasSize(before);
  }

  @Test
  void whatLooksFoldedInABodyIsNotOne() throws IOException {
    String body = BODY.replace(":", ":\r\n \t");
    try (var caller = new Raw(house.gateway.port())) {
      for (int i = 0; i < 2; i++) {
        caller.send(
            "\r\nPOST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
        assertThat(caller.reply().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aBodyInChunksCutAnywhereIsReadAsOne() throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(
          "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n");
      for (byte b : BODY.getBytes(StandardCharsets.US_ASCII)) {
        caller.send("1;x=y\r\n" + (char) b + "\r\n");
      }
      caller.send("0\r\nx-trailer: 1\r\nauthorization: Bearer x\r\n\r\n");

      assertThat(caller.reply().status()).isEqualTo(200);
    }
  }

  @Test
  void aHundredRequestsInOneBreathAreAnsweredInOrder() throws IOException {
    var all = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      all.append(Raw.post("/v1/chat/completions", BODY.replace("\"x\"", "\"n" + i + "\"")));
    }
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(all.toString());

      for (int i = 0; i < 100; i++) {
        assertThat(caller.reply().body()).contains("\"n" + i + "\"");
      }
    }
  }

  @Test
  void aModelsNameCannotBreakOutOfItsPlace() throws IOException {
    for (String name :
        new String[] {
          "a\\r\\nx-evil: 1\\r\\n\\r\\nHTTP/1.1 200 OK",
          "\\u0000",
          "../../admin?x#y",
          "a\\\"},\\\"messages\\\":[]",
          "\\ud800",
          "\u00e9\u4e2d",
          "%0d%0ax-evil:1"
        }) {
      try (var caller = new Raw(house.gateway.port())) {
        Raw.Reply reply =
            caller
                .send(
                    Raw.post(
                        "/v1/chat/completions",
                        "{\"model\":\"openai/" + name + "\",\"messages\":[]}"))
                .reply();

        assertThat(reply.has("x-evil")).as(reply.head()).isFalse();
        assertThat(reply.head().chars().filter(c -> c > 0x7E || c == 0)).isEmpty();
        assertThat(reply.status()).as(reply.body()).isIn(200, 400, 404);
      }
    }
    assertThat(vendor.seen)
        .allSatisfy(seen -> {
          assertThat(seen.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
          assertThat(seen.headers()).doesNotContainKey("x-evil");
        });
  }

  @Test
  void theCallersHostAndHopHeadersAndCredentialStayHere() throws IOException {
    vendor.seen.clear();
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(
          Raw.post(
              "/v1/chat/completions",
              BODY,
              "Authorization: Bearer callers-own-secret",
              "x-api-key: callers-own-secret",
              "X-Forwarded-Host: evil.example",
              "Proxy-Authorization: Basic callers-own-secret",
              "Cookie: session=callers-own-secret",
              "TE: trailers",
              "Connection: keep-alive, openai-beta",
              "anthropic-beta: a",
              "anthropic-beta: b"));
      assertThat(caller.reply().status()).isEqualTo(200);
    }
    var seen = vendor.seen.getFirst();
    assertThat(seen.toString()).doesNotContain("callers-own-secret").doesNotContain("evil.example");
    assertThat(seen.headers())
        .containsEntry("host", "127.0.0.1:" + vendor.port())
        .containsEntry("anthropic-beta", "a,b")
        .doesNotContainKeys("te", "cookie", "connection", "proxy-authorization");
  }

  @Test
  void aWebPageOfAnotherSiteIsNotLetInWithoutAKey() throws IOException {
    for (String header :
        new String[] {
          "Origin: https://evil.example",
          "Origin: null",
          "Sec-Fetch-Site: cross-site",
          "Origin: http://localhost.evil.example:8080",
          "Origin: http://127.0.0.1.evil.example"
        }) {
      try (var caller = new Raw(house.gateway.port())) {
        Raw.Reply reply = caller.send(Raw.post("/v1/chat/completions", BODY, header)).reply();

        assertThat(reply.status()).as(header).isEqualTo(403);
        assertThat(reply.has("access-control-")).isFalse();
      }
    }
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(Raw.post("/v1/chat/completions", BODY, "Origin: http://localhost:3000"));
      assertThat(caller.reply().status()).isEqualTo(200);
    }
  }

  @Test
  void callersWhoKeepTheGatewayWaitingAreParted() throws IOException {
    var patience =
        new Patience(
            Duration.ofMillis(600),
            Duration.ofMillis(600),
            Duration.ofMillis(600),
            Duration.ofMillis(600),
            3);
    try (var impatient =
        new House(
            patience,
            Callers.NONE,
            List.of(),
            House.vendor("openai", vendor.port(), ProtocolName.OPENAI_CHAT))) {
      int port = impatient.gateway.port();
      try (var silent = new Raw(port);
          var head = new Raw(port);
          var body = new Raw(port);
          var oneTooMany = new Raw(port)) {
        head.send("POST /v1/messages HT");
        body.send("POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{");

        assertThat(oneTooMany.rest()).isEmpty();
        assertThat(head.reply().status()).isEqualTo(408);
        Raw.Reply late = body.reply();
        assertThat(late.status()).isEqualTo(408);
        BadInputTest.Form.MESSAGES.message(late);
        assertThat(silent.rest()).isEmpty();
      }
      try (var later = new Raw(port)) {
        later.send(Raw.post("/v1/chat/completions", BODY));
        assertThat(later.reply().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aLargeReplyOnAConnectionThatClosesArrivesWhole() throws Exception {
    String large = "{\"x\":\"" + "y".repeat(8 << 20) + "\"}";
    try (var talker = new ScriptedVendor(ScriptedVendor.json(200, large));
        var home =
            new House(
                Callers.NONE,
                List.of(),
                House.vendor("openai", talker.port(), ProtocolName.OPENAI_CHAT));
        var caller = new Raw(home.gateway.port())) {
      caller.send(Raw.post("/v1/chat/completions", BODY, "Connection: close"));
      Thread.sleep(300); // the caller takes its time, and the reply does not fit into any buffer

      assertThat(caller.reply().body()).hasSize(large.length());
      assertThat(home.gateway.bodyBytesHeld()).isZero();
    }
  }
}
