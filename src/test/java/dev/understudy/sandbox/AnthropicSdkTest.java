package dev.understudy.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.errors.BadRequestException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.CacheControlEphemeral;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.ThinkingBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Anthropic's own client talks to the sandbox. */
final class AnthropicSdkTest {
  private static final Tool WEATHER =
      Tool.builder()
          .name("weather")
          .inputSchema(
              Tool.InputSchema.builder()
                  .properties(
                      Tool.InputSchema.Properties.builder()
                          .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                          .build())
                  .build())
          .build();

  private static SandboxServer server;
  private static AnthropicClient client;

  @BeforeAll
  static void start() {
    server = SandboxServer.start(SandboxProfile.of("anthropic").withKey("sk-ant-sandbox"));
    client =
        AnthropicOkHttpClient.builder()
            .baseUrl(server.url())
            .apiKey("sk-ant-sandbox")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static MessageCreateParams.Builder ask(String text) {
    return MessageCreateParams.builder()
        .model("claude-sonnet-4-5")
        .maxTokens(4096)
        .addUserMessage(text);
  }

  private static Message streamed(MessageCreateParams params) {
    var accumulator = MessageAccumulator.create();
    try (var stream = client.messages().createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }
    return accumulator.message();
  }

  @Test
  void streamsWhatItAnswersWhole() {
    var params = ask("Hello there").build();

    var whole = client.messages().create(params);
    var streamed = streamed(params);

    assertThat(whole.content().getFirst().asText().text())
        .isEqualTo(
            "This is the sandbox's answer in place of anthropic/claude-sonnet-4-5: you said"
                + " \"Hello there\".");
    assertThat(streamed.content().getFirst().asText().text())
        .isEqualTo(whole.content().getFirst().asText().text());
    assertThat(streamed.usage().outputTokens()).isEqualTo(whole.usage().outputTokens());
    assertThat(streamed.id()).isEqualTo(whole.id());
  }

  @Test
  void thinksCallsAToolAndTakesItsOwnSignatureBack() {
    var question = ask("How is the weather?").enabledThinking(1024).addTool(WEATHER);
    var called = streamed(question.build());
    assertThat(called.content()).hasSize(3);
    var thought = called.content().get(0).asThinking();
    var use = called.content().get(2).asToolUse();

    var answer =
        client
            .messages()
            .create(
                question
                    .addMessage(called)
                    .addUserMessageOfContentBlockParams(result(use.id()))
                    .build());

    assertThat(thought.signature()).isNotEmpty();
    assertThat(answer.content().getLast().asText().text()).contains("the tool said \"sunny\"");
  }

  @Test
  void refusesAForeignSignature() {
    var foreign =
        ContentBlockParam.ofThinking(
            ThinkingBlockParam.builder().thinking("hm").signature("Zm9yZWlnbg==").build());
    var params =
        ask("Hello")
            .addAssistantMessageOfContentBlockParams(List.of(foreign))
            .addUserMessage("Go on");

    assertThatThrownBy(() -> client.messages().create(params.build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("messages.1.content.0: Invalid `signature` in `thinking` block");
  }

  @Test
  void refusesAToolUseWithoutItsResult() {
    var called = client.messages().create(ask("Weather?").addTool(WEATHER).build());
    var params = ask("Weather?").addTool(WEATHER).addMessage(called).addUserMessage("And?");

    assertThatThrownBy(() -> client.messages().create(params.build()))
        .hasMessageContaining("`tool_use` ids were found without `tool_result` blocks");
  }

  @Test
  void countsWhatACacheMarkWritesAndReads() {
    var marked =
        TextBlockParam.builder()
            .text("x".repeat(400))
            .cacheControl(CacheControlEphemeral.builder().build())
            .build();
    var first = ask("Hello").systemOfTextBlockParams(List.of(marked));

    var written = client.messages().create(first.build()).usage();
    var read =
        client
            .messages()
            .create(first.addAssistantMessage("Hi").addUserMessage("Again").build())
            .usage();

    assertThat(written.cacheCreationInputTokens().orElseThrow()).isGreaterThan(100);
    assertThat(read.cacheReadInputTokens()).isEqualTo(written.cacheCreationInputTokens());
    assertThat(read.cacheCreationInputTokens()).hasValue(0L);
  }

  @Test
  void countsTokensAsItBillsThem() {
    var counted =
        client
            .messages()
            .countTokens(
                MessageCountTokensParams.builder()
                    .model("claude-sonnet-4-5")
                    .addUserMessage("Hello there")
                    .build());

    assertThat(counted.inputTokens())
        .isEqualTo(client.messages().create(ask("Hello there").build()).usage().inputTokens());
  }

  @Test
  void failsInsideAStreamAsTheVendorDoes() {
    var params = ask("Hello").model("claude-sandbox-error-event-4").build();

    assertThatThrownBy(() -> streamed(params)).hasMessageContaining("Overloaded");
  }

  private static List<ContentBlockParam> result(String id) {
    return List.of(
        ContentBlockParam.ofToolResult(
            ToolResultBlockParam.builder().toolUseId(id).content("sunny").build()));
  }
}
