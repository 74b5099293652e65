package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.chunk;
import static dev.understudy.gateway.ScriptedVendor.events;
import static dev.understudy.gateway.ScriptedVendor.json;
import static dev.understudy.gateway.ScriptedVendor.streamHead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.routing.Plan;
import dev.understudy.vendor.Timeouts;
import dev.understudy.vendor.Vendors;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailoverTest {
  private static final String CLAUDE =
      "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
          + "\"content\":[{\"type\":\"text\",\"text\":\"Hi from Claude\"}],\"stop_reason\":\"end_turn\","
          + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}";

  private static final String CLAUDE_STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi from Claude"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":4}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private static final Timeouts SHORT =
      new Timeouts(
          Duration.ofMillis(500),
          Duration.ofMillis(400),
          Duration.ofMillis(400),
          Duration.ofSeconds(5));

  static Stream<Arguments> faultsBeforeTheFirstByte() {
    ScriptedVendor.Script stall = (seen, socket, out) -> Thread.sleep(4_000);
    ScriptedVendor.Script hangUp = (seen, socket, out) -> socket.close();
    ScriptedVendor.Script reset =
        (seen, socket, out) -> {
          socket.setSoLinger(true, 0);
          socket.close();
        };
    ScriptedVendor.Script nonsense =
        (seen, socket, out) ->
            out.write("SSH-2.0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    ScriptedVendor.Script html =
        (seen, socket, out) -> out.write(ScriptedVendor.response(200, "text/html", "<p>hi</p>"));
    ScriptedVendor.Script errorEvent =
        events(
            "data: {\"error\":{\"message\":\"busy\",\"type\":\"server_error\",\"code\":null}}\n\n");
    ScriptedVendor.Script cutHead =
        (seen, socket, out) -> {
          streamHead(out);
          chunk(
              out,
              "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n");
          socket.close();
        };
    ScriptedVendor.Script malformed = events("data: {\"id\":\n\n");
    return Stream.of(
        Arguments.of("429", json(429, "{\"error\":{\"message\":\"slow\"}}", "retry-after: 1")),
        Arguments.of("500", json(500, "oops")),
        Arguments.of("503", json(503, "")),
        Arguments.of("529", json(529, "{}")),
        Arguments.of("498", json(498, "{\"error\":{\"message\":\"Flex Tier Capacity Exceeded\"}}")),
        Arguments.of("401", json(401, "{\"error\":{\"message\":\"bad key\"}}")),
        Arguments.of("stall", stall),
        Arguments.of("hang up", hangUp),
        Arguments.of("reset", reset),
        Arguments.of("nonsense", nonsense),
        Arguments.of("html", html),
        Arguments.of("error event", errorEvent),
        Arguments.of("cut after the first frame", cutHead),
        Arguments.of("malformed first frame", malformed));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultsBeforeTheFirstByte")
  void anotherVendorOfAnotherProtocolAnswersAStream(String name, ScriptedVendor.Script fault)
      throws Exception {
    try (var first = new ScriptedVendor(fault);
        var second =
            new ScriptedVendor((seen, socket, out) -> {
              streamHead(out);
              chunk(out, CLAUDE_STREAM);
              out.write("0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            });
        var house = house(first, second)) {
      HttpResponse<String> response = house.post("/v1/chat/completions", ask(true));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("Hi from Claude").endsWith("data: [DONE]\n\n");
      assertThat(response.headers().firstValue("x-understudy-target"))
          .contains("anthropic/claude-sonnet-4-5");
      assertThat(response.headers().firstValue("x-understudy-attempts")).contains("2");
      assertThat(second.seen.getFirst().body()).contains("\"claude-sonnet-4-5\"");
      var exchange = house.exchange();
      assertThat(exchange.attempts()).hasSize(2);
      assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.ANSWERED);
      assertThat(exchange.usage().tokens().output()).isEqualTo(4);
    }
  }

  @Test
  void aVendorThatRefusesConnectionsIsPassedOver() throws Exception {
    try (var first = new ScriptedVendor(json(200, "{}"));
        var second = new ScriptedVendor(json(200, CLAUDE));
        var house = house(first, second)) {
      first.close();

      HttpResponse<String> response = house.post("/v1/chat/completions", ask(false));

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("Hi from Claude").contains("\"chat.completion\"");
      Attempt attempt = house.exchange().attempts().getFirst();
      assertThat(attempt.outcome()).isEqualTo(Attempt.Outcome.UNREACHED);
      assertThat(attempt.usage().isSaid()).isFalse();
    }
  }

  static Stream<Arguments> silences() {
    ScriptedVendor.Script stall = (seen, socket, out) -> Thread.sleep(4_000);
    ScriptedVendor.Script hangUp = (seen, socket, out) -> socket.close();
    return Stream.of(Arguments.of("stall", stall), Arguments.of("hang up", hangUp));
  }

  /** It had the prompt, and may bill it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("silences")
  void aVendorThatTookTheRequestAndSaysNothingIsReckonedToHaveReadIt(
      String name, ScriptedVendor.Script silence) throws Exception {
    try (var first = new ScriptedVendor(silence);
        var second = new ScriptedVendor(json(200, CLAUDE));
        var house = house(first, second)) {
      assertThat(house.post("/v1/chat/completions", ask(false)).statusCode()).isEqualTo(200);

      Attempt attempt = house.exchange().attempts().getFirst();
      assertThat(attempt.outcome()).isEqualTo(Attempt.Outcome.BROKEN);
      assertThat(attempt.status()).isEmpty();
      assertThat(attempt.usage().estimated()).isTrue();
      assertThat(attempt.usage().tokens().input()).isEqualTo(Estimates.tokens(ask(false).length()));
      assertThat(attempt.usage().tokens().output()).isZero();
    }
  }

  @Test
  void aVendorThatDoesNotTakeTheWholeRequestIsNotReckonedToHaveReadIt() throws Exception {
    var exchanges = new LinkedBlockingQueue<Exchange>();
    try (var vendor = new ServerSocket()) {
      // The system accepts, and takes a few MiB for a program that reads nothing.
      vendor.setReceiveBufferSize(4 << 10);
      vendor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (var gateway =
              new Gateway(
                  new Gateway.Settings("127.0.0.1", 0, 1, 64 << 20, 32 << 10, 100),
                  new Plan(List.of(), List.of(Plan.VendorName.of("openai"))),
                  new Vendors(
                      List.of(
                          House.vendor(
                              "openai", vendor.getLocalPort(), ProtocolName.OPENAI_CHAT, SHORT))),
                  Callers.NONE,
                  exchanges::add,
                  InstantSource.system());
          var client = HttpClient.newHttpClient()) {
        String ask = ask(false).replace("assistant", "openai/gpt-5.1");
        var request =
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + gateway.port() + "/v1/chat/completions"))
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        ask.replace("hello", "hello ".repeat(4 << 20))))
                .build();

        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
            .isEqualTo(504);

        Attempt attempt = exchanges.take().attempts().getFirst();
        assertThat(attempt.outcome()).isEqualTo(Attempt.Outcome.UNREACHED);
        assertThat(attempt.usage().isSaid()).isFalse();
      }
    }
  }

  @Test
  void whatTheCallerCausedIsNotTriedElsewhere() throws Exception {
    try (var first = new ScriptedVendor(json(400, "{\"error\":{\"message\":\"bad\"}}"));
        var second = new ScriptedVendor(json(200, CLAUDE));
        var house = house(first, second)) {
      HttpResponse<String> response = house.post("/v1/chat/completions", ask(false));

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(second.seen).isEmpty();
    }
  }

  @Test
  void whenNobodyAnswersTheCallerHearsTheVendorThatSaidSomething() throws Exception {
    String error =
        "{\"error\":{\"message\":\"slow down\",\"type\":\"requests\",\"param\":null,\"code\":null}}";
    try (var first = new ScriptedVendor(json(429, error, "retry-after: 7"));
        var second = new ScriptedVendor((seen, socket, out) -> socket.close());
        var house = house(first, second)) {
      HttpResponse<String> response = house.post("/v1/chat/completions", ask(false));

      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.body()).isEqualTo(error);
      assertThat(response.headers().firstValue("retry-after")).contains("7");
      assertThat(house.exchange().attempts()).hasSize(2);
    }
  }

  /** One gateway left a {@code message_start} with status 200 behind when both vendors failed. */
  @Test
  void twoStreamsThatFailBeforeTheirFirstWordLeaveNoHalfAnswer() throws Exception {
    ScriptedVendor.Script startsAndFails =
        events(
            CLAUDE_STREAM.substring(0, CLAUDE_STREAM.indexOf("event: content_block_start"))
                + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                + "\"message\":\"Overloaded\"}}\n\n");
    ScriptedVendor.Script errorEvent =
        events(
            "data: {\"error\":{\"message\":\"busy\",\"type\":\"server_error\",\"code\":null}}\n\n");
    try (var first = new ScriptedVendor(errorEvent);
        var second = new ScriptedVendor(startsAndFails);
        var house = house(first, second)) {
      for (String path : List.of("/v1/chat/completions", "/v1/messages")) {
        HttpResponse<String> response =
            house.post(path, ask(true).replace("{\"model", "{\"max_tokens\":9,\"model"));

        assertThat(response.statusCode()).isGreaterThanOrEqualTo(500);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body()).startsWith("{").contains("\"error\"");
        assertThat(response.body()).doesNotContain("message_start", "data:");
        assertThat(house.exchange().attempts()).hasSize(2);
      }
    }
  }

  @Test
  void fault19And22TheNextTargetIsAskedInItsOwnProtocolByItsOwnModelsName() throws Exception {
    try (var first = new ScriptedVendor(json(503, "{}"));
        var second = new ScriptedVendor(json(200, CLAUDE));
        var house = house(first, second)) {
      assertThat(house.post("/v1/chat/completions", ask(false)).statusCode()).isEqualTo(200);

      assertThat(first.seen.getFirst().line()).startsWith("POST /v1/chat/completions ");
      assertThat(first.seen.getFirst().body()).contains("\"model\":\"gpt-5.1\"");
      assertThat(second.seen.getFirst().line()).startsWith("POST /v1/messages ");
      assertThat(second.seen.getFirst().body())
          .contains("\"model\":\"claude-sonnet-4-5\"", "\"max_tokens\":")
          .doesNotContain("gpt-5.1", "assistant\"");
    }
  }

  @Test
  void aConnectionThatTheVendorClosedMeanwhileIsReplaced() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, CLAUDE));
        var house =
            new House(
                Callers.NONE,
                List.of(),
                House.vendor("anthropic", vendor.port(), ProtocolName.ANTHROPIC_MESSAGES))) {
      String ask =
          "{\"model\":\"anthropic/c\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
      assertThat(house.post("/v1/messages", ask).statusCode()).isEqualTo(200);
      // The kept connection dies in the moment it is used again.
      vendor.script((seen, socket, out) -> {
        vendor.script(json(200, CLAUDE));
        socket.close();
      });

      HttpResponse<String> response = house.post("/v1/messages", ask);

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(CLAUDE);
    }
  }

  private static House house(ScriptedVendor first, ScriptedVendor second) throws Exception {
    return new House(
        Callers.NONE,
        List.of(House.route("assistant", "openai/gpt-5.1", "anthropic/claude-sonnet-4-5")),
        House.vendor("openai", first.port(), ProtocolName.OPENAI_CHAT, SHORT),
        House.vendor("anthropic", second.port(), ProtocolName.ANTHROPIC_MESSAGES));
  }

  private static String ask(boolean stream) {
    return "{\"model\":\"assistant\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
        .formatted(stream);
  }
}
