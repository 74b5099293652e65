package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.Meter;
import dev.understudy.protocol.wire.BedrockChunks;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.vendor.Endpoint;
import java.util.Optional;

/**
 * Passes a streamed reply on as it came, and reads along.
 *
 * <p>The head of the stream is held back until it is worth passing on, so that a vendor that fails
 * in its first frames costs the caller nothing. Whole frames may be withheld; none is edited.
 */
final class RelayedStream implements Passage {
  /** So much is held back at the most. */
  static final int HELD_BYTES_MAX = 64 << 10;

  private final VendorAttempt attempt;
  private final CallerReply reply;
  private final Inbound callers;
  private final Meter meter;
  private final boolean alone;
  private final Optional<UsageFrames> withheld;
  private final Optional<BedrockChunks> unwrapped;
  private final Bytes plain = new Bytes(0);
  private Bytes held = new Bytes(0);
  private final Optional<WholeFrames> frames;
  private final WholeFrames.Taker passing = this::pass;
  private final Optional<Following> following;
  private char last;
  private boolean committed;

  /** The number of the first event that was not passed on; negative if all were. */
  private long nextNumber = -1;

  private boolean over;

  RelayedStream(
      VendorAttempt attempt,
      CallerReply reply,
      Inbound callers,
      Meter meter,
      boolean withholdUsage,
      Endpoint endpoint,
      boolean events,
      boolean alone,
      Optional<Following> following) {
    this.attempt = attempt;
    this.reply = reply;
    this.callers = callers;
    this.meter = meter;
    this.alone = alone;
    this.following = following;
    following.ifPresent(follows -> meter.remember(follows.trail()));
    this.withheld = withholdUsage ? Optional.of(new UsageFrames()) : Optional.empty();
    this.frames = events ? Optional.of(new WholeFrames()) : Optional.empty();
    this.unwrapped =
        switch (endpoint.framing()) {
          case PLAIN -> Optional.empty();
          case BEDROCK_CHUNKS -> Optional.of(new BedrockChunks());
        };
  }

  @Override
  public void body(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    if (unwrapped.isPresent()) {
      plain.reset();
      unwrapped.get().accept(bytes, offset, length, plain);
      take(plain.array(), 0, plain.size());
    } else {
      take(bytes, offset, length);
    }
  }

  private void take(byte[] bytes, int offset, int length) {
    if (frames.isPresent()) {
      frames.get().accept(bytes, offset, length, passing);
    } else {
      pass(bytes, offset, length);
    }
  }

  private void pass(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    long next = meter.nextNumber();
    meter.accept(bytes, offset, length);
    Optional<Failure> failure = meter.failure();
    if (following.isPresent()) {
      pass(bytes, offset, length, following.get(), failure);
    } else if (failure.isPresent() && !isPassedOn(failure.get())) {
      // Either another target may say it, or what came is no longer the protocol: it ends here, as
      // an error that the caller understands.
      nextNumber = next;
      broken(failure.get());
    } else {
      filter(bytes, offset, length, false);
    }
  }

  /**
   * Whether the vendor's own words of failure go to the caller as they are: it has some of the
   * answer, or would have it already, had all of this not come in one piece, and nobody else is
   * there to give another. Words that no client understands are told in the protocol's own.
   */
  private boolean isPassedOn(Failure failure) {
    return failure.vendorJson().filter(callers::isFailure).isPresent()
        && (committed || (alone && meter.hasContent()));
  }

  private void pass(
      byte[] bytes, int offset, int length, Following follows, Optional<Failure> failure) {
    int free = follows.free(bytes, offset, length);
    if (free > 0 && (failure.isEmpty() || committed)) {
      filter(bytes, offset, free, false);
    }
    if (failure.isPresent()) {
      follows.passedUntilBroken(free, meter.stopReason().isPresent());
      broken(failure.get());
      return;
    }
    if (free < length) {
      filter(bytes, offset + free, length - free, true);
    }
    follows.passed(meter.stopReason().isPresent());
    if (follows.isTooLong()) {
      letGo();
    }
  }

  private void filter(byte[] bytes, int offset, int length, boolean hold) {
    if (withheld.isPresent()) {
      withheld
          .get()
          .accept(bytes, offset, length, (all, from, count) -> write(all, from, count, hold));
    } else {
      write(bytes, offset, length, hold);
    }
  }

  private void write(byte[] bytes, int offset, int length, boolean hold) {
    if (frames.isEmpty()) {
      noteLast(bytes, offset, length);
    }
    if (hold && following.isPresent()) {
      following.get().hold(bytes, offset, length);
      return;
    }
    if (!committed && isWorthPassingOn(length)) {
      release();
    }
    if (committed) {
      reply.piece(bytes, offset, length);
    } else {
      held.write(bytes, offset, length);
    }
  }

