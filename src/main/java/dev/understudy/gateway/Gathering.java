package dev.understudy.gateway;

import dev.understudy.exchange.Attempt;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.wire.Bytes;
import java.util.Optional;

/**
 * Gathers a response that comes in one piece, within its bounds, and has it read when it is there.
 */
final class Gathering {
  /** The longest error that is read. */
  private static final int ERROR_BYTES_MAX = 1 << 20;

  /** The longest reply that is read. */
  private static final int REPLY_BYTES_MAX = 64 << 20;

  /** An announcement is not a body: room for no more is made before it comes. */
  private static final int EXPECTED_BYTES_MAX = 64 << 10;

  private final VendorAttempt attempt;
  private final Course course;
  private final ResponseHead head;
  private final Bytes body;

  /**
   * @param bodies where room for the body comes from
   */
  Gathering(VendorAttempt attempt, Course course, ResponseHead head, Bodies bodies) {
    this.attempt = attempt;
    this.course = course;
    this.head = head;
    this.body = new Bytes(bodies.take(head.expectedLength(EXPECTED_BYTES_MAX)));
  }

  /** More of the body; false if it is longer than any that is read. */
  boolean add(byte[] bytes, int offset, int length) {
    if (body.size() + length > (head.isSuccess() ? REPLY_BYTES_MAX : ERROR_BYTES_MAX)) {
      return false;
    }
    body.write(bytes, offset, length);
    return true;
  }

  /** The body is whole. */
  void end(LoopState loop) {
    if (!head.isSuccess()) {
      attempt.refused(head, body.toByteArray());
      return;
    }
    Optional<String> unfit = ResponseForm.unfitWhole(head, attempt.candidate());
    if (unfit.isPresent()) {
      attempt.unreadable(unfit.get());
    } else {
      read(loop);
    }
  }

  private void read(LoopState loop) {
    Candidate candidate = attempt.candidate();
    // What is lost goes to a value of its own until the reply is made: the call may end while that
    // is done aside. What is passed on loses nothing.
    Losses lost = candidate.relay() ? attempt.losses() : new Losses();
    var reply = new WholeReply(candidate, course.callers(), course.isStrict());
    loop.aside()
        .work(
            body.size(),
            scanner -> reply.read(body, scanner, lost, () -> course.replyContext(candidate)),
            result -> {
              if (!attempt.isOver()) {
                if (!candidate.relay()) {
                  attempt.losses().addAll(lost);
                }
                made(result);
              }
            },
            course::fault);
    if (body.size() <= Aside.BYTES_MAX) {
      // It was worked on in place, and whoever keeps it has a copy.
      loop.bodies().giveBack(body.array());
    }
  }

  private void made(WholeReply.Result result) {
    attempt.over(result.reading());
    switch (result) {
      case WholeReply.Result.Good good ->
          course.answeredWhole(attempt, head, good.body(), good.fault());
      case WholeReply.Result.Bad bad ->
          course.failed(
              attempt,
              bad.failure().vendorJson().isPresent()
                  ? Attempt.Outcome.REFUSED
                  : Attempt.Outcome.BROKEN,
              bad.failure());
      case WholeReply.Result.Unwanted unwanted ->
          course.failed(attempt, Attempt.Outcome.REFUSED, unwanted.failure());
    }
  }
}
