package dev.understudy.limits;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The limits of a process while it runs: a limiter, and the thread that looks after it. */
public final class Limiting implements AutoCloseable {
  /** So long after it was spent, money is written down or told to other replicas at the latest. */
  public static final Duration WRITE_BEHIND = Duration.ofMillis(100);

  /** A call that gives no sign of life for so long loses its place. */
  static final Duration CALL_LEASE = Duration.ofSeconds(60);

  private static final int TICKS_A_SWEEP = 100;

  private final Limiter limiter;
  private final @Nullable SpendingFile file;
  private final @Nullable Leasing leasing;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * For a process that shares its limits with nobody: what was spent is kept in the data folder.
   *
   * @throws IOException if the file cannot be read or another process uses it; fit for an operator
   */
  public static Limiting alone(Path data, ZoneId zone, Currencies currencies) throws IOException {
    return new Limiting(
        SpendingFile.open(data, LocalDate.ofInstant(Instant.now(), zone)),
        null,
        Duration.ZERO,
        Duration.ZERO,
        1,
        zone,
        currencies);
  }

  /**
   * For replicas that share their limits.
   *
   * @param lease for how long what a killed replica held stays away from the others
   * @param replicas how many there are, as far as somebody said so; else 1
   */
  public static Limiting shared(
      ShareBook book, Duration lease, int replicas, ZoneId zone, Currencies currencies) {
    return shared(
        book, lease, Duration.ofNanos(Leasing.Settings.WAIT_NANOS), replicas, zone, currencies);
  }

  /** Likewise, with another bound on how long a call waits for its share. */
  static Limiting shared(
      ShareBook book,
      Duration lease,
      Duration wait,
      int replicas,
      ZoneId zone,
      Currencies currencies) {
    return new Limiting(null, book, lease, wait, replicas, zone, currencies);
  }

  private Limiting(
      @Nullable SpendingFile file,
      @Nullable ShareBook book,
      Duration lease,
      Duration wait,
      int replicas,
      ZoneId zone,
      Currencies currencies) {
    this.file = file;
    this.leasing =
        book == null
            ? null
            : new Leasing(
                book,
                new Leasing.Settings(name(), lease.toNanos(), wait.toNanos(), replicas),
                System::nanoTime,
                this::kick);
    this.limiter =
        new Limiter(
            new Limiter.World(
                System::nanoTime,
                System.nanoTime(),
                InstantSource.system(),
                zone,
                leasing == null ? Allotment.WHOLE : leasing,
                file == null ? SpendingBook.NONE : file),
            currencies,
            CALL_LEASE.toNanos());
    this.thread = Thread.ofPlatform().daemon().name("limits").unstarted(this::run);
    thread.start();
  }

  /** A name of its own for this start of the process. */
  private static String name() {
    var bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  public Limiter limiter() {
    return limiter;
  }

  private void kick() {
    LockSupport.unpark(thread);
  }

  private void run() {
    int ticks = 0;
    while (!closed) {
      try {
        tick();
        ticks++;
        if (ticks % TICKS_A_SWEEP == 0) {
          limiter.sweep();
        }
      } catch (RuntimeException e) {
        System.getLogger(Limiting.class.getName())
            .log(System.Logger.Level.ERROR, "looking after the limits failed", e);
      }
      LockSupport.parkNanos(WRITE_BEHIND.toNanos());
    }
  }

  private void tick() {
    if (leasing != null) {
      leasing.tick();
    }
    if (file != null) {
      file.flush();
    }
  }

  /** How limits are kept and shared, and whether that works. */
  public Health health() {
    Optional<String> trouble =
        leasing != null ? leasing.trouble() : file != null ? file.trouble() : Optional.empty();
    return new Health(
        leasing != null,
        leasing == null ? 1 : leasing.replicas(),
        leasing == null ? 0 : leasing.losses(),
        limiter.lapsed(),
        trouble);
  }

  /**
   * How limits are kept and shared.
   *
   * @param shared whether other replicas share them
   * @param replicas how many do, this one among them
   * @param losses how often they could not be shared any more
   * @param lapsed how many calls lost their place because they gave no sign of life
   * @param trouble why they cannot be kept or shared now; empty if they can
   */
  public record Health(
      boolean shared, int replicas, long losses, long lapsed, Optional<String> trouble) {}

  @Override
  public void close() {
    closed = true;
    kick();
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (leasing != null) {
      leasing.tick(); // what was spent since the last one
      leasing.close();
    }
    if (file != null) {
      file.close();
    }
  }
}
