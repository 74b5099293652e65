package dev.understudy.gateway;

import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Trail;
import java.util.Optional;

/** Chooses how the stream of an attempt is brought to the caller. */
final class Passages {
  private final Asked asked;
  private final CallerReply reply;
  private final Wording wording;
  private final Inbound callers;

  Passages(Asked asked, CallerReply reply, Wording wording) {
    this.asked = asked;
    this.reply = reply;
    this.wording = wording;
    this.callers = Protocols.inbound(asked.door().protocol());
  }

  /** For an attempt to go on with an answer that broke off. */
  Passage goingOn(VendorAttempt attempt, Continuation going) {
    Candidate candidate = attempt.candidate();
    return new ContinuedStream(
        attempt,
        reply,
        callers,
        going,
        Wording.byPrefix(candidate),
        attempt.outbound(),
        candidate.endpoint(),
        asked.exchangeId(),
        asked.length());
  }

  /**
   * For an attempt at an answer.
   *
   * @param hasOther whether another target is left to ask
   * @param continues whether the route lets it go on with this one's answer
   */
  Passage of(VendorAttempt attempt, boolean hasOther, boolean continues) {
    Candidate candidate = attempt.candidate();
    // Another target could go on with this one's answer, so that it is followed.
    boolean follows = continues && hasOther && asked.door().ask() != Door.Ask.COUNT_TOKENS;
    return candidate.relay()
        ? new RelayedStream(
            attempt,
            reply,
            callers,
            attempt.outbound().meter(candidate.endpoint().dialect()),
            wording.asksUsage(candidate),
            candidate.endpoint(),
            wording.isSse(),
            !hasOther,
            follows && wording.isSse()
                ? Optional.of(new Following(trail -> resumed(attempt, trail)))
                : Optional.empty())
        : new TranslatedStream(
            attempt,
            reply,
            attempt.outbound(),
            candidate.endpoint(),
            callers,
            wording.replyContext(candidate),
            asked.strict(),
            follows);
  }

  /** A writer that goes on in a relayed stream, if this request's answer can be gone on with. */
  private Optional<ReplyWriter> resumed(VendorAttempt attempt, Trail trail) {
    return wording.unjoinable().isPresent()
        ? Optional.empty()
        : Optional.of(
            callers.resumedWriter(
                wording.replyContext(attempt.candidate()), trail, attempt.replyLosses()));
  }
}
