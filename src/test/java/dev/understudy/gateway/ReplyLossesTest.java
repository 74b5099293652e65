package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What a vendor's answer holds and its caller's protocol does not is named, never just left out.
 */
class ReplyLossesTest {
  private final Semaphore headArrived = new Semaphore(0);

  private static final String SEARCHED =
      """
      {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude",
       "content": [
         {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "x"}},
         {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []},
         {"type": "text", "text": "Found it"}],
       "stop_reason": "end_turn", "stop_sequence": null,
       "usage": {"input_tokens": 3, "output_tokens": 4}, "brand_new": {"a": 1}}
      """;

  private static final String START =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I search"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      """;

  private static final String SEARCH =
      """
      event: content_block_start
      data: {"type":"content_block_start","index":1,"content_block":{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":1}

      """;

  private static final String END =
      """
      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":4}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private static final String LOST =
      "reply.brand_new, reply.parts[0].server_tool_use, reply.parts[1].web_search_tool_result";

  @Test
  void theHeadOfAWholeReplyNamesWhatStayedBehind() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, SEARCHED));
        var house = house(vendor)) {
      for (String[] way :
          List.of(
              new String[] {"/v1/chat/completions", chat(false)},
              new String[] {"/v1/responses", "{\"model\":\"anthropic/claude\",\"input\":\"x\"}"},
              new String[] {
                "/v1beta/models/anthropic/claude:generateContent",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]}]}"
              })) {
        var response = house.post(way[0], way[1]);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).contains("Found it");
        assertThat(response.headers().firstValue("x-understudy-losses")).contains(LOST);
        assertThat(house.exchange().losses()).isEqualTo(List.of(LOST.split(", ")));
      }
    }
  }

  @Test
  void aRelayedReplyLosesNothing() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, SEARCHED));
        var house = house(vendor)) {
      var response =
          house.post(
              "/v1/messages",
              "{\"model\":\"anthropic/claude\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
              "x-understudy-strict",
              "true");

      assertThat(response.body()).isEqualTo(SEARCHED);
      assertThat(response.headers().firstValue("x-understudy-losses")).isEmpty();
    }
  }

  @Test
  void aStreamNamesBeforeItsEndWhatItsHeadCouldNotKnow() throws Exception {
    try (var vendor = new ScriptedVendor(slowly(START, SEARCH, END));
        var house = house(vendor)) {
      assertThat(stream(house, "/v1/chat/completions", chat(true)))
          .containsSubsequence(
              "I search",
              ": x-understudy-losses: reply.parts[1].web_search_tool_result\n\n",
              "finish_reason\":\"stop",
              "data: [DONE]");
      assertThat(house.exchange().losses())
          .containsExactly("reply.parts[1].web_search_tool_result");
    }
  }

  @Test
  void aStreamInWhichGooglesLibrariesWouldTripOverARemarkHasItInTheRecordOnly() throws Exception {
    try (var vendor = new ScriptedVendor(slowly(START, SEARCH, END));
        var house = house(vendor)) {
      String response =
          stream(
              house,
              "/v1beta/models/anthropic/claude:streamGenerateContent?alt=sse",
              "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]}]}");

      assertThat(response).contains("I search").doesNotContain("x-understudy-losses");
      assertThat(house.exchange().losses())
          .containsExactly("reply.parts[1].web_search_tool_result");
    }
  }

  @Test
  void aStrictCallerGetsAnotherTargetOrARefusalThatNamesTheLoss() throws Exception {
    String plain = SEARCHED.replaceAll("(?s)\\{\"type\": \"server_tool.*?\\[]},", "");
    try (var vendor = new ScriptedVendor(json(200, SEARCHED));
        var other = new ScriptedVendor(json(200, plain));
        var house = house(vendor, other)) {
      var response = house.post("/v1/chat/completions", chat(false), "x-understudy-strict", "true");

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body())
          .contains("reply.parts[0].server_tool_use", "unsupported_fields")
          .doesNotContain("brand_new");
      // What it cost is recorded all the same.
      assertThat(house.exchange().attempts().getFirst().usage().tokens().output()).isEqualTo(4);

      var elsewhere =
          house.post(
              "/v1/chat/completions",
              chat(false).replace("anthropic/claude", "both"),
              "x-understudy-strict",
              "true");

      assertThat(elsewhere.statusCode()).as(elsewhere.body()).isEqualTo(200);
      assertThat(elsewhere.headers().firstValue("x-understudy-target")).contains("other/claude");
    }
  }

  @Test
  void aStrictStreamEndsAsAnErrorWhereSomethingWouldBeLeftOut() throws Exception {
    try (var vendor = new ScriptedVendor(slowly(START, SEARCH, END));
        var house = house(vendor)) {
      assertThat(stream(house, "/v1/chat/completions", chat(true), "x-understudy-strict", "true"))
          .containsSubsequence("I search", "\"error\"", "reply.parts[1].web_search_tool_result")
          .doesNotContain("[DONE]");
      assertThat(house.exchange().outcome()).isEqualTo(Attempt.Outcome.BROKEN);

      // The same where its end comes in the same piece.
      vendor.script(slowly(START, SEARCH + END));
      assertThat(stream(house, "/v1/chat/completions", chat(true), "x-understudy-strict", "true"))
          .contains("\"error\"")
          .doesNotContain("[DONE]");
    }
  }

  @Test
  void namesThatAVendorMadeUpBreakNoLine() throws Exception {
    String odd = START.replace("\"usage\":{\"input", "\"a\\nb: c\\u2028\":1,\"usage\":{\"input");
    try (var vendor = new ScriptedVendor(slowly(odd, SEARCH, END));
        var house = house(vendor)) {
      assertThat(stream(house, "/v1/chat/completions", chat(true))).doesNotContain("\nb: c");
    }
  }

  /** The rest comes once the caller has the head, so that the head cannot know of it. */
  private ScriptedVendor.Script slowly(String first, String... rest) {
    return (seen, socket, out) -> {
      ScriptedVendor.streamHead(out);
      ScriptedVendor.chunk(out, first);
      assertThat(headArrived.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      for (String piece : rest) {
        ScriptedVendor.chunk(out, piece);
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    };
  }

  private String stream(House house, String path, String body, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + house.gateway.port() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    var response = house.client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    headArrived.release();
    return response.headers().map()
        + new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static House house(ScriptedVendor vendor) throws Exception {
    return house(vendor, vendor);
  }

  private static House house(ScriptedVendor vendor, ScriptedVendor other) throws Exception {
    return new House(
        Callers.NONE,
        List.of(House.route("both", "anthropic/claude", "other/claude")),
        House.vendor("anthropic", vendor.port(), ProtocolName.ANTHROPIC_MESSAGES),
        House.vendor("other", other.port(), ProtocolName.ANTHROPIC_MESSAGES));
  }

  private static String chat(boolean stream) {
    return "{\"model\":\"anthropic/claude\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
        .formatted(stream);
  }
}
