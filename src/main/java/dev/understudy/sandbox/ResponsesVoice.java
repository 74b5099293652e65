package dev.understudy.sandbox;

import dev.understudy.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * OpenAI's Responses as OpenAI and xAI answer them; remembers what it answered, as a store does.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses">the API's reference</a>
 */
final class ResponsesVoice implements Voice {
  private static final String COUNTING = "/responses/input_tokens";

  private final Accent accent;
  private final StoredResponses stored = new StoredResponses();

  ResponsesVoice(Accent accent) {
    this.accent = accent;
  }

  @Override
  public boolean hears(String method, String path) {
    return method.equals("POST")
        && (path.endsWith("/responses") || (accent == Accent.OPENAI && path.endsWith(COUNTING)));
  }

  @Override
  public Answer answer(Call call) {
    OpenAiWords.admit(call);
    ObjectNode body = call.json();
    String vendor = call.profile().vendor();
    var rules = new ResponsesRules(body, vendor, stored, accent);
    Asked asked = rules.read();
    if (call.path().endsWith(COUNTING)) {
      ObjectNode counted = Json.object();
      counted.put("object", "response.input_tokens").put("input_tokens", rules.inputTokens());
      return Answer.json(200, counted, 0);
    }
    String model = body.path("model").asString("");
    var interrupted = Interrupted.of(body, "input", false);
    if (!interrupted.begun().isEmpty()) {
      asked = new ResponsesRules(interrupted.request(), vendor, stored, accent).read();
    }
    Script script = Actor.play(asked, vendor + "/" + model, call.speech(model, interrupted));
    var reply = new ResponsesReply(call, body, script, accent, rules.inputTokens(), rules.goesOn());
    if (body.path("store").asBoolean(true)) {
      stored.keep(reply.id(), rules.items(), reply.output());
    }
    if (!body.path("stream").asBoolean(false)) {
      return Answer.json(200, reply.whole(), script.outputTokens());
    }
    return Answer.events(reply.events());
  }

  @Override
  public Answer refuse(SandboxProfile profile, Refusal refusal) {
    return OpenAiWords.refuse(profile, refusal);
  }

  @Override
  public List<Frame> failInStream(Call call) {
    String message = "The server had an error processing your request (sandbox fault)";
    ObjectNode error = Json.object();
    error.put("type", "error").put("code", "server_error").put("message", message);
    error.put("param", (String) null).put("sequence_number", 1000);
    ObjectNode failed = Json.object();
    failed.put("type", "response.failed").put("sequence_number", 1001);
    ObjectNode response = failed.putObject("response");
    response.put("id", ResponsesReply.id(call, accent)).put("object", "response");
    response.put("created_at", Call.nowSeconds()).put("status", "failed");
    response.putObject("error").put("code", "server_error").put("message", message);
    response.put("model", call.model());
    response.putArray("output");
    response.put("usage", (String) null);
    return List.of(ResponsesReply.frame(error, 0), ResponsesReply.frame(failed, 0));
  }

  @Override
  public byte[] heartbeat() {
    return ": keep-alive\n\n".getBytes(StandardCharsets.UTF_8);
  }
}
