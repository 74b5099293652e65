package dev.understudy.journal;

import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;
import dev.understudy.exchange.JournalStanding;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes every finished call down before its last byte goes out: into memory that is mapped to a
 * file, which outlives a kill of this process at once, and a loss of power after the window.
 *
 * <p>Each event loop has files of its own. One thread syncs them to the disk and makes new ones
 * ready; another, {@link Drainer}, takes what is written into the store.
 */
public final class DiskJournal implements Journal, AutoCloseable {
  /**
   * How it is kept.
   *
   * @param folder where the files are
   * @param window how much may be lost with the machine's power
   * @param strict whether a call's end waits until the disk has it
   * @param waitingBytesMax how much may wait for the store
   * @param refuseWhenFull whether calls are refused when no more can be written down; else they go
   *     on, and only the log tells of them
   */
  public record Settings(
      Path folder, Duration window, boolean strict, long waitingBytesMax, boolean refuseWhenFull) {}

  /** Small, since a file that is being written is mapped whole. */
  private static final int SEGMENT_BYTES = 1 << 20;

  private static final int LANES_MAX = 16;

  /** At this share of the bound operators are told. */
  private static final double ALARM_SHARE = 0.7;

  /** Below this share of the bound the next alarm is another one, and told. */
  private static final double CALM_SHARE = 0.5;

  /** With less left on the disk operators are told. */
  private static final long DISK_BYTES_MIN = 64 << 20;

  /** After so many looks at nothing the thread sleeps until it is woken. */
  private static final int EMPTY_LOOKS_MAX = 10;

  private static final System.Logger LOG = System.getLogger(DiskJournal.class.getName());

  private final Settings settings;
  private final Segments segments;
  private final Drainer drainer;
  private final Lane[] lanes;
  private final AtomicInteger laneNext = new AtomicInteger();
  private final ThreadLocal<Lane> lane;
  private final Thread syncer;
  private final AtomicLong lost = new AtomicLong();
  private volatile @Nullable String full;
  private volatile boolean alarmed;
  private volatile boolean asleep;
  private volatile boolean closed;

