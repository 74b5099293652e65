package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Places;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyUnfold;
import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.Bytes;

/** The Responses API as callers speak it, where every request brings its whole conversation. */
public final class OpenAiResponsesInbound implements Inbound {

  @Override
  public ProtocolName name() {
    return ProtocolName.OPENAI_RESPONSES;
  }

  @Override
  public ChatRequest readRequest(InboundCall call, Losses losses) {
    return RequestReader.read(call.body(), losses, PartPlaces.UNHEARD);
  }

  @Override
  public Places places(InboundCall call) {
    var places = new InputPlaces();
    return places.in(RequestReader.read(call.body(), new Losses(), places));
  }

  @Override
  public void writeReply(ChatReply reply, ReplyContext context, Losses losses, Bytes out) {
    // One way to make items, for whole answers and streamed ones: they cannot come to differ.
    var writer = new StreamWriter(context, losses);
    var unseen = new Bytes();
    ReplyUnfold.unfold(
        reply,
        event -> {
          writer.write(event, unseen);
          unseen.reset();
        });
    writer.response().ifPresent(out::json);
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
    out.json(Failures.body(failure));
  }

  @Override
  public void writeStreamFailure(Failure failure, long number, Bytes out) {
    // The vendor may have been cut off in the middle of a line.
    out.text("\n\n").event("error", Failures.event(failure, number));
  }

  @Override
  public void writeTokenCount(long tokens, Bytes out) {
    out.json(Json.object().put("object", "response.input_tokens").put("input_tokens", tokens));
  }
}
