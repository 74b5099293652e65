package dev.understudy.journal;

import dev.understudy.exchange.Exchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Where one event loop appends: one file after another, the next one made ready in time. */
final class Lane {
  private final Segments segments;
  private final Supplier<@Nullable String> full;
  private final Consumer<Segment> disk;
  private final ReentrantLock lock = new ReentrantLock();
  private final RecordWriter writer = new RecordWriter();
  private final CRC32C checksum = new CRC32C();
  private final List<Segment> toSync = new ArrayList<>();
  private List<Runnable> waiters = new ArrayList<>();
  private @Nullable Segment current;
  private @Nullable Segment spare;
  private boolean busy;

  /**
   * A lane without a file.
   *
   * @param full why no file can be made now; null if none was refused
   */
  Lane(Segments segments, Supplier<@Nullable String> full) {
    this(segments, full, Segment::sync);
  }

  /** The same with another way to wait for the disk. */
  Lane(Segments segments, Supplier<@Nullable String> full, Consumer<Segment> disk) {
    this.segments = segments;
    this.full = full;
    this.disk = disk;
  }

  /**
   * Appends a call.
   *
   * @return whether another file was begun, so that one more has to be made ready
   * @param kept is run when the disk has it; null if nobody waits for that
   * @throws IOException if there is no room
   */
  boolean append(Exchange exchange, @Nullable Runnable kept) throws IOException {
    return append(exchange, true, kept);
  }

  /** Appends what a call that goes on has come to so far. */
  boolean appendSoFar(Exchange exchange) throws IOException {
    return append(exchange, false, null);
  }

  private boolean append(Exchange exchange, boolean over, @Nullable Runnable kept)
      throws IOException {
    boolean another = false;
    lock.lock();
    try {
      int length = over ? writer.spell(exchange) : writer.spellSoFar(exchange);
      Segment into = current;
      if (into == null || !into.hasRoom(length)) {
        into = next(length);
        another = true;
      }
      into.append(writer.bytes(), length, checksum);
      if (kept != null) {
        waiters.add(kept);
      }
    } finally {
      lock.unlock();
    }
    return another;
  }

  private Segment next(int length) throws IOException {
    Segment ready = spare;
    Segment into;
    if (ready != null && ready.hasRoom(length)) {
      into = ready;
      spare = null;
    } else {
      String why = full.get();
      if (why != null) {
        // Whether there is room again is found out by the other thread: looking takes time.
        throw new IOException(why);
      }
      // Faster than the other thread could make one, or larger than usual: made here.
      into = segments.create(length);
    }
    Segment before = current;
    if (before != null) {
      before.seal();
      toSync.add(before);
      busy = true;
    }
    current = into;
    segments.add(into);
    return into;
  }

  /** Makes the next file while this one has room: early once a file was full. */
  void prepare() {
    boolean needed;
    lock.lock();
    try {
      needed = spare == null && current != null && (busy || current.isHalfFull());
    } finally {
      lock.unlock();
    }
    if (needed) {
      makeSpare();
    }
  }

  /** Whether there is a file to go on with, made now if there is none. */
  boolean hasRoom() {
    boolean there;
    lock.lock();
    try {
      there = spare != null || (current != null && !current.isHalfFull());
    } finally {
      lock.unlock();
    }
    return there || makeSpare();
  }

  private boolean makeSpare() {
    Segment made;
    try {
      made = segments.create(0);
    } catch (IOException e) {
      return false; // whoever needs it says so
    }
    lock.lock();
    try {
      spare = made;
      return true;
    } finally {
      lock.unlock();
    }
  }

  boolean isDirty() {
    lock.lock();
    try {
      Segment last = current;
      return !toSync.isEmpty() || !waiters.isEmpty() || (last != null && last.isDirty());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the disk has all that was appended before, and tells who waited for that. Where the
   * disk fails nobody is told, and the next time tries all of it again.
   */
  void sync() {
    List<Segment> full;
    List<Runnable> waiting;
    Segment last;
    lock.lock();
    try {
      full = List.copyOf(toSync);
      waiting = waiters;
      waiters = new ArrayList<>();
      last = current;
    } finally {
      lock.unlock();
    }
    boolean done = false;
    try {
      full.forEach(disk);
      if (last != null) {
        disk.accept(last);
      }
      done = true;
    } finally {
      synced(full, done ? List.of() : waiting, done);
    }
    full.forEach(Segment::unmap);
    waiting.forEach(Lane::tell);
  }

  private void synced(List<Segment> full, List<Runnable> stillWaiting, boolean done) {
    lock.lock();
    try {
      waiters.addAll(0, stillWaiting);
      if (done) {
        toSync.removeAll(full);
      }
    } finally {
      lock.unlock();
    }
  }

  private static void tell(Runnable waiter) {
    try {
      waiter.run();
    } catch (RejectedExecutionException e) {
      // Its event loop is gone, and with it the caller; the others are told all the same.
    }
  }

  /** Nothing is appended any more. */
  void close() {
    lock.lock();
    try {
      Segment last = current;
      if (last != null) {
        last.seal();
        toSync.add(last);
        current = null;
      }
      Segment ready = spare;
      if (ready != null) {
        spare = null;
        ready.unmap();
        segments.remove(ready);
      }
    } finally {
      lock.unlock();
    }
    sync();
  }
}
