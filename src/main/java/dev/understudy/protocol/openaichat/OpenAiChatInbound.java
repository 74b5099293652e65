package dev.understudy.protocol.openaichat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.Bytes;
import tools.jackson.databind.JsonNode;

/** OpenAI Chat Completions as callers speak it. */
public final class OpenAiChatInbound implements Inbound {
  @Override
  public ProtocolName name() {
    return ProtocolName.OPENAI_CHAT;
  }

  @Override
  public ChatRequest readRequest(InboundCall call, Losses losses) {
    return RequestReader.read(call, losses);
  }

  @Override
  public void writeReply(ChatReply reply, ReplyContext context, Losses losses, Bytes out) {
    out.json(ReplyBodyWriter.write(reply, context, losses));
  }

  @Override
  public ReplyWriter streamWriter(ReplyContext context, Losses losses) {
    return new StreamWriter(context, losses);
  }

  @Override
  public ReplyWriter resumedWriter(ReplyContext context, Trail trail, Losses losses) {
    return StreamWriter.resumed(context, trail, losses);
  }

  @Override
  public void writeFailure(Failure failure, Bytes out) {
    out.json(Failures.write(failure));
  }

  @Override
  public void writeStreamEnd(Bytes out) {
    out.text("data: [DONE]\n\n");
  }

  @Override
  public boolean isFailure(String vendorJson) {
    JsonNode error = Json.parse(vendorJson).path("error");
    return !error.isMissingNode() && !error.isNull();
  }

  @Override
  public void writeStreamFailure(Failure failure, long number, Bytes out) {
    // An empty line first, in case the vendor's last event lacks the one that ends it.
    out.text("\n\n");
    Failures.writeInStream(failure, out);
  }
}
