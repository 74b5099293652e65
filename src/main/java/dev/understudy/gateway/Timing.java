package dev.understudy.gateway;

import dev.understudy.vendor.Timeouts;
import java.time.Duration;
import java.util.Optional;

/** The times of one attempt, and which of its timeouts has passed; all in {@code nanoTime}. */
final class Timing {
  /** How long a credential may take to get ready. */
  private static final long PREPARE_NANOS_MAX = 20_000_000_000L;

  private final Timeouts timeouts;
  private final long holdNanos;
  private final long startedNanos = System.nanoTime();
  private long sentNanos;
  private long readNanos;
  private long firstByteNanos;

  /**
   * Begins now.
   *
   * @param holdNanos how long a stream's head without content is held back
   */
  Timing(Timeouts timeouts, long holdNanos) {
    this.timeouts = timeouts;
    this.holdNanos = holdNanos;
  }

  /** The request is on its way. */
  void sent() {
    sentNanos = System.nanoTime();
    readNanos = sentNanos;
  }

  /** The request is to be sent once more: until then the connection has a timeout of its own. */
  void sendsAgain() {
    sentNanos = 0;
  }

  /** Something came, or the vendor is not to blame that nothing did. */
  void read() {
    readNanos = System.nanoTime();
  }

  /** What was read last is of the answer; the first of it is remembered. */
  void answerRead() {
    if (firstByteNanos == 0) {
      firstByteNanos = readNanos;
    }
  }

  boolean hasFirstByte() {
    return firstByteNanos != 0;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** When the first of the answer came; 0 if nothing has. */
  long firstByteNanos() {
    return firstByteNanos;
  }

  /** How long it took until the first of the answer; 0 if nothing has come. */
  long untilFirstByteNanos() {
    return firstByteNanos == 0 ? 0 : firstByteNanos - startedNanos;
  }

  /** Whether a credential that is not ready by now will not be waited for. */
  boolean isTooLateToPrepare(long now) {
    return now - startedNanos > PREPARE_NANOS_MAX;
  }

  /**
   * The timeout that has passed, in words; empty if none has.
   *
   * @param hasHead whether the head of a response has come
   * @param hasContent whether a part of an answer has come
   * @param callerKeepsUp false while nothing is read because the caller takes nothing
   */
  Optional<String> passed(long now, boolean hasHead, boolean hasContent, boolean callerKeepsUp) {
    if (now - startedNanos > timeouts.total().toNanos()) {
      return Optional.of("it took longer than " + timeouts.total().toSeconds() + " s in all");
    }
    if (sentNanos == 0) {
      return Optional.empty(); // the connection has a timeout of its own
    }
    if (!hasContent && now - sentNanos > timeouts.firstToken().toNanos()) {
      return Optional.of("nothing came for " + millis(timeouts.firstToken()));
    }
    return hasHead && callerKeepsUp && now - readNanos > timeouts.idle().toNanos()
        ? Optional.of("it fell silent for " + millis(timeouts.idle()))
        : Optional.empty();
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }

  /** Whether the head of a stream was held back for as long as it may be. */
  boolean isHeldLongEnough(long now) {
    return sentNanos != 0 && now - sentNanos > holdNanos;
  }
}
