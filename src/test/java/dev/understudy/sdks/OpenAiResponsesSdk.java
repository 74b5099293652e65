package dev.understudy.sdks;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFormatTextJsonSchemaConfig;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseTextConfig;
import java.util.ArrayList;
import java.util.List;

/** OpenAI's library for Java, asking for responses that nobody stores. */
final class OpenAiResponsesSdk implements Sdk {
  private final OpenAIClient client;

  OpenAiResponsesSdk(String url, String key) {
    client = OpenAIOkHttpClient.builder().baseUrl(url + "/v1").apiKey(key).maxRetries(0).build();
  }

  @Override
  public String title() {
    return "openai-java, Responses";
  }

  @Override
  public Talk talk(Wish wish) {
    var params = ResponseCreateParams.builder().model(wish.model()).store(false);
    if (wish.system()) {
      params.instructions(Wish.SYSTEM);
    }
    var content = new ArrayList<ResponseInputContent>();
    content.add(
        ResponseInputContent.ofInputText(ResponseInputText.builder().text(wish.text()).build()));
    if (wish.picture()) {
      content.add(
          ResponseInputContent.ofInputImage(
              ResponseInputImage.builder()
                  .detail(ResponseInputImage.Detail.AUTO)
                  .imageUrl("data:image/png;base64," + PICTURE)
                  .build()));
    }
    if (wish.tool()) {
      var parameters = FunctionTool.Parameters.builder();
      SCHEMA.forEach(
          (name, value) -> parameters.putAdditionalProperty(name, JsonValue.from(value)));
      params.addTool(
          FunctionTool.builder().name(TOOL).strict(true).parameters(parameters.build()).build());
    }
    if (wish.json()) {
      var schema = ResponseFormatTextJsonSchemaConfig.Schema.builder();
      SCHEMA.forEach((name, value) -> schema.putAdditionalProperty(name, JsonValue.from(value)));
      params.text(
          ResponseTextConfig.builder()
              .format(
                  ResponseFormatTextJsonSchemaConfig.builder()
                      .name("trip")
                      .strict(true)
                      .schema(schema.build())
                      .build())
              .build());
    }
    if (wish.reasons()) {
      params
          .reasoning(
              Reasoning.builder()
                  .effort(ReasoningEffort.MEDIUM)
                  .summary(Reasoning.Summary.AUTO)
                  .build())
          .addInclude(ResponseIncludable.REASONING_ENCRYPTED_CONTENT);
    }
    if (wish.maxTokens() > 0) {
      params.maxOutputTokens(wish.maxTokens());
    }
    var input = new ArrayList<ResponseInputItem>();
    input.add(
        ResponseInputItem.ofEasyInputMessage(
            EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .contentOfResponseInputMessageContentList(content)
                .build()));
    return new Conversation(params, input, wish.stream());
  }

  private final class Conversation implements Talk {
    private final ResponseCreateParams.Builder params;
    private final List<ResponseInputItem> input;
    private final boolean stream;

    Conversation(
        ResponseCreateParams.Builder params, List<ResponseInputItem> input, boolean stream) {
      this.params = params;
      this.input = input;
      this.stream = stream;
    }

    @Override
    public Said send() {
      params.inputOfResponse(input);
      Response reply = stream ? streamed() : client.responses().create(params.build());
      var text = new StringBuilder();
      var thought = new StringBuilder();
      var calls = new ArrayList<Call>();
      for (ResponseOutputItem item : reply.output()) {
        if (item.isMessage()) {
          item.asMessage().content().forEach(part -> text.append(part.asOutputText().text()));
          input.add(ResponseInputItem.ofResponseOutputMessage(item.asMessage()));
        } else if (item.isReasoning()) {
          item.asReasoning().summary().forEach(part -> thought.append(part.text()));
          item.asReasoning()
              .content()
              .ifPresent(all -> all.forEach(part -> thought.append(part.text())));
          input.add(ResponseInputItem.ofReasoning(item.asReasoning()));
        } else {
          var call = item.asFunctionCall();
          calls.add(Call.of(call.callId(), call.name(), call.arguments()));
          input.add(ResponseInputItem.ofFunctionCall(call));
        }
      }
      var usage = reply.usage().orElseThrow();
      return new Said(
          text.toString(),
          thought.toString(),
          calls,
          stop(reply, calls),
          usage.inputTokens(),
          usage.outputTokens());
    }

    private static Stop stop(Response reply, List<Call> calls) {
      ResponseStatus status = reply.status().orElseThrow();
      if (status.equals(ResponseStatus.INCOMPLETE)) {
        String reason = reply.incompleteDetails().orElseThrow().reason().orElseThrow().asString();
        return reason.equals("max_output_tokens") ? Stop.LENGTH : Stop.OTHER;
      }
      if (!status.equals(ResponseStatus.COMPLETED)) {
        return Stop.OTHER;
      }
      return calls.isEmpty() ? Stop.END : Stop.CALLS;
    }

    private Response streamed() {
      var accumulator = ResponseAccumulator.createWithSnapshots();
      try (var events = client.responses().createStreaming(params.build())) {
        events.stream().forEach(accumulator::accumulate);
      }
      Response whole = accumulator.response();
      // The library can also put the reply together from the deltas; both must say the same.
      if (!accumulator.reconstructedResponse().output().equals(whole.output())) {
        throw new AssertionError(
            "deltas say %s%nthe end says %s"
                .formatted(accumulator.reconstructedResponse().output(), whole.output()));
      }
      return whole;
    }

    @Override
    public void results(List<Call> calls, String result) {
      calls.forEach(call ->
          input.add(
              ResponseInputItem.ofFunctionCallOutput(
                  ResponseInputItem.FunctionCallOutput.builder()
                      .callId(call.id())
                      .output(result)
                      .build())));
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
