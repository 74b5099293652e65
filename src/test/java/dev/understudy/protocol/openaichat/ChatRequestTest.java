package dev.understudy.protocol.openaichat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyUnfold;
import dev.understudy.protocol.UsageConvention;
import dev.understudy.protocol.wire.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class ChatRequestTest {
  private static final Path FULL =
      Path.of("src/test/resources/protocol/openaichat/requests/full.json");
  private static final OpenAiChatInbound INBOUND = new OpenAiChatInbound();

  private final Losses losses = new Losses();

  private ChatRequest read(String json) {
    return INBOUND.readRequest(InboundCall.of(Json.parseObject(json)), losses);
  }

  private ChatRequest with(Message... messages) {
    ChatRequest base =
        read("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    return new ChatRequest(
        base.model(),
        List.of(messages),
        base.tools(),
        base.toolChoice(),
        base.parallelToolCalls(),
        base.format(),
        base.thinking(),
        base.sampling(),
        base.labels(),
        false,
        false);
  }

  private JsonNode write(ChatRequest request, Quirk... quirks) {
    var dialect = new Dialect("acme", UsageConvention.STANDARD, Set.of(quirks));
    return Json.parse(new OpenAiChatOutbound().writeRequest(request, dialect, losses).json());
  }

  @Test
  void aFullRequestComesBackMemberForMember() throws IOException {
    ObjectNode full = Json.parseObject(Files.readAllBytes(FULL));

    JsonNode written = write(read(Json.text(full)), Quirk.ALLOWED_TOOLS);

    ((ObjectNode) full.get("messages").get(5)).put("content", "So.");
    assertThat(written).isEqualTo(full);
    assertThat(losses.kept()).isEmpty();
  }

  @Test
  void aVendorOfCoreFieldsGetsNoOthersAndTheRestIsNamed() throws IOException {
    JsonNode written =
        write(
            read(Files.readString(FULL)),
            Quirk.NO_OPENAI_EXTRAS,
            Quirk.MAX_TOKENS,
            Quirk.NO_DEVELOPER_ROLE,
            Quirk.NO_STREAM_OPTIONS,
            Quirk.NO_PARALLEL_TOOL_CALLS,
            Quirk.NO_REASONING_EFFORT,
            Quirk.NO_JSON_SCHEMA,
            Quirk.MISTRAL_NAMES);

    assertThat(written.propertyNames())
        .containsExactlyInAnyOrder(
            "model",
            "messages",
            "tools",
            "tool_choice",
            "response_format",
            "max_tokens",
            "temperature",
            "top_p",
            "frequency_penalty",
            "presence_penalty",
            "random_seed",
            "stop",
            "logprobs",
            "top_logprobs",
            "stream");
    assertThat(written.path("tools").size()).isEqualTo(1);
    assertThat(written.path("tool_choice").asString("")).isEqualTo("any");
    assertThat(written.path("messages").get(0).path("role").asString("")).isEqualTo("system");
    assertThat(losses.kept().stream().map(Losses.Loss::path))
        .contains(
            "user",
            "prompt_cache_key",
            "verbosity",
            "service_tier",
            "metadata",
            "store",
            "parallel_tool_calls",
            "reasoning_effort",
            "response_format.json_schema");
  }

  @Test
  void whatItDoesNotKnowIsNamed() {
    read(
        """
        {"model": "m", "n": 2, "logit_bias": {"1": 2}, "modalities": ["text"],
         "messages": [{"role": "user", "content": [{"type": "text", "text": "x", "foo": 1}]}]}
        """);

    assertThat(losses.kept().stream().map(Losses.Loss::path))
        .containsExactlyInAnyOrder("n", "logit_bias", "messages[0].content[0].foo");
  }

  @Test
  void saysWhereARequestIsWrong() {
    assertThatThrownBy(() -> read("{\"model\":\"m\",\"messages\":[{\"role\":\"robot\"}]}"))
        .isInstanceOf(Malformed.class)
        .hasMessageStartingWith("messages[0].role: is none of");
    assertThatThrownBy(() -> read("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"))
        .hasMessage("model: is missing");
    assertThatThrownBy(() -> read("{\"model\":\"m\",\"messages\":[]}"))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void deprecatedFunctionsBecomeTools() {
    ChatRequest request =
        read(
            """
            {"model": "m", "functions": [{"name": "f", "parameters": {}}], "function_call": {"name": "f"},
             "messages": [{"role": "user", "content": "x"},
                          {"role": "assistant", "content": null, "function_call": {"name": "f", "arguments": "{}"}},
                          {"role": "function", "name": "f", "content": "y"}]}
            """);

    JsonNode written = write(request);

    assertThat(losses.kept()).isEmpty();
    assertThat(written.path("tool_choice").path("function").path("name").asString(""))
        .isEqualTo("f");
    assertThat(written.path("messages").get(1).path("tool_calls").get(0).path("id"))
        .isEqualTo(written.path("messages").get(2).path("tool_call_id"));
  }

  @Test
  void imagesOfToolsFollowInAMessageOfTheUserAndFailuresAreMarked() {
    var image = new Part.Image(new Source.Inline("image/png", "AAAA"), Optional.empty());
    ChatRequest request =
        with(
            new Message(
                Role.ASSISTANT,
                List.of(new Part.ToolCall("a", "f", ""), new Part.ToolCall("b", "f", "{}"))),
            new Message(
                Role.USER,
                List.of(
                    new Part.ToolResult("a", Optional.of("f"), List.of(image), false),
                    new Part.ToolResult(
                        "b", Optional.of("f"), List.of(new Part.Text("gone")), true),
                    new Part.Text("And?"))));

    JsonNode messages = write(request).path("messages");

    assertThat(
            messages
                .get(0)
                .path("tool_calls")
                .get(0)
                .path("function")
                .path("arguments")
                .asString(""))
        .isEqualTo("{}");
    assertThat(messages.valueStream().map(message -> message.path("role").asString("")))
        .containsExactly("assistant", "tool", "tool", "user", "user");
    assertThat(messages.get(2).path("content").asString("")).isEqualTo("Error: gone");
    assertThat(messages.get(3).path("content").get(1).path("type").asString(""))
        .isEqualTo("image_url");
    assertThat(messages.get(4).path("content").asString("")).isEqualTo("And?");
    assertThat(losses.kept())
        .extracting(Losses.Loss::path)
        .containsExactly("messages[1].content[0].content[0]");
  }

  @Test
  void budgetsOfThoughtsBecomeEfforts() {
    assertThat(ThinkingWriter.effortOf(1_024)).isEqualTo("low");
    assertThat(ThinkingWriter.effortOf(2_048)).isEqualTo("medium");
    assertThat(ThinkingWriter.effortOf(8_192)).isEqualTo("high");
    ChatRequest request =
        read(
            """
            {"model": "m", "messages": [{"role": "user", "content": "x"}],
             "reasoning": {"max_tokens": 4000, "exclude": true}}
            """);
    assertThat(write(request).path("reasoning_effort").asString("")).isEqualTo("medium");
    assertThat(write(request, Quirk.REASONING_OBJECT).path("reasoning"))
        .isEqualTo(Json.parse("{\"max_tokens\": 4000, \"exclude\": true}"));
    assertThat(write(request, Quirk.ENABLE_THINKING).path("thinking_budget").asInt(0))
        .isEqualTo(4000);
    assertThat(write(request, Quirk.THINKING_TYPE).path("thinking").path("type").asString(""))
        .isEqualTo("enabled");
  }

  @Test
  void strictIsNotPromisedForASchemaThatStrictModeRefuses() {
    ChatRequest request =
        read(
            """
            {"model": "m", "messages": [{"role": "user", "content": "x"}],
             "tools": [{"type": "function", "function": {"name": "f", "strict": true,
               "parameters": {"type": "object", "properties": {"a": {"type": "string"}}}}}]}
            """);

    assertThat(write(request).path("tools").get(0).path("function").path("strict").asBoolean(true))
        .isFalse();
    assertThat(losses.kept()).extracting(Losses.Loss::path).containsExactly("tools[0].strict");
  }

  @Test
  void anotherProtocolsSealsComeBackFromTheCallerWithTheirThoughts() {
    var thought =
        new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.of("anthropic"), "thinking", "c2ln");
    var redacted =
        new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.of("anthropic"), "redacted", "eA");
    var call = new Seal(ProtocolName.GEMINI, Optional.of("google"), "signature", "eQ");
    List<Part> parts =
        List.of(
            new Part.Reasoning("First.", Optional.of(thought)),
            new Part.Reasoning("", Optional.of(redacted)),
            new Part.Reasoning("Last.", Optional.empty()),
            new Part.Text("Yes."),
            new Part.ToolCall("a", "f", "{}", Optional.of(call)));
    var reply = new ChatReply("r", "m", parts, new Stop(Stop.Reason.TOOL_CALLS), Usage.UNSAID);
    var context =
        new ReplyContext(with(new Message(Role.USER, List.of())), "x1", 1L, true, "anthropic");
    var out = new Bytes();
    INBOUND.writeReply(reply, context, new Losses(), out);
    JsonNode message = Json.parse(out.take()).path("choices").get(0).path("message");
    ObjectNode body = Json.object().put("model", "m");
    body.putArray("messages").add(message);

    assertThat(message.path("reasoning_content").asString("")).isEqualTo("First.Last.");
    assertThat(read(Json.text(body)).messages().getFirst().parts()).isEqualTo(parts);
    // To a vendor who did not issue them they are a loss, and nothing of them is shown.
    assertThat(Json.text(write(with(new Message(Role.ASSISTANT, parts))))).doesNotContain("~us1");
    assertThat(losses.kept())
        .extracting(Losses.Loss::reason)
        .contains("signed reasoning goes home only");
  }

  @Test
  void aClientThatPutsTheStreamedDetailsTogetherBringsTheSameSealsBack() {
    var seal =
        new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.of("anthropic"), "thinking", "c2ln");
    List<Part> parts =
        List.of(
            new Part.Reasoning("First.", Optional.of(seal)),
            new Part.Reasoning("", Optional.of(seal)),
            new Part.Text("Yes."));
    var context =
        new ReplyContext(with(new Message(Role.USER, List.of())), "x1", 1L, true, "anthropic");
    var writer = INBOUND.streamWriter(context, new Losses());
    var out = new Bytes();
    ReplyUnfold.unfold(
        new ChatReply("r", "m", parts, new Stop(Stop.Reason.END), Usage.UNSAID),
        (ReplyEvent event) -> writer.write(event, out));
    ObjectNode message = Json.object().put("role", "assistant").put("content", "Yes.");
    message.put("reasoning_content", "First.");
    for (String line : new String(out.take(), StandardCharsets.UTF_8).split("\n", -1)) {
      if (line.startsWith("data: {")) {
        Json.parse(line.substring(6))
            .path("choices")
            .path(0)
            .path("delta")
            .path("reasoning_details")
            .forEach(detail -> merge(message, (ObjectNode) detail));
      }
    }
    ObjectNode body = Json.object().put("model", "m");
    body.putArray("messages").add(message);

    assertThat(message.path("reasoning_details").size()).isEqualTo(2);
    assertThat(read(Json.text(body)).messages().getFirst().parts()).isEqualTo(parts);
  }

  /** As clients of OpenRouter do: pieces with one number are one entry. */
  private static void merge(ObjectNode message, ObjectNode detail) {
    for (JsonNode known : message.withArray("reasoning_details")) {
      if (known.get("index").equals(detail.get("index"))) {
        String text = known.path("text").asString("") + detail.path("text").asString("");
        ((ObjectNode) known).setAll(detail).put("text", text);
        return;
      }
    }
    message.withArray("reasoning_details").add(detail);
  }

  @Test
  void longIdsOfCallsAreShortenedAlikeInCallAndResult() {
    String id = "tool_0_get_current_weather_GUhaF6WIfh00qSOEUGvD";
    ChatRequest request =
        with(
            new Message(Role.ASSISTANT, List.of(new Part.ToolCall(id, "f", "{}"))),
            new Message(
                Role.USER, List.of(new Part.ToolResult(id, Optional.empty(), List.of(), false))));

    JsonNode messages = write(request).path("messages");

    String written = messages.get(1).path("tool_call_id").asString("");
    assertThat(written).hasSizeLessThanOrEqualTo(CallIds.LENGTH_MAX);
    assertThat(messages.get(0).path("tool_calls").get(0).path("id").asString(""))
        .isEqualTo(written);
    assertThat(
            CallIds.fit(
                id, new Dialect("mistral", UsageConvention.MISTRAL, Set.of(Quirk.MISTRAL_NAMES))))
        .matches("[a-zA-Z0-9]{9}");
  }
}
