package dev.understudy.sdks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A program written with LangChain4j for OpenAI is served by Claude. */
final class LangChainTest {
  private static final String ROUTE = "anthropic-messages";
  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("weather")
          .parameters(JsonObjectSchema.builder().addStringProperty("city").required("city").build())
          .build();

  private static Box box;

  @BeforeAll
  static void start() throws IOException {
    box = new Box();
  }

  @AfterAll
  static void stop() {
    box.close();
  }

  private static OpenAiChatModel model(String route) {
    return OpenAiChatModel.builder()
        .baseUrl(box.url() + "/v1")
        .apiKey(Box.KEY)
        .modelName(route)
        .maxRetries(0)
        .build();
  }

  private static CompletableFuture<ChatResponse> streamed(
      String route, ChatRequest request, List<String> pieces) {
    var done = new CompletableFuture<ChatResponse>();
    OpenAiStreamingChatModel.builder()
        .baseUrl(box.url() + "/v1")
        .apiKey(Box.KEY)
        .modelName(route)
        .build()
        .chat(
            request,
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String piece) {
                pieces.add(piece);
              }

              @Override
              public void onCompleteResponse(ChatResponse response) {
                done.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                done.completeExceptionally(error);
              }
            });
    return done;
  }

  private static ChatRequest ask(List<ChatMessage> messages) {
    return ChatRequest.builder().messages(messages).toolSpecifications(WEATHER).build();
  }

  @Test
  void callsAToolAndAnswers() {
    var messages = new ArrayList<ChatMessage>();
    messages.add(SystemMessage.from("Be brief."));
    messages.add(UserMessage.from("How is the weather?"));
    ChatResponse called = model(ROUTE).chat(ask(messages));
    messages.add(called.aiMessage());
    messages.addAll(results(called));

    ChatResponse said = model(ROUTE).chat(ask(messages));

    assertThat(called.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    assertThat(said.aiMessage().text()).contains("the tool said \"sunny\"");
    assertThat(said.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(said.tokenUsage().inputTokenCount()).isPositive();
    assertThat(said.tokenUsage().outputTokenCount()).isPositive();
  }

  @Test
  void streamsACallAndAnAnswer() throws Exception {
    var messages = new ArrayList<ChatMessage>();
    messages.add(UserMessage.from("Two cities in parallel"));
    ChatResponse called =
        streamed(ROUTE, ask(messages), new ArrayList<>()).get(20, TimeUnit.SECONDS);
    messages.add(called.aiMessage());
    messages.addAll(results(called));
    var pieces = new ArrayList<String>();

    ChatResponse said = streamed(ROUTE, ask(messages), pieces).get(20, TimeUnit.SECONDS);

    assertThat(called.aiMessage().toolExecutionRequests())
        .extracting(ToolExecutionRequest::name)
        .containsExactly("weather", "weather");
    assertThat(said.aiMessage().text()).contains("the tool said \"sunny\"");
    assertThat(String.join("", pieces)).isEqualTo(said.aiMessage().text());
    assertThat(said.tokenUsage().outputTokenCount()).isPositive();
  }

  @Test
  void raisesWhatItsVendorSays() {
    var request = ChatRequest.builder().messages(UserMessage.from("Hello")).build();

    assertThatThrownBy(() -> model(ROUTE + "-limited").chat(request))
        .isInstanceOf(RateLimitException.class)
        .hasMessageContaining("sandbox fault: rate limit reached");
    assertThatThrownBy(
            () -> streamed(ROUTE + "-broken", request, new ArrayList<>()).get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class);
  }

  private static List<ChatMessage> results(ChatResponse called) {
    return called.aiMessage().toolExecutionRequests().stream()
        .map(call -> (ChatMessage) ToolExecutionResultMessage.from(call, "sunny"))
        .toList();
  }
}
