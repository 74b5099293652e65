package dev.understudy.protocol;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Stop;
import dev.understudy.protocol.wire.Bytes;

/** A protocol as callers speak it. Implementations keep no state. */
public interface Inbound {
  ProtocolName name();

  /**
   * Reads a request; what is not understood goes to {@code losses}.
   *
   * @throws dev.understudy.json.Malformed if the protocol does not allow it
   */
  ChatRequest readRequest(InboundCall call, Losses losses);

  /**
   * Reads a request to count tokens, where that differs from one to answer.
   *
   * @throws dev.understudy.json.Malformed if the protocol does not allow it
   */
  default ChatRequest readCountRequest(InboundCall call, Losses losses) {
    return readRequest(call, losses);
  }

  /**
   * Where the pieces of a conversation stand in the request it was read from, for a protocol in
   * which the conversation itself does not tell.
   */
  default Places places(InboundCall call) {
    return Places.PLAIN;
  }

  /** Writes a whole answer; what the protocol has no place for goes to {@code losses}. */
  void writeReply(ChatReply reply, ReplyContext context, Losses losses, Bytes out);

  /** Whether callers can be told why an answer ended; what only its vendor has a word for, not. */
  default boolean hasWordFor(Stop stop) {
    return switch (stop.reason()) {
      case PAUSE, OTHER -> stop.vendorReason().isEmpty();
      case END, MAX_TOKENS, STOP_SEQUENCE, TOOL_CALLS, REFUSAL, CONTENT_FILTER, CONTEXT_WINDOW ->
          true;
    };
  }

  /** Names the vendor's word for why an answer ended among the losses, where it stays behind. */
  default void noteStop(Stop stop, Losses losses) {
    if (!hasWordFor(stop)) {
      losses.add("stop_reason", "callers have no word for this one of the vendor's");
    }
  }

  /** A writer for one streamed answer; losses as in {@link #writeReply}. */
  ReplyWriter streamWriter(ReplyContext context, Losses losses);

  /**
   * Writes a remark that stands between the events of a stream and that no client takes for one;
   * nothing where clients do not tolerate it. {@code remark} is printable ASCII.
   */
  default void writeStreamRemark(String remark, Bytes out) {
    out.text(": ").text(remark).text("\n\n");
  }

  /** A writer that goes on in a stream that was relayed so far. */
  ReplyWriter resumedWriter(ReplyContext context, Trail trail, Losses losses);

  /** The media type of a streamed answer. */
  default String streamMediaType(ReplyContext context) {
    return "text/event-stream";
  }

  /** Writes an error as the body of a reply whose status is {@link Failure#status()}. */
  void writeFailure(Failure failure, Bytes out);

  /**
   * Whether clients take what a vendor said of its failure, as the data of an event, for an error.
   * If not they would take the stream for one that ended well.
   */
  default boolean isFailure(String vendorJson) {
    return true;
  }

  /**
   * Writes an error at the end of a stream that was relayed so far, framed so that it stands on its
   * own.
   *
   * @param number the number of the event, where events have one
   */
  void writeStreamFailure(Failure failure, long number, Bytes out);

  /**
   * The same in a stream that is an array, which it ends; only Gemini knows that form.
   *
   * @param before the last character of what was relayed that is no white space; 0 if there is none
   */
  default void writeArrayFailure(Failure failure, char before, Bytes out) {
    writeStreamFailure(failure, 0, out);
  }

  /**
   * Writes what is owed at the end of a relayed stream whose answer, and why it ended, was said.
   */
  default void writeStreamEnd(Bytes out) {}

  /** Writes the answer to a request to count tokens, in protocols that have one. */
  default void writeTokenCount(long tokens, Bytes out) {
    throw new IllegalStateException(name() + " has no token count");
  }
}
