package dev.understudy.sdks;

import com.google.genai.Chat;
import com.google.genai.Client;
import com.google.genai.errors.ClientException;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.Part;
import com.google.genai.types.ThinkingConfig;
import com.google.genai.types.Tool;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Google's library for Java, with its chats, which keep the history themselves. */
final class GeminiSdk implements Sdk {
  private final Client client;

  GeminiSdk(String url, String key) {
    client =
        Client.builder()
            .apiKey(key)
            .httpOptions(
                HttpOptions.builder()
                    .baseUrl(url)
                    .retryOptions(
                        HttpRetryOptions.builder().attempts(1).httpStatusCodes(599).build())
                    .build())
            .build();
  }

  @Override
  public String title() {
    return "google-genai for Java";
  }

  @Override
  public Talk talk(Wish wish) {
    var config = GenerateContentConfig.builder();
    if (wish.system()) {
      config.systemInstruction(Content.fromParts(Part.fromText(Wish.SYSTEM)));
    }
    if (wish.tool()) {
      config.tools(
          Tool.builder()
              .functionDeclarations(
                  FunctionDeclaration.builder().name(TOOL).parametersJsonSchema(SCHEMA).build())
              .build());
    }
    if (wish.json()) {
      config.responseMimeType("application/json").responseJsonSchema(SCHEMA);
    }
    if (wish.reasons()) {
      config.thinkingConfig(
          ThinkingConfig.builder().includeThoughts(true).thinkingBudget(2_048).build());
    }
    if (wish.maxTokens() > 0) {
      config.maxOutputTokens(wish.maxTokens());
    }
    var parts = new ArrayList<Part>();
    parts.add(Part.fromText(wish.text()));
    if (wish.picture()) {
      parts.add(Part.fromBytes(Base64.getDecoder().decode(PICTURE), "image/png"));
    }
    return new Conversation(
        client.chats.create(wish.model(), config.build()), parts, wish.stream());
  }

  private static final class Conversation implements Talk {
    private final Chat chat;
    private final boolean stream;
    private List<Part> next;

    Conversation(Chat chat, List<Part> first, boolean stream) {
      this.chat = chat;
      this.next = first;
      this.stream = stream;
    }

    @Override
    public Said send() {
      Content said = Content.builder().role("user").parts(next).build();
      var chunks = new ArrayList<GenerateContentResponse>();
      if (stream) {
        try (var all = chat.sendMessageStream(said)) {
          all.forEach(chunks::add);
        }
      } else {
        chunks.add(chat.sendMessage(said));
      }
      var text = new StringBuilder();
      var thought = new StringBuilder();
      var calls = new ArrayList<Call>();
      for (var chunk : chunks) {
        for (Part part : chunk.parts()) {
          boolean thinks = part.thought().orElse(false);
          part.text().ifPresent((thinks ? thought : text)::append);
          part.functionCall()
              .ifPresent(call ->
                  calls.add(
                      Call.of(
                          call.id().orElse(""),
                          call.name().orElseThrow(),
                          call.args().orElse(Map.of()))));
        }
      }
      var last = chunks.getLast();
      var usage = last.usageMetadata().orElseThrow();
      return new Said(
          text.toString(),
          thought.toString(),
          calls,
          switch (last.finishReason().toString()) {
            // Google's own word for the end of a call is the same as for any other end.
            case "STOP" -> calls.isEmpty() ? Stop.END : Stop.CALLS;
            case "MAX_TOKENS" -> Stop.LENGTH;
            default -> Stop.OTHER;
          },
          usage.promptTokenCount().orElse(0),
          usage.candidatesTokenCount().orElse(0) + usage.thoughtsTokenCount().orElse(0));
    }

    @Override
    public void results(List<Call> calls, String result) {
      next =
          calls.stream()
              .map(call -> {
                var response =
                    FunctionResponse.builder().name(call.tool()).response(Map.of("output", result));
                if (!call.id().isEmpty()) {
                  response.id(call.id());
                }
                return Part.builder().functionResponse(response.build()).build();
              })
              .toList();
    }
  }

  @Override
  public boolean saysLimited(Throwable thrown) {
    return thrown instanceof ClientException refused && refused.code() == 429;
  }

  @Override
  public boolean saysNotFound(Throwable thrown) {
    return thrown instanceof ClientException refused && refused.code() == 404;
  }

  @Override
  public void close() {
    client.close();
  }
}
