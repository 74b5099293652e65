package dev.understudy.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.Optional;

/** Tells when one caller has kept the gateway waiting for too long. */
final class CallerWatch {
  /** What is being waited for. */
  enum Waiting {
    /** A reply, which is the vendor's matter. */
    VENDOR,
    /** A next request, of which nothing has come. */
    REQUEST,
    /** The rest of a head. */
    HEAD,
    /** The rest of a body. */
    BODY,
    /** The caller, who does not take what is written. */
    READER
  }

  private final Patience patience;
  private Waiting waiting = Waiting.REQUEST;
  private long progress;
  private long sinceNanos = System.nanoTime();

  CallerWatch(Patience patience) {
    this.patience = patience;
  }

  /** Bytes that wait for the caller to take them. */
  static long unsent(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  /**
   * Looks at the connection.
   *
   * @param now of {@link System#nanoTime}
   * @param seen what is being waited for
   * @param bytes a number that changes when there is progress
   * @return what has been waited for in vain
   */
  Optional<Waiting> look(long now, Waiting seen, long bytes) {
    if (seen != waiting || bytes != progress) {
      waiting = seen;
      progress = bytes;
      sinceNanos = now;
      return Optional.empty();
    }
    return now - sinceNanos > bound().toNanos() ? Optional.of(waiting) : Optional.empty();
  }

  /** Whether a body that began then and has so many bytes by now trickles. */
  boolean trickles(long now, long beganNanos, long bytes) {
    return now - beganNanos
        > patience.body().toNanos()
            + Duration.ofSeconds(bytes / Patience.BODY_BYTES_A_SECOND).toNanos();
  }

  private Duration bound() {
    return switch (waiting) {
      case VENDOR -> Duration.ofDays(1);
      case REQUEST -> patience.idle();
      case HEAD -> patience.head();
      case BODY -> patience.body();
      case READER -> patience.reply();
    };
  }
}
