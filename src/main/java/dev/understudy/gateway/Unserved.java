package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import java.util.Optional;

/**
 * The best answer there is, should nobody serve the call.
 *
 * @param head the head of the vendor's own answer, if there is one to pass on
 * @param relayed the body of it
 * @param said whether somebody really said this, rather than could not be reached
 */
@SuppressWarnings("ArrayRecordComponent") // kept for one reply, never compared
record Unserved(
    Failure failure,
    Optional<Candidate> candidate,
    Optional<ResponseHead> head,
    byte[] relayed,
    boolean said) {
  private static final byte[] NOTHING = {};

  /** The gateway itself refuses. */
  static Unserved ours(Failure failure) {
    return new Unserved(failure, Optional.empty(), Optional.empty(), NOTHING, true);
  }

  /** A target could not be reached, or did not answer as it should. */
  static Unserved unreached(Failure failure, Candidate candidate) {
    return new Unserved(failure, Optional.of(candidate), Optional.empty(), NOTHING, false);
  }

  /** A vendor answered with an error. */
  static Unserved refused(Failure failure, Candidate candidate, ResponseHead head, byte[] error) {
    return new Unserved(failure, Optional.of(candidate), Optional.of(head), error, true);
  }
}
