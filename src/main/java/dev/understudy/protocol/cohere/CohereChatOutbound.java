package dev.understudy.protocol.cohere;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.VendorBody;
import java.util.Map;
import java.util.function.Consumer;

/** Cohere's {@code POST /v2/chat} (docs.cohere.com/reference/chat). */
public final class CohereChatOutbound implements Outbound {

  @Override
  public ProtocolName name() {
    return ProtocolName.COHERE_CHAT;
  }

  @Override
  public VendorBody writeRequest(ChatRequest request, Dialect dialect, Losses losses) {
    return new VendorBody(
        Json.bytes(new CohereRequestWriter(request, dialect, losses).write()), Map.of());
  }

  @Override
  public ChatReply readReply(byte[] body, Dialect dialect, Losses losses) {
    return CohereReplyReader.read(body, dialect, losses);
  }

  @Override
  public String answerMember() {
    return "message";
  }

  @Override
  public ReplyReader streamReader(Dialect dialect, Consumer<ReplyEvent> events, Losses losses) {
    return new CohereStreamReader(dialect, events, losses);
  }

  @Override
  public Failure readFailure(int status, byte[] body, Dialect dialect) {
    return CohereFailure.read(status, body, dialect);
  }
}
