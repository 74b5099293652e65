package dev.understudy.protocol.gemini;

import static dev.understudy.protocol.gemini.Samples.fold;
import static dev.understudy.protocol.gemini.Samples.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.types.GenerateContentResponse;
import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Part;
import dev.understudy.chat.PartStart;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyUnfold;
import dev.understudy.protocol.SealText;
import dev.understudy.protocol.wire.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GeminiReplyTest {
  private final GeminiInbound inbound = new GeminiInbound();
  private final GeminiOutbound outbound = new GeminiOutbound();

  @Test
  void readsThoughtsSignaturesAndCalls() {
    ChatReply reply = reply(Samples.file("reply.json"));

    assertThat(reply.parts())
        .containsExactly(
            new Part.Reasoning("The user wants Oslo.", Optional.empty()),
            new Part.Text("Ålesund is wet. I check."),
            new Part.Reasoning("", seal(Seals.TEXT, "AQID")),
            new Part.ToolCall(
                "call_r-1_1",
                "weather",
                "{\"city\":\"Oslo\",\"exact\":1.50}",
                seal(Seals.CALL, "BAUG")),
            new Part.ToolCall("c9", "weather", "{}"));
    assertThat(reply.stop()).isEqualTo(new Stop(Stop.Reason.TOOL_CALLS, "STOP"));
  }

  @Test
  void theStreamedAnswerIsTheWholeOneHoweverItIsCut() {
    ChatReply whole = reply(Samples.file("reply.json"));
    String events = new String(Samples.file("reply.sse"), StandardCharsets.UTF_8);
    String array = "[" + events.replace("data: ", "").strip().replace("\n\n", "\n,\r\n") + "]";

    for (String form : List.of(events, events.replace("\n", "\r\n"), array)) {
      byte[] body = form.getBytes(StandardCharsets.UTF_8);
      for (int step : new int[] {1, 2, 3, 7, 64, 100_000}) {
        ChatReply streamed = fold(body, step).reply().orElseThrow();
        assertThat(streamed.parts()).isEqualTo(whole.parts());
        assertThat(streamed.usage()).isEqualTo(whole.usage());
        assertThat(streamed.stop()).isEqualTo(whole.stop());
      }
    }
  }

  @Test
  void aStreamThatStopsBeforeItsEndIsBroken() {
    byte[] sse = Samples.file("reply.sse");
    String text = new String(sse, StandardCharsets.UTF_8);
    int last = text.lastIndexOf("data: ");

    byte[] cut = text.substring(0, last).getBytes(StandardCharsets.UTF_8);

    assertThat(fold(cut, 50).failure()).map(Failure::status).hasValue(502);
    assertThat(fold(new byte[0], 1).failure()).isPresent();
    assertThat(fold("data: {broken\n\n".getBytes(StandardCharsets.UTF_8), 3).failure()).isPresent();
  }

  @Test
  void anErrorInsideAStreamIsTheVendorsOwn() {
    byte[] sse =
        """
        data: {"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.2s"}]}}

        """
            .getBytes(StandardCharsets.UTF_8);

    Failure failure = fold(sse, 10).failure().orElseThrow();

    assertThat(failure.status()).isEqualTo(429);
    assertThat(failure.type()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(failure.retryAfterSeconds()).hasValue(2L);
    assertThat(failure.vendor()).hasValue("google");
  }

  @Test
  void putsArgumentsTogetherThatArriveInPieces() {
    for (int step : new int[] {1, 10_000}) {
      ChatReply reply = fold(Samples.file("partial-args.sse"), step).reply().orElseThrow();

      assertThat(reply.parts())
          .containsExactly(
              new Part.ToolCall(
                  "call_r-3_1",
                  "plan",
                  "{\"stops\":[{\"city\":\"New York\"}],\"nights\":2,\"#pets\":null}",
                  seal(Seals.CALL, "AQID")));
      assertThat(reply.stop().reason()).isEqualTo(Stop.Reason.TOOL_CALLS);
    }
  }

  @Test
  void citationsCountInUtf16UnitsAndComeBackInBytes() {
    ChatReply reply = reply(Samples.file("grounded.json"));
    var text = (Part.Text) reply.parts().getFirst();

    assertThat(text.citations()).hasSize(2);
    assertThat(text.citations().getFirst().url()).hasValue("https://b.example");
    assertThat(text.citations().getFirst().start()).hasValue(16L);
    assertThat(text.citations().getFirst().end()).hasValue(28L);
    var out = new Bytes();
    inbound.writeReply(reply, Samples.context(true), new Losses(), out);
    JsonNode segment =
        Json.parse(out.take()).at("/candidates/0/groundingMetadata/groundingSupports/0/segment");
    assertThat(segment.get("startIndex").asInt()).isEqualTo(17);
    assertThat(segment.get("endIndex").asInt()).isEqualTo(29);
  }

  @Test
  void readsABlockedPromptAndEveryFinishReason() {
    ChatReply blocked =
        reply(
            """
            {"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":4,"totalTokenCount":4}}\
            """
                .getBytes(StandardCharsets.UTF_8));
    assertThat(blocked.stop())
        .isEqualTo(new Stop(Stop.Reason.CONTENT_FILTER, "PROHIBITED_CONTENT"));
    assertThat(reason("MAX_TOKENS")).isEqualTo(Stop.Reason.MAX_TOKENS);
    assertThat(reason("RECITATION")).isEqualTo(Stop.Reason.CONTENT_FILTER);
    assertThat(reason("MALFORMED_FUNCTION_CALL")).isEqualTo(Stop.Reason.OTHER);
    assertThat(reason("A_WORD_OF_2030")).isEqualTo(Stop.Reason.OTHER);
    assertThatThrownBy(() -> reply("{\"hello\":1}".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("candidates");
  }

  private static Stop.Reason reason(String word) {
    return reply(
            ("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"finishReason\":\""
                    + word
                    + "\"}]}")
                .getBytes(StandardCharsets.UTF_8))
        .stop()
        .reason();
  }

  @Test
  void googlesOwnClientReadsWhatWeWriteForeignSealsIncluded() {
    var seal = new Seal(ProtocolName.OPENAI_RESPONSES, Optional.of("openai"), "rs", "x~y/ü");
    var reply =
        new ChatReply(
            "resp_1",
            "gpt-5",
            List.of(
                new Part.Reasoning("Hm.", Optional.of(seal)),
                new Part.Text("Hello"),
                new Part.ToolCall("c1", "f", "{\"a\":[1,2.50]}", Optional.of(seal))),
            new Stop(Stop.Reason.TOOL_CALLS, "tool_calls"),
            Usage.UNSAID);
    var out = new Bytes();
    inbound.writeReply(reply, Samples.context(true), new Losses(), out);

    var parsed = GenerateContentResponse.fromJson(new String(out.take(), StandardCharsets.UTF_8));

    assertThat(parsed.text()).isEqualTo("Hello");
    assertThat(parsed.finishReason().toString()).isEqualTo("STOP");
    assertThat(parsed.functionCalls().getFirst().args().orElseThrow()).containsKey("a");
    byte[] carried = parsed.parts().getFirst().thoughtSignature().orElseThrow();
    assertThat(SealText.unwrap(new String(carried, StandardCharsets.UTF_8))).hasValue(seal);
  }

  @Test
  void aCallThatIsNoJsonObjectEndsAsTheProtocolsMalformedCall() {
    var reply =
        new ChatReply(
            "",
            "",
            List.of(new Part.ToolCall("c1", "f", "{\"a\":")),
            new Stop(Stop.Reason.TOOL_CALLS),
            Usage.UNSAID);
    var out = new Bytes();
    inbound.writeReply(reply, Samples.context(true), new Losses(), out);

    JsonNode candidate = Json.parse(out.take()).at("/candidates/0");

    assertThat(candidate.get("finishReason").asString()).isEqualTo("MALFORMED_FUNCTION_CALL");
    assertThat(candidate.get("finishMessage").asString()).contains("f with input: {\"a\":");
  }

  @Test
  void anArrayThatBreaksOffIsClosedBehindTheErrorInIt() {
    var out = new Bytes();
    var writer = inbound.streamWriter(Samples.context(false), new Losses());
    writer.write(new ReplyEvent.Started("i", "m"), out);
    writer.write(new ReplyEvent.Opened(0, new PartStart.Text()), out);
    writer.write(new ReplyEvent.Delta(0, "Hel"), out);
    writer.write(new ReplyEvent.Broken(Failure.of(503, "overloaded", "gone")), out);

    byte[] body = out.take();

    assertThat(new String(body, StandardCharsets.UTF_8)).startsWith("[{").endsWith("]}}]");
    assertThat(fold(body, 5).failure()).map(Failure::message).hasValue("gone");
    assertThat(inbound.streamMediaType(Samples.context(false))).isEqualTo("application/json");
  }

  @Test
  void failuresKeepTheVendorsWordAndNameTheVendor() {
    byte[] body =
        """
        [{"error":{"code":400,"message":"bad key","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]}}]\
        """
            .getBytes(StandardCharsets.UTF_8);
    Failure failure = outbound.readFailure(400, body, Samples.GOOGLE);
    assertThat(failure.type()).isEqualTo("INVALID_ARGUMENT");
    assertThat(failure.code()).hasValue("API_KEY_INVALID");
    assertThat(outbound.readFailure(502, "<html>".getBytes(StandardCharsets.UTF_8), Samples.GOOGLE))
        .extracting(Failure::message, Failure::type)
        .containsExactly("<html>", "UNAVAILABLE");

    var out = new Bytes();
    inbound.writeFailure(
        Failure.of(429, "rate_limit_error", "slow").withVendor("anthropic").withRetryAfter(3), out);
    JsonNode error = Json.parse(out.take()).get("error");
    assertThat(error.get("status").asString()).isEqualTo("rate_limit_error");
    assertThat(error.at("/details/0/domain").asString()).isEqualTo("anthropic");
    assertThat(error.at("/details/1/retryDelay").asString()).isEqualTo("3s");
    inbound.writeFailure(Failure.of(404, "unknown_route", "no such route"), out);
    assertThat(Json.parse(out.take()).at("/error/status").asString()).isEqualTo("NOT_FOUND");
  }

  @Test
  void aWholeAnswerIsTheSameInEveryForm() {
    ChatReply reply = reply(Samples.file("reply.json"));
    var out = new Bytes();
    inbound.writeReply(reply, Samples.context(true), new Losses(), out);
    assertThat(reply(out.take()).parts()).isEqualTo(reply.parts());
    for (boolean sse : List.of(true, false)) {
      var writer = inbound.streamWriter(Samples.context(sse), new Losses());
      ReplyUnfold.unfold(reply, event -> writer.write(event, out));
      assertThat(fold(out.take(), 9).reply().orElseThrow().parts()).isEqualTo(reply.parts());
    }
  }

  @Test
  void otherCandidatesAreALoss() {
    var losses = new Losses();
    outbound.readReply(
        """
        {"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},{"index":1,"content":{"parts":[{"text":"b"}]}}]}\
        """
            .getBytes(StandardCharsets.UTF_8),
        Samples.GOOGLE,
        losses);

    assertThat(losses.kept()).extracting(Losses.Loss::path).containsExactly("candidates[1]");
  }

  private static Optional<Seal> seal(String kind, String data) {
    return Optional.of(new Seal(ProtocolName.GEMINI, Optional.of("google"), kind, data));
  }
}
