package dev.understudy.sdks;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.errors.NotFoundException;
import com.anthropic.errors.RateLimitException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.JsonOutputFormat;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.OutputConfig;
import com.anthropic.models.messages.TextBlockParam;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Anthropic's library for Java. */
final class AnthropicSdk implements Sdk {
  private static final int MAX_TOKENS = 4_096;
  private static final int BUDGET_TOKENS = 2_048;

  private final AnthropicClient client;

  AnthropicSdk(AnthropicOkHttpClient.Builder client) {
    this.client = client.maxRetries(0).build();
  }

  /** With the key as the library sends it. */
  AnthropicSdk(String url, String key) {
    this(AnthropicOkHttpClient.builder().baseUrl(url).apiKey(key));
  }

  @Override
  public String title() {
    return "anthropic-java";
  }

  @Override
  public Talk talk(Wish wish) {
    var params =
        MessageCreateParams.builder()
            .model(wish.model())
            .maxTokens(wish.maxTokens() > 0 ? wish.maxTokens() : MAX_TOKENS);
    if (wish.system()) {
      params.system(Wish.SYSTEM);
    }
    if (wish.picture()) {
      params.addUserMessageOfContentBlockParams(
          List.of(
              ContentBlockParam.ofText(TextBlockParam.builder().text(wish.text()).build()),
              ContentBlockParam.ofImage(
                  ImageBlockParam.builder()
                      .source(
                          Base64ImageSource.builder()
                              .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                              .data(PICTURE)
                              .build())
                      .build())));
    } else {
      params.addUserMessage(wish.text());
    }
    if (wish.tool()) {
      var schema = Tool.InputSchema.builder();
      // The library writes the type itself, and a second time if it is given.
      SCHEMA.forEach((name, value) -> {
        if (!name.equals("type")) {
          schema.putAdditionalProperty(name, JsonValue.from(value));
        }
      });
      params.addTool(Tool.builder().name(TOOL).inputSchema(schema.build()).build());
    }
    if (wish.json()) {
      var schema = JsonOutputFormat.Schema.builder();
      SCHEMA.forEach((name, value) -> schema.putAdditionalProperty(name, JsonValue.from(value)));
      params.outputConfig(
          OutputConfig.builder()
              .format(JsonOutputFormat.builder().schema(schema.build()).build())
              .build());
    }
    if (wish.reasons()) {
      params.enabledThinking(BUDGET_TOKENS);
    }
    return new Conversation(params, wish.stream());
  }

  private final class Conversation implements Talk {
    private final MessageCreateParams.Builder params;
    private final boolean stream;

    Conversation(MessageCreateParams.Builder params, boolean stream) {
      this.params = params;
      this.stream = stream;
    }

    @Override
    public Said send() {
      Message reply = stream ? streamed() : client.messages().create(params.build());
      params.addMessage(reply);
      var text = new StringBuilder();
      var thought = new StringBuilder();
      var calls = new ArrayList<Call>();
      for (ContentBlock block : reply.content()) {
        block.text().ifPresent(one -> text.append(one.text()));
        block.thinking().ifPresent(one -> thought.append(one.thinking()));
        block
            .toolUse()
            .ifPresent(
                one -> calls.add(Call.of(one.id(), one.name(), one._input().convert(Map.class))));
      }
      return new Said(
          text.toString(),
          thought.toString(),
          calls,
          switch (reply.stopReason().orElseThrow().asString()) {
            case "end_turn" -> Stop.END;
            case "max_tokens" -> Stop.LENGTH;
            case "tool_use" -> Stop.CALLS;
            default -> Stop.OTHER;
          },
          reply.usage().inputTokens(),
          reply.usage().outputTokens());
    }

    private Message streamed() {
      var accumulator = MessageAccumulator.create();
      try (var events = client.messages().createStreaming(params.build())) {
        events.stream().forEach(accumulator::accumulate);
      }
      return accumulator.message();
    }

    @Override
    public void results(List<Call> calls, String result) {
      params.addUserMessageOfContentBlockParams(
          calls.stream()
              .map(call ->
                  ContentBlockParam.ofToolResult(
                      ToolResultBlockParam.builder().toolUseId(call.id()).content(result).build()))
              .toList());
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
