package dev.understudy.app;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Has garbage in the old heap collected before it makes the process large.
 *
 * <p>Left alone, the serial collector looks at the old heap when it has reached the heap's limit.
 * What outlives a few collections of the young heap gathers there, such as the state of a thousand
 * streams that last a second, at megabytes a second, while what is in use stays the same.
 */
final class Compaction implements AutoCloseable {
  /** At rest little is worth it, for nobody is kept waiting. */
  static final long GROWTH_BYTES_AT_REST = 4L << 20;

  static final long GROWTH_BYTES_UNDER_LOAD = 24L << 20;

  /** A heap with more in use takes longer than this is worth: it is left to the collector. */
  static final long IN_USE_BYTES_MAX = 128L << 20;

  /** So often at most under load: all calls wait for it, for a twentieth of a second. */
  static final long BETWEEN_NANOS_MIN = TimeUnit.SECONDS.toNanos(15);

  /** It is at rest when no look at it, one a second, has found a call for so many. */
  static final int REST_LOOKS = 5;

  private static final long LOOK_MILLIS = 1_000;

  private final LongSupplier heapBytes;
  private final IntSupplier openCalls;
  private final Runnable collection;
  private final Thread looking;
  private long heapBytesMin = Long.MAX_VALUE;
  private long lastNanos;
  private int looksAtRest;

  /**
   * Begins to look when it is started.
   *
   * @param heapBytes how much the heap has taken of the system
   * @param openCalls how many calls are being served
   * @param collection collects all garbage and gives back what it took
   */
  Compaction(LongSupplier heapBytes, IntSupplier openCalls, Runnable collection) {
    this.heapBytes = heapBytes;
    this.openCalls = openCalls;
    this.collection = collection;
    this.looking = Thread.ofVirtual().name("compaction").unstarted(this::run);
  }

  /** Of this process. */
  static Compaction begin(IntSupplier openCalls) {
    var compaction =
        new Compaction(Runtime.getRuntime()::totalMemory, openCalls, Compaction::collect);
    compaction.looking.start();
    return compaction;
  }

  /**
   * If the collector is the serial one: others give back by themselves. That is asked when it is
   * due, as the answer takes more memory than a gateway at rest has to spare.
   */
  @SuppressWarnings("SystemGc") // what this class is for
  private static void collect() {
    if (ManagementFactory.getGarbageCollectorMXBeans().stream()
        .anyMatch(collector -> collector.getName().equals("MarkSweepCompact"))) {
      System.gc();
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(LOOK_MILLIS);
        look(System.nanoTime());
      }
    } catch (InterruptedException e) {
      // It was closed.
    }
  }

  /** Has garbage collected if that is due. */
  void look(long nowNanos) {
    long taken = heapBytes.getAsLong();
    boolean first = heapBytesMin == Long.MAX_VALUE;
    // The JVM collects and gives back by itself, too, if rarely.
    heapBytesMin = Math.min(heapBytesMin, taken);
    looksAtRest = openCalls.getAsInt() == 0 ? looksAtRest + 1 : 0;
    if (first) {
      lastNanos = nowNanos;
    }
    if (isDue(taken - heapBytesMin, nowNanos - lastNanos)) {
      collection.run();
      heapBytesMin = heapBytes.getAsLong();
      lastNanos = nowNanos;
    }
  }

  private boolean isDue(long growth, long sinceNanos) {
    if (heapBytesMin > IN_USE_BYTES_MAX) {
      return false;
    }
    return looksAtRest >= REST_LOOKS
        ? growth >= GROWTH_BYTES_AT_REST
        : growth >= GROWTH_BYTES_UNDER_LOAD && sinceNanos >= BETWEEN_NANOS_MIN;
  }

  @Override
  public void close() {
    looking.interrupt();
  }
}
