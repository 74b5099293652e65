package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.Script.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Anthropic's Messages and its token counting.
 *
 * @see <a href="https://docs.claude.com/en/api/messages">the API's reference</a>
 */
final class MessagesVoice implements Voice {

  @Override
  public boolean hears(String method, String path) {
    return method.equals("POST")
        && (path.endsWith("/messages") || path.endsWith("/messages/count_tokens"));
  }

  @Override
  public Answer answer(Call call) {
    admit(call);
    ObjectNode body = call.json();
    if (call.path().endsWith("/count_tokens")) {
      MessagesRules.readToCount(body);
      ObjectNode counted = Json.object();
      counted.put("input_tokens", CachedInput.of(body).total());
      return Answer.json(200, counted, 0);
    }
    var reply = Reply.to(call, body, body.path("model").asString(""));
    if (!body.path("stream").asBoolean(false)) {
      return Answer.json(200, reply.whole(), reply.script().outputTokens());
    }
    return Answer.events(
        reply.events().stream().map(event -> Frame.of(sse(event.json()), event.tokens())).toList());
  }

  private static void admit(Call call) {
    String key = call.profile().key();
    String given = call.header("x-api-key");
    String bearer = call.header("authorization");
    if (!key.isEmpty() && given.isEmpty() && bearer.isEmpty()) {
      throw Refusal.of(401, "x-api-key header is required");
    }
    // Older clients send the key in its own header, Anthropic's client 3.12 as a bearer token.
    if (!key.isEmpty() && !given.equals(key) && !bearer.equals("Bearer " + key)) {
      throw Refusal.of(401, "invalid x-api-key");
    }
    if (call.header("anthropic-version").isEmpty()) {
      throw Refusal.bad("anthropic-version: header is required");
    }
  }

  @Override
  public Answer refuse(SandboxProfile profile, Refusal refusal) {
    return refusal(refusal);
  }

  private static Answer refusal(Refusal refusal) {
    ObjectNode body = error(type(refusal.status()), refusal.message());
    body.put("request_id", "req_011sandbox");
    return Answer.json(refusal.status(), body, 0);
  }

