package dev.understudy.protocol.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.SealText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RequestReaderTest {
  private static final String HELLO = "\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]";

  private final Losses losses = new Losses();

  private ChatRequest full() {
    return Fixtures.INBOUND.readRequest(InboundCall.of(Fixtures.json("request.json")), losses);
  }

  @Test
  void readsEveryFieldOfAFullRequest() {
    ChatRequest request = full();
    assertThat(losses.kept()).isEmpty();
    assertThat(request.messages()).hasSize(4);
    assertThat(request.tools()).hasSize(4);
    assertThat(request.tools().get(1))
        .isEqualTo(
            new Tool.Function(
                "get_time",
                Optional.empty(),
                Optional.of("{\"type\":\"object\"}"),
                Optional.of(false)));
    assertThat(request.tools().get(2)).isInstanceOf(Tool.Foreign.class);
    assertThat(request.tools().get(3)).isEqualTo(new Tool.CachePoint(Optional.empty()));
    assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Auto());
    assertThat(request.parallelToolCalls()).contains(false);
    assertThat(request.thinking())
        .isEqualTo(
            new Thinking(
                Optional.of(true), false, Optional.empty(), Optional.of(1024L), Optional.empty()));
    assertThat(request.format()).isInstanceOf(ReplyFormat.JsonSchema.class);
    assertThat(request.sampling().maxTokens()).contains(2048L);
    assertThat(request.sampling().stop()).containsExactly("END");
    assertThat(request.labels().user()).contains("u-1");
    assertThat(request.labels().serviceTier()).contains("standard_only");
    assertThat(request.stream()).isTrue();
  }

  @Test
  void marksForTheCacheStandBehindWhatTheyMark() {
    List<Message> messages = full().messages();
    assertThat(messages.getFirst())
        .isEqualTo(
            new Message(
                Role.SYSTEM,
                List.of(
                    new Part.Text("You are terse."),
                    new Part.CachePoint(Optional.of("1h")),
                    new Part.Text("Answer in English."))));
    List<Part> first = messages.get(1).parts();
    assertThat(first.get(4))
        .isEqualTo(
            new Part.Document(
                new Source.Inline("application/pdf", "JVBERi0="),
                Optional.of("Report"),
                Optional.of("from the archive"),
                true));
    assertThat(first.get(5)).isEqualTo(new Part.CachePoint(Optional.empty()));
    assertThat(first.get(8))
        .isEqualTo(
            new Part.Foreign(
                ProtocolName.ANTHROPIC_MESSAGES,
                "{\"type\":\"container_upload\",\"file_id\":\"file_02\"}"));
  }

  @Test
  void toolResultsKnowTheirToolAndKeepTheirPictures() {
    var result = (Part.ToolResult) full().messages().get(3).parts().getFirst();
    assertThat(result.tool()).contains("get_weather");
    assertThat(result.content()).hasSize(2);
    var failed = (Part.ToolResult) full().messages().get(3).parts().get(1);
    assertThat(failed.failed()).isTrue();
    assertThat(failed.content()).containsExactly(new Part.Text("no clock"));
  }

  @Test
  void aMarkOnTheRequestStandsBehindItsLastBlock() {
    ChatRequest request =
        Fixtures.read(
            "{\"model\": \"m\", \"max_tokens\": 5, \"cache_control\": {\"type\": \"ephemeral\"}, "
                + HELLO
                + "}");
    assertThat(request.messages().getLast().parts())
        .containsExactly(new Part.Text("hi"), new Part.CachePoint(Optional.empty()));
  }

  @Test
  void anAnswerNeedsMaxTokensAndACountDoesNot() {
    var call = InboundCall.of(Json.parseObject("{\"model\": \"m\", " + HELLO + "}"));
    assertThatThrownBy(() -> Fixtures.INBOUND.readRequest(call, losses))
        .isInstanceOf(Malformed.class)
        .hasMessage("max_tokens: is missing");
    assertThat(Fixtures.INBOUND.readCountRequest(call, losses).sampling().maxTokens()).isEmpty();
  }

  @Test
  void unknownFieldsAreNamedAtAnyDepth() {
    Fixtures.INBOUND.readRequest(
        InboundCall.of(
            Json.parseObject(
                """
                {"model": "m", "max_tokens": 5, "container": "c", "brand_new": 1,
                 "output_config": {"effort": "low", "task_budget": {"total": 5}},
                 "messages": [{"role": "user", "content": [{"type": "text", "text": "a", "x": 1}]}]}
                """)),
        losses);
    assertThat(Fixtures.paths(losses))
        .containsExactlyInAnyOrder(
            "container", "brand_new", "output_config.task_budget", "messages[0].content[0].x");
  }

  @Test
  void aWrappedSealInAnEmptyThoughtBeforeACallBelongsToTheCall() {
    var seal = new Seal(ProtocolName.GEMINI, Optional.of("google"), "call:signature", "abc");
    ChatRequest request =
        Fixtures.read(
            """
            {"model": "m", "max_tokens": 5, "messages": [{"role": "assistant", "content": [
              {"type": "thinking", "thinking": "", "signature": "%s"},
              {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}}]}]}\
            """
                .formatted(SealText.wrap(seal)));
    assertThat(request.messages().getFirst().parts())
        .containsExactly(new Part.ToolCall("t", "f", "{\"a\":1}", Optional.of(seal)));
  }

  @Test
  void otherWrappedSealsAreThoughts() {
    var seal = new Seal(ProtocolName.OPENAI_RESPONSES, Optional.of("openai"), "encrypted", "abc");
    ChatRequest request =
        Fixtures.read(
            """
            {"model": "m", "max_tokens": 5, "messages": [{"role": "assistant", "content": [
              {"type": "redacted_thinking", "data": "%s"},
              {"type": "thinking", "thinking": "hm", "signature": "own"},
              {"type": "tool_use", "id": "t", "name": "f", "input": {}}]}]}\
            """
                .formatted(SealText.wrap(seal)));
    assertThat(request.messages().getFirst().parts())
        .containsExactly(
            new Part.Reasoning("", Optional.of(seal)),
            new Part.Reasoning(
                "hm",
                Optional.of(
                    new Seal(
                        ProtocolName.ANTHROPIC_MESSAGES, Optional.empty(), "signature", "own"))),
            new Part.ToolCall("t", "f", "{}"));
  }

  @Test
  void resultsOfASearchAreDocuments() {
    ChatRequest request =
        Fixtures.read(
            """
            {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": [
              {"type": "search_result", "source": "https://example.com", "title": "T",
               "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
               "citations": {"enabled": true}}]}]}\
            """);
    assertThat(request.messages().getFirst().parts())
        .containsExactly(
            new Part.Document(
                new Source.PlainText("a\n\nb"),
                Optional.of("T"),
                Optional.of("https://example.com"),
                true));
  }

  @Test
  void whatTheProtocolForbidsIsMalformedAndSaysWhere() {
    assertThatThrownBy(() -> Fixtures.read("{\"model\": \"m\", \"max_tokens\": 5}"))
        .hasMessage("messages: is missing");
    assertThatThrownBy(() -> Fixtures.read("{\"max_tokens\": 5, " + HELLO + "}"))
        .hasMessage("model: is missing");
    assertThatThrownBy(() ->
            Fixtures.read(
                "{\"model\": \"m\", \"max_tokens\": 5,"
                    + " \"messages\": [{\"role\": \"tool\", \"content\": \"x\"}]}"))
        .hasMessage("messages[0].role: must be user, assistant or system");
    assertThatThrownBy(() ->
            Fixtures.read(
                "{\"model\": \"m\", \"max_tokens\": 5,"
                    + " \"messages\": [{\"role\": \"user\", \"content\": 7}]}"))
        .hasMessageStartingWith("messages[0].content");
  }
}
