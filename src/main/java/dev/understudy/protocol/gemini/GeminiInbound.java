package dev.understudy.protocol.gemini;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Stop;
import dev.understudy.json.Json;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.Bytes;

/**
 * Gemini's generateContent, streamGenerateContent and countTokens as callers speak them; model and
 * stream stand in the path.
 */
public final class GeminiInbound implements Inbound {
  /**
   * How the base64 of every wrapped seal begins. A signature is bytes in this protocol, so that
   * {@link dev.understudy.protocol.SealText#MARK} cannot be found in a body that carries one; this
   * can, and such a body must not be relayed as it is.
   */
  public static final String WRAPPED_MARK = "fnVzMS5";

  @Override
  public ProtocolName name() {
    return ProtocolName.GEMINI;
  }

  /** Reads a request to generate, or to count tokens in either of its forms. */
  @Override
  public ChatRequest readRequest(InboundCall call, Losses losses) {
    return new RequestReader(losses).read(call);
  }

  @Override
  public void writeReply(ChatReply reply, ReplyContext context, Losses losses, Bytes out) {
    out.json(ReplyBody.write(reply, context, losses));
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
  public String streamMediaType(ReplyContext context) {
    return context.sse() ? "text/event-stream" : "application/json";
  }

  @Override
  public void writeFailure(Failure failure, Bytes out) {
    out.json(Failures.write(failure));
  }

  /** Google's own libraries take any text between two chunks for the beginning of one. */
  @Override
  public void writeStreamRemark(String remark, Bytes out) {}

  /** A finish message tells what no finish reason does. */
  @Override
  public boolean hasWordFor(Stop stop) {
    return true;
  }

  /**
   * Writes the error as an event of its own. Empty lines end an event that was cut; in an array
   * they make it unreadable, so that no client takes it for whole.
   */
  @Override
  public void writeStreamFailure(Failure failure, long number, Bytes out) {
    out.text("\n\n").event(Failures.write(failure));
  }

  @Override
  public void writeArrayFailure(Failure failure, char before, Bytes out) {
    out.text(
            switch (before) {
              case 0 -> "[";
              case '[', ',' -> "\n";
              default -> ",\n";
            })
        .json(Failures.write(failure))
        .text("]");
  }

  @Override
  public void writeTokenCount(long tokens, Bytes out) {
    out.json(Json.object().put("totalTokens", tokens));
  }
}