  static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 504 -> "timeout_error";
      case 529 -> "overloaded_error";
      default -> status >= 500 ? "api_error" : "invalid_request_error";
    };
  }

  private static ObjectNode error(String type, String message) {
    ObjectNode body = Json.object();
    body.put("type", "error");
    body.putObject("error").put("type", type).put("message", message);
    return body;
  }

  @Override
  public List<Frame> failInStream(Call call) {
    return List.of(Frame.of(sse(error("overloaded_error", "Overloaded (sandbox fault)")), 0));
  }

  @Override
  public byte[] heartbeat() {
    return "event: ping\ndata: {\"type\": \"ping\"}\n\n".getBytes(StandardCharsets.UTF_8);
  }

  private static String sse(ObjectNode json) {
    return "event: %s\ndata: %s\n\n".formatted(json.path("type").asString(), Json.text(json));
  }

  /** One event of a stream before it is framed. */
  record Event(ObjectNode json, int tokens) {}

  /** One message, whole or as events; Bedrock frames the same events in its own way. */
  static final class Reply {
    private final Call call;
    private final String model;
    private final Script script;
    private final CachedInput input;

    private Reply(Call call, String model, Script script, CachedInput input) {
      this.call = call;
      this.model = model;
      this.script = script;
      this.input = input;
    }

    static Reply to(Call call, ObjectNode body, String model) {
      String vendor = call.profile().vendor();
      MessagesRules.read(body, vendor, model);
      var interrupted = Interrupted.of(body, "messages", true);
      Asked asked = MessagesRules.read(interrupted.request(), vendor, model);
      Script script = Actor.play(asked, vendor + "/" + model, call.speech(model, interrupted));
      return new Reply(call, model, script, CachedInput.of(body));
    }

    Script script() {
      return script;
    }

    CachedInput input() {
      return input;
    }

    ObjectNode whole() {
      ObjectNode message = head();
      ArrayNode content = message.putArray("content");
      if (!script.thought().isEmpty()) {
        content.add(thinking(script.thought(), seal()));
      }
      if (!script.text().isEmpty()) {
        content.addObject().put("type", "text").put("text", script.text());
      }
      for (ToolCall one : script.calls()) {
        ObjectNode block = toolUse(one);
        block.set("input", Json.parseObject(one.arguments()));
        content.add(block);
      }
      message.setAll(ending());
      message.set("usage", usage(script.outputTokens()));
      return message;
    }

    List<Event> events() {
      var events = new ArrayList<Event>();
      ObjectNode start = event("message_start");
      ObjectNode message = head();
      message.putArray("content");
      message.put("stop_reason", (String) null).put("stop_sequence", (String) null);
      message.set("usage", usage(1));
      start.set("message", message);
      events.add(new Event(start, 0));
      int index = 0;
      if (!script.thought().isEmpty()) {
        open(events, index, thinking("", ""));
        if (index == 0) {
          events.add(new Event(event("ping"), 0));
        }
        pieces(events, index, "thinking_delta", "thinking", script.thought());
        delta(events, index, "signature_delta", "signature", seal(), 0);
        close(events, index++);
      }
      if (!script.text().isEmpty()) {
        open(events, index, Json.object().put("type", "text").put("text", ""));
        if (index == 0) {
          events.add(new Event(event("ping"), 0));
        }
        pieces(events, index, "text_delta", "text", script.text());
        close(events, index++);
      }
      for (ToolCall one : script.calls()) {
        ObjectNode block = toolUse(one);
        block.set("input", Json.object());
        events.add(
            new Event(
                event("content_block_start", index, "content_block", block),
                TokenCount.of(one.tool())));
        delta(events, index, "input_json_delta", "partial_json", "", 0);
        pieces(events, index, "input_json_delta", "partial_json", one.arguments());
        close(events, index++);
      }
      ObjectNode end = event("message_delta");
      end.set("delta", ending());
      ObjectNode counted = usage(script.outputTokens());
      counted.remove(List.of("cache_creation", "service_tier", "inference_geo"));
      end.set("usage", counted);
      events.add(new Event(end, 0));
      events.add(new Event(event("message_stop"), 0));
      return events;
    }

    private ObjectNode head() {
      ObjectNode message = Json.object();
      message.put("model", model).put("id", "msg_01" + call.ids().letters("reply", 22));
      return message.put("type", "message").put("role", "assistant");
    }

    private ObjectNode ending() {
      ObjectNode ending = Json.object();
      ending.put(
          "stop_reason",
          switch (script.finish()) {
            case STOP -> "end_turn";
            case LENGTH -> "max_tokens";
            case TOOLS -> "tool_use";
            case STOP_SEQUENCE -> "stop_sequence";
          });
      return ending.put(
          "stop_sequence", script.stopSequence().isEmpty() ? null : script.stopSequence());
    }

    private ObjectNode usage(int outputTokens) {
      ObjectNode usage = Json.object();
      usage.put("input_tokens", input.uncached());
      usage.put("cache_creation_input_tokens", input.written5m() + input.written1h());
      usage.put("cache_read_input_tokens", input.read());
      usage
          .putObject("cache_creation")
          .put("ephemeral_5m_input_tokens", input.written5m())
          .put("ephemeral_1h_input_tokens", input.written1h());
      usage.put("output_tokens", outputTokens);
      if (!script.thought().isEmpty() && outputTokens == script.outputTokens()) {
        usage.putObject("output_tokens_details").put("thinking_tokens", script.thoughtTokens());
      }
      return usage.put("service_tier", "standard").put("inference_geo", "not_available");
    }

    private String seal() {
      return Ids.seal(call.profile().vendor(), script.thought());
    }

    private static ObjectNode thinking(String thought, String signature) {
      return Json.object()
          .put("type", "thinking")
          .put("thinking", thought)
          .put("signature", signature);
    }

    private ObjectNode toolUse(ToolCall one) {
      return Json.object()
          .put("type", "tool_use")
          .put("id", "toolu_01" + call.ids().letters("call" + one.index(), 22))
          .put("name", one.tool());
    }

    private void pieces(List<Event> events, int index, String type, String field, String text) {
      for (String piece : TokenCount.pieces(text, call.pace().tokensPerEvent())) {
        delta(events, index, type, field, piece, TokenCount.of(piece));
      }
    }

    private static void delta(
        List<Event> events, int index, String type, String field, String piece, int tokens) {
      ObjectNode delta = Json.object().put("type", type).put(field, piece);
      events.add(new Event(event("content_block_delta", index, "delta", delta), tokens));
    }

    private static void open(List<Event> events, int index, ObjectNode block) {
      events.add(new Event(event("content_block_start", index, "content_block", block), 0));
    }

    private static void close(List<Event> events, int index) {
      events.add(new Event(event("content_block_stop").put("index", index), 0));
    }

    private static ObjectNode event(String type, int index, String field, ObjectNode value) {
      ObjectNode event = event(type).put("index", index);
      event.set(field, value);
      return event;
    }

    private static ObjectNode event(String type) {
      return JsonNodeFactory.instance.objectNode().put("type", type);
    }
  }

  /** {@code GET /v1/models} in Anthropic's form. */
  static final class Models implements Voice {
    @Override
    public boolean hears(String method, String path) {
      return method.equals("GET") && path.endsWith("/v1/models");
    }

    @Override
    public Answer answer(Call call) {
      admit(call);
      ObjectNode body = Json.object();
      ArrayNode data = body.putArray("data");
      List<String> models = call.profile().models();
      for (String model : models) {
        data.addObject()
            .put("type", "model")
            .put("id", model)
            .put("display_name", model + " (sandbox)")
            .put("created_at", "2026-01-01T00:00:00Z");
      }
      body.put("has_more", false);
      body.put("first_id", models.getFirst()).put("last_id", models.getLast());
      return Answer.json(200, body, 0);
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
      return new byte[0];
    }
  }
}
