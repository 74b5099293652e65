package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.chunk;
import static dev.understudy.gateway.ScriptedVendor.events;
import static dev.understudy.gateway.ScriptedVendor.json;
import static dev.understudy.gateway.ScriptedVendor.streamHead;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.json.JsonScanner;
import dev.understudy.vendor.BodyEdits;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelayTest {
  private static final String REPLY =
      "{\"id\": \"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-5.1-2025\","
          + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},"
          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,"
          + "\"total_tokens\":9},\"brand_new\":{\"x\":[1.50]}}";

  private static final String A =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m-1\","
          + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hel\"},"
          + "\"finish_reason\":null}]}\n\n";
  private static final String B =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m-1\","
          + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}\n\n";
  private static final String USAGE =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m-1\","
          + "\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  @Test
  void passesTheCallersBytesOnButForTheModelAndTheVendorsBytesBack() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, REPLY, "x-ratelimit-remaining-requests: 9"));
        var house = openai(vendor)) {
      HttpResponse<String> response =
          house.post(
              "/v1/chat/completions",
              "{ \"messages\":[{\"role\":\"user\",\"content\":\"caf\u00e9 \\u00e9\"}] ,"
                  + "\"model\" : \"assistant\", \"future_field\":{\"b\":1,\"a\":2} }\n");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(REPLY);
      assertThat(response.headers().firstValue("x-understudy-target")).contains("openai/gpt-5.1");
      assertThat(response.headers().firstValue("x-ratelimit-remaining-requests")).contains("9");
      assertThat(vendor.seen.getFirst().body())
          .isEqualTo(
              "{ \"messages\":[{\"role\":\"user\",\"content\":\"caf\u00e9 \\u00e9\"}] ,"
                  + "\"model\" : \"gpt-5.1\", \"future_field\":{\"b\":1,\"a\":2} }\n");
      assertThat(vendor.seen.getFirst().headers())
          .containsEntry("authorization", "Bearer sk-vendor-secret");
      var exchange = house.exchange();
      assertThat(exchange.id())
          .isEqualTo(response.headers().firstValue("x-understudy-exchange").orElseThrow());
      assertThat(exchange.usage().tokens().of(Leaf.INPUT)).isEqualTo(7);
      assertThat(exchange.attempts().getFirst().replyModel()).contains("gpt-5.1-2025");
    }
  }

  @Test
  void leavesABodyAloneWhoseModelStandsInThePath() {
    String spaced = " {\n \"model\" : \"models/gemini-x\", \"contents\" : [ ] }\n";
    assertThat(edited(spaced, new BodyEdits(false, false, Map.of()))).isEqualTo(spaced);
    assertThat(
            edited(
                "{\"model\": \"models/other\" , \"a\" : 1}", new BodyEdits(false, false, Map.of())))
        .isEqualTo("{\"a\" : 1}");
    assertThat(
            edited(
                "{ \"a\" :1, \"stream\":true, \"model\":\"gemini-x\" }\n",
                new BodyEdits(false, false, Map.of("v", "\"1\""))))
        .isEqualTo("{ \"a\" :1,\"v\":\"1\" }\n");
    assertThat(edited("{ }", new BodyEdits(false, true, Map.of("v", "1")))).isEqualTo("{ \"v\":1}");
    assertThat(edited("{\"v\": 2}", new BodyEdits(false, true, Map.of("v", "1"))))
        .isEqualTo("{\"v\": 2}");
    assertThat(edited("{ \"model\": 3 }", new BodyEdits(false, true, Map.of("v", "1"))))
        .isEqualTo("{ \"v\":1 }");
  }

  private static String edited(String body, BodyEdits edits) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return new String(
        RelayBody.edit(bytes, bytes.length, edits, "gemini-x", new JsonScanner()),
        StandardCharsets.UTF_8);
  }

  @Test
  void relaysAStreamAndWithholdsTheUsageTheCallerDidNotAskFor() throws Exception {
    try (var vendor = new ScriptedVendor(events(A, B, USAGE, DONE));
        var house = openai(vendor)) {
      HttpResponse<String> response =
          house.post(
              "/v1/chat/completions", "{\"model\":\"assistant\",\"stream\":true,\"messages\":[]}");

      assertThat(response.body()).isEqualTo(A + B + DONE);
      assertThat(vendor.seen.getFirst().body())
          .isEqualTo(
              "{\"model\":\"gpt-5.1\",\"stream\":true,\"messages\":[],"
                  + "\"stream_options\":{\"include_usage\":true}}");
      assertThat(house.exchange().usage().tokens().output()).isEqualTo(2);
    }
  }

  @Test
  void relaysTheUsageTheCallerAskedFor() throws Exception {
    try (var vendor = new ScriptedVendor(events(A, B, USAGE, DONE));
        var house = openai(vendor)) {
      HttpResponse<String> response =
          house.post(
              "/v1/chat/completions",
              "{\"stream_options\":{\"include_usage\":true},\"model\":\"openai/x\",\"stream\":true}");

      assertThat(response.body()).isEqualTo(A + B + USAGE + DONE);
      assertThat(vendor.seen.getFirst().body())
          .isEqualTo(
              "{\"stream_options\":{\"include_usage\":true},\"model\":\"x\",\"stream\":true}");
    }
  }

  @Test
  void leavesCachingOfAStreamToTheVendorWhereItSaysAnything() throws Exception {
    try (var vendor =
            new ScriptedVendor((_, _, out) -> {
              out.write(
                  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nCache-Control: no-store\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
              out.write("connection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
              out.write((A + B + DONE).getBytes(StandardCharsets.US_ASCII));
              out.close();
            });
        var house = openai(vendor)) {
      String ask = "{\"model\":\"openai/x\",\"stream\":true}";

      assertThat(house.post("/v1/chat/completions", ask).headers().allValues("cache-control"))
          .containsExactly("no-store");
    }
  }

  @Test
  void addsTheWishForUsageToOptionsThatStandBeforeTheModel() throws Exception {
    try (var vendor = new ScriptedVendor(events(A, B, USAGE, DONE));
        var house = openai(vendor)) {
      house.post(
          "/v1/chat/completions",
          "{\"stream_options\":{\"include_obfuscation\":false},\"model\":\"openai/x\",\"stream\":true}");

      assertThat(vendor.seen.getFirst().body())
          .isEqualTo(
              "{\"stream_options\":{\"include_obfuscation\":false,\"include_usage\":true},"
                  + "\"model\":\"x\",\"stream\":true}");
    }
  }

  @Test
  void replacesOptionsThatAreNullInsteadOfNamingThemTwice() throws Exception {
    try (var vendor = new ScriptedVendor(events(A, B, USAGE, DONE));
        var house = openai(vendor)) {
      house.post(
          "/v1/chat/completions",
          "{\"model\":\"openai/x\",\"stream\":true,\"stream_options\":null}");

      assertThat(vendor.seen.getFirst().body())
          .isEqualTo(
              "{\"model\":\"x\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    }
  }

  @Test
  void endsAStreamThatBreaksAsAnErrorAndNeverCleanly() throws Exception {
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              streamHead(out);
              chunk(out, A);
              out.flush();
              socket.close();
            });
        var house = openai(vendor)) {
      HttpResponse<String> response =
          house.post(
              "/v1/chat/completions",
              "{\"model\":\"assistant\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");

      assertThat(response.body()).startsWith(A).contains("\"error\"").doesNotContain("[DONE]");
      var exchange = house.exchange();
      assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.BROKEN);
      assertThat(exchange.usage().estimated()).isTrue();
      assertThat(exchange.usage().tokens().output()).isPositive();
    }
  }

  @Test
  void takesAStreamThatStopsBeforeItsEndForBrokenEvenIfTheConnectionEndsWell() throws Exception {
    try (var vendor = new ScriptedVendor(events(A));
        var house = openai(vendor)) {
      HttpResponse<String> response =
          house.post("/v1/chat/completions", "{\"model\":\"assistant\",\"stream\":true}");

      assertThat(response.body()).startsWith(A).contains("\"error\"");
      assertThat(house.exchange().outcome()).isEqualTo(Attempt.Outcome.BROKEN);
    }
  }

  @Test
  void passesAnErrorBehindSomeOfTheAnswerOnAlsoWhenBothComeInOnePiece() throws Exception {
    String error =
        "data: {\"error\":{\"message\":\"no tool was called\",\"type\":\"invalid_request_error\"}}\n\n";
    try (var vendor = new ScriptedVendor(events(A, error));
        var house = openai(vendor)) {
      HttpResponse<String> response =
          house.post(
              "/v1/chat/completions",
              "{\"model\":\"openai/gpt-5.1\",\"stream\":true,\"messages\":[]}");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo(A + error);
      assertThat(house.exchange().outcome()).isEqualTo(Attempt.Outcome.BROKEN);
    }
  }

  @Test
  void keepsTheVendorsErrorWithItsStatusAndBytes() throws Exception {
    String error =
        "{\"error\":{\"message\":\"nope\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"x\"}}";
    try (var vendor = new ScriptedVendor(json(422, error));
        var house = openai(vendor)) {
      HttpResponse<String> response =
          house.post("/v1/chat/completions", "{\"model\":\"assistant\"}");

      assertThat(response.statusCode()).isEqualTo(422);
      assertThat(response.body()).isEqualTo(error);
      assertThat(response.headers().firstValue("x-understudy-target")).contains("openai/gpt-5.1");
    }
  }

  @Test
  void stopsTheVendorWhenTheCallerLeavesAndRecordsWhatWasConsumed() throws Exception {
    try (var vendor =
            new ScriptedVendor((seen, socket, out) -> {
              streamHead(out);
              for (int i = 0; i < 2_000; i++) {
                chunk(out, A);
                Thread.sleep(5);
              }
            });
        var house = openai(vendor);
        var caller = new java.net.Socket("127.0.0.1", house.gateway.port())) {
      String body = "{\"model\":\"assistant\",\"stream\":true}";
      caller
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                      .formatted(body.length(), body))
                  .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      caller.getInputStream().readNBytes(2_000);
      caller.close();

      var exchange = house.exchange();

      assertThat(exchange.outcome()).isEqualTo(Attempt.Outcome.ABANDONED);
      assertThat(exchange.usage().estimated()).isTrue();
      assertThat(exchange.usage().tokens().output()).isPositive();
    }
  }

  private static House openai(ScriptedVendor vendor) throws IOException {
    return new House(
        Callers.NONE,
        List.of(House.route("assistant", "openai/gpt-5.1")),
        House.vendor("openai", vendor.port(), ProtocolName.OPENAI_CHAT));
  }
}
