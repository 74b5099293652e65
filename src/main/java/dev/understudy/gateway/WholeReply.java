package dev.understudy.gateway;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Failure;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.FailedReply;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Meter;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.vendor.Operation;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes of a successful reply that came in one piece what the caller is to get. */
final class WholeReply {
  /** What a reply comes to. */
  sealed interface Result {
    Reading reading();

    /**
     * The caller gets this body.
     *
     * @param fault what was wrong with it, though it can be passed on
     */
    record Good(Bytes body, Reading reading, Optional<String> fault) implements Result {}

    /** It is an error after all, or nonsense. */
    record Bad(Failure failure, Reading reading) implements Result {}

    /** A strict caller does not want it, because something of it would stay behind. */
    record Unwanted(Failure failure, Reading reading) implements Result {}
  }

  private final Candidate candidate;
  private final Outbound outbound;

  private final Inbound callers;
  private final boolean strict;

  /**
   * Made for one reply.
   *
   * @param callers the protocol of the caller
   * @param strict whether the caller would rather have an error than a loss
   */
  WholeReply(Candidate candidate, Inbound callers, boolean strict) {
    this.candidate = candidate;
    this.callers = callers;
    this.strict = strict;
    this.outbound = Protocols.outbound(candidate.endpoint().protocol());
  }

  /**
   * Reads the body as what was asked for: a count of tokens, an answer to pass on, or one to tell
   * in other words.
   *
   * @param losses hears what a translation could not carry
   */
  Result read(Bytes body, JsonScanner scanner, Losses losses, Supplier<ReplyContext> context) {
    if (candidate.operation() == Operation.COUNT_TOKENS) {
      return counted(body);
    }
    return candidate.relay()
        ? relayed(body, scanner)
        : translated(body, losses.under(VendorAttempt.REPLY), context);
  }

  private Result counted(Bytes body) {
    if (candidate.relay()) {
      return new Result.Good(body, Reading.NOTHING, Optional.empty());
    }
    try {
      var tokens = outbound.readCount(body.toByteArray());
      if (tokens.isEmpty()) {
        return bad("its token count names none");
      }
      var out = new Bytes();
      callers.writeTokenCount(tokens.getAsLong(), out);
      return new Result.Good(out, Reading.NOTHING, Optional.empty());
    } catch (Malformed e) {
      return bad("its token count is malformed");
    }
  }

  private Result relayed(Bytes body, JsonScanner scanner) {
    Meter meter = outbound.meter(candidate.endpoint().dialect());
    meter.whole(body.array(), 0, body.size());
    var reading =
        new Reading(
            meter.usage(),
            meter.model(),
            meter.stopReason(),
            meter.replyId(),
            meter.contentBytes());
    if (meter.fault().isPresent() && !isJson(body, scanner)) {
      return new Result.Bad(failure("its reply is not valid JSON"), reading);
    }
    if (meter.failure().isPresent()) {
      return new Result.Bad(meter.failure().get(), reading);
    }
    return new Result.Good(body, reading, meter.fault());
  }

  private static boolean isJson(Bytes body, JsonScanner scanner) {
    try {
      scanner.scan(body.array(), 0, body.size());
      return true;
    } catch (Malformed e) {
      return false;
    }
  }

  private Result translated(Bytes body, Losses losses, Supplier<ReplyContext> context) {
    ChatReply reply;
    try {
      reply = outbound.readReply(body.toByteArray(), candidate.endpoint().dialect(), losses);
    } catch (FailedReply e) {
      return new Result.Bad(e.failure(), Reading.NOTHING);
    } catch (Malformed e) {
      return bad("its reply cannot be read: " + e.getMessage());
    }
    var reading =
        new Reading(
            reply.usage(), reply.model(), reply.stop().vendorReason(), reply.id(), body.size());
    callers.noteStop(reply.stop(), losses);
    var out = new Bytes();
    Losses unplaced = losses.under("");
    callers.writeReply(reply, context.get(), unplaced, out);
    if (strict && !unplaced.isEmpty()) {
      return new Result.Unwanted(Failures.lost(candidate.target().name(), unplaced), reading);
    }
    return new Result.Good(out, reading, Optional.empty());
  }

  private Result bad(String reason) {
    return new Result.Bad(failure(reason), Reading.NOTHING);
  }

  private Failure failure(String reason) {
    return Failures.upstream(502, candidate.vendor().name(), reason);
  }
}
