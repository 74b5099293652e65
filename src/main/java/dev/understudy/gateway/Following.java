package dev.understudy.gateway;

import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.Bytes;
import java.util.Optional;
import java.util.function.Function;

/**
 * Follows a relayed stream so that another target can go on with it: knows what the caller has of
 * it, and holds tool calls back until all of it has come.
 */
final class Following {
  /** So much is held back at the most. */
  private static final int HELD_BYTES_MAX = 1 << 20;

  private final Trail trail = new Trail();
  private final Bytes held = new Bytes();
  private final Function<Trail, Optional<ReplyWriter>> resume;
  private boolean holding;
  private boolean letGo;
  private boolean stopped;

  /**
   * Follows from the start.
   *
   * @param resume makes a writer that goes on in the stream, if there can be one
   */
  Following(Function<Trail, Optional<ReplyWriter>> resume) {
    this.resume = resume;
  }

  Trail trail() {
    return trail;
  }

  /** How many of these bytes, which the meter has seen, may go on; the others are to be held. */
  int free(byte[] bytes, int offset, int length) {
    if (letGo || !trail.isHolding()) {
      return length;
    }
    if (holding) {
      return 0;
    }
    holding = true;
    int at = trail.heldAt(bytes);
    if (at < 0) {
      return 0; // what stands before the call in this read is held with it
    }
    // The trail ends before the call, and so does what goes on.
    trail.mark();
    return WholeFrames.end(bytes, offset, at) - offset;
  }

  /** Keeps back a tool call, or what follows one. */
  void hold(byte[] bytes, int offset, int length) {
    held.write(bytes, offset, length);
  }

  boolean isTooLong() {
    return !letGo && held.size() > HELD_BYTES_MAX;
  }

  /** What was held back; from here on nothing is, and nobody can go on. */
  Bytes letGo() {
    letGo = true;
    return held;
  }

  /**
   * What came so far went to the caller, unless it is held back.
   *
   * @param stop whether the vendor has said why the answer ended
   */
  void passed(boolean stop) {
    stopped = stop;
    if (!trail.isHolding()) {
      trail.mark();
    }
  }

  /** Likewise of a read with which the stream broke, of which so many bytes went on. */
  void passedUntilBroken(int free, boolean stop) {
    stopped |= stop && free > 0 && trail.isBroken();
  }

  /** Whether all of the answer came, its end apart. */
  boolean hasStopped() {
    return stopped;
  }

  boolean hasLetGo() {
    return letGo;
  }

  /** The number of the event after the last that went to the caller. */
  long nextNumber() {
    trail.rollBack();
    return trail.number() + 1;
  }

  /** What the caller has. */
  Optional<Told> told() {
    if (letGo) {
      return Optional.empty();
    }
    trail.rollBack();
    return resume.apply(trail).map(writer -> Told.of(trail, writer));
  }
}
