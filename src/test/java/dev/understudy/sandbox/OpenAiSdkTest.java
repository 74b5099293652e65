package dev.understudy.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.responses.ResponseCreateParams;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client talks to the sandbox. */
final class OpenAiSdkTest {
  private static SandboxServer server;
  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    server = SandboxServer.start(SandboxProfile.of("openai").withKey("sk-sandbox"));
    client = client("sk-sandbox");
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder().baseUrl(server.url()).apiKey(key).maxRetries(0).build();
  }

  private static ChatCompletionCreateParams.Builder chat(String text) {
    return ChatCompletionCreateParams.builder().model("gpt-5.1").addUserMessage(text);
  }

  private static FunctionDefinition weather() {
    return FunctionDefinition.builder()
        .name("weather")
        .parameters(
            FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty(
                    "properties", JsonValue.from(Map.of("city", Map.of("type", "string"))))
                .putAdditionalProperty("required", JsonValue.from(List.of("city")))
                .build())
        .build();
  }

  @Test
  void answersAndSaysThatItIsTheSandbox() {
    var reply = client.chat().completions().create(chat("Hello there").build());

    assertThat(reply.choices().getFirst().message().content())
        .hasValue(
            "This is the sandbox's answer in place of openai/gpt-5.1: you said \"Hello there\".");
    assertThat(reply.usage().orElseThrow().completionTokens()).isEqualTo(20);
  }

  @Test
  void streamsTheSameAnswerWithItsUsage() {
    var accumulator = ChatCompletionAccumulator.create();
    var params =
        chat("Hello there")
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (var stream = client.chat().completions().createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }

    var reply = accumulator.chatCompletion();
    assertThat(reply.choices().getFirst().message().content().orElseThrow())
        .endsWith("you said \"Hello there\".");
    assertThat(reply.usage().orElseThrow().completionTokens()).isEqualTo(20);
  }

  @Test
  void callsTwoToolsAtOnceWhenAskedInParallel() {
    var reply =
        client
            .chat()
            .completions()
            .create(chat("Ask for two cities in parallel").addFunctionTool(weather()).build());

    var calls = reply.choices().getFirst().message().toolCalls().orElseThrow();
    assertThat(calls)
        .extracting(call -> call.asFunction().function().arguments())
        .containsExactly("{\"city\":\"sandbox city\"}", "{\"city\":\"sandbox city\"}");
    assertThat(reply.choices().getFirst().finishReason().asString()).isEqualTo("tool_calls");
  }

  @Test
  void stopsAtTheTokensAllowedAndAtAStopSequence() {
    var cut = client.chat().completions().create(chat("Hi").maxCompletionTokens(3).build());
    assertThat(cut.choices().getFirst().message().content()).hasValue("This is the ");
    assertThat(cut.choices().getFirst().finishReason().asString()).isEqualTo("length");

    var stopped = client.chat().completions().create(chat("Hi").stop(" answer").build());
    assertThat(stopped.choices().getFirst().message().content()).hasValue("This is the sandbox's");
  }

  @Test
  void refusesAsTheVendorDoes() {
    var wrong = client("sk-wrong");
    assertThatThrownBy(() -> wrong.chat().completions().create(chat("Hi").build()))
        .isInstanceOf(UnauthorizedException.class);
    wrong.close();
    var limited = chat("Hi").model("gpt-5.1-sandbox-429").build();
    assertThatThrownBy(() -> client.chat().completions().create(limited))
        .isInstanceOf(RateLimitException.class);
    var unknown =
        ResponseCreateParams.builder().model("gpt-5.1").input("Hi").previousResponseId("resp_0");
    assertThatThrownBy(() -> client.responses().create(unknown.build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("Previous response with id 'resp_0' not found.");
  }

  @Test
  void goesOnWithAStoredResponse() {
    var first =
        client
            .responses()
            .create(ResponseCreateParams.builder().model("gpt-5.1").input("One").build());
    var second =
        client
            .responses()
            .create(
                ResponseCreateParams.builder()
                    .model("gpt-5.1")
                    .input("Two")
                    .previousResponseId(first.id())
                    .build());

    assertThat(second.usage().orElseThrow().inputTokens())
        .isGreaterThan(first.usage().orElseThrow().inputTokens());
  }

  @Test
  void streamsAResponse() {
    var accumulator = ResponseAccumulator.create();
    var params = ResponseCreateParams.builder().model("gpt-5.1").input("Hello there").build();
    try (var stream = client.responses().createStreaming(params)) {
      stream.stream().forEach(accumulator::accumulate);
    }

    var message = accumulator.response().output().getFirst().asMessage();
    assertThat(message.content().getFirst().asOutputText().text())
        .endsWith("you said \"Hello there\".");
    assertThat(accumulator.response().usage().orElseThrow().outputTokens()).isEqualTo(20);
  }
}