  private DiskJournal(Settings settings, Segments segments, Drainer drainer) {
    this.settings = settings;
    this.segments = segments;
    this.drainer = drainer;
    this.lanes = new Lane[Math.clamp(Runtime.getRuntime().availableProcessors(), 1, LANES_MAX)];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new Lane(segments, () -> full);
    }
    this.lane = ThreadLocal.withInitial(() -> lanes[laneNext.getAndIncrement() % lanes.length]);
    this.syncer = Thread.ofPlatform().daemon().name("journal-sync").unstarted(this::run);
  }

  /**
   * Opens the journal, with what the last run left.
   *
   * @param book where calls go from here; it is first asked when there is a call
   * @throws IOException if the folder cannot be used; the message is fit for an operator
   */
  public static DiskJournal open(Settings settings, Booking book) throws IOException {
    Segments segments = Segments.open(settings.folder(), SEGMENT_BYTES, settings.waitingBytesMax());
    var journal = new DiskJournal(settings, segments, new Drainer(segments, book));
    journal.syncer.start();
    journal.drainer.start(journal.syncer);
    return journal;
  }

  @Override
  public void append(Exchange exchange) {
    put(exchange, null);
  }

  @Override
  public boolean append(Exchange exchange, Runnable kept) {
    return !settings.strict() ? put(exchange, null) : put(exchange, kept);
  }

  @Override
  public void attempted(Exchange soFar) {
    boolean another;
    try {
      another = open().appendSoFar(soFar);
    } catch (IOException | RuntimeException | InternalError e) {
      // Whether the call is lost is for its end to say: there may be room again by then.
      cannot(e);
      return;
    }
    wake(another);
  }

  /** Whether nobody needs to wait. */
  private boolean put(Exchange exchange, @Nullable Runnable kept) {
    boolean another;
    try {
      another = open().append(exchange, kept);
    } catch (IOException | RuntimeException | InternalError e) {
      if (!exchange.attempts().isEmpty()) {
        lost.incrementAndGet();
      }
      cannot(e);
      return true;
    }
    wake(another || kept != null);
    return kept == null;
  }

  /** Where to append. */
  private Lane open() throws IOException {
    if (closed) {
      throw new IOException("the journal is closed");
    }
    return lane.get();
  }

  private void wake(boolean somebodyWaits) {
    if (asleep || somebodyWaits) {
      LockSupport.unpark(syncer);
    }
    drainer.wake();
  }

  /** Nothing can be appended. An InternalError is how the JVM tells that a disk failed below. */
  private void cannot(Throwable cause) {
    if (full != null || closed) {
      return;
    }
    String why = String.valueOf(cause.getMessage());
    full = why;
    LockSupport.unpark(syncer);
    // The log may block, and calls must not.
    Thread.ofVirtual()
        .start(() ->
            LOG.log(
                Level.ERROR,
                "calls are not written down: {0}; {1}",
                why,
                settings.refuseWhenFull()
                    ? "new calls are refused"
                    : "they go on, and only the log tells of them"));
  }

  @Override
  public Optional<String> refusal() {
    return settings.refuseWhenFull() ? Optional.ofNullable(full) : Optional.empty();
  }

  /** How far calls are from being in the store. */
  public JournalStanding standing() {
    String why = full;
    return new JournalStanding(
        segments.bytes(),
        segments.bytesMax(),
        drainer.kept(),
        lost.get(),
        drainer.refused(),
        why != null ? Optional.of(why) : drainer.trouble().or(this::nearlyFull));
  }

  private Optional<String> nearlyFull() {
    if (segments.bytes() >= ALARM_SHARE * segments.bytesMax()) {
      return Optional.of(
          "%d of %d bytes wait for the database".formatted(segments.bytes(), segments.bytesMax()));
    }
    long left = segments.diskBytesLeft();
    return left >= DISK_BYTES_MIN
        ? Optional.empty()
        : Optional.of("the disk of %s has %d MiB left".formatted(settings.folder(), left >> 20));
  }

  private void run() {
    int emptyLooks = 0;
    long windowNanos = settings.window().toNanos();
    while (!closed) {
      drainer.relieve();
      boolean dirty = look();
      emptyLooks = dirty ? 0 : emptyLooks + 1;
      if (emptyLooks < EMPTY_LOOKS_MAX) {
        LockSupport.parkNanos(this, windowNanos);
      } else {
        asleep = true;
        if (!isDirty() && !closed && full == null) {
          LockSupport.park(this);
        }
        asleep = false;
        emptyLooks = 0;
      }
      Thread.interrupted(); // nobody has a reason to, and an interrupted thread could not park
    }
  }

  private boolean isDirty() {
    for (Lane one : lanes) {
      if (one.isDirty()) {
        return true;
      }
    }
    return false;
  }

  private boolean look() {
    boolean dirty = false;
    for (Lane one : lanes) {
      if (one.isDirty()) {
        dirty = true;
        try {
          one.sync();
          one.prepare();
        } catch (RuntimeException | Error e) {
          // A disk that fails: what is mapped is still the system's, and the next look tries again.
          LOG.log(Level.ERROR, "the journal cannot be synced to the disk", e);
        }
      }
    }
    if (full != null) {
      dirty = true;
      findRoom();
    }
    alarm();
    return dirty;
  }

  private void findRoom() {
    for (Lane one : lanes) {
      if (!one.hasRoom()) {
        return;
      }
    }
    full = null;
    LOG.log(Level.INFO, "calls are written down again; {0} were not", lost.get());
  }

  private void alarm() {
    Optional<String> nearly = nearlyFull();
    if (nearly.isPresent() && !alarmed) {
      LOG.log(
          Level.WARNING,
          "{0}; when there is no room, calls are {1}; {2}",
          nearly.get(),
          settings.refuseWhenFull() ? "refused" : "no longer written down",
          drainer
              .trouble()
              .map(why -> "they are not booked: " + why)
              .orElse("they are being booked"));
    }
    alarmed =
        nearly.isPresent() || (alarmed && segments.bytes() > CALM_SHARE * segments.bytesMax());
  }

  /** Waits, for as long as that, until all that was appended is in the store. */
  public boolean settle(Duration patience) {
    return drainer.settle(patience);
  }

  /** Syncs what was appended and gives the store a moment to take it; the rest stays on disk. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(syncer);
    try {
      syncer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Lane one : lanes) {
      one.close();
    }
    drainer.close();
    try {
      segments.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the journal did not close well", e);
    }
  }
}
