package dev.understudy.protocol.anthropic;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Stop;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.Bytes;

/** The Messages API as callers speak it. */
public final class AnthropicInbound implements Inbound {
  @Override
  public ProtocolName name() {
    return ProtocolName.ANTHROPIC_MESSAGES;
  }

  @Override
  public ChatRequest readRequest(InboundCall call, Losses losses) {
    ChatRequest request = RequestReader.read(call, losses);
    if (request.sampling().maxTokens().isEmpty()) {
      throw new Malformed("max_tokens", "is missing");
    }
    return request;
  }

  /** A request to count tokens has no {@code max_tokens}, which one for an answer must have. */
  @Override
  public ChatRequest readCountRequest(InboundCall call, Losses losses) {
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
  public boolean hasWordFor(Stop stop) {
    return stop.reason() == Stop.Reason.PAUSE || Inbound.super.hasWordFor(stop);
  }

  @Override
  public boolean isFailure(String vendorJson) {
    return Json.parse(vendorJson).path("type").asString("").equals("error");
  }

  @Override
  public void writeStreamFailure(Failure failure, long number, Bytes out) {
    // Whatever the vendor was in the middle of ends with the empty line.
    out.text("\n\n").event("error", Failures.write(failure));
  }

  @Override
  public void writeStreamEnd(Bytes out) {
    out.event("message_stop", Json.object().put("type", "message_stop"));
  }

  @Override
  public void writeTokenCount(long tokens, Bytes out) {
    out.json(Json.object().put("input_tokens", tokens));
  }
}
