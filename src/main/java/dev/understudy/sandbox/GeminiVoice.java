package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.Answer.Framing;
import dev.understudy.sandbox.Script.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gemini's generateContent, streamGenerateContent (as events and as one JSON array) and
 * countTokens.
 *
 * @see <a href="https://ai.google.dev/api/generate-content">the API's reference</a>
 */
final class GeminiVoice implements Voice {
  private static final Pattern PATH =
      Pattern.compile("/models/([^/:]+):(generateContent|streamGenerateContent|countTokens)$");

  @Override
  public boolean hears(String method, String path) {
    return method.equals("POST") && PATH.matcher(Call.decoded(path)).find();
  }

  @Override
  public Answer answer(Call call) {
    admit(call);
    Matcher path = PATH.matcher(Call.decoded(call.path()));
    if (!path.find()) {
      throw Refusal.of(404, "not found");
    }
    String model = path.group(1);
    ObjectNode body = call.json();
    if (path.group(2).equals("countTokens")) {
      return counted(body);
    }
    String vendor = call.profile().vendor();
    GeminiRules.read(body, vendor, model);
    var interrupted = Interrupted.of(body, "contents", false);
    Asked asked = GeminiRules.read(interrupted.request(), vendor, model);
    Script script = Actor.play(asked, vendor + "/" + model, call.speech(model, interrupted));
    var reply = new Reply(call, body, model, script);
    if (path.group(2).equals("generateContent")) {
      return json(200, reply.whole(), script.outputTokens());
    }
    List<ObjectNode> chunks = reply.chunks();
    List<Frame> frames = new ArrayList<>();
    if (call.query("alt").orElse("").equals("sse")) {
      for (int i = 0; i < chunks.size(); i++) {
        frames.add(Frame.of("data: " + Json.text(chunks.get(i)) + "\r\n\r\n", reply.tokens(i)));
      }
      return new Answer(200, Map.of("content-type", "text/event-stream"), frames, Framing.SSE);
    }
    for (int i = 0; i < chunks.size(); i++) {
      String before = i == 0 ? "[" : ",\r\n";
      frames.add(Frame.of(before + Json.text(chunks.get(i)), reply.tokens(i)));
    }
    frames.add(Frame.of("]", 0));
    return new Answer(
        200, Map.of("content-type", "application/json; charset=UTF-8"), frames, Framing.JSON_ARRAY);
  }

  private static Answer counted(ObjectNode body) {
    ObjectNode asked =
        body.path("generateContentRequest") instanceof ObjectNode inner ? inner : body;
    int tokens = GeminiRules.promptTokens(asked);
    ObjectNode counted = Json.object().put("totalTokens", tokens);
    counted.putArray("promptTokensDetails").add(text(tokens));
    return json(200, counted, 0);
  }

  private static Answer json(int status, ObjectNode body, int tokens) {
    return Answer.json(status, body, tokens)
        .with("content-type", "application/json; charset=UTF-8");
  }

  private static ObjectNode text(int tokens) {
    return Json.object().put("modality", "TEXT").put("tokenCount", tokens);
  }

  private static void admit(Call call) {
    String key = call.profile().key();
    if (key.isEmpty()) {
      return;
    }
    String given = call.header("x-goog-api-key");
    String used = given.isEmpty() ? call.query("key").orElse("") : given;
    if (used.isEmpty()) {
      throw Refusal.of(
          403,
          "PERMISSION_DENIED",
          "Method doesn't allow unregistered callers (callers without established identity). Please"
              + " use API Key or other form of API consumer identity to call this API.");
    }
    if (!used.equals(key)) {
      throw Refusal.bad("API key not valid. Please pass a valid API key.", "", "API_KEY_INVALID");
    }
  }

  @Override
  public Answer refuse(SandboxProfile profile, Refusal refusal) {
    return refusal(refusal);
  }

  private static Answer refusal(Refusal refusal) {
    ObjectNode body = Json.object();
    ObjectNode error = body.putObject("error");
    error.put("code", refusal.status()).put("message", refusal.message());
    error.put("status", status(refusal.status()));
    if (refusal.code().equals("API_KEY_INVALID")) {
      ObjectNode info = error.putArray("details").addObject();
      info.put("@type", "type.googleapis.com/google.rpc.ErrorInfo");
      info.put("reason", refusal.code()).put("domain", "googleapis.com");
      info.putObject("metadata").put("service", "generativelanguage.googleapis.com");
    }
    return json(refusal.status(), body, 0);
  }

  private static String status(int status) {
    return switch (status) {
      case 400 -> "INVALID_ARGUMENT";
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 500 -> "INTERNAL";
      case 503 -> "UNAVAILABLE";
      case 504 -> "DEADLINE_EXCEEDED";
      default -> status < 500 ? "FAILED_PRECONDITION" : "UNKNOWN";
    };
  }

  @Override
  public List<Frame> failInStream(Call call) {
    ObjectNode body = Json.object();
    body.putObject("error")
        .put("code", 503)
        .put("message", "The model is overloaded. Please try again later. (sandbox fault)")
        .put("status", "UNAVAILABLE");
    return call.query("alt").orElse("").equals("sse")
        ? List.of(Frame.of("data: " + Json.text(body) + "\r\n\r\n", 0))
        : List.of(Frame.of(",\r\n" + Json.text(body) + "]", 0));
  }

  /** Gemini sends no sign of life. */
  @Override
  public byte[] heartbeat() {
    return new byte[0];
  }

