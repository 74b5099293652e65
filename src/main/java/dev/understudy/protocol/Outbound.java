package dev.understudy.protocol;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** A protocol as vendors speak it. Implementations keep no state. */
public interface Outbound {
  ProtocolName name();

  /**
   * Writes a request; what the protocol or this vendor cannot carry goes to {@code losses}. {@link
   * ChatRequest#model()} is the vendor's name for the model.
   */
  VendorBody writeRequest(ChatRequest request, Dialect dialect, Losses losses);

  /**
   * Reads a whole answer; fields that are not understood go to {@code losses}.
   *
   * @throws dev.understudy.json.Malformed if it is not an answer of this protocol
   */
  ChatReply readReply(byte[] body, Dialect dialect, Losses losses);

  /**
   * The member of a reply in one piece without which, or with nothing in which, it is no answer.
   */
  String answerMember();

  /** A reader for one streamed answer. */
  ReplyReader streamReader(Dialect dialect, Consumer<ReplyEvent> events, Losses losses);

  /**
   * Reads an error. Whatever the body is, something useful comes back, with {@code status}, and the
   * vendor of {@code dialect} named.
   */
  Failure readFailure(int status, byte[] body, Dialect dialect);

  /**
   * Whether a model that is given the beginning of its answer, as the last turn of the
   * conversation, goes on from there instead of answering anew.
   */
  default boolean goesOnByPrefix(String model, Dialect dialect) {
    return false;
  }

  /** A meter for one relayed reply. */
  default Meter meter(Dialect dialect) {
    return new ReadAlong(this, dialect);
  }

  /** Whether the protocol can count the tokens of a request. */
  default boolean countsTokens() {
    return false;
  }

  /** Writes a request to count the tokens of {@code request}. */
  default VendorBody writeCountRequest(ChatRequest request, Dialect dialect, Losses losses) {
    throw new IllegalStateException(name() + " does not count tokens");
  }

  /** Reads the answer to {@link #writeCountRequest}; empty if it names no count. */
  default OptionalLong readCount(byte[] body) {
    throw new IllegalStateException(name() + " does not count tokens");
  }
}
