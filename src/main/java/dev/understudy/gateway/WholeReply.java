package dev.understudy.gateway;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
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

  /** What errors hold, of all the forms that vendors and their proxies have for them. */
  private static final String[] ERROR_WORDS = {"error", "errors", "detail", "message"};

  private static final String TWICE = "a name occurs twice in its reply";

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
    Meter meter = metered(body.array(), body.size());
    if (meter.fault().isPresent()) {
      return unclear(body, meter, scanner);
    }
    return meter.failure().isPresent()
        ? new Result.Bad(meter.failure().get(), reading(meter, meter.usage()))
        : new Result.Good(body, reading(meter, meter.usage()), Optional.empty());
  }

  private Meter metered(byte[] reply, int length) {
    Meter meter = outbound.meter(candidate.endpoint().dialect());
    meter.whole(reply, 0, length);
    return meter;
  }

  private static Reading reading(Meter meter, Usage usage) {
    return new Reading(
        usage, meter.model(), meter.stopReason(), meter.replyId(), meter.contentBytes());
  }

  /**
   * The meter could not read all of it. It may be an answer nevertheless, in words newer than ours
   * or with a name that occurs twice, and the caller's to understand; of the latter no count is
   * believed, because it can be read in two ways.
   */
  private Result unclear(Bytes body, Meter first, JsonScanner scanner) {
    if (isJson(body.array(), body.size(), scanner)) {
      return held(body, first, reading(first, first.usage()), first.fault(), body.array(), scanner);
    }
    byte[] once;
    try {
      once = Json.namesOnce(body.array(), 0, body.size());
    } catch (Malformed e) {
      return noJson(first);
    }
    Meter meter = metered(once, once.length);
    return isJson(once, once.length, scanner)
        ? held(body, meter, reading(meter, Usage.UNSAID), Optional.of(TWICE), once, scanner)
        : noJson(first);
  }

  private Result noJson(Meter meter) {
    return new Result.Bad(failure("its reply is not valid JSON"), reading(meter, meter.usage()));
  }

  private static boolean isJson(byte[] reply, int length, JsonScanner scanner) {
    try {
      scanner.scan(reply, 0, length);
      return true;
    } catch (Malformed e) {
      return false;
    }
  }

  /**
   * An answer if there is something in it, or if it is in words that nobody here knows and that do
   * not sound like an error.
   *
   * @param body what the caller gets
   * @param reply the reply that was metered, and scanned last
   */
  private Result held(
      Bytes body,
      Meter meter,
      Reading reading,
      Optional<String> fault,
      byte[] reply,
      JsonScanner scanner) {
    if (meter.failure().isPresent()) {
      return new Result.Bad(meter.failure().get(), reading);
    }
    int answer = scanner.find(outbound.answerMember());
    if (answer >= 0 ? !isEmpty(reply, scanner, answer) : isUnknown(scanner)) {
      return new Result.Good(body, reading, fault);
    }
    int error = scanner.find("error");
    return new Result.Bad(
        error >= 0 && !scanner.isNull(error)
            ? outbound.readFailure(502, body.toByteArray(), candidate.endpoint().dialect())
            : failure("its reply holds no answer"),
        reading);
  }

  private static boolean isUnknown(JsonScanner scanner) {
    for (String name : ERROR_WORDS) {
      if (scanner.find(name) >= 0) {
        return false;
      }
    }
    return scanner.members() > 0;
  }

  private static boolean isEmpty(byte[] reply, JsonScanner scanner, int member) {
    if (scanner.kind(member) != '[' && scanner.kind(member) != '{') {
      return scanner.isNull(member);
    }
    int at = scanner.valueStart(member) + 1;
    while (reply[at] <= ' ') {
      at++;
    }
    return at == scanner.valueEnd(member) - 1;
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
