package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.ConverseVoice.BedrockWords;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * Claude by Bedrock's InvokeModel: Anthropic's messages with the model in the address and the
 * events in Amazon's frames.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html">the
 *     body's reference</a>
 */
final class InvokeVoice implements Voice {
  private static final Pattern PATH =
      Pattern.compile("/model/([^/]+)/invoke(-with-response-stream)?$");

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
    if (body.path("anthropic_version").asString("").isEmpty()) {
      throw Refusal.bad("anthropic_version: Field required");
    }
    for (String foreign : List.of("model", "stream")) {
      if (body.has(foreign)) {
        throw Refusal.bad(foreign + ": Extra inputs are not permitted");
      }
    }
    var reply = MessagesVoice.Reply.to(call, body, model);
    if (path.group(2) == null) {
      return Answer.json(200, reply.whole(), reply.script().outputTokens());
    }
    return BedrockWords.stream(
            reply.events().stream()
                .filter(event -> !event.json().path("type").asString().equals("ping"))
                .map(event -> frame(event, reply))
                .toList())
        .with("x-amzn-bedrock-content-type", "application/json");
  }

  private static Frame frame(MessagesVoice.Event event, MessagesVoice.Reply reply) {
    ObjectNode json = event.json();
    if (json.path("type").asString().equals("message_stop")) {
      json.putObject("amazon-bedrock-invocationMetrics")
          .put("inputTokenCount", reply.input().uncached())
          .put("outputTokenCount", reply.script().outputTokens())
          .put("invocationLatency", 12)
          .put("firstByteLatency", 3);
    }
    ObjectNode chunk = Json.object();
    chunk.put("bytes", Base64.getEncoder().encodeToString(Json.bytes(json))).put("p", "abcdefgh");
    return new Frame(AwsFrames.event("chunk", chunk), event.tokens());
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
}
