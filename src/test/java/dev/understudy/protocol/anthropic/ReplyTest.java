package dev.understudy.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Citation;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.wire.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class ReplyTest {
  private final Losses losses = new Losses();

  private ChatReply fixture() {
    return Fixtures.OUTBOUND.readReply(Fixtures.bytes("reply.json"), Fixtures.ANTHROPIC, losses);
  }

  private static ChatReply reply(Stop stop, Part... parts) {
    return new ChatReply("", "gpt-5", List.of(parts), stop, Usage.UNSAID);
  }

  @Test
  void readsEveryFieldOfAReply() {
    ChatReply reply = fixture();
    assertThat(losses.kept()).isEmpty();
    assertThat(reply.stop().reason()).isEqualTo(Stop.Reason.TOOL_CALLS);
    assertThat(reply.parts().getFirst())
        .isEqualTo(
            new Part.Reasoning(
                "I should search.",
                Optional.of(
                    new Seal(
                        ProtocolName.ANTHROPIC_MESSAGES,
                        Optional.of("anthropic"),
                        "signature",
                        "c2ln"))));
    assertThat(((Part.Text) reply.parts().get(4)).citations().getFirst().url())
        .contains("https://example.com/w");
    assertThat(reply.usage().tokens().input()).isEqualTo(40);
    assertThat(reply.usage().tokens().reasoning()).isEqualTo(20);
  }

  @Test
  void inputsStayAsTheyStoodOnTheWire() {
    assertThat(fixture().parts().get(5))
        .isEqualTo(new Part.ToolCall("toolu_1", "get_weather", "{\"city\":\"Bern\",\"days\":1e1}"));
  }

  @Test
  void aStreamFoldsToTheSameReply() {
    assertThat(Fixtures.fold(Fixtures.bytes("stream.sse")).reply().orElseThrow().parts())
        .isEqualTo(fixture().parts());
    assertThat(Fixtures.fold(Fixtures.bytes("stream.sse")).reply().orElseThrow().usage().tokens())
        .isEqualTo(fixture().usage().tokens());
  }

  @Test
  void aStreamGivesTheSameEventsWhereverItIsCut() {
    byte[] stream = Fixtures.bytes("stream.sse");
    List<ReplyEvent> whole = Fixtures.events(stream, Fixtures.WHOLE, losses);
    assertThat(losses.kept()).isEmpty();
    for (int step = 1; step < 400; step++) {
      assertThat(Fixtures.events(stream, step)).isEqualTo(whole);
    }
  }

  @Test
  void aReplyOfItsOwnProtocolIsWrittenAsItWasRead() {
    assertThat(Fixtures.reply(fixture()).toString())
        .isEqualTo(Json.parseObject(Fixtures.bytes("reply.json")).toString());
  }

  @Test
  void anotherVendorsReplyIsAValidMessage() {
    ObjectNode message = Fixtures.reply(reply(new Stop(Stop.Reason.END), new Part.Text("hello")));
    assertThat(message.get("id").stringValue()).isEqualTo("msg_x1");
    assertThat(Json.text(message.get("content")))
        .isEqualTo("[{\"type\":\"text\",\"text\":\"hello\"}]");
    assertThat(message.get("stop_reason").stringValue()).isEqualTo("end_turn");
    assertThat(message.has("stop_sequence")).isTrue();
    assertThat(message.at("/usage/input_tokens").intValue()).isZero();
    assertThat(message.at("/usage/cache_read_input_tokens").isIntegralNumber()).isTrue();
  }

  @Test
  void toolCallsAndRefusalsDecideTheStopReason() {
    var call = new Part.ToolCall("", "f", "");
    ObjectNode message = Fixtures.reply(reply(new Stop(Stop.Reason.END), call));
    assertThat(message.get("stop_reason").stringValue()).isEqualTo("tool_use");
    assertThat(Json.text(message.get("content")))
        .isEqualTo("[{\"type\":\"tool_use\",\"id\":\"toolu_x1_0\",\"name\":\"f\",\"input\":{}}]");
    ObjectNode refusal = Fixtures.reply(reply(new Stop(Stop.Reason.END), new Part.Refusal("no")));
    assertThat(refusal.get("stop_reason").stringValue()).isEqualTo("refusal");
    assertThat(refusal.at("/content/0/text").stringValue()).isEqualTo("no");
  }

  @Test
  void malformedInputIsKeptInsideAnObject() {
    ObjectNode message =
        Fixtures.reply(
            reply(new Stop(Stop.Reason.MAX_TOKENS), new Part.ToolCall("a", "f", "{\"x\":")));
    assertThat(Json.text(message.at("/content/0/input")))
        .isEqualTo("{\"_invalid_input\":\"{\\\"x\\\":\"}");
    assertThat(message.get("stop_reason").stringValue()).isEqualTo("max_tokens");
  }

  @Test
  void foreignSealsTravelWrappedAndComeBack() {
    var seal = new Seal(ProtocolName.GEMINI, Optional.of("google"), "call:signature", "abc");
    var call = new Part.ToolCall("a", "f", "{}", Optional.of(seal));
    ChatReply reply = reply(new Stop(Stop.Reason.TOOL_CALLS), call);
    ObjectNode message = Fixtures.reply(reply);
    assertThat(message.at("/content/0/type").stringValue()).isEqualTo("thinking");
    assertThat(message.at("/content/0/thinking").stringValue()).isEmpty();
    assertThat(Fixtures.OUTBOUND.readReply(Json.bytes(message), Fixtures.ANTHROPIC, losses).parts())
        .containsExactly(call);
    assertThat(Fixtures.fold(Fixtures.stream(reply)).reply().orElseThrow().parts())
        .containsExactly(call);
  }

  @Test
  void picturesAreMentionedAndForeignCitationsCited() {
    var cited =
        new Citation(
            Optional.of("https://a"),
            Optional.of("A"),
            Optional.empty(),
            Optional.of(0L),
            Optional.of(1L),
            ProtocolName.GEMINI,
            "{}");
    ObjectNode message =
        Fixtures.reply(
            reply(
                new Stop(Stop.Reason.END),
                new Part.Text("x", List.of(cited), List.of()),
                new Part.Image(new Source.Inline("image/png", "AAAA"), Optional.empty())));
    assertThat(message.at("/content/0/citations/0/url").stringValue()).isEqualTo("https://a");
    assertThat(message.at("/content/1/text").stringValue()).contains("image/png");
  }

  @Test
  void usageThatComesLastIsWholeInMessageDelta() {
    String stream = new String(Fixtures.stream(fixture()), UTF_8);
    assertThat(stream).contains("\"usage\":{\"input_tokens\":0,");
    assertThat(stream)
        .contains(
            "\"usage\":{\"input_tokens\":25,\"cache_creation_input_tokens\":10,"
                + "\"cache_read_input_tokens\":5,");
    assertThat(stream.lines().filter(line -> line.startsWith("event: message_")).toList())
        .containsExactly("event: message_start", "event: message_delta", "event: message_stop");
  }

  @Test
  void aStreamThatEndsEarlyOrBreaksTheProtocolIsBroken() {
    byte[] stream = Fixtures.bytes("stream.sse");
    byte[] cut = Arrays.copyOf(stream, stream.length - 60);
    assertThat(Fixtures.events(cut, Fixtures.WHOLE).getLast())
        .isInstanceOf(ReplyEvent.Broken.class);
    assertThat(Fixtures.events("data: {\"type\":\"message_stop\"}\n\n").getLast())
        .isInstanceOf(ReplyEvent.Broken.class);
    assertThat(Fixtures.events("data: {not json\n\n").getLast())
        .isInstanceOf(ReplyEvent.Broken.class);
    assertThat(
            Fixtures.events(
                    """
                    data: {"type":"message_start","message":{"id":"msg_1","model":"m","content":[]}}

                    data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                    data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"x"}}

                    """)
                .getLast())
        .isInstanceOf(ReplyEvent.Broken.class);
  }

  @Test
  void aHeartbeatIsAPingOnceTheMessageHasBegunAndACommentBefore() {
    var out = new Bytes();
    var writer = Fixtures.INBOUND.streamWriter(Fixtures.context(), new Losses());
    writer.write(new ReplyEvent.Heartbeat(), out);
    assertThat(new String(out.take(), UTF_8)).isEqualTo(": ping\n\n");
    writer.write(new ReplyEvent.Started("", ""), out);
    out.take();
    writer.write(new ReplyEvent.Heartbeat(), out);
    assertThat(new String(out.take(), UTF_8))
        .isEqualTo("event: ping\ndata: {\"type\":\"ping\"}\n\n");
  }

  /** Whatever a vendor sends, a stream ends in an event and never in an exception. */
  @Test
  void nonsenseInAStreamNeverThrows() {
    List<String> values = List.of("7", "\"x\"", "[]", "{}", "null", "true", "-1.5");
    String stream = new String(Fixtures.bytes("stream.sse"), UTF_8);
    for (String member :
        List.of(
            "index",
            "delta",
            "content_block",
            "citation",
            "usage",
            "message",
            "partial_json",
            "citations",
            "thinking",
            "input",
            "output_tokens",
            "stop_reason",
            "id")) {
      for (String value : values) {
        String broken =
            stream.replaceAll(
                "\"" + member + "\":(\"[^\"]*\"|\\d+|null)", "\"" + member + "\":" + value);
        ReplyEvent last = Fixtures.events(broken).getLast();
        assertThat(last).isInstanceOfAny(ReplyEvent.Ended.class, ReplyEvent.Broken.class);
      }
    }
  }

  @Test
  void anErrorInTheStreamIsTheVendors() {
    var broken =
        (ReplyEvent.Broken)
            Fixtures.events(
                    "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
                        + "\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")
                .getLast();
    assertThat(broken.failure().status()).isEqualTo(529);
    assertThat(broken.failure().vendor()).contains("anthropic");
    var out = new Bytes();
    Fixtures.INBOUND.streamWriter(Fixtures.context(), new Losses()).write(broken, out);
    assertThat(out.toString(UTF_8))
        .isEqualTo(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                + "\"message\":\"Overloaded\",\"vendor\":\"anthropic\"}}\n\n");
  }

  @Test
  void errorsOfCloudsAreReadToo() {
    assertThat(failure(403, "{\"message\":\"You don't have access\"}").type())
        .isEqualTo("permission_error");
    Failure google =
        failure(
            429,
            "[{\"error\":{\"code\":429,\"message\":\"quota\",\"status\":\"RESOURCE_EXHAUSTED\"}}]");
    assertThat(google.type()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(google.message()).isEqualTo("quota");
    assertThat(failure(502, "<html>Bad gateway</html>").message())
        .isEqualTo("<html>Bad gateway</html>");
    assertThat(failure(503, "").message()).isEqualTo("the vendor answered with status 503");
    assertThat(
            failure(400, "{\"__type\":\"com.amazon#ValidationException\",\"message\":\"m\"}")
                .type())
        .isEqualTo("ValidationException");
  }

  @Test
  void aFailureKeepsTheVendorsWordsAndRequest() {
    var out = new Bytes();
    Fixtures.INBOUND.writeFailure(
        failure(
            404,
            "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"model: x\"},"
                + "\"request_id\":\"req_1\"}"),
        out);
    assertThat(out.toString(UTF_8))
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"model: x\","
                + "\"vendor\":\"anthropic\"},\"request_id\":\"req_1\"}");
  }

  @Test
  void whatIsNoMessageIsMalformed() {
    assertThatThrownBy(
            () -> Fixtures.OUTBOUND.readReply("{}".getBytes(UTF_8), Fixtures.ANTHROPIC, losses))
        .isInstanceOf(Malformed.class);
    assertThat(Fixtures.OUTBOUND.readCount("{\"input_tokens\":12}".getBytes(UTF_8))).hasValue(12);
    assertThat(Fixtures.OUTBOUND.readCount("oops".getBytes(UTF_8))).isEmpty();
  }

  private static Failure failure(int status, String body) {
    return Fixtures.OUTBOUND.readFailure(status, body.getBytes(UTF_8), Fixtures.ANTHROPIC);
  }
}
