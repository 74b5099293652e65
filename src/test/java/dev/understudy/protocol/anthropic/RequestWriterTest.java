package dev.understudy.protocol.anthropic;

import static dev.understudy.protocol.anthropic.Fixtures.assistant;
import static dev.understudy.protocol.anthropic.Fixtures.paths;
import static dev.understudy.protocol.anthropic.Fixtures.request;
import static dev.understudy.protocol.anthropic.Fixtures.system;
import static dev.understudy.protocol.anthropic.Fixtures.user;
import static dev.understudy.protocol.anthropic.Fixtures.write;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Labels;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Source;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class RequestWriterTest {
  private static final String MODEL = "claude-sonnet-4-5";
  private static final Part HI = new Part.Text("hi");

  private final Losses losses = new Losses();

  @Test
  void aFullRequestOfItsOwnProtocolKeepsEveryField() {
    ObjectNode body = Fixtures.json("request.json");
    ChatRequest request = Fixtures.INBOUND.readRequest(InboundCall.of(body), losses);
    var before = new TreeSet<String>();
    var after = new TreeSet<String>();
    Leaves.collect(Normal.request(body), before);
    Leaves.collect(Normal.request(write(request, losses)), after);
    assertThat(after).isEqualTo(before);
    assertThat(losses.kept()).isEmpty();
  }

  @Test
  void anUnboundedAnswerIsAsLongAsTheModelGives() {
    assertThat(maxTokens("claude-opus-4-8")).isEqualTo(64_000);
    assertThat(maxTokens("claude-haiku-4-5-20251001")).isEqualTo(64_000);
    assertThat(maxTokens("claude-opus-4-1")).isEqualTo(32_000);
    assertThat(maxTokens("claude-3-7-sonnet-20250219")).isEqualTo(32_000);
    assertThat(maxTokens("anthropic.claude-3-5-sonnet-20241022-v2:0")).isEqualTo(8_192);
    assertThat(maxTokens("claude-3-haiku-20240307")).isEqualTo(4_096);
    assertThat(maxTokens("deepseek-chat")).isEqualTo(8_192);
    assertThat(losses.kept()).isEmpty();
  }

  @Test
  void aBoundAboveTheModelsIsLowered() {
    var wish = Sampling.UNSAID.withMaxTokens(100_000);
    var body =
        write(Fixtures.with(request("claude-opus-4-1", user(HI)), Thinking.UNSAID, wish), losses);
    assertThat(body.get("max_tokens").longValue()).isEqualTo(32_000);
    assertThat(paths(losses)).containsExactly("max_tokens");
  }

  private long maxTokens(String model) {
    return write(request(model, user(HI)), losses).get("max_tokens").longValue();
  }

  @Test
  void instructionsAtTheStartAreTheSystemPromptAndLaterOnesTheUsersText() {
    var body =
        write(
            request(
                MODEL, system("a"), system("b"), user(HI), assistant(HI), system("c"), user(HI)),
            losses);
    assertThat(Json.text(body.get("system")))
        .isEqualTo("[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]");
    assertThat(Json.text(body.get("messages").get(2)))
        .isEqualTo(
            "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"c\"},"
                + "{\"type\":\"text\",\"text\":\"hi\"}]}");
    assertThat(paths(losses)).containsExactly("messages[4].role");
  }

  @Test
  void newModelsTakeLaterInstructionsBehindAUsersTurn() {
    var body = write(request("claude-opus-4-8", user(HI), system("c"), assistant(HI)), losses);
    assertThat(body.get("messages").get(1).get("role").stringValue()).isEqualTo("system");
    assertThat(losses.kept()).isEmpty();
  }

  @Test
  void anInstructionAloneIsToldAsTheUsers() {
    var body = write(request(MODEL, system("do it")), losses);
    assertThat(body.has("system")).isFalse();
    assertThat(Json.text(body.get("messages")))
        .isEqualTo("[{\"role\":\"user\",\"content\":\"do it\"}]");
  }

  @Test
  void turnsAlternateAndResultsComeFirstInOneMessage() {
    var body =
        write(
            request(
                MODEL,
                user(HI),
                assistant(new Part.Text("")),
                assistant(new Part.ToolCall("a", "f", "{}"), new Part.ToolCall("b", "f", "")),
                user(new Part.ToolResult("a", Optional.empty(), List.of(HI), false)),
                user(new Part.Text("go on")),
                user(new Part.ToolResult("b", Optional.empty(), List.of(), true))),
            losses);
    assertThat(Json.text(body.get("messages")))
        .isEqualTo(
            """
            [{"role":"user","content":"hi"},
            {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}},
            {"type":"tool_use","id":"b","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"hi"},
            {"type":"tool_result","tool_use_id":"b","is_error":true},
            {"type":"text","text":"go on"}]}]\
            """
                .replace("\n", ""));
    assertThat(losses.kept()).isEmpty();
  }

  @Test
  void namesOfCallsThatTheApiRefusesAreReplacedAlikeInCallAndResult() {
    var body =
        write(
            request(
                MODEL,
                assistant(new Part.ToolCall("call:1/é", "f", "{}")),
                user(new Part.ToolResult("call:1/é", Optional.empty(), List.of(HI), false))),
            losses);
    String call = body.at("/messages/0/content/0/id").stringValue();
    assertThat(call).matches("[a-zA-Z0-9_-]+").startsWith("toolu_");
    assertThat(body.at("/messages/1/content/0/tool_use_id").stringValue()).isEqualTo(call);
  }

  @Test
  void inputThatIsNoObjectIsWrappedAndComesBackAsItWas() {
    ChatRequest request =
        request(
            MODEL,
            assistant(
                new Part.ToolCall("a", "f", "{\"cut\": "), new Part.ToolCall("b", "f", "[1]")));
    var body = write(request, losses);
    assertThat(Json.text(body.at("/messages/0/content/0/input")))
        .isEqualTo("{\"_invalid_input\":\"{\\\"cut\\\": \"}");
    assertThat(paths(losses))
        .containsExactly("messages[0].content[0].input", "messages[0].content[1].input");
    ChatRequest again = Fixtures.INBOUND.readRequest(InboundCall.of(body), losses);
    assertThat(again.messages()).isEqualTo(request.messages());
  }

  @Test
  void inputIsWrittenByteForByte() {
    var call = new Part.ToolCall("a", "f", "{ \"x\": 1e2, \"y\": \"\\u00e9\", \"z\": 1.50 }");
    byte[] json =
        Fixtures.OUTBOUND
            .writeRequest(request(MODEL, assistant(call)), Fixtures.ANTHROPIC, losses)
            .json();
    assertThat(new String(json, UTF_8)).contains(call.inputJson());
  }

  @Test
  void sealsGoHomeAndNowhereElse() {
    var own = new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.empty(), "signature", "s");
    var red = new Seal(ProtocolName.ANTHROPIC_MESSAGES, Optional.of("anthropic"), "redacted", "r");
    var other = new Seal(ProtocolName.GEMINI, Optional.of("google"), "call:signature", "g");
    var body =
        write(
            request(
                MODEL,
                assistant(
                    new Part.Reasoning("mine", Optional.of(own)),
                    new Part.Reasoning("", Optional.of(red)),
                    new Part.Reasoning("not mine", Optional.of(other)),
                    new Part.Reasoning("nobody's", Optional.empty()),
                    new Part.ToolCall("a", "f", "{}", Optional.of(other)))),
            losses);
    assertThat(Json.text(body.at("/messages/0/content")))
        .isEqualTo(
            """
            [{"type":"thinking","thinking":"mine","signature":"s"},
            {"type":"redacted_thinking","data":"r"},
            {"type":"tool_use","id":"a","name":"f","input":{}}]\
            """
                .replace("\n", ""));
    assertThat(paths(losses))
        .containsExactly(
            "messages[0].content[2]", "messages[0].content[3]", "messages[0].content[4].seal");
  }

  @Test
  void onlyTheLastFourMarksForTheCacheAreKept() {
    var mark = new Part.CachePoint(Optional.of("24h"));
    var body =
        write(request(MODEL, user(HI, mark, HI, mark, HI, mark, HI, mark, HI, mark)), losses);
    var content = body.at("/messages/0/content");
    assertThat(content.get(0).has("cache_control")).isFalse();
    assertThat(content.get(4).has("cache_control")).isTrue();
    assertThat(paths(losses)).contains("messages[0].content[1]", "messages[0].content[1].ttl");
  }

  @Test
  void whatHasNoPlaceIsALoss() {
    var body =
        write(
            new ChatRequest(
                MODEL,
                List.of(
                    user(
                        new Part.Audio(new Source.Inline("audio/wav", "AAAA"), Optional.empty()),
                        new Part.Video(new Source.Url("https://v", Optional.empty())),
                        new Part.Image(
                            new Source.FileId(ProtocolName.OPENAI_CHAT, "f", Optional.empty()),
                            Optional.of("high")),
                        new Part.Document(
                            new Source.Inline("text/csv", "YSxi"),
                            Optional.empty(),
                            Optional.empty(),
                            false))),
                List.of(new Tool.Foreign(ProtocolName.OPENAI_RESPONSES, "{\"type\":\"x\"}")),
                new ToolChoice.Required(),
                Optional.empty(),
                new ReplyFormat.Text(),
                Thinking.UNSAID,
                new Sampling(
                    Optional.of(9L),
                    Optional.of(new BigDecimal("1.7")),
                    Optional.of(new BigDecimal("0.5")),
                    Optional.empty(),
                    Optional.of(BigDecimal.ONE),
                    Optional.empty(),
                    Optional.of(1L),
                    List.of(" "),
                    Optional.of(true),
                    Optional.empty()),
                new Labels(
                    Optional.empty(),
                    Map.of("k", "v"),
                    Optional.of("flex"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(false)),
                false,
                false),
            losses);
    assertThat(body.get("temperature").decimalValue()).isEqualByComparingTo("1");
    assertThat(Json.text(body.at("/messages/0/content/0/source")))
        .isEqualTo("{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"a,b\"}");
    assertThat(paths(losses))
        .containsExactlyInAnyOrder(
            "messages[0].content[0]",
            "messages[0].content[1]",
            "messages[0].content[2].detail",
            "messages[0].content[2]",
            "tools[0]",
            "tool_choice",
            "temperature",
            "top_p",
            "stop_sequences",
            "frequency_penalty",
            "seed",
            "logprobs",
            "metadata.k",
            "service_tier");
  }

  @Test
  void aSchemaIsClosedAndItsBoundsAreToldInWords() {
    ChatRequest plain = request(MODEL, user(HI));
    var body =
        write(
            withFormat(
                plain,
                new ReplyFormat.JsonSchema(
                    Optional.of("person"),
                    Optional.empty(),
                    "{\"type\":\"object\",\"properties\":{\"age\":{\"type\":\"integer\",\"minimum\":0}}}",
                    Optional.of(true))),
            losses);
    assertThat(Json.text(body.at("/output_config/format")))
        .isEqualTo(
            "{\"type\":\"json_schema\",\"schema\":{\"type\":\"object\",\"properties\":{\"age\":"
                + "{\"type\":\"integer\",\"description\":\"(minimum: 0)\"}},"
                + "\"additionalProperties\":false,\"title\":\"person\"}}");
    assertThat(paths(losses)).containsExactly("schema.properties.age.minimum");
  }

  @Test
  void anyJsonObjectIsAskedForInWords() {
    var body = write(withFormat(request(MODEL, user(HI)), new ReplyFormat.JsonObject()), losses);
    assertThat(body.get("system").stringValue()).contains("JSON object");
    assertThat(paths(losses)).containsExactly("response_format");
  }

  @Test
  void aCountHasThePromptAndNothingOfTheAnswer() {
    var written =
        Fixtures.OUTBOUND.writeCountRequest(
            Fixtures.INBOUND.readRequest(InboundCall.of(Fixtures.json("request.json")), losses),
            Fixtures.ANTHROPIC,
            losses);
    assertThat(Json.parseObject(written.json()).propertyNames())
        .containsExactlyInAnyOrder(
            "model", "system", "messages", "tools", "tool_choice", "thinking", "output_config");
    assertThat(written.headers()).containsEntry("anthropic-beta", "files-api-2025-04-14");
  }

  private static ChatRequest withFormat(ChatRequest request, ReplyFormat format) {
    return new ChatRequest(
        request.model(),
        request.messages(),
        request.tools(),
        request.toolChoice(),
        request.parallelToolCalls(),
        format,
        request.thinking(),
        request.sampling(),
        request.labels(),
        request.stream(),
        request.usageInStream());
  }
}
