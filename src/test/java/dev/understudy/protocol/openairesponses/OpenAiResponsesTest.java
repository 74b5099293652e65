package dev.understudy.protocol.openairesponses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Citation;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.EventGrammar;
import dev.understudy.protocol.FailedReply;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.wire.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class OpenAiResponsesTest {
  private static final OpenAiResponsesInbound INBOUND = new OpenAiResponsesInbound();
  private static final OpenAiResponsesOutbound OUTBOUND = new OpenAiResponsesOutbound();
  private static final Dialect OPENAI = Dialect.standard("openai");

  @Test
  void readsARequestWithoutLossAndWritesItSoThatItReadsTheSame() {
    var losses = new Losses();
    ChatRequest request = INBOUND.readRequest(call(fixture("request-full.json")), losses);
    byte[] written = OUTBOUND.writeRequest(request, OPENAI, losses).json();

    assertThat(losses.kept()).isEmpty();
    assertThat(INBOUND.readRequest(InboundCall.of(Json.parseObject(written)), losses))
        .isEqualTo(request);
    assertThat(request.messages())
        .extracting(message -> message.role())
        .containsExactly(
            Role.SYSTEM,
            Role.DEVELOPER,
            Role.USER,
            Role.ASSISTANT,
            Role.USER,
            Role.ASSISTANT,
            Role.USER,
            Role.USER);
    assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Among(List.of("weigh"), true));
    assertThat(request.messages().get(3).parts().get(2))
        .isEqualTo(new Part.ToolCall("call_1", "weigh", "{ \"b\":1,\"a\":2 }"));
  }

  @Test
  void countsPositionsOfCitationsInUtf16Units() {
    ChatRequest request = INBOUND.readRequest(call(fixture("request-full.json")), new Losses());
    var text = (Part.Text) request.messages().get(3).parts().get(1);
    Citation citation = text.citations().getFirst();

    assertThat(citation.start()).contains(2L);
    assertThat(citation.end()).contains(4L);
  }

  @Test
  void namesTheStateThatARequestLeansOn() {
    assertThat(stored("{'previous_response_id':'resp_1'}")).contains("previous_response_id");
    assertThat(stored("{'conversation':'conv_1'}")).contains("conversation");
    assertThat(stored("{'background':true}")).contains("background");
    assertThat(stored("{'prompt':{'id':'pmpt_1'}}")).contains("prompt");
    assertThat(
            stored("{'input':[{'role':'user','content':'a'},{'type':'item_reference','id':'x'}]}"))
        .contains("input[1]");
    assertThat(stored("{'input':[{'id':'msg_1'}]}")).contains("input[0]");
    assertThat(stored("{'input':'hi','previous_response_id':null,'background':false}")).isEmpty();
    assertThatThrownBy(() ->
            INBOUND.readRequest(
                call("{\"model\":\"m\",\"input\":\"a\",\"previous_response_id\":\"resp_1\"}"),
                new Losses()))
        .isInstanceOf(Malformed.class)
        .hasMessageStartingWith("previous_response_id: refers to state");
  }

  @Test
  void saysWhatIsWrongWithARequest() {
    assertMalformed("{\"input\":\"a\"}", "model: is missing");
    assertMalformed("{\"model\":\"m\"}", "input: is missing");
    assertMalformed("{\"model\":\"m\",\"input\":7}", "input: a string or an array");
    assertMalformed(
        "{\"model\":\"m\",\"input\":[{\"role\":\"robot\",\"content\":\"a\"}]}",
        "input[0].role: must be one of");
    assertMalformed(
        "{\"model\":\"m\",\"input\":[{\"type\":\"function_call\",\"name\":\"f\"}]}",
        "input[0].call_id: is missing");
    assertMalformed(
        "{\"model\":\"m\",\"input\":\"a\",\"tool_choice\":\"maybe\"}", "tool_choice: must be");
  }

  @Test
  void readsAReplyWithoutLoss() {
    var losses = new Losses();
    ChatReply reply = OUTBOUND.readReply(bytes("reply-full.json"), OPENAI, losses);

    assertThat(losses.kept()).isEmpty();
    assertThat(reply.stop().reason()).isEqualTo(Stop.Reason.TOOL_CALLS);
    assertThat(((Part.Reasoning) reply.parts().getFirst()).text()).isEqualTo("First.\n\nThen.");
    assertThat(reply.usage().tokens().of(Leaf.INPUT)).isEqualTo(30);
    assertThat(reply.usage().tokens().of(Leaf.REASONING)).isEqualTo(20);
    assertThat(reply.usage().units())
        .containsEntry("web_search_call", BigDecimal.ONE)
        .containsEntry("tool_usage.web_search.num_requests", BigDecimal.TWO);
    assertThat(reply.usage().serviceTier()).contains("flex");
  }

  @Test
  void bringsASealHomeWordForWord() {
    ChatReply reply = OUTBOUND.readReply(bytes("reply-full.json"), OPENAI, new Losses());
    ObjectNode again = roundTrip(reply, OPENAI);

    assertThat(again.path("input").get(0))
        .isEqualTo(
            Json.parse(
                "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{\"type\":\"summary_text\","
                    + "\"text\":\"First.\"},{\"type\":\"summary_text\",\"text\":\"Then.\"}],"
                    + "\"encrypted_content\":\"gAAAA\"}"));
    var elsewhere = new Losses();
    ChatRequest next = nextTurn(reply);
    OUTBOUND.writeRequest(next, Dialect.standard("xai"), elsewhere);
    assertThat(elsewhere.kept())
        .anySatisfy(loss -> assertThat(loss.reason()).contains("sealed by another vendor"));
  }

  @Test
  void bringsAToolCallsSealBackToItsCall() {
    var seal = new Seal(ProtocolName.GEMINI, Optional.of("google"), "thought_signature", "abc==");
    var called = new Part.ToolCall("call_9", "weigh", "{}", Optional.of(seal));
    var reply =
        new ChatReply(
            "g", "gemini", List.of(called), new Stop(Stop.Reason.TOOL_CALLS), Usage.UNSAID);

    assertThat(nextTurn(reply).messages().getFirst().parts()).containsExactly(called);
  }

  @Test
  void tellsInterleavedItemsOneAfterAnother() {
    var fold = fold("stream-interleaved.sse", Integer.MAX_VALUE);

    assertThat(fold.reply().orElseThrow().parts())
        .containsExactly(
            new Part.ToolCall("call_1", "weigh", "{\"a\":1}"),
            new Part.ToolCall("call_2", "feed", "{\"b\":2}"));
    assertThat(fold.usage().tokens().output()).isEqualTo(4);
  }

  @Test
  void completesWhatTheStreamLeftOut() {
    var parts = fold("stream-pieces-missing.sse", Integer.MAX_VALUE).reply().orElseThrow().parts();

    assertThat(parts).hasSize(4);
    assertThat(((Part.Reasoning) parts.get(0)).text()).isEqualTo("One.\n\nTwo.");
    assertThat(((Part.Text) parts.get(1)).text()).isEqualTo("Half and half.");
    assertThat(((Part.Text) parts.get(1)).citations()).hasSize(1);
    assertThat(parts.get(2)).isEqualTo(new Part.Refusal("No more."));
    assertThat(parts.get(3)).isEqualTo(new Part.ToolCall("call_1", "weigh", "{}"));
  }

  @Test
  void readsAStreamTheSameWhereverItIsCut() {
    for (String name : List.of("stream-interleaved.sse", "stream-pieces-missing.sse")) {
      byte[] bytes = bytes(name);
      List<ReplyEvent> whole = events(bytes, bytes.length);
      assertThat(events(bytes, 1)).isEqualTo(whole);
      for (int cut = 1; cut < bytes.length; cut++) {
        var events = new ArrayList<ReplyEvent>();
        var reader = OUTBOUND.streamReader(OPENAI, events::add, new Losses());
        reader.accept(bytes, 0, cut);
        reader.accept(bytes, cut, bytes.length - cut);
        reader.end();
        assertThat(events).isEqualTo(whole);
      }
    }
  }

  @Test
  void takesAStreamThatStopsBeforeItsEndForBroken() {
    byte[] bytes = bytes("stream-interleaved.sse");
    int last = new String(bytes, StandardCharsets.UTF_8).indexOf("event: response.completed");
    var fold = new ReplyFold();
    var reader = OUTBOUND.streamReader(OPENAI, fold, new Losses());
    reader.accept(bytes, 0, last);
    reader.end();

    assertThat(fold.reply()).isEmpty();
    assertThat(fold.failure().orElseThrow().vendor()).contains("openai");
  }

  @Test
  void readsErrorsInsideAStreamInEveryForm() {
    for (String event :
        List.of(
            "{'type':'error','code':'rate_limit_exceeded','message':'slow','param':null}",
            "{'type':'error','error':{'type':'tokens','code':'rate_limit_exceeded','message':'slow'}}",
            "{'type':'response.failed','response':{'id':'r','status':'failed','output':[],"
                + "'error':{'code':'rate_limit_exceeded','message':'slow'}}}")) {
      var fold = new ReplyFold();
      var reader = OUTBOUND.streamReader(OPENAI, fold, new Losses());
      byte[] bytes =
          ("data: " + event.replace('\'', '"') + "\n\n").getBytes(StandardCharsets.UTF_8);
      reader.accept(bytes, 0, bytes.length);
      reader.end();

      Failure failure = fold.failure().orElseThrow();
      assertThat(failure.status()).isEqualTo(429);
      assertThat(failure.code()).contains("rate_limit_exceeded");
      assertThat(failure.message()).isEqualTo("slow");
    }
  }

  @Test
  void doesNotTakeAFailedResponseForAnAnswer() {
    byte[] body =
        ("{\"id\":\"r\",\"status\":\"failed\",\"output\":[],"
                + "\"error\":{\"code\":\"server_error\",\"message\":\"went wrong\"}}")
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> OUTBOUND.readReply(body, OPENAI, new Losses()))
        .isInstanceOfSatisfying(
            FailedReply.class,
            failed -> assertThat(failed.failure().message()).isEqualTo("went wrong"));
  }

  @Test
  void readsErrorsOfAnyShape() {
    assertThat(failure("{'error':{'message':'no','type':'t','param':'p','code':'c'}}"))
        .isEqualTo(
            new Failure(
                400,
                "t",
                Optional.of("c"),
                "no",
                Optional.of("p"),
                Optional.of("openai"),
                Optional.empty(),
                Optional.of("{\"message\":\"no\",\"type\":\"t\",\"param\":\"p\",\"code\":\"c\"}")));
    assertThat(failure("{'code':'invalid-argument','error':'bad key'}").message())
        .isEqualTo("bad key");
    assertThat(failure("<html>").message()).isEqualTo("<html>");
    assertThat(failure("").message()).isEqualTo("the vendor answered 400");
  }

  @Test
  void endsABrokenStreamWithAnErrorThatLibrariesRaise() {
    var out = new Bytes();
    INBOUND
        .streamWriter(context(INBOUND.readRequest(call(minimal()), new Losses())), new Losses())
        .write(
            new ReplyEvent.Broken(
                Failure.of(529, "overloaded_error", "busy").withVendor("anthropic")),
            out);

    assertThat(new String(out.take(), StandardCharsets.UTF_8))
        .isEqualTo(
            "event: error\ndata: {\"type\":\"error\",\"sequence_number\":0,"
                + "\"code\":\"overloaded_error\",\"message\":\"busy\",\"param\":null,"
                + "\"error\":{\"message\":\"busy\",\"type\":\"overloaded_error\",\"param\":null,"
                + "\"code\":null,\"vendor\":\"anthropic\"}}\n\n");
  }

  @Test
  void isStrictOnlyWhereTheSchemaCanBe() {
    String open = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}";
    String closed =
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},"
            + "\"required\":[\"a\"],\"additionalProperties\":false}";

    assertThat(function(open, Optional.empty()).path("strict").asBoolean(true)).isFalse();
    assertThat(function(closed, Optional.empty()).has("strict")).isFalse();
    assertThat(function(open, Optional.of(true)).path("strict").asBoolean()).isTrue();
  }

  private static ObjectNode function(String schema, Optional<Boolean> strict) {
    return RequestWriter.function(
        new Tool.Function("f", Optional.empty(), Optional.of(schema), strict));
  }

  private static Failure failure(String body) {
    return OUTBOUND.readFailure(
        400, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), OPENAI);
  }

  private static Optional<String> stored(String json) {
    return StoredState.find(Json.parseObject(json.replace('\'', '"')));
  }

  private static void assertMalformed(String body, String message) {
    assertThatThrownBy(() -> INBOUND.readRequest(call(body), new Losses()))
        .isInstanceOf(Malformed.class)
        .hasMessageStartingWith(message);
  }

  /** The reply as a caller of this protocol gets it, and sends it back with the next turn. */
  private static ChatRequest nextTurn(ChatReply reply) {
    var out = new Bytes();
    INBOUND.writeReply(
        reply, context(INBOUND.readRequest(call(minimal()), new Losses())), new Losses(), out);
    var next = Json.object().put("model", "m");
    next.set("input", Json.parseObject(out.take()).path("output"));
    return INBOUND.readRequest(InboundCall.of(next), new Losses());
  }

  private static ObjectNode roundTrip(ChatReply reply, Dialect dialect) {
    return Json.parseObject(OUTBOUND.writeRequest(nextTurn(reply), dialect, new Losses()).json());
  }

  private static ReplyFold fold(String name, int step) {
    var fold = new ReplyFold();
    var grammar = new EventGrammar();
    events(bytes(name), step).forEach(event -> fold.accept(grammar.check(event)));
    return fold;
  }

  private static List<ReplyEvent> events(byte[] bytes, int step) {
    var events = new ArrayList<ReplyEvent>();
    var reader = OUTBOUND.streamReader(OPENAI, events::add, new Losses());
    for (int i = 0; i < bytes.length; i += Math.min(step, bytes.length)) {
      reader.accept(bytes, i, Math.min(step, bytes.length - i));
    }
    reader.end();
    return events;
  }

  static ReplyContext context(ChatRequest request) {
    return new ReplyContext(request, "x1", 1_764_000_000, true, "google");
  }

  static String minimal() {
    return "{\"model\":\"m\",\"input\":\"hi\"}";
  }

  static InboundCall call(String json) {
    return InboundCall.of(Json.parseObject(json));
  }

  private static String fixture(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) {
    try (InputStream in =
        OpenAiResponsesTest.class.getResourceAsStream("/protocol/openairesponses/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
