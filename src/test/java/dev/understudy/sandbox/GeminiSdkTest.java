package dev.understudy.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.genai.Client;
import com.google.genai.types.Content;
import com.google.genai.types.CountTokensConfig;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.Tool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Google's own client talks to the sandbox. */
final class GeminiSdkTest {
  private static final GenerateContentConfig TOOLS =
      GenerateContentConfig.builder()
          .tools(
              Tool.builder()
                  .functionDeclarations(
                      FunctionDeclaration.builder()
                          .name("weather")
                          .parameters(
                              Schema.builder()
                                  .type("OBJECT")
                                  .properties(
                                      Map.of("city", Schema.builder().type("STRING").build()))
                                  .build())
                          .build())
                  .build())
          .build();
  private static final GenerateContentConfig NONE = GenerateContentConfig.builder().build();

  private static SandboxServer server;
  private static Client client;

  @BeforeAll
  static void start() {
    server = SandboxServer.start(SandboxProfile.of("google").withKey("AIza-sandbox"));
    client =
        Client.builder()
            .apiKey("AIza-sandbox")
            .httpOptions(HttpOptions.builder().baseUrl(server.url()).build())
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @Test
  void streamsWhatItAnswersWhole() {
    var whole = client.models.generateContent("gemini-2.5-flash", "Hello there", NONE);
    var streamed = new StringBuilder();
    var chunks = client.models.generateContentStream("gemini-2.5-flash", "Hello there", NONE);
    for (var chunk : chunks) {
      streamed.append(chunk.text());
    }

    assertThat(whole.text())
        .isEqualTo(
            "This is the sandbox's answer in place of google/gemini-2.5-flash: you said \"Hello"
                + " there\".");
    assertThat(streamed).hasToString(whole.text());
  }

  @Test
  void wantsTheSignatureOfACallBack() {
    var question = Content.fromParts(Part.fromText("How is the weather?"));
    var called = client.models.generateContent("gemini-3-pro-preview", List.of(question), TOOLS);
    var call = called.candidates().orElseThrow().getFirst().content().orElseThrow();
    var result = Content.fromParts(Part.fromFunctionResponse("weather", Map.of("output", "sunny")));

    var answer =
        client.models.generateContent(
            "gemini-3-pro-preview", List.of(question, call, result), TOOLS);
    assertThat(answer.text()).contains("sunny");

    var bare =
        Content.builder()
            .role("model")
            .parts(Part.fromFunctionCall("weather", Map.of("city", "sandbox city")))
            .build();
    assertThatThrownBy(() ->
            client.models.generateContent(
                "gemini-3-pro-preview", List.of(question, bare, result), TOOLS))
        .hasMessageContaining("missing a thought_signature");
  }

  @Test
  void countsTokens() {
    var counted =
        client.models.countTokens(
            "gemini-2.5-flash", "Hello there", CountTokensConfig.builder().build());

    assertThat(counted.totalTokens()).hasValue(3 + 1);
  }
}
