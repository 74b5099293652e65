package dev.understudy.journal;

import dev.understudy.exchange.Exchange;
import dev.understudy.ledger.AttemptBook;
import dev.understudy.ledger.AttemptBook.Finished;
import dev.understudy.ledger.AttemptBook.Kept;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final int BATCH_CALLS_MAX = 250;
  private static final int BATCH_BYTES_MAX = 4 << 20;

  /** Files are read in pieces of this size, or of one record's if that is larger. */
  private static final int PIECE_BYTES = 128 << 10;

  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long BACK_OFF_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long BACK_OFF_NANOS_MAX = TimeUnit.SECONDS.toNanos(15);
  private static final long CLOSE_SECONDS_MAX = 5;
  private static final int EMPTY_LOOKS_MAX = 10;
  private static final int TOLD_MAX = 100;

  /**
   * What booking takes of one processor while others wait for it all the time and files have room.
   */
  private static final double SCARCE_SHARE = 0.01;

  /**
   * So many times as long as it works, the thread waits where a processor has no time left over:
   * ten times as long by its weight, if it yields to one other thread only.
   */
  private static final double SCARCE_WAITS = 3;

  /** The same while others have more than a fifth of it, and leave the rest. */
  private static final double SOUGHT_SHARE = 0.2;

  private static final double SOUGHT_WAITS = 0.25;

  /** From this share of the bound on, booking comes before calls. */
  private static final double CROWDED_SHARE = 0.6;

  /** Below this share of the bound, calls come first again. */
  private static final double EASED_SHARE = 0.4;

  private static final long REST_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);

  private static final System.Logger LOG = System.getLogger(Drainer.class.getName());

  private final Segments segments;
  private final Booking booking;
  private final CRC32C checksum = new CRC32C();
  private final AtomicLong kept = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final Set<Segment> withRefused = new HashSet<>();
  private final Set<Segment> damaged = new HashSet<>();
  private int told;
  private int emptyLooks;
  private long backOffNanos;
  private @Nullable AttemptBook book;
  private volatile Thread thread;
  private volatile @Nullable Thread starter;
  private volatile boolean leaves;
  private volatile @Nullable String trouble;
  private volatile @Nullable String left;
  private volatile boolean asleep;
  private volatile boolean hurried;
  private volatile boolean closed;
  private final RecordReader reader = new RecordReader();
  private byte[] piece = {};

  Drainer(Segments segments, Booking booking) {
    this.segments = segments;
    this.booking = booking;
    this.thread = newThread();
  }

  private Thread newThread() {
    return Thread.ofPlatform().daemon().name("journal-drain").unstarted(this::run);
  }

  /**
   * Begins.
   *
   * @param starter calls {@link #relieve} whenever it is woken
   */
  void start(Thread starter) {
    this.starter = starter;
    thread.start();
  }

  /** Starts a thread in the place of one that stood back too far, if there is one. */
  void relieve() {
    if (leaves) {
      leaves = false;
      thread = newThread();
      thread.start();
    }
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
    try (var scheduling = Scheduling.ofCurrentThread()) {
      while (!closed) {
        if (step(scheduling) == Next.ANOTHER_THREAD) {
          leaves = true;
          LockSupport.unpark(starter);
          return;
        }
        Thread.interrupted(); // nobody has a reason to, and an interrupted thread could not park
      }
    }
    try {
      lastOnes();
    } catch (IOException | RuntimeException e) {
      tell(e);
    }
  }

  private enum Next {
    SAME_THREAD,
    /**
     * A thread that stood back cannot come forward again: that takes rights that few have. Nor can
     * those that it starts, which begin where it stands.
     */
    ANOTHER_THREAD
  }

  private Next step(Scheduling scheduling) {
    Did did;
    try {
      did = drain();
      backOffNanos = 0;
      if (trouble != null) {
        LOG.log(Level.INFO, "calls are booked again");
        trouble = null;
      }
    } catch (IOException | RuntimeException e) {
      backOffNanos = Math.clamp(backOffNanos * 2, BACK_OFF_NANOS_MIN, BACK_OFF_NANOS_MAX);
      tell(e);
      LockSupport.parkNanos(this, backOffNanos);
      return Next.SAME_THREAD;
    }
    switch (did) {
      case FULL_BATCH -> {
        emptyLooks = 0;
        return afterFull(scheduling);
      }
      case FILE_ENDED -> emptyLooks = 0;
      case LITTLE -> {
        emptyLooks++;
        if (emptyLooks < EMPTY_LOOKS_MAX) {
          LockSupport.parkNanos(this, GATHER_NANOS);
        } else {
          sleep();
        }
      }
    }
    return Next.SAME_THREAD;
  }

  private void sleep() {
    asleep = true;
    if (isDone() && !closed) {
      LockSupport.park(this);
    }
    asleep = false;
    emptyLooks = 0;
  }

  /**
   * While calls come fast, what they need of the processors comes before what books them, which can
   * wait on disk: it is caught up with when they come more slowly, or when files have less room.
   */
  private Next afterFull(Scheduling scheduling) {
    double taken = (double) segments.bytes() / segments.bytesMax();
    if (!scheduling.stoodBack()) {
      if (taken < EASED_SHARE) {
        Scheduling.compilersStandBack();
        scheduling.standBack();
      }
    } else if (taken > CROWDED_SHARE) {
      return Next.ANOTHER_THREAD;
    } else {
      scheduling.look();
      if (scheduling.waitedMoreThan(SOUGHT_WAITS)) {
        // What is booked at once also leaves garbage, and calls wait while that is collected.
        double share = scheduling.waitedMoreThan(SCARCE_WAITS) ? SCARCE_SHARE : SOUGHT_SHARE;
        rest((long) (scheduling.ran() * (1 / share - 1)));
      }
    }
    return Next.SAME_THREAD;
  }

  private void rest(long nanos) {
    long until = System.nanoTime() + Math.min(REST_NANOS_MAX, nanos);
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
      any = drain() != Did.LITTLE;
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

  private enum Did {
    FULL_BATCH,
    FILE_ENDED,
    LITTLE
  }

  /** Books one batch. */
  private Did drain() throws IOException {
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
    if (batch.isFull()) {
      return Did.FULL_BATCH;
    }
    return batch.ended.isEmpty() ? Did.LITTLE : Did.FILE_ENDED;
  }

  private void gather(Segment segment, Batch batch) throws IOException {
    // In this order: what is appended between the two would be taken for none.
    boolean sealed = segment.isSealed();
    int committed = segment.committed();
    int at = segment.drained;
    if (at < committed) {
      try (var channel = FileChannel.open(segment.file(), StandardOpenOption.READ)) {
        boolean found = committed == segment.size() && sealed;
        if (found && at == Segment.HEAD) {
          int length = Math.min(Segment.HEAD, segment.size());
          Optional<String> unreadable =
              Segment.unreadable(segment.file(), read(channel, 0, length), length);
          if (unreadable.isPresent()) {
            segments.leave(segment);
            left = unreadable.get();
            LOG.log(Level.ERROR, unreadable.get());
            return;
          }
        }
        while (at < committed && !batch.isFull()) {
          at = records(segment, channel, at, committed, batch);
        }
      } catch (NoSuchFileException e) {
        LOG.log(Level.ERROR, "{0} has gone, with what it held", segment.file());
        batch.ended.add(segment);
        return;
      }
      batch.reached.put(segment, at);
      if (at < committed) {
        return;
      }
    }
    if (sealed) {
      batch.ended.add(segment);
    }
  }

  /** What a file holds from a place on; the array is used again by the next one to read. */
  private byte[] read(FileChannel channel, int from, int length) throws IOException {
    if (piece.length < length || piece.length > PIECE_BYTES) {
      piece = new byte[Math.max(length, PIECE_BYTES)];
    }
    ByteBuffer buffer = ByteBuffer.wrap(piece, 0, length);
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {}
    Arrays.fill(piece, buffer.position(), length, (byte) 0);
    return piece;
  }

  /** Reads records from one piece of a file into the batch; where in the file it stopped. */
  private int records(Segment segment, FileChannel channel, int from, int committed, Batch batch)
      throws IOException {
    int length = Math.min(committed - from, PIECE_BYTES);
    int at = records(segment, read(channel, from, length), from, length, committed, batch);
    if (at > from) {
      return at;
    }
    // One record is larger than a piece, or none is whole: then all that follows is looked at.
    length = committed - from;
    return records(segment, read(channel, from, length), from, length, committed, batch);
  }

  private int records(
      Segment segment, byte[] bytes, int from, int limit, int committed, Batch batch) {
    int at = 0;
    while (!batch.isFull()) {
      switch (Segment.look(bytes, at, limit, checksum)) {
        case Segment.Found.Whole(int offset, int length, int next) -> {
          call(segment, bytes, offset, length, batch);
          batch.bytes += length;
          at = next;
        }
        case Segment.Found.End _ -> {
          // Of a piece there is more, unless what is there is nothing.
          return at == limit ? from + at : committed;
        }
        case Segment.Found.Torn _ -> {
          if (from + limit < committed) {
            return from + at;
          }
          int next = nextWhole(bytes, at, limit);
          if (next < 0) {
            LOG.log(
                Level.INFO,
                "the end of {0} was torn by a kill or a loss of power, and is cut",
                segment.file());
            return committed;
          }
          damaged.add(segment);
          refused.incrementAndGet();
          LOG.log(
              Level.ERROR,
              "{0} is damaged: bytes {1} to {2} are no record; the file is set aside",
              segment.file(),
              from + at,
              from + next);
          at = next;
        }
      }
    }
    return from + at;
  }

  /** Where a whole record follows; below zero if none does. */
  private int nextWhole(byte[] bytes, int from, int limit) {
    for (int at = from + 8; at < limit - Segment.RECORD_HEAD; at += 8) {
      if (Segment.look(bytes, at, limit, checksum) instanceof Segment.Found.Whole) {
        return at;
      }
    }
    return -1;
  }

  private void call(Segment segment, byte[] bytes, int offset, int length, Batch batch) {
    try {
      boolean isSoFar = RecordReader.isSoFar(bytes, offset);
      Exchange read = reader.read(bytes, offset, length);
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
    try {
      Thread one;
      do {
        one = thread;
        LockSupport.unpark(one);
        one.join(TimeUnit.SECONDS.toMillis(2 * CLOSE_SECONDS_MAX));
        relieve();
      } while (one != thread);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
