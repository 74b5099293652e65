package dev.understudy.protocol.bedrock;

import static dev.understudy.protocol.CloudExchanges.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Requests;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ConverseRequestTest {
  private static final BedrockConverseOutbound BEDROCK = new BedrockConverseOutbound();
  private static final String CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  private static final Message HELLO = user(new Part.Text("Hello"));
  private static final Tool WEATHER =
      new Tool.Function(
          "weather", Optional.of("w"), Optional.of("{\"type\":\"object\"}"), Optional.empty());

  private final Losses losses = new Losses();

  @Test
  void givesDocumentsNamesThatConverseTakes() {
    JsonNode body =
        write(
            request(
                CLAUDE,
                user(pdf("Q3 report (final).pdf"), pdf("Q3  report/(final)_pdf"), pdf("…"))));

    assertThat(body.at("/messages/0/content").findValuesAsString("name"))
        .containsExactly("Q3 report (final) pdf", "Q3 report (final) pdf 2", "Document");
  }

  @Test
  void takesImagesFromBytesAndS3AndLosesOthers() {
    JsonNode body =
        write(
            request(
                CLAUDE,
                user(
                    image(new Source.Inline("image/png", "AAAA")),
                    image(new Source.Url("s3://bucket/cat.jpg", Optional.empty())),
                    image(new Source.Url("https://example.test/cat.png", Optional.empty())))));

    assertThat(body.at("/messages/0/content"))
        .isEqualTo(
            Json.parse(
                """
                [{"image":{"format":"png","source":{"bytes":"AAAA"}}},
                 {"image":{"format":"jpeg","source":{"s3Location":{"uri":"s3://bucket/cat.jpg"}}}}]
                """));
    assertThat(losses.kept())
        .extracting(Losses.Loss::path)
        .containsExactly("messages[0].content[2]");
  }

  @Test
  void joinsTurnsAndMovesInstructionsToTheFront() {
    JsonNode body =
        write(
            request(
                CLAUDE,
                new Message(
                    Role.SYSTEM,
                    List.of(new Part.Text("Be brief"), new Part.CachePoint(Optional.of("1h")))),
                HELLO,
                user(new Part.Text("again"), new Part.Text(""))));

    assertThat(body.get("system"))
        .isEqualTo(
            Json.parse(
                "[{\"text\":\"Be brief\"},{\"cachePoint\":{\"type\":\"default\",\"ttl\":\"1h\"}}]"));
    assertThat(body.get("messages"))
        .isEqualTo(
            Json.parse(
                "[{\"role\":\"user\",\"content\":[{\"text\":\"Hello\"},{\"text\":\"again\"}]}]"));
    assertThat(losses.isEmpty()).isTrue();
  }

  @Test
  void leavesToolsOutWhenNoneMayBeCalled() {
    assertThat(
            write(with(request(CLAUDE, HELLO), new ToolChoice.None(), WEATHER)).has("toolConfig"))
        .isFalse();
    assertThat(losses.isEmpty()).isTrue();
  }

  @Test
  void keepsToolsOfEarlierCallsEvenWhenNoneMayBeCalled() {
    ChatRequest request =
        request(
            CLAUDE,
            HELLO,
            new Message(Role.ASSISTANT, List.of(new Part.ToolCall("t1", "weather", "{\"a\":1}"))),
            user(new Part.ToolResult("t1", Optional.empty(), List.of(new Part.Text("sun")), true)));

    JsonNode offered = write(with(request, new ToolChoice.None(), WEATHER));
    assertThat(offered.at("/toolConfig/tools/0/toolSpec/name").stringValue()).isEqualTo("weather");
    assertThat(offered.path("toolConfig").has("toolChoice")).isFalse();
    assertThat(losses.kept()).extracting(Losses.Loss::path).containsExactly("tool_choice");
    assertThat(offered.at("/messages/2/content/0"))
        .isEqualTo(
            json("{'toolResult':{'toolUseId':'t1','content':[{'text':'sun'}],'status':'error'}}"));

    assertThat(write(request).at("/toolConfig/tools/0/toolSpec/name").stringValue())
        .isEqualTo("weather");
  }

  @Test
  void callAndResultKeepOneIdHoweverLongItIs() {
    String id = "call|" + "x".repeat(90);
    JsonNode body =
        write(
            request(
                CLAUDE,
                new Message(Role.ASSISTANT, List.of(new Part.ToolCall(id, "weather", ""))),
                user(new Part.ToolResult(id, Optional.empty(), List.of(), false))));

    String written = body.at("/messages/0/content/0/toolUse/toolUseId").stringValue();
    assertThat(written).matches("[a-zA-Z0-9_.:-]{1,64}");
    assertThat(body.at("/messages/1/content/0/toolResult/toolUseId").stringValue())
        .isEqualTo(written);
  }

  @Test
  void sealsGoHomeOnly() {
    var home = new Seal(ProtocolName.BEDROCK_CONVERSE, Optional.of("aws"), "signature", "sig");
    var away =
        new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.of("anthropic"), "signature", "x");
    JsonNode body =
        write(
            request(
                CLAUDE,
                HELLO,
                new Message(
                    Role.ASSISTANT,
                    List.of(
                        new Part.Reasoning("mine", Optional.of(home)),
                        new Part.Reasoning("theirs", Optional.of(away)),
                        new Part.Reasoning("bare", Optional.empty())))));

    assertThat(body.at("/messages/1/content"))
        .isEqualTo(
            Json.parse(
                "[{\"reasoningContent\":{\"reasoningText\":{\"text\":\"mine\",\"signature\":\"sig\"}}}]"));
    assertThat(losses.total()).isEqualTo(2);
  }

  @Test
  void asksEachFamilyToThinkInItsOwnWords() {
    var high =
        new Thinking(
            Optional.empty(), false, Optional.of("high"), Optional.empty(), Optional.empty());

    assertThat(additional(CLAUDE, high))
        .isEqualTo(json("{'thinking':{'type':'enabled','budget_tokens':16384}}"));
    assertThat(additional("us.anthropic.claude-sonnet-4-6", high))
        .isEqualTo(json("{'thinking':{'type':'adaptive'}}"));
    assertThat(
            write(thinking("us.anthropic.claude-sonnet-5", high))
                .at("/outputConfig/effort")
                .stringValue())
        .isEqualTo("high");
    assertThat(additional("us.amazon.nova-2-lite-v1:0", high))
        .isEqualTo(json("{'reasoningConfig':{'type':'enabled','maxReasoningEffort':'high'}}"));
    assertThat(additional("openai.gpt-oss-120b-1:0", high))
        .isEqualTo(json("{'reasoning_effort':'high'}"));
    assertThat(losses.isEmpty()).isTrue();
    assertThat(
            write(thinking("meta.llama3-1-8b-instruct-v1:0", high))
                .has("additionalModelRequestFields"))
        .isFalse();
    assertThat(losses.kept()).extracting(Losses.Loss::path).containsExactly("reasoning");
  }

  @Test
  void claudeGoesOnWithoutABudgetWhenATurnLostItsThoughts() {
    var medium =
        new Thinking(
            Optional.empty(), false, Optional.of("medium"), Optional.empty(), Optional.empty());
    Message call =
        new Message(Role.ASSISTANT, List.of(new Part.ToolCall("tooluse_1", "weather", "{}")));
    Message result =
        user(
            new Part.ToolResult(
                "tooluse_1", Optional.empty(), List.of(new Part.Text("sunny")), false));

    JsonNode body = write(thinking(CLAUDE, medium, HELLO, call, result));

    assertThat(body.has("additionalModelRequestFields")).isFalse();
    assertThat(losses.kept()).extracting(Losses.Loss::path).contains("reasoning");
  }

  @Test
  void holdsTheAnswerToASchema() {
    var format =
        new ReplyFormat.JsonSchema(
            Optional.of("city"), Optional.empty(), "{\"type\":\"object\"}", Optional.of(true));
    JsonNode body =
        write(
            new ChatRequest(
                CLAUDE,
                List.of(HELLO),
                List.of(),
                new ToolChoice.Unsaid(),
                Optional.empty(),
                format,
                Thinking.UNSAID,
                Sampling.UNSAID,
                Labels.NONE,
                false,
                false));

    assertThat(body.get("outputConfig"))
        .isEqualTo(
            json(
                """
                {'textFormat':{'type':'json_schema','structure':{'jsonSchema':
                  {'schema':'{\\'type\\':\\'object\\'}','name':'city'}}}}
                """));
  }

  @Test
  void countsWhatFillsThePrompt() {
    JsonNode body =
        Json.parse(
            BEDROCK
                .writeCountRequest(request(CLAUDE, HELLO), Dialect.standard("aws"), losses)
                .json());

    assertThat(body)
        .isEqualTo(
            json(
                "{'input':{'converse':{'messages':[{'role':'user','content':[{'text':'Hello'}]}]}}}"));
  }

  @Test
  void readsErrorsWhateverTheyAre() {
    Dialect dialect = Dialect.standard("aws");
    assertThat(
            BEDROCK
                .readFailure(
                    429, "{\"message\":\"slow\"}".getBytes(StandardCharsets.UTF_8), dialect)
                .type())
        .isEqualTo("ThrottlingException");
    assertThat(BEDROCK.readFailure(503, new byte[0], dialect).message()).contains("503");
    assertThat(
            BEDROCK
                .readFailure(
                    400,
                    "{\"__type\":\"com.amazon#ServiceQuotaExceededException\",\"Message\":\"m\"}"
                        .getBytes(StandardCharsets.UTF_8),
                    dialect)
                .type())
        .isEqualTo("ServiceQuotaExceededException");
  }

  private JsonNode additional(String model, Thinking thinking) {
    return write(thinking(model, thinking)).get("additionalModelRequestFields");
  }

  private JsonNode write(ChatRequest request) {
    return Json.parse(BEDROCK.writeRequest(request, Dialect.standard("aws"), losses).json());
  }

  private static ChatRequest request(String model, Message... messages) {
    return Requests.plain(model, List.of(messages));
  }

  private static ChatRequest with(ChatRequest r, ToolChoice choice, Tool... tools) {
    return new ChatRequest(
        r.model(),
        r.messages(),
        List.of(tools),
        choice,
        r.parallelToolCalls(),
        r.format(),
        r.thinking(),
        r.sampling(),
        r.labels(),
        r.stream(),
        r.usageInStream());
  }

  private static ChatRequest thinking(String model, Thinking thinking) {
    return thinking(model, thinking, HELLO);
  }

  private static ChatRequest thinking(String model, Thinking thinking, Message... messages) {
    return Requests.thinking(model, thinking, List.of(messages));
  }

  private static Message user(Part... parts) {
    return new Message(Role.USER, List.of(parts));
  }

  private static Part pdf(String title) {
    return new Part.Document(
        new Source.Inline("application/pdf", "AAAA"), Optional.of(title), Optional.empty(), false);
  }

  private static Part image(Source source) {
    return new Part.Image(source, Optional.empty());
  }
}
