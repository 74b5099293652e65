package dev.understudy.protocol.openaichat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.json.Json;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Meter;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.ReplyReader;
import dev.understudy.protocol.VendorBody;
import java.util.Map;
import java.util.function.Consumer;

/** OpenAI Chat Completions as vendors speak it. */
public final class OpenAiChatOutbound implements Outbound {
  @Override
  public ProtocolName name() {
    return ProtocolName.OPENAI_CHAT;
  }

  @Override
  public boolean goesOnByPrefix(String model, Dialect dialect) {
    return dialect.has(Quirk.PREFIX) || dialect.has(Quirk.CONTINUE_FINAL_MESSAGE);
  }

  @Override
  public VendorBody writeRequest(ChatRequest request, Dialect dialect, Losses losses) {
    return new VendorBody(
        Json.bytes(new RequestWriter(request, dialect, losses).write()), Map.of());
  }

  @Override
  public ChatReply readReply(byte[] body, Dialect dialect, Losses losses) {
    return ReplyBodyReader.read(body, dialect, losses);
  }

  @Override
  public String answerMember() {
    return "choices";
  }

  @Override
  public ReplyReader streamReader(Dialect dialect, Consumer<ReplyEvent> events, Losses losses) {
    return new StreamReader(dialect, events, losses);
  }

  @Override
  public Meter meter(Dialect dialect) {
    return new ChatMeter(this, dialect);
  }

  @Override
  public Failure readFailure(int status, byte[] body, Dialect dialect) {
    return Failures.read(status, body, dialect.vendor());
  }
}
