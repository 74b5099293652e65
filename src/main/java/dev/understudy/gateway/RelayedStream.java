package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.Meter;
import dev.understudy.protocol.wire.BedrockChunks;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.vendor.Framing;
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
  private final Optional<UsageFrames> withheld;
  private final Optional<BedrockChunks> unwrapped;
  private final Bytes plain = new Bytes();
  private final Bytes held = new Bytes();
  private boolean committed;
  private boolean over;

  RelayedStream(
      VendorAttempt attempt,
      CallerReply reply,
      Inbound callers,
      Meter meter,
      boolean withholdUsage,
      Framing framing) {
    this.attempt = attempt;
    this.reply = reply;
    this.callers = callers;
    this.meter = meter;
    this.withheld = withholdUsage ? Optional.of(new UsageFrames()) : Optional.empty();
    this.unwrapped =
        switch (framing) {
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
      pass(plain.array(), 0, plain.size());
    } else {
      pass(bytes, offset, length);
    }
  }

  private void pass(byte[] bytes, int offset, int length) {
    meter.accept(bytes, offset, length);
    Optional<Failure> failure = meter.failure();
    if (failure.isPresent() && (!committed || failure.get().vendorJson().isEmpty())) {
      // Either nothing has been said yet, and another target may say it, or what came is no longer
      // the protocol: it ends here, as an error that the caller understands.
      broken(failure.get());
      return;
    }
    if (withheld.isPresent()) {
      Bytes kept = withheld.get().accept(bytes, offset, length);
      write(kept.array(), 0, kept.size());
    } else {
      write(bytes, offset, length);
    }
  }

  private void write(byte[] bytes, int offset, int length) {
    if (committed) {
      reply.piece(bytes, offset, length);
      return;
    }
    held.write(bytes, offset, length);
    if (meter.hasContent()
        || meter.isComplete()
        || meter.fault().isPresent()
        || held.size() > HELD_BYTES_MAX) {
      release();
    }
  }

  @Override
  public void release() {
    if (!committed && !over) {
      committed = true;
      attempt.commit();
      reply.piece(held.array(), 0, held.size());
      held.reset();
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
      pass(plain.array(), 0, plain.size());
      if (over) {
        return;
      }
    }
    meter.end();
    Optional<Failure> failure = meter.failure();
    if (failure.isPresent() && !(committed && failure.get().vendorJson().isPresent())) {
      broken(failure.get());
      return;
    }
    release();
    withheld.ifPresent(frames -> {
      Bytes rest = frames.end();
      reply.piece(rest.array(), 0, rest.size());
    });
    over = true;
    reply.end();
    reply.flush();
    if (failure.isPresent()) {
      attempt.brokenOff(failure.get());
    } else {
      attempt.answered(meter.fault());
    }
  }

  @Override
  public void broken(Failure failure) {
    if (over) {
      return;
    }
    over = true;
    if (committed) {
      var out = new Bytes();
      callers.writeStreamFailure(failure, out);
      reply.piece(out.array(), 0, out.size());
      reply.end();
      reply.flush();
      attempt.brokenOff(failure);
    } else {
      attempt.failedBeforeFirstByte(failure);
    }
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
