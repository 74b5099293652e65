package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.Answer.Framing;
import dev.understudy.sandbox.Script.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Bedrock's Converse and ConverseStream.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">the
 *     API's reference</a>
 */
final class ConverseVoice implements Voice {
  private static final Pattern PATH = Pattern.compile("/model/([^/]+)/converse(-stream)?$");

  @Override
  public boolean hears(String method, String path) {
    return method.equals("POST") && PATH.matcher(path).find();
  }

  @Override
  public Answer answer(Call call) {
    BedrockWords.admit(call);
    Matcher path = PATH.matcher(call.path());
    if (!path.find()) {
      throw Refusal.of(404, "not found");
    }
    String model = Call.decoded(path.group(1));
    ObjectNode body = call.json();
    String vendor = call.profile().vendor();
    ConverseRules.read(body, vendor);
    var interrupted = Interrupted.of(body, "messages", model.contains("claude"));
    Script script =
        Actor.play(
            ConverseRules.read(interrupted.request(), vendor),
            vendor + "/" + model,
            call.speech(model, interrupted));
    var reply = new Reply(call, body, script);
    return path.group(2) == null
        ? Answer.json(200, reply.whole(), script.outputTokens())
        : BedrockWords.stream(reply.frames());
  }

  @Override
  public Answer refuse(SandboxProfile profile, Refusal refusal) {
    return BedrockWords.refuse(refusal);
  }

  @Override
  public List<Frame> failInStream(Call call) {
    return BedrockWords.failInStream();
  }

  @Override
  public byte[] heartbeat() {
    return new byte[0];
  }

  /** One answer, whole or as frames. */
  private static final class Reply {
    private static final String PADDING = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private final Call call;
    private final ObjectNode body;
    private final Script script;
    private final List<Frame> frames = new ArrayList<>();

    Reply(Call call, ObjectNode body, Script script) {
      this.call = call;
      this.body = body;
      this.script = script;
    }

    ObjectNode whole() {
      ObjectNode reply = Json.object();
      reply.putObject("metrics").put("latencyMs", 12);
      ObjectNode message = reply.putObject("output").putObject("message");
      ArrayNode content = message.putArray("content");
      if (!script.thought().isEmpty()) {
        content
            .addObject()
            .putObject("reasoningContent")
            .putObject("reasoningText")
            .put("text", script.thought())
            .put("signature", Ids.seal(call.profile().vendor(), script.thought()));
      }
      if (!script.text().isEmpty()) {
        content.addObject().put("text", script.text());
      }
      for (ToolCall one : script.calls()) {
        ObjectNode use = content.addObject().putObject("toolUse");
        use.put("toolUseId", callId(one)).put("name", one.tool());
        use.set("input", Json.parseObject(one.arguments()));
      }
      message.put("role", "assistant");
      reply.put("stopReason", stopReason());
      reply.set("usage", usage());
      return reply;
    }

    List<Frame> frames() {
      add("messageStart", Json.object().put("role", "assistant"), 0);
      int index = 0;
      if (!script.thought().isEmpty()) {
        for (String piece : pieces(script.thought())) {
          ObjectNode delta = Json.object();
          delta.putObject("reasoningContent").put("text", piece);
          delta(index, delta, TokenCount.of(piece));
        }
        ObjectNode delta = Json.object();
        delta
            .putObject("reasoningContent")
            .put("signature", Ids.seal(call.profile().vendor(), script.thought()));
        delta(index, delta, 0);
        stop(index++);
      }
      // A block of text or reasoning begins with its first delta, a tool use with a start.
      if (!script.text().isEmpty()) {
        for (String piece : pieces(script.text())) {
          delta(index, Json.object().put("text", piece), TokenCount.of(piece));
        }
        stop(index++);
      }
      for (ToolCall one : script.calls()) {
        ObjectNode start = Json.object().put("contentBlockIndex", index);
        start
            .putObject("start")
            .putObject("toolUse")
            .put("name", one.tool())
            .put("toolUseId", callId(one));
        add("contentBlockStart", start, TokenCount.of(one.tool()));
        for (String piece : pieces(one.arguments())) {
          ObjectNode delta = Json.object();
          delta.putObject("toolUse").put("input", piece);
          delta(index, delta, TokenCount.of(piece));
        }
        stop(index++);
      }
      add("messageStop", Json.object().put("stopReason", stopReason()), 0);
      ObjectNode metadata = Json.object();
      metadata.putObject("metrics").put("latencyMs", 12);
      metadata.set("usage", usage());
      add("metadata", metadata, 0);
      return frames;
    }

