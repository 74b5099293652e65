package dev.understudy.sdks;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ReasoningEffort;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.util.List;

/** OpenAI's library for Java, asking for chat completions. */
@SuppressWarnings("deprecation") // how fields are reached that the library does not know
final class OpenAiChatSdk implements Sdk {
  private final OpenAIClient client;

  OpenAiChatSdk(String url, String key) {
    client = OpenAIOkHttpClient.builder().baseUrl(url + "/v1").apiKey(key).maxRetries(0).build();
  }

  @Override
  public String title() {
    return "openai-java, Chat Completions";
  }

  @Override
  public Talk talk(Wish wish) {
    var params = ChatCompletionCreateParams.builder().model(wish.model());
    if (wish.system()) {
      params.addSystemMessage(Wish.SYSTEM);
    }
    if (wish.picture()) {
      params.addUserMessageOfArrayOfContentParts(
          List.of(
              ChatCompletionContentPart.ofText(
                  ChatCompletionContentPartText.builder().text(wish.text()).build()),
              ChatCompletionContentPart.ofImageUrl(
                  ChatCompletionContentPartImage.builder()
                      .imageUrl(
                          ChatCompletionContentPartImage.ImageUrl.builder()
                              .url("data:image/png;base64," + PICTURE)
                              .build())
                      .build())));
    } else {
      params.addUserMessage(wish.text());
    }
    if (wish.tool()) {
      var parameters = FunctionParameters.builder();
      SCHEMA.forEach(
          (name, value) -> parameters.putAdditionalProperty(name, JsonValue.from(value)));
      params.addFunctionTool(
          FunctionDefinition.builder().name(TOOL).parameters(parameters.build()).build());
    }
    if (wish.json()) {
      var schema = ResponseFormatJsonSchema.JsonSchema.Schema.builder();
      SCHEMA.forEach((name, value) -> schema.putAdditionalProperty(name, JsonValue.from(value)));
      params.responseFormat(
          ResponseFormatJsonSchema.builder()
              .jsonSchema(
                  ResponseFormatJsonSchema.JsonSchema.builder()
                      .name("trip")
                      .strict(true)
                      .schema(schema.build())
                      .build())
              .build());
    }
    if (wish.reasons()) {
      params.reasoningEffort(ReasoningEffort.MEDIUM);
    }
    if (wish.maxTokens() > 0) {
      params.maxCompletionTokens(wish.maxTokens());
    }
    return new Conversation(params, wish.stream());
  }

  private final class Conversation implements Talk {
    private final ChatCompletionCreateParams.Builder params;
    private final boolean stream;

    Conversation(ChatCompletionCreateParams.Builder params, boolean stream) {
      this.params = params;
      this.stream = stream;
    }

    @Override
    public Said send() {
      ChatCompletion reply =
          stream ? streamed() : client.chat().completions().create(params.build());
      var choice = reply.choices().getFirst();
      // Fields that the library does not know are not sent back unless one asks for it.
      params.addMessage(
          choice.message().toParam().toBuilder()
              .putAllAdditionalProperties(choice.message()._additionalProperties())
              .build());
      var calls =
          choice.message().toolCalls().orElse(List.of()).stream()
              .map(call -> call.asFunction())
              .map(call -> Call.of(call.id(), call.function().name(), call.function().arguments()))
              .toList();
      var usage = reply.usage().orElseThrow();
      JsonValue thought = choice.message()._additionalProperties().get("reasoning_content");
      return new Said(
          choice.message().content().orElse(""),
          thought == null ? "" : thought.asStringOrThrow(),
          calls,
          switch (choice.finishReason().asString()) {
            case "stop" -> Stop.END;
            case "length" -> Stop.LENGTH;
            case "tool_calls" -> Stop.CALLS;
            default -> Stop.OTHER;
          },
          usage.promptTokens(),
          usage.completionTokens());
    }

    private ChatCompletion streamed() {
      var accumulator = ChatCompletionAccumulator.create();
      params.streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
      try (var chunks = client.chat().completions().createStreaming(params.build())) {
        chunks.stream().forEach(accumulator::accumulate);
      }
      return accumulator.chatCompletion();
    }

    @Override
    public void results(List<Call> calls, String result) {
      calls.forEach(call ->
          params.addMessage(
              ChatCompletionToolMessageParam.builder()
                  .toolCallId(call.id())
                  .content(result)
                  .build()));
    }
  }

  @Override
  public boolean saysLimited(Throwable thrown) {
    return thrown instanceof RateLimitException;
  }

  @Override
  public boolean saysNotFound(Throwable thrown) {
    return thrown instanceof NotFoundException;
  }

  @Override
  public void close() {
    client.close();
  }
}
