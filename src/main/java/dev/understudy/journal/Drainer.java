package dev.understudy.journal;

import dev.understudy.exchange.Exchange;
import dev.understudy.ledger.AttemptBook;
import dev.understudy.ledger.AttemptBook.Finished;
import dev.understudy.ledger.AttemptBook.Kept;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Takes what is written down into the store, in batches, on a thread of its own: files in the order
 * in which they were made, records in the order in which they were appended, whatever their clocks
 * say. A file that is wholly in the store is removed. Whatever comes in between, a kill or a
 * database that is away, files are read again, and what is known already is not booked twice.
 */
final class Drainer implements AutoCloseable {
  private static final int BATCH_CALLS_MAX = 500;
  private static final int BATCH_BYTES_MAX = 4 << 20;
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long BACK_OFF_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long BACK_OFF_NANOS_MAX = TimeUnit.SECONDS.toNanos(15);
  private static final long CLOSE_SECONDS_MAX = 5;
  private static final int EMPTY_LOOKS_MAX = 10;
  private static final int TOLD_MAX = 100;

  /** Batches of at least so many calls mean that calls come fast, and need the processors more. */
  private static final int BUSY_CALLS_MIN = 250;

  /** What booking takes of one processor while calls come fast and files have room. */
  private static final double BUSY_SHARE = 0.05;

  /** From this share of the bound on, booking no longer steps back. */
  private static final double ROOM_SHARE = 0.6;

  private static final long REST_NANOS_MAX = TimeUnit.SECONDS.toNanos(1);

  private static final System.Logger LOG = System.getLogger(Drainer.class.getName());

  private final Segments segments;
  private final Booking booking;
  private final Thread thread;
  private final CRC32C checksum = new CRC32C();
  private final AtomicLong kept = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final Set<Segment> withRefused = new HashSet<>();
  private final Set<Segment> damaged = new HashSet<>();
  private int told;
  private @Nullable AttemptBook book;
  private volatile @Nullable String trouble;
  private volatile @Nullable String left;
  private volatile boolean asleep;
  private volatile boolean hurried;
  private volatile boolean closed;
  private int last;