    private List<String> pieces(String text) {
      return TokenCount.pieces(text, call.pace().tokensPerEvent());
    }

    private void delta(int index, ObjectNode delta, int tokens) {
      ObjectNode event = Json.object().put("contentBlockIndex", index);
      event.set("delta", delta);
      add("contentBlockDelta", event, tokens);
    }

    private void stop(int index) {
      add("contentBlockStop", Json.object().put("contentBlockIndex", index), 0);
    }

    /** Every event carries padding, so that its length does not tell what it says. */
    private void add(String type, ObjectNode event, int tokens) {
      event.put("p", PADDING.substring(0, 3 + frames.size() * 7 % 40));
      frames.add(new Frame(AwsFrames.event(type, event), tokens));
    }

    private String callId(ToolCall one) {
      return "tooluse_" + call.ids().letters("call" + one.index(), 22);
    }

    private String stopReason() {
      return switch (script.finish()) {
        case STOP -> "end_turn";
        case LENGTH -> "max_tokens";
        case TOOLS -> "tool_use";
        case STOP_SEQUENCE -> "stop_sequence";
      };
    }

    private ObjectNode usage() {
      var input = ConverseRules.input(body);
      ObjectNode usage = Json.object();
      usage.put("inputTokens", input.uncached()).put("outputTokens", script.outputTokens());
      usage.put("totalTokens", input.total() + script.outputTokens());
      usage.put("cacheReadInputTokens", input.read());
      usage.put("cacheWriteInputTokens", input.written5m() + input.written1h());
      return usage;
    }
  }

  /** What Bedrock's APIs have in common. */
  static final class BedrockWords {
    private BedrockWords() {}

    /** Demands a signature or a bearer token in its usual form; a signature is not computed. */
    static void admit(Call call) {
      String key = call.profile().key();
      String given = call.header("authorization");
      if (key.isEmpty()) {
        return;
      }
      if (given.isEmpty()) {
        throw Refusal.of(
            403, "MissingAuthenticationTokenException", "Missing Authentication Token");
      }
      boolean signed =
          given.startsWith("AWS4-HMAC-SHA256 Credential=" + key + "/")
              && given.contains("SignedHeaders=")
              && given.contains("Signature=")
              && call.header("x-amz-date").matches("\\d{8}T\\d{6}Z");
      if (!signed && !given.equals("Bearer " + key)) {
        throw Refusal.of(
            403,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.");
      }
    }

    static Answer stream(List<Frame> frames) {
      return new Answer(
          200, Map.of("content-type", "application/vnd.amazon.eventstream"), frames, Framing.AWS);
    }

    static Answer refuse(Refusal refusal) {
      String type = refusal.code().isEmpty() ? type(refusal.status()) : refusal.code();
      return Answer.json(refusal.status(), Json.object().put("message", refusal.message()), 0)
          .with("x-amzn-errortype", type + ":http://internal.amazon.com/coral/com.amazon.bedrock/");
    }

    static List<Frame> failInStream() {
      return List.of(
          new Frame(
              AwsFrames.exception(
                  "modelStreamErrorException",
                  "The model failed while it was streaming (sandbox fault)"),
              0));
    }

    private static String type(int status) {
      return switch (status) {
        case 400 -> "ValidationException";
        case 401, 403 -> "AccessDeniedException";
        case 404 -> "ResourceNotFoundException";
        case 408 -> "ModelTimeoutException";
        case 424 -> "ModelErrorException";
        case 429 -> "ThrottlingException";
        case 503 -> "ServiceUnavailableException";
        default -> status < 500 ? "ValidationException" : "InternalServerException";
      };
    }
  }
}