  /** One answer, whole or as chunks. */
  private static final class Reply {
    private final Call call;
    private final String model;
    private final Script script;
    private final int prompt;
    private final int cached;
    private final boolean shows;
    private final String seal;
    private final List<Integer> tokens = new ArrayList<>();

    Reply(Call call, ObjectNode body, String model, Script script) {
      this.call = call;
      this.model = model;
      this.script = script;
      this.prompt = GeminiRules.promptTokens(body);
      this.cached = OpenAiWords.cached(prompt, GeminiRules.goesOn(body), 1);
      this.shows =
          GeminiRules.either(
                  GeminiRules.thinkingConfig(body), "includeThoughts", "include_thoughts")
              .asBoolean(false);
      // A thinking model seals its thoughts onto what follows them.
      this.seal =
          script.thought().isEmpty() ? "" : Ids.seal(call.profile().vendor(), script.thought());
    }

    ObjectNode whole() {
      ArrayNode parts = Json.array();
      if (shows && !script.thought().isEmpty()) {
        parts.addObject().put("text", script.thought()).put("thought", true);
      }
      if (!script.text().isEmpty()) {
        ObjectNode part = parts.addObject().put("text", script.text());
        if (script.calls().isEmpty()) {
          sealed(part);
        }
      }
      script.calls().forEach(one -> parts.add(functionCall(one)));
      return chunk(parts, true, script.visibleTokens());
    }

    List<ObjectNode> chunks() {
      List<ObjectNode> chunks = new ArrayList<>();
      int each = call.pace().tokensPerEvent();
      int visible = 0;
      for (String piece : shows ? TokenCount.pieces(script.thought(), each) : List.<String>of()) {
        ArrayNode parts = Json.array();
        parts.addObject().put("text", piece).put("thought", true);
        chunks.add(chunk(parts, false, visible));
        tokens.add(TokenCount.of(piece));
      }
      for (String piece : TokenCount.pieces(script.text(), each)) {
        visible += TokenCount.of(piece);
        ArrayNode parts = Json.array();
        parts.addObject().put("text", piece);
        chunks.add(chunk(parts, false, visible));
        tokens.add(TokenCount.of(piece));
      }
      for (ToolCall one : script.calls()) {
        visible += Script.tokens(one);
        ArrayNode parts = Json.array();
        parts.add(functionCall(one));
        chunks.add(chunk(parts, false, visible));
        tokens.add(Script.tokens(one));
      }
      ArrayNode last = Json.array();
      ObjectNode empty = last.addObject().put("text", "");
      if (script.calls().isEmpty()) {
        sealed(empty);
      }
      chunks.add(chunk(last, true, script.visibleTokens()));
      tokens.add(0);
      return chunks;
    }

    int tokens(int index) {
      return tokens.get(index);
    }

    private void sealed(ObjectNode part) {
      if (!seal.isEmpty()) {
        part.put("thoughtSignature", seal);
      }
    }

    private ObjectNode functionCall(ToolCall one) {
      ObjectNode part = Json.object();
      ObjectNode functionCall = part.putObject("functionCall").put("name", one.tool());
      functionCall.set("args", Json.parseObject(one.arguments()));
      if (GeminiRules.isThird(model)) {
        functionCall.put("id", call.ids().letters("call" + one.index(), 8));
      }
      // Only the first of parallel calls carries the signature.
      if (one.index() == 0) {
        sealed(part);
      }
      return part;
    }

    private ObjectNode chunk(ArrayNode parts, boolean last, int visible) {
      ObjectNode chunk = Json.object();
      ObjectNode candidate = chunk.putArray("candidates").addObject();
      ObjectNode content = candidate.putObject("content");
      content.set("parts", parts);
      content.put("role", "model");
      if (last) {
        candidate.put(
            "finishReason",
            switch (script.finish()) {
              case STOP, STOP_SEQUENCE, TOOLS -> "STOP";
              case LENGTH -> "MAX_TOKENS";
            });
      }
      candidate.put("index", 0);
      ObjectNode usage = chunk.putObject("usageMetadata");
      usage.put("promptTokenCount", prompt);
      if (visible > 0) {
        usage.put("candidatesTokenCount", visible);
      }
      usage.put("totalTokenCount", prompt + visible + script.thoughtTokens());
      if (cached > 0) {
        usage.put("cachedContentTokenCount", cached);
        usage.putArray("cacheTokensDetails").add(text(cached));
      }
      usage.putArray("promptTokensDetails").add(text(prompt));
      if (script.thoughtTokens() > 0) {
        usage.put("thoughtsTokenCount", script.thoughtTokens());
      }
      chunk.put("modelVersion", model).put("responseId", call.ids().letters("reply", 22));
      return chunk;
    }
  }

  /** {@code GET /v1beta/models} in Gemini's form. */
  static final class Models implements Voice {
    @Override
    public boolean hears(String method, String path) {
      return method.equals("GET") && path.endsWith("/models");
    }

    @Override
    public Answer answer(Call call) {
      admit(call);
      ObjectNode body = Json.object();
      ArrayNode models = body.putArray("models");
      for (String model : call.profile().models()) {
        ObjectNode one = models.addObject().put("name", "models/" + model);
        one.put("displayName", model + " (sandbox)");
        one.putArray("supportedGenerationMethods").add("generateContent").add("countTokens");
      }
      return json(200, body, 0);
    }

    @Override
    public Answer refuse(SandboxProfile profile, Refusal refusal) {
      return refusal(refusal);
    }

    @Override
    public List<Frame> failInStream(Call call) {
      return List.of();
    }

    @Override
    public byte[] heartbeat() {
      return "".getBytes(StandardCharsets.UTF_8);
    }
  }
}
