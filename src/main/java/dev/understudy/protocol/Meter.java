package dev.understudy.protocol;

import dev.understudy.chat.Failure;
import dev.understudy.chat.Usage;
import java.util.Optional;

/**
 * Reads along while a vendor's reply is relayed, and knows what it consumed, how it ended and
 * whether it ended at all. It never stops the bytes: what it cannot read it says, in {@link
 * #fault()}.
 *
 * <p>One meter reads one reply: either {@link #whole}, or {@link #accept} as often as needed and
 * then {@link #end}.
 */
public interface Meter {

  /** A reply that came in one piece. */
  void whole(byte[] bytes, int offset, int length);

  /** The next bytes of a streamed reply, cut anywhere. */
  void accept(byte[] bytes, int offset, int length);

  /** The streamed reply's body is over. */
  void end();

  /** Keeps in {@code trail}, from the start, what it takes to go on should the reply break off. */
  void remember(Trail trail);

  /** What was consumed as far as the vendor said. */
  Usage usage();

  /** The vendor's name for the reply, empty while it is not known. */
  String replyId();

  /** The model that answered, empty while it is not known. */
  String model();

  /** The vendor's word for why the answer ended; empty while it has not. */
  Optional<String> stopReason();

  /** The number of the next event, in protocols that number the events of a stream. */
  default long nextNumber() {
    return 0;
  }

  /** Whether the protocol's own end was seen: a stream that stops before it is broken. */
  boolean isComplete();

  /** Whether anything was said that is part of an answer. */
  boolean hasContent();

  /** The error that the vendor told in the stream. */
  Optional<Failure> failure();

  /** What could not be read, in words without what was said; empty if everything could. */
  Optional<String> fault();

  /** Roughly how many bytes of answer went by, from which an estimate is made if need be. */
  long contentBytes();
}
