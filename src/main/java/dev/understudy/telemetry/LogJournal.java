package dev.understudy.telemetry;

import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes one line of JSON for each exchange, on a thread of its own.
 *
 * <p>The calls' path copies the line into memory that is used again and again; the writer takes
 * what has come in {@value #GATHER_MILLIS} ms. Lines of one thread keep their order. Lines that
 * find too much waiting are dropped and counted, and a line says so as soon as lines pass again.
 */
public final class LogJournal implements Journal, AutoCloseable {
  /** How many bytes of lines may wait for the writer. */
  public static final long WAITING_BYTES_MAX = 8L << 20;

  private static final long GATHER_MILLIS = 50;
  private static final long CLOSE_SECONDS_MAX = 5;

  /**
   * After so many empty looks the writer sleeps until it is woken, so that idling costs nothing.
   */
  private static final int EMPTY_LOOKS_MAX = 20;

  private static final int LANES_MAX = 16;

  private static final System.Logger LOG = System.getLogger(LogJournal.class.getName());

  private final OutputStream out;
  private final long waitingBytesMax;
  private final ThreadLocal<JsonBytes> scratch = ThreadLocal.withInitial(JsonBytes::new);
  private final LogPages pages = new LogPages();
  private final LogLane[] lanes;
  private final AtomicInteger laneNext = new AtomicInteger();
  private final ThreadLocal<LogLane> lane;
  private final AtomicLong waitingBytes = new AtomicLong();
  private final LongAdder dropped = new LongAdder();
  private final Thread writer;
  private final List<LogPages.Page> taken = new ArrayList<>();
  private long droppedSaid;
  private boolean failing;
  private volatile boolean asleep;
  private volatile boolean closed;

  /** Writes to a stream that stays open; standard output is best given without a print stream. */
  public LogJournal(OutputStream out) {
    this(out, WAITING_BYTES_MAX);
  }

  LogJournal(OutputStream out, long waitingBytesMax) {
    this.out = out;
    this.waitingBytesMax = waitingBytesMax;
    this.lanes = new LogLane[Math.clamp(Runtime.getRuntime().availableProcessors(), 1, LANES_MAX)];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = new LogLane(pages);
    }
    this.lane = ThreadLocal.withInitial(() -> lanes[laneNext.getAndIncrement() % lanes.length]);
    this.writer = Thread.ofPlatform().daemon().name("journal").start(this::run);
  }

  @Override
  public void append(Exchange exchange) {
    JsonBytes line = scratch.get();
    ExchangeLine.spell(exchange, false, line);
    append(line);
  }

  /** Takes a line, its end included, as it is now. */
  void append(JsonBytes line) {
    if (closed || waitingBytes.get() >= waitingBytesMax) {
      dropped.increment();
      return;
    }
    waitingBytes.addAndGet(line.length());
    lane.get().append(line.bytes(), line.length());
    // Waking a thread costs more than all of the above, so it is left to sleepers' first line.
    if (asleep) {
      LockSupport.unpark(writer);
    }
  }

  /** How many lines were dropped since the start. */
  public long dropped() {
    return dropped.sum();
  }

  /** Writes what waits, for {@value #CLOSE_SECONDS_MAX} s at most; later lines are dropped. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(writer);
    try {
      writer.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS_MAX));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    int emptyLooks = 0;
    while (!closed) {
      emptyLooks = drain() ? 0 : emptyLooks + 1;
      if (emptyLooks < EMPTY_LOOKS_MAX) {
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS));
      } else {
        pages.letGo();
        asleep = true;
        // A line that came before the flag was up woke nobody.
        if (waitingBytes.get() == 0 && !closed) {
          LockSupport.park(this);
        }
        asleep = false;
        emptyLooks = 0;
      }
      Thread.interrupted(); // nobody has a reason to, and an interrupted thread could not park
    }
    drain();
  }

  private boolean drain() {
    for (LogLane one : lanes) {
      one.take(taken);
    }
    boolean any = !taken.isEmpty();
    for (LogPages.Page page : taken) {
      write(page.bytes(), page.filled(), page.lines());
      waitingBytes.addAndGet(-page.filled());
      pages.giveBack(page);
    }
    taken.clear();
    sayDropped();
    return any;
  }

  private void sayDropped() {
    long now = dropped.sum();
    if (now > droppedSaid && !failing) {
      var line = new JsonBytes();
      line.open('{');
      line.member("time");
      line.time(Instant.now());
      line.member("level");
      line.text("warn");
      line.member("event");
      line.text("lines_dropped");
      line.member("lines");
      line.number(now - droppedSaid);
      line.member("lines_total");
      line.number(now);
      line.close('}');
      line.newline();
      if (write(line.bytes(), line.length(), 0)) {
        droppedSaid = now;
      }
    }
  }

  private boolean write(byte[] bytes, int length, int lines) {
    try {
      out.write(bytes, 0, length);
      out.flush();
      failing = false;
      return true;
    } catch (IOException | RuntimeException e) {
      dropped.add(lines);
      if (!failing) {
        failing = true;
        LOG.log(Level.WARNING, "cannot write the log of exchanges: {0}", e.toString());
      }
      return false;
    }
  }
}