  Drainer(Segments segments, Booking booking) {
    this.segments = segments;
    this.booking = booking;
    this.thread = Thread.ofPlatform().daemon().name("journal-drain").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** There is something new. */
  void wake() {
    // Waking a thread is dear, so it is left to a sleeper's first record.
    if (asleep) {
      LockSupport.unpark(thread);
    }
  }

  long kept() {
    return kept.get();
  }

  long refused() {
    return refused.get();
  }

  Optional<String> trouble() {
    return Optional.ofNullable(trouble).or(() -> Optional.ofNullable(left));
  }

  private void run() {
    int emptyLooks = 0;
    long backOff = 0;
    Niceness.yieldToOthers();
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    while (!closed) {
      boolean any = false;
      try {
        long before = times.getCurrentThreadCpuTime();
        any = drain();
        backOff = 0;
        rest(times.getCurrentThreadCpuTime() - before);
        if (trouble != null) {
          LOG.log(Level.INFO, "calls are booked again");
          trouble = null;
        }
      } catch (IOException | RuntimeException e) {
        backOff = Math.clamp(backOff * 2, BACK_OFF_NANOS_MIN, BACK_OFF_NANOS_MAX);
        tell(e);
      }
      if (backOff > 0) {
        LockSupport.parkNanos(this, backOff);
        continue;
      }
      if (any) {
        emptyLooks = 0;
      } else {
        emptyLooks++;
      }
      if (emptyLooks < EMPTY_LOOKS_MAX) {
        // A full batch is followed by the next at once.
        if (!any) {
          LockSupport.parkNanos(this, GATHER_NANOS);
        }
      } else {
        asleep = true;
        if (isDone() && !closed) {
          LockSupport.park(this);
        }
        asleep = false;
        emptyLooks = 0;
      }
      Thread.interrupted(); // nobody has a reason to, and an interrupted thread could not park
    }
    try {
      lastOnes();
    } catch (IOException | RuntimeException e) {
      tell(e);
    }
  }

  /**
   * While calls come fast, what they need of the processors comes before what books them, which can
   * wait on disk: it is caught up with when they come more slowly, or when files have less room.
   */
  private void rest(long tookNanos) {
    if (last < BUSY_CALLS_MIN
        || hurried
        || closed
        || segments.bytes() > ROOM_SHARE * segments.bytesMax()) {
      return;
    }
    long until =
        System.nanoTime() + Math.min(REST_NANOS_MAX, (long) (tookNanos * (1 / BUSY_SHARE - 1)));
    long now = System.nanoTime();
    while (now - until < 0 && !hurried && !closed) {
      LockSupport.parkNanos(this, until - now);
      now = System.nanoTime();
    }
  }

  private void lastOnes() throws IOException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS_MAX);
    boolean any = true;
    while (any && trouble == null && System.nanoTime() - until < 0) {
      any = drain();
    }
  }

  private void tell(Exception e) {
    String message = String.valueOf(e.getMessage());
    if (!message.equals(trouble)) {
      trouble = message;
      LOG.log(
          Level.WARNING,
          "calls cannot be booked and wait on disk: {0}",
          e instanceof IOException ? message : e.toString());
    }
  }

  private boolean isDone() {
    for (Segment segment : segments.waiting()) {
      if (segment.drained < segment.committed() || segment.isSealed()) {
        return false;
      }
    }
    return true;
  }

  /** What is booked together, and how far files are in the store then. */
  private static final class Batch {
    final List<Finished> calls = new ArrayList<>();
    final Map<String, Segment> from = new HashMap<>();
    final Map<Segment, Integer> reached = new HashMap<>();
    final Set<Segment> ended = new HashSet<>();

    /** Where calls are of which so far only attempts are told. */
    final Map<String, Integer> soFar = new HashMap<>();

    int bytes;

    /** Adds a record; what it says of a call, it says instead of what was told so far. */
    void add(Finished call, boolean isSoFar, Segment segment) {
      Integer before = soFar.remove(call.exchange());
      int at = before == null ? calls.size() : before;
      if (before == null) {
        calls.add(call);
      } else {
        calls.set(at, call);
      }
      if (isSoFar) {
        soFar.put(call.exchange(), at);
      }
      from.put(call.exchange(), segment);
    }

    int finished() {
      return calls.size() - soFar.size();
    }

    boolean isFull() {
      return calls.size() >= BATCH_CALLS_MAX || bytes >= BATCH_BYTES_MAX;
    }
  }

  /** Books one batch; whether there was anything to do. */
  private boolean drain() throws IOException {
    var batch = new Batch();
    for (Segment segment : segments.waiting()) {
      gather(segment, batch);
      if (batch.isFull()) {
        break;
      }
    }
    if (!batch.calls.isEmpty()) {
      keep(batch);
    }
    last = batch.calls.size();
    batch.reached.forEach((segment, reached) -> segment.drained = reached);
    for (Segment segment : batch.ended) {
      if (damaged.remove(segment)) {
        segments.setAside(segment, ".damaged");
      } else if (withRefused.remove(segment)) {
        segments.setAsideRefused(segment);
      } else {
        segments.remove(segment);
      }
    }
    return batch.isFull() || !batch.ended.isEmpty();
  }

  private void gather(Segment segment, Batch batch) throws IOException {
    // In this order: what is appended between the two would be taken for none.
    boolean sealed = segment.isSealed();
    int committed = segment.committed();
    int from = segment.drained;
    int limit = committed - from;
    if (limit > 0) {
      byte[] bytes;
      try {
        bytes = read(segment, from, limit);
      } catch (NoSuchFileException e) {
        LOG.log(Level.ERROR, "{0} has gone, with what it held", segment.file());
        batch.ended.add(segment);
        return;
      }
      boolean found = committed == segment.size() && sealed && from == Segment.HEAD;
      if (found) {
        byte[] head = read(segment, 0, Math.min(Segment.HEAD, segment.size()));
        Optional<String> unreadable = Segment.unreadable(segment.file(), head, head.length);
        if (unreadable.isPresent()) {
          segments.leave(segment);
          left = unreadable.get();
          LOG.log(Level.ERROR, unreadable.get());
          return;
        }
      }
      int at = records(segment, bytes, batch);
      batch.reached.put(segment, from + at);
      if (at < limit && batch.isFull()) {
        return;
      }
    }
    if (sealed) {
      batch.ended.add(segment);
    }
  }

  private static byte[] read(Segment segment, int from, int length) throws IOException {
    var bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try (var channel = FileChannel.open(segment.file(), StandardOpenOption.READ)) {
      while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {}
    }
    return bytes;
  }

  /** Reads records into the batch; where it stopped. */
  private int records(Segment segment, byte[] bytes, Batch batch) {
    int at = 0;
    while (!batch.isFull()) {
      switch (Segment.look(bytes, at, bytes.length, checksum)) {
        case Segment.Found.Whole(int offset, int length, int next) -> {
          call(segment, bytes, offset, length, batch);
          batch.bytes += length;
          at = next;
        }
        case Segment.Found.End _ -> {
          return bytes.length;
        }
        case Segment.Found.Torn _ -> {
          int next = nextWhole(bytes, at);
          if (next < 0) {
            LOG.log(
                Level.INFO,
                "the end of {0} was torn by a kill or a loss of power, and is cut",
                segment.file());
            return bytes.length;
          }
          damaged.add(segment);
          refused.incrementAndGet();
          LOG.log(
              Level.ERROR,
              "{0} is damaged: bytes {1} to {2} are no record; the file is set aside",
              segment.file(),
              segment.drained + at,
              segment.drained + next);
          at = next;
        }
      }
    }
    return at;
  }

  /** Where a whole record follows; below zero if none does. */
  private int nextWhole(byte[] bytes, int from) {
    for (int at = from + 8; at < bytes.length - Segment.RECORD_HEAD; at += 8) {
      if (Segment.look(bytes, at, bytes.length, checksum) instanceof Segment.Found.Whole) {
        return at;
      }
    }
    return -1;
  }

  private void call(Segment segment, byte[] bytes, int offset, int length, Batch batch) {
    try {
      boolean isSoFar = RecordReader.isSoFar(bytes, offset);
      Exchange read = RecordReader.read(bytes, offset, length);
      batch.add(isSoFar ? booking.soFar(read) : booking.finished(read), isSoFar, segment);
    } catch (RuntimeException e) {
      refuse(segment, "a call cannot be booked: " + e);
    }
  }

  private void refuse(Segment segment, String why) {
    withRefused.add(segment);
    refused.incrementAndGet();
    if (told++ < TOLD_MAX) {
      LOG.log(Level.ERROR, "{0}; it stays in {1}", why, segment.file().getParent());
    }
  }

  private void keep(Batch batch) throws IOException {
    AttemptBook into = book;
    if (into == null) {
      into = booking.book().get();
      book = into;
    }
    try {
      told(into.keep(batch.calls), batch);
      kept.addAndGet(batch.finished());
    } catch (RuntimeException e) {
      // One of them is at fault: each for itself, so that the others are booked.
      for (Finished call : batch.calls) {
        try {
          told(into.keep(List.of(call)), batch);
          kept.addAndGet(batch.soFar.containsKey(call.exchange()) ? 0 : 1);
        } catch (RuntimeException fault) {
          Segment from = batch.from.get(call.exchange());
          if (from != null) {
            refuse(from, "call %s cannot be booked: %s".formatted(call.exchange(), fault));
          }
        }
      }
    }
  }

  private void told(Kept done, Batch batch) {
    for (AttemptBook.Refused one : done.refused()) {
      Segment from = batch.from.get(one.exchange());
      if (from != null) {
        refuse(from, one.reason());
      }
    }
    for (String conflict : done.conflicts()) {
      refused.incrementAndGet();
      if (told++ < TOLD_MAX) {
        LOG.log(Level.ERROR, "{0}; what was booked first stays", conflict);
      }
    }
  }

  /** Waits, for as long as that, until all that was appended before is in the store. */
  boolean settle(Duration patience) {
    hurried = true;
    try {
      return caughtUp(System.nanoTime() + patience.toNanos());
    } finally {
      hurried = false;
    }
  }

  private boolean caughtUp(long until) {
    while (System.nanoTime() - until < 0) {
      boolean behind = false;
      for (Segment segment : segments.waiting()) {
        behind |= segment.drained < segment.committed();
      }
      if (!behind) {
        return true;
      }
      LockSupport.unpark(thread);
      LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(20));
    }
    return false;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2 * CLOSE_SECONDS_MAX));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