  /** Of an array it must be known whether the next element needs a comma before it. */
  private void noteLast(byte[] bytes, int offset, int length) {
    for (int i = offset + length - 1; i >= offset; i--) {
      if (bytes[i] > ' ') {
        last = (char) bytes[i];
        return;
      }
    }
  }

  private boolean isWorthPassingOn(int more) {
    return meter.hasContent()
        || meter.isComplete()
        || meter.fault().isPresent()
        || held.size() + more > HELD_BYTES_MAX;
  }

  @Override
  public void release() {
    if (!committed && !over) {
      committed = true;
      attempt.commit();
      reply.piece(held.array(), 0, held.size());
      // Not only emptied: nothing is held any more, and the stream may go on for long.
      held = new Bytes(0);
    }
  }

  @Override
  public void readComplete() {
    if (committed) {
      reply.flush();
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    if (unwrapped.isPresent()) {
      plain.reset();
      unwrapped.get().end(plain);
      take(plain.array(), 0, plain.size());
    }
    frames.ifPresent(whole -> whole.end(this::last));
    if (over) {
      return;
    }
    meter.end();
    Optional<Failure> failure = meter.failure();
    if (failure.isPresent() && !(following.isEmpty() && isPassedOn(failure.get()))) {
      broken(failure.get());
      return;
    }
    release();
    letGo();
    withheld.ifPresent(frames -> frames.end(reply::piece));
    if (failure.isEmpty()) {
      finish(meter.fault());
      return;
    }
    over = true;
    reply.end();
    reply.flush();
    attempt.brokenOff(failure.get());
  }

  /** Some vendors leave out the empty line after their last event; others are cut in the middle. */
  private void last(byte[] bytes, int offset, int length) {
    int end = offset + length;
    while (end > offset && bytes[end - 1] <= ' ') {
      end--;
    }
    boolean line = end < offset + length;
    if (line || (end > offset && (bytes[end - 1] == '}' || bytes[end - 1] == ']'))) {
      pass(bytes, offset, length);
    }
  }

  private void finish(Optional<String> fault) {
    over = true;
    if (frames.isEmpty() && last == '}') {
      // All of the answer is there but the bracket that closes its array.
      reply.piece(new byte[] {']'}, 0, 1);
    }
    reply.end();
    reply.flush();
    attempt.answered(fault);
  }

  @Override
  public void broken(Failure failure) {
    if (over) {
      return;
    }
    if (committed && isWhole()) {
      finish(meter.fault());
      return;
    }
    over = true;
    if (committed) {
      reply.flush();
      attempt.brokeOff(failure);
    } else {
      attempt.failedBeforeFirstByte(failure);
    }
  }

  /** Whether the answer came whole before its connection broke; says the end that is still owed. */
  private boolean isWhole() {
    if (following.isPresent() && following.get().hasStopped()) {
      letGo();
      if (!meter.isComplete()) {
        var out = new Bytes();
        callers.writeStreamEnd(out);
        reply.piece(out.array(), 0, out.size());
      }
      return true;
    }
    if (meter.failure().isPresent()) {
      return false;
    }
    if (!meter.isComplete()) {
      meter.end();
    }
    if (meter.isComplete() && meter.failure().isEmpty()) {
      letGo();
      return true;
    }
    return false;
  }

  /** What was held back to the end of the reply goes to the caller. */
  private void letGo() {
    following.ifPresent(follows -> {
      release();
      Bytes calls = follows.letGo();
      reply.piece(calls.array(), 0, calls.size());
      calls.reset();
    });
  }

  @Override
  public Optional<Told> told() {
    return following.flatMap(Following::told);
  }

  @Override
  public void fail(Failure failure) {
    var out = new Bytes();
    if (frames.isPresent()) {
      callers.writeStreamFailure(failure, nextNumber(), out);
    } else {
      callers.writeArrayFailure(failure, last, out);
    }
    reply.piece(out.array(), 0, out.size());
    reply.end();
    reply.flush();
  }

  private long nextNumber() {
    if (following.isPresent() && !following.get().hasLetGo()) {
      return following.get().nextNumber();
    }
    return nextNumber < 0 ? meter.nextNumber() : nextNumber;
  }

  @Override
  public boolean hasContent() {
    return meter.hasContent();
  }

  @Override
  public Reading reading() {
    return new Reading(
        meter.usage(), meter.model(), meter.stopReason(), meter.replyId(), meter.contentBytes());
  }
}
