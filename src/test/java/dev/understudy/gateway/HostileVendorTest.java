package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.chunk;
import static dev.understudy.gateway.ScriptedVendor.json;
import static dev.understudy.gateway.ScriptedVendor.streamHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vendors that do harm: what they send must neither hang a call nor reach another. */
class HostileVendorTest {
  private static final String ASK =
      "{\"model\":\"openai/m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK|content-length: 2|transfer-encoding: chunked||2|{}|0||",
        "HTTP/1.1 200 OK|transfer-encoding: gzip, chunked||2|{}|0||",
        "HTTP/1.1 200 OK|transfer-encoding: chunked|transfer-encoding: identity||2|{}|0||",
        "HTTP/1.1 200 OK|transfer-encoding:||{}",
        "HTTP/1.0 200 OK|transfer-encoding: chunked||2|{}|0||",
        "HTTP/1.1 200 OK|content-length: 2|content-length: 3||{}",
        "HTTP/1.1 200 OK|content-length: 2, 2||{}",
        "HTTP/1.1 200 OK|content-length: -2||{}",
        "HTTP/1.1 200 OK|content-length : 2||{}",
        "HTTP/1.1 200 OK|x: y| folded: 1|content-length: 2||{}",
        "HTTP/1.1 302 Found|location: http://evil.example/|content-length: 0||",
        "HTTP/1.1 307 Moved|location: http://evil.example/|content-length: 2||{}",
        "HTTP/1.1 304 Not Modified||",
        "HTTP/1.1 204 No Content||",
        "HTTP/1.1 999 Odd|content-length: 2||{}",
        "HTTP/1.1 101 Switching Protocols|upgrade: h2c||",
        "HTTP/2.0 200 OK|content-length: 2||{}",
        "HTTP/1.1 2000 OK|content-length: 2||{}",
        "HTTP/1.1 200 OK|content-encoding: gzip|content-length: 2||{}",
        "HTTP/1.1 500 No|content-encoding: br|content-length: 2||{}",
        "HTTP/1.1 200 OK|transfer-encoding: chunked||-2|{}|0||",
        "HTTP/1.1 200 OK|transfer-encoding: chunked||2|{}}|0||",
        "HTTP/1.1 200 OK|transfer-encoding: chunked||fffffffffffffffff|{}|0||",
        "ICY 200 OK||"
      })
  void anAnswerThatIsNotOneIsAFaultOfTheVendor(String answer) throws Exception {
    byte[] bytes = answer.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII);
    try (var vendor = new ScriptedVendor((seen, socket, out) -> out.write(bytes));
        var house = house(vendor)) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK.formatted("false"));

      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(502);
      assertThat(reply.body()).contains("vendor openai failed");
      assertThat(reply.headers().firstValue("location")).isEmpty();
      vendor.script(json(200, BadInputTest.OK));
      assertThat(house.post("/v1/chat/completions", ASK.formatted("false")).statusCode())
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 103 Early Hints|link: x||,''",
    "'',HTTP/1.1 200 OK|x-long: ",
    "'',HTTP/1.1 200 OK|transfer-encoding: chunked||2;",
    "'',HTTP/1.1 500 No|transfer-encoding: chunked||10000000|"
  })
  void aFloodIsCutOff(String repeated, String start) throws Exception {
    byte[] more =
        (repeated.isEmpty() ? "a".repeat(1_000) : repeated.replace("|", "\r\n"))
            .getBytes(StandardCharsets.US_ASCII);
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              out.write(start.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII));
              for (int i = 0; i < 1_000_000; i++) {
                out.write(more); // ends when the gateway hangs up
              }
            });
        var house = house(vendor)) {
      HttpResponse<String> reply = house.post("/v1/chat/completions", ASK.formatted("false"));

      assertThat(reply.statusCode()).isEqualTo(502);
    }
  }

  @Test
  void whatAVendorSaysUnaskedReachesNoOtherCaller() throws Exception {
    byte[] poison = ScriptedVendor.response(200, "application/json", "{\"poison\":1}");
    ScriptedVendor.Script twice =
        (seen, socket, out) -> {
          byte[] good = ScriptedVendor.response(200, "application/json", BadInputTest.OK);
          byte[] both = java.util.Arrays.copyOf(good, good.length + poison.length);
          System.arraycopy(poison, 0, both, good.length, poison.length);
          out.write(both);
        };
    ScriptedVendor.Script later =
        (seen, socket, out) -> {
          out.write(ScriptedVendor.response(200, "application/json", BadInputTest.OK));
          out.flush();
          Thread.sleep(100);
          out.write(poison);
        };
    for (ScriptedVendor.Script script : List.of(twice, later)) {
      try (var vendor = new ScriptedVendor(script);
          var house = house(vendor)) {
        for (int i = 0; i < 3; i++) {
          assertThat(house.post("/v1/chat/completions", ASK.formatted("false")).body())
              .isEqualTo(BadInputTest.OK);
          Thread.sleep(300);
        }
      }
    }
  }

  @Test
  void headersOfTheVendorsConnectionAndCookiesStayBehind() throws Exception {
    try (var vendor =
            new ScriptedVendor(
                json(
                    200,
                    BadInputTest.OK,
                    "connection: keep-alive, x-bound",
                    "x-bound: 1",
                    "set-cookie: a=b",
                    "keep-alive: timeout=5",
                    "authorization: Bearer sk-vendor-secret",
                    "x-understudy-target: forged",
                    "access-control-allow-origin: *",
                    "x-kept: 1"));
        var house = house(vendor)) {
      var headers = house.post("/v1/chat/completions", ASK.formatted("false")).headers().map();

      assertThat(headers).containsKey("x-kept");
      assertThat(headers)
          .doesNotContainKeys(
              "x-bound",
              "set-cookie",
              "keep-alive",
              "authorization",
              "access-control-allow-origin");
      assertThat(headers.get("x-understudy-target")).containsExactly("openai/m");
    }
  }

  @ParameterizedTest
  @CsvSource({"/v1/chat/completions", "/v1/messages"})
  void aStreamWithoutAnEndOfLineIsBounded(String path) throws Exception {
    String megabyte = "a".repeat(1 << 20);
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              streamHead(out);
              chunk(out, "data: ");
              for (int i = 0; i < 70; i++) {
                chunk(out, megabyte);
              }
              socket.close();
            });
        var house = house(vendor);
        var caller = new Raw(house.gateway.port())) {
      caller.send(
          Raw.post(path, ASK.formatted("true").replace("\"model\"", "\"max_tokens\":5,\"model\"")));

      assertThat(caller.reply().status()).isIn(200, 502);
      assertThat(house.exchange().outcome()).isIn(Attempt.Outcome.BROKEN, Attempt.Outcome.REFUSED);
    }
  }

  @Test
  void aCallerWhoDoesNotReadSlowsTheVendorAndIsPartedInTheEnd() throws Exception {
    var sent = new AtomicLong();
    var patience =
        new Patience(
            Duration.ofSeconds(9),
            Duration.ofSeconds(9),
            Duration.ofSeconds(9),
            Duration.ofSeconds(2),
            9);
    String event =
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
            + "[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}\n\n"
                .formatted("y".repeat(10_000));
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              streamHead(out);
              while (sent.get() < 400L << 20) {
                chunk(out, event);
                sent.addAndGet(event.length());
              }
            });
        var house =
            new House(
                patience,
                Callers.NONE,
                List.of(),
                House.vendor("openai", vendor.port(), ProtocolName.OPENAI_CHAT));
        var caller = new Raw(house.gateway.port())) {
      caller.send(Raw.post("/v1/chat/completions", ASK.formatted("true")));

      var exchange = house.exchange();

      assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.ABANDONED);
      assertThat(sent.get()).isLessThan(64L << 20);
      assertThat(house.gateway.openCalls()).isZero();
    }
  }

  @Test
  void anAddressInARequestIsNeverVisited() throws Exception {
    try (var canary = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var vendor = new ScriptedVendor(json(400, "{\"error\":{\"message\":\"no\"}}"));
        var house =
            new House(
                Callers.NONE,
                List.of(),
                House.vendor("chat", vendor.port(), ProtocolName.OPENAI_CHAT),
                House.vendor("responses", vendor.port(), ProtocolName.OPENAI_RESPONSES),
                House.vendor("messages", vendor.port(), ProtocolName.ANTHROPIC_MESSAGES),
                House.vendor("gemini", vendor.port(), ProtocolName.GEMINI))) {
      String url = "http://127.0.0.1:" + canary.getLocalPort() + "/x.png";
      for (String to : new String[] {"chat", "responses", "messages", "gemini"}) {
        house.post(
            "/v1/chat/completions",
            "{\"model\":\"%s/m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}]}]}"
                .formatted(to, url));
        house.post(
            "/v1/responses",
            "{\"model\":\"%s/m\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"%s\"},{\"type\":\"input_file\",\"file_url\":\"%s\"}]}]}"
                .formatted(to, url, url));
        house.post(
            "/v1/messages",
            "{\"model\":\"%s/m\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"%s\"}},{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"%s\"}}]}]}"
                .formatted(to, url, url));
        house.post(
            "/v1beta/models/%s%%2Fm:generateContent".formatted(to),
            "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"fileData\":{\"mimeType\":\"image/png\",\"fileUri\":\"%s\"}}]}]}"
                .formatted(url));
      }
      assertThat(vendor.seen).hasSizeGreaterThan(8);
      canary.setSoTimeout(200);
      assertThatThrownBy(canary::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void aModelsNameCannotLeaveItsPlaceInAPath() throws Exception {
    try (var vendor = new ScriptedVendor(json(400, "{\"error\":{\"message\":\"no\"}}"));
        var house =
            new House(
                Callers.NONE,
                List.of(),
                House.vendor("gemini", vendor.port(), ProtocolName.GEMINI))) {
      for (String name :
          new String[] {
            "../../v1/files", "a?key=1", "a#b", "a%2f..%2fb", "a\\r\\nx: y", "..", "a b"
          }) {
        house.post(
            "/v1/chat/completions",
            "{\"model\":\"gemini/%s\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                .formatted(name));
      }
      assertThat(vendor.seen).isNotEmpty();
      assertThat(vendor.seen)
          .allSatisfy(seen ->
              assertThat(seen.line())
                  .matches(
                      "POST /v1beta/models/(?!.*%2F\\.\\.)(?!\\.\\.)[A-Za-z0-9._~%:-]+:generateContent HTTP/1.1"));
    }
  }

  private static House house(ScriptedVendor vendor) throws IOException {
    return new House(
        Callers.NONE, List.of(), House.vendor("openai", vendor.port(), ProtocolName.OPENAI_CHAT));
  }
}
