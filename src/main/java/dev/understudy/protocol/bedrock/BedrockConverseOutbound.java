package dev.understudy.protocol.bedrock;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.VendorBody;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * Amazon Bedrock's Converse, ConverseStream and CountTokens
 * (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html).
 */
public final class BedrockConverseOutbound implements Outbound {

  @Override
  public ProtocolName name() {
    return ProtocolName.BEDROCK_CONVERSE;
  }

  @Override
  public VendorBody writeRequest(ChatRequest request, Dialect dialect, Losses losses) {
    ObjectNode body = new ConverseRequestWriter(request, dialect, losses).write();
    return new VendorBody(Json.bytes(body), Map.of());
  }

  @Override
  public ChatReply readReply(byte[] body, Dialect dialect, Losses losses) {
    return ConverseReplyReader.read(body, dialect, losses);
  }

  @Override
  public String answerMember() {
    return "output";
  }

  @Override
  public ReplyReader streamReader(Dialect dialect, Consumer<ReplyEvent> events, Losses losses) {
    return new ConverseStreamReader(dialect, events, losses);
  }

  @Override
  public Failure readFailure(int status, byte[] body, Dialect dialect) {
    return ConverseFailure.read(status, body, dialect);
  }

  @Override
  public boolean countsTokens() {
    return true;
  }

  @Override
  public VendorBody writeCountRequest(ChatRequest request, Dialect dialect, Losses losses) {
    ObjectNode whole = new ConverseRequestWriter(request, dialect, losses).write();
    ObjectNode body = Json.object();
    ObjectNode converse = body.putObject("input").putObject("converse");
    // CountTokens takes what fills the prompt and nothing that steers the answer.
    for (var member :
        new String[] {"messages", "system", "toolConfig", "additionalModelRequestFields"}) {
      if (whole.has(member)) {
        converse.set(member, whole.get(member));
      }
    }
    return new VendorBody(Json.bytes(body), Map.of());
  }

  @Override
  public OptionalLong readCount(byte[] body) {
    try {
      return Fields.of(Json.parseObject(body)).integer("inputTokens").stream()
          .mapToLong(Long::longValue)
          .findFirst();
    } catch (Malformed e) {
      return OptionalLong.empty();
    }
  }
}
