package dev.understudy.journal;

import dev.understudy.exchange.FactStore;
import dev.understudy.exchange.Records;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/** Forgets calls whose time is over, once an hour: their records first, their attempts later. */
public final class Retention implements AutoCloseable {
  private static final Duration EVERY = Duration.ofHours(1);
  private static final Duration FIRST = Duration.ofMinutes(5);

  private static final System.Logger LOG = System.getLogger(Retention.class.getName());

  private final Records records;
  private final FactStore attempts;
  private final Duration recordsKept;
  private final Duration attemptsKept;
  private final InstantSource clock;
  private final Thread thread;

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
    this.records = records;
    this.attempts = attempts;
    this.recordsKept = recordsKept;
    this.attemptsKept = attemptsKept;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("retention").start(() -> run(isThere));
  }

  private void run(BooleanSupplier isThere) {
    try {
      Thread.sleep(FIRST);
      while (true) {
        if (isThere.getAsBoolean()) {
          forget();
        }
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      // It is closed.
    }
  }

  /** Forgets now what is to be forgotten; what cannot be now is tried again an hour later. */
  void forget() {
    try {
      records.prune(clock.instant().minus(recordsKept));
      attempts.prune(clock.instant().minus(attemptsKept));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "calls whose time is over cannot be forgotten: {0}", e.getMessage());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
