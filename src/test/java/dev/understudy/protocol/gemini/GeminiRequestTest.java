package dev.understudy.protocol.gemini;

import static dev.understudy.protocol.gemini.Samples.ask;
import static dev.understudy.protocol.gemini.Samples.model;
import static dev.understudy.protocol.gemini.Samples.user;
import static dev.understudy.protocol.gemini.Samples.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.SealText;
import dev.understudy.protocol.UsageConvention;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GeminiRequestTest {
  private static final Seal FOREIGN =
      new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.of("anthropic"), "signature", "c2ln");

  @Test
  void readsARequestInEitherSpellingOfItsMembers() {
    var losses = new Losses();
    ChatRequest request =
        Samples.request(new String(Samples.file("request.json"), StandardCharsets.UTF_8), losses);

    assertThat(losses.kept()).isEmpty();
    assertThat(request.messages().get(0).role()).isEqualTo(Role.SYSTEM);
    assertThat(request.messages().get(1).parts())
        .containsExactly(
            new Part.Text("What is in the picture, and what is the weather there?"),
            new Part.Image(new Source.Inline("image/png", "iVBORw0KGgo/+w=="), Optional.empty()),
            new Part.Document(
                new Source.Url("https://example.com/map.pdf", Optional.of("application/pdf")),
                Optional.empty(),
                Optional.empty(),
                false));
    assertThat(request.messages().get(2).parts())
        .containsExactly(
            new Part.Reasoning("I look it up.", bare(Seals.THOUGHT, "AAEC")),
            new Part.ToolCall(
                "call_1", "weather", "{\"city\":\"Oslo\",\"days\":2.50}", bare(Seals.CALL, "AwQF")),
            new Part.ToolCall("call_2", "weather", "{\"city\":\"Rome\"}"));
    assertThat(request.messages().get(3).parts())
        .containsExactly(
            new Part.ToolResult(
                "call_1", Optional.of("weather"), List.of(new Part.Text("rain")), false),
            new Part.ToolResult(
                "call_2", Optional.of("weather"), List.of(new Part.Text("no such city")), true));
    assertThat(request.messages().get(4).parts())
        .containsExactly(
            new Part.Text("Rain in Oslo."), new Part.Reasoning("", bare(Seals.TEXT, "BgcI")));
    assertThat(request.tools())
        .containsExactly(
            new Tool.Function(
                "weather",
                Optional.of("Tells the weather"),
                Optional.of(
                    "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"enum\":"
                        + "[\"Oslo\",\"Rome\"]},\"days\":{\"type\":[\"integer\",\"null\"]}},"
                        + "\"required\":[\"city\"]}"),
                Optional.empty()),
            new Tool.Foreign(ProtocolName.GEMINI, "{\"googleSearch\":{}}"));
    assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("weather"));
    assertThat(request.sampling().maxTokens()).hasValue(100L);
    assertThat(request.thinking().budgetTokens()).hasValue(512L);
    assertThat(request.labels().metadata()).containsEntry("team", "blue");
    assertThat(request.labels().serviceTier()).hasValue("flex");
  }

  @Test
  void refusesAMemberThatStandsThereInBothSpellings() {
    assertThatThrownBy(() ->
            Samples.request(
                """
                {"contents": [], "generationConfig": {"topP": 1, "top_p": 0.5}}\
                """))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("generationConfig.top_p");
  }

  @Test
  void readsBothFormsOfARequestToCountTokens() {
    for (String body :
        List.of(
            """
            {"contents": [{"parts": {"text": "Hi"}}]}\
            """,
            """
            {"generateContentRequest": {"model": "models/m", "contents": {"parts": [{"text": "Hi"}]}}}\
            """)) {
      var losses = new Losses();
      ChatRequest request =
          new GeminiInbound()
              .readRequest(
                  new InboundCall(Json.parseObject(body), Optional.of("m"), false, true), losses);

      assertThat(request.messages()).containsExactly(user(new Part.Text("Hi")));
      assertThat(losses.kept()).isEmpty();
    }
  }

  @Test
  void asksForTheTokensOfAWholeRequestOrAtVertexOfABareOne() {
    ChatRequest request = ask("gemini-2.5-pro", List.of(user(new Part.Text("Hi"))));
    var vertex = new Dialect("vertex", UsageConvention.STANDARD, Set.of(Quirk.VERTEX_AI));
    var outbound = new GeminiOutbound();

    JsonNode google =
        Json.parse(outbound.writeCountRequest(request, Samples.GOOGLE, new Losses()).json());
    JsonNode cloud = Json.parse(outbound.writeCountRequest(request, vertex, new Losses()).json());

    assertThat(google.at("/generateContentRequest/model").asString())
        .isEqualTo("models/gemini-2.5-pro");
    assertThat(google.at("/generateContentRequest/contents")).isEqualTo(cloud.get("contents"));
    assertThat(outbound.readCount("{\"totalTokens\": 7}".getBytes(StandardCharsets.UTF_8)))
        .hasValue(7);
    assertThat(outbound.readCount("<html>".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void putsResponsesFirstInTheOrderOfTheirCallsAndMergesTurns() {
    var losses = new Losses();
    JsonNode contents =
        written(
                ask(
                    "gemini-2.5-flash",
                    List.of(
                        user(new Part.Text("Go")),
                        model(
                            new Part.ToolCall("a", "one", "{}"),
                            new Part.ToolCall("b", "two", "{\"x\":1}")),
                        user(result("b", "second", false)),
                        user(result("a", "{\"k\":[1.50]}", false), new Part.Text("And?")))),
                losses)
            .get("contents");

    assertThat(losses.kept()).isEmpty();
    assertThat(contents).hasSize(3);
    assertThat(Json.text(contents.get(2)))
        .isEqualTo(
            "{\"role\":\"user\",\"parts\":["
                + "{\"functionResponse\":{\"id\":\"a\",\"name\":\"one\",\"response\":{\"k\":[1.50]}}},"
                + "{\"functionResponse\":{\"id\":\"b\",\"name\":\"two\",\"response\":{\"output\":\"second\"}}},"
                + "{\"text\":\"And?\"}]}");
  }

  @Test
  void wrapsFailuresAndAnswersThatWouldBeTakenForOthers() {
    JsonNode contents =
        written(
                ask(
                    "gemini-2.5-flash",
                    List.of(
                        model(new Part.ToolCall("a", "one", ""), new Part.ToolCall("b", "two", "")),
                        user(result("a", "it broke", true), result("b", "{\"error\":1}", false)))),
                new Losses())
            .get("contents");

    assertThat(Json.text(contents.at("/1/parts/0/functionResponse/response")))
        .isEqualTo("{\"error\":\"it broke\"}");
    assertThat(Json.text(contents.at("/1/parts/1/functionResponse/response")))
        .isEqualTo("{\"output\":{\"error\":1}}");
  }

  @Test
  void signsUnsignedCallsOfTheCurrentTurnForGemini3Only() {
    var messages =
        List.of(
            user(new Part.Text("Go")),
            model(new Part.ToolCall("a", "one", "{}")),
            user(result("a", "1", false)),
            model(new Part.Text("Done")),
            user(new Part.Text("Again")),
            model(new Part.ToolCall("b", "one", "{}"), new Part.ToolCall("c", "one", "{}")),
            user(result("b", "1", false), result("c", "2", false)));

    JsonNode three = written(ask("gemini-3-pro-preview", messages), new Losses()).get("contents");
    JsonNode two = written(ask("gemini-2.5-pro", messages), new Losses()).get("contents");

    assertThat(three.at("/1/parts/0").has("thoughtSignature")).isFalse();
    assertThat(
            new String(
                Base64.getDecoder().decode(three.at("/5/parts/0/thoughtSignature").asString()),
                StandardCharsets.US_ASCII))
        .isEqualTo("skip_thought_signature_validator");
    assertThat(three.at("/5/parts/1").has("thoughtSignature")).isFalse();
    assertThat(two.toString()).doesNotContain("thoughtSignature");
  }

  @Test
  void bringsSignaturesHomeToTheVeryPartTheyCameWith() {
    String signed =
        """
        {"contents":[{"role":"model","parts":[{"text":"Why.","thought":true,"thoughtSignature":"AAEC"},\
        {"text":"Because.","thoughtSignature":"BgcI"},\
        {"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"AwQF"}]}]}\
        """;
    var losses = new Losses();

    assertThat(Json.text(written(Samples.request(signed), losses)))
        .isEqualTo(Json.text(Json.parse(signed)));
    assertThat(losses.kept()).isEmpty();
  }

  @Test
  void keepsAnotherVendorsSealsAwayAndSaysSo() {
    var losses = new Losses();
    JsonNode body =
        written(
            ask(
                "gemini-2.5-pro",
                List.of(
                    model(
                        new Part.Reasoning("Secret", Optional.of(FOREIGN)),
                        new Part.ToolCall("a", "f", "{}", Optional.of(FOREIGN))))),
            losses);

    assertThat(body.toString()).doesNotContain("Secret").doesNotContain("c2ln");
    assertThat(losses.kept())
        .extracting(Losses.Loss::path)
        .containsExactly("messages[0].parts[0]", "messages[0].parts[1].seal");
  }

  @Test
  void aForeignSealThatACallerCarriedIsUnwrappedAndCanBeFoundInTheRawBody() {
    String wrapped = Seals.toCaller(FOREIGN);
    Message message =
        Samples.request(
                "{\"contents\":[{\"role\":\"model\",\"parts\":[{\"text\":\"\",\"thought\":true,"
                    + "\"thoughtSignature\":\""
                    + wrapped
                    + "\"}]}]}")
            .messages()
            .getFirst();

    assertThat(message.parts()).containsExactly(new Part.Reasoning("", Optional.of(FOREIGN)));
    assertThat(wrapped).startsWith(GeminiInbound.WRAPPED_MARK).doesNotContain(SealText.MARK);
  }

  @Test
  void theMarkOfWrappedSealsIsTheSameForEveryProtocol() {
    for (var protocol :
        List.of(
            ProtocolName.OPENAI_CHAT,
            ProtocolName.OPENAI_RESPONSES,
            ProtocolName.ANTHROPIC_MESSAGES,
            ProtocolName.BEDROCK_CONVERSE,
            ProtocolName.COHERE_CHAT)) {
      var seal = new Seal(protocol, Optional.empty(), "k", "d");
      assertThat(Seals.toCaller(seal)).startsWith(GeminiInbound.WRAPPED_MARK);
      assertThat(Seals.read(Seals.toCaller(seal), Seals.CALL)).hasValue(seal);
    }
  }

  @Test
  void carriesMediaInlineAndByAddressAndNamesWhatItCannotCarry() {
    var losses = new Losses();
    JsonNode parts =
        written(
                ask(
                    "gemini-2.5-pro",
                    List.of(
                        user(
                            new Part.Image(
                                new Source.Url("https://e.com/a/cat.JPG?x=1", Optional.empty()),
                                Optional.of("auto")),
                            new Part.Document(
                                new Source.PlainText("Grüße"),
                                Optional.empty(),
                                Optional.empty(),
                                false),
                            new Part.Image(
                                new Source.Url("https://e.com/cat", Optional.empty()),
                                Optional.empty()),
                            new Part.Image(
                                new Source.FileId(
                                    ProtocolName.OPENAI_RESPONSES, "file-1", Optional.empty()),
                                Optional.empty()),
                            new Part.CachePoint(Optional.empty()),
                            new Part.CachePoint(Optional.of("1h"))))),
                losses)
            .at("/contents/0/parts");

    assertThat(Json.text(parts))
        .isEqualTo(
            "[{\"fileData\":{\"mimeType\":\"image/jpeg\",\"fileUri\":\"https://e.com/a/cat.JPG?x=1\"}},"
                + "{\"inlineData\":{\"mimeType\":\"text/plain\",\"data\":\"R3LDvMOfZQ==\"}},"
                + "{\"fileData\":{\"fileUri\":\"https://e.com/cat\"}}]");
    assertThat(losses.kept())
        .extracting(Losses.Loss::path)
        .containsExactly("messages[0].parts[2]", "messages[0].parts[3]", "messages[0].parts[5]");
  }

  @Test
  void putsPicturesOfAResultInsideItOrBesideItByGeneration() {
    var picture =
        new Part.ToolResult(
            "a",
            Optional.empty(),
            List.of(new Part.Image(new Source.Inline("image/png", "AAAA"), Optional.empty())),
            false);
    var messages =
        List.of(
            user(new Part.Text("Go")), model(new Part.ToolCall("a", "draw", "{}")), user(picture));

    JsonNode three = written(ask("gemini-3-flash", messages), new Losses()).at("/contents/2/parts");
    JsonNode two = written(ask("gemini-2.5-flash", messages), new Losses()).at("/contents/2/parts");

    assertThat(three).hasSize(1);
    assertThat(three.at("/0/functionResponse/parts/0/inlineData/data").asString())
        .isEqualTo("AAAA");
    assertThat(two.at("/1/inlineData/data").asString()).isEqualTo("AAAA");
    assertThat(two.at("/0/functionResponse/name").asString()).isEqualTo("draw");
  }

  @Test
  void readsAStreamedTurnThatComesBackInPiecesAsOne() {
    ChatRequest request =
        Samples.request(
            """
            {"contents": [
              {"role": "user", "parts": [{"text": "Weather?"}]},
              {"role": "model", "parts": [{"text": "I look ", "thought": true}]},
              {"role": "model", "parts": [{"text": "it up.", "thought": true,
                                           "thoughtSignature": "AAEC"}]},
              {"role": "model", "parts": [{"text": "One mo"}]},
              {"role": "model", "parts": [{"text": "ment."}]},
              {"role": "model", "parts": [{"functionCall": {"name": "weather", "args": {}}}]},
              {"role": "model", "parts": [{"text": ""}]},
              {"role": "user", "parts": [{"functionResponse":
                                          {"name": "weather", "response": {"output": "sunny"}}}]}
            ]}
            """);

    assertThat(request.messages()).hasSize(3);
    assertThat(request.messages().get(1).parts())
        .containsExactly(
            new Part.Reasoning("I look it up.", bare(Seals.THOUGHT, "AAEC")),
            new Part.Text("One moment."),
            new Part.ToolCall("call_1", "weather", "{}"));
  }

  @Test
  void instructionsAloneAreWhatIsAsked() {
    JsonNode body =
        written(
            ask("m", List.of(new Message(Role.SYSTEM, List.of(new Part.Text("Say hi"))))),
            new Losses());

    assertThat(Json.text(body))
        .isEqualTo("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Say hi\"}]}]}");
  }

  @Test
  void aRequestThatSaysNothingIsRefused() {
    var call =
        new InboundCall(Json.parseObject("{\"messages\": []}"), Optional.of("m"), false, true);

    Assertions.assertThatThrownBy(() -> new GeminiInbound().readRequest(call, new Losses()))
        .hasMessage("contents: is missing");
  }

  private static Part.ToolResult result(String id, String text, boolean failed) {
    return new Part.ToolResult(id, Optional.empty(), List.of(new Part.Text(text)), failed);
  }

  private static Optional<Seal> bare(String kind, String data) {
    return Optional.of(new Seal(ProtocolName.GEMINI, Optional.empty(), kind, data));
  }
}
