package dev.understudy.gateway;

import dev.understudy.exchange.Attempt;
import java.util.Optional;

/** Makes of an attempt that is over what is kept of it. */
final class AttemptRecord {
  private AttemptRecord() {}

  /**
   * The record of an attempt.
   *
   * @param detail what went wrong, without anybody's text
   * @param callStartedNanos when its call began: its times count from there
   * @param promptBytes the size of the caller's request, for estimates
   */
  static Attempt of(
      VendorAttempt made,
      Attempt.Outcome outcome,
      Optional<String> detail,
      long callStartedNanos,
      long promptBytes) {
    Candidate candidate = made.candidate();
    Timing timing = made.timing();
    Reading reading = made.reading();
    Optional<ResponseHead> head = made.head();
    var plain =
        new Attempt(
            candidate.target().name(),
            candidate.vendor().name(),
            candidate.vendor().kind(),
            candidate.target().model(),
            candidate.credential().label(),
            candidate.endpoint().protocol().text(),
            candidate.relay(),
            timing.startedNanos() - callStartedNanos,
            timing.hasFirstByte()
                ? Optional.of(timing.firstByteNanos() - callStartedNanos)
                : Optional.empty(),
            System.nanoTime() - callStartedNanos,
            head.map(ResponseHead::status),
            outcome,
            detail,
            head.flatMap(AttemptRecord::vendorRequestId),
            reading.model().isEmpty() ? Optional.empty() : Optional.of(reading.model()),
            reading.stopReason(),
            made.hadAll()
                ? Estimates.complete(
                    reading,
                    made.isRefusedInStream() ? Attempt.Outcome.REFUSED : outcome,
                    promptBytes + made.wentOnAfter().orElse(0))
                : reading.usage());
    return made.wentOnAfter().map(plain::goingOnAfter).orElse(plain);
  }

  /** The name a vendor has for the request, for those who ask its support. */
  private static Optional<String> vendorRequestId(ResponseHead head) {
    return head.header("x-request-id")
        .or(() -> head.header("request-id"))
        .or(() -> head.header("x-amzn-requestid"))
        .or(() -> head.header("apim-request-id"));
  }
}
