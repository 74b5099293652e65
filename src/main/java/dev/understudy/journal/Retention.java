package dev.understudy.journal;

import dev.understudy.exchange.FactStore;
import dev.understudy.exchange.Records;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Forgets calls whose time is over, once an hour: their records first, their attempts later.
 *
 * <p>What is forgotten cannot be had back, so a clock that was put forward is not believed at once:
 * nothing is forgotten until it has gone steadily for a day.
 */
public final class Retention implements AutoCloseable {
  private static final Duration EVERY = Duration.ofHours(1);
  private static final Duration FIRST = Duration.ofMinutes(5);

  /** A clock that goes ahead of the passing of time by more than this was put forward. */
  private static final Duration DRIFT_MAX = Duration.ofMinutes(10);

  private static final Duration DISTRUST = Duration.ofDays(1);

  private static final System.Logger LOG = System.getLogger(Retention.class.getName());

  private final Records records;
  private final FactStore attempts;
  private final Duration recordsKept;
  private final Duration attemptsKept;
  private final InstantSource clock;
  private final LongSupplier passing;
  private final Duration every;
  private final Thread thread;
  private Instant lookedAt;
  private long lookedNanos;
  private long trustedNanos;

  /**
   * Begins.
   *
   * @param isThere whether anything is kept at all; a database is not made for this
   */
  public Retention(
      Records records,
      FactStore attempts,
      Duration recordsKept,
      Duration attemptsKept,
      InstantSource clock,
      BooleanSupplier isThere) {
    this(
        records,
        attempts,
        recordsKept,
        attemptsKept,
        clock,
        System::nanoTime,
        FIRST,
        EVERY,
        isThere);
  }

  /** The same with another passing of time, in nanoseconds, and other moments to look. */
  Retention(
      Records records,
      FactStore attempts,
      Duration recordsKept,
      Duration attemptsKept,
      InstantSource clock,
      LongSupplier passing,
      Duration first,
      Duration every,
      BooleanSupplier isThere) {
    this.records = records;
    this.attempts = attempts;
    this.recordsKept = recordsKept;
    this.attemptsKept = attemptsKept;
    this.clock = clock;
    this.passing = passing;
    this.every = every;
    this.lookedAt = clock.instant();
    this.lookedNanos = passing.getAsLong();
    this.trustedNanos = lookedNanos;
    this.thread = Thread.ofVirtual().name("retention").start(() -> run(first, isThere));
  }

  private void run(Duration first, BooleanSupplier isThere) {
    try {
      Thread.sleep(first);
      while (true) {
        look(isThere);
        Thread.sleep(every);
      }
    } catch (InterruptedException e) {
      // It is closed.
    }
  }

  /** Forgets now what is to be forgotten; what cannot be now is tried again an hour later. */
  void look(BooleanSupplier isThere) {
    try {
      Instant now = clock.instant();
      if (isSteady(now) && isThere.getAsBoolean()) {
        records.prune(now.minus(recordsKept));
        attempts.prune(now.minus(attemptsKept));
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "calls whose time is over cannot be forgotten: {0}", e.getMessage());
    }
  }

  private boolean isSteady(Instant now) {
    long nanos = passing.getAsLong();
    Duration ahead = Duration.between(lookedAt.plusNanos(nanos - lookedNanos), now);
    lookedAt = now;
    lookedNanos = nanos;
    if (ahead.compareTo(DRIFT_MAX) > 0) {
      trustedNanos = nanos + DISTRUST.toNanos();
      LOG.log(
          Level.WARNING,
          "the clock was put forward by {0} s, to {1}: no call is forgotten for a day",
          ahead.toSeconds(),
          now);
    }
    return nanos - trustedNanos >= 0;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
