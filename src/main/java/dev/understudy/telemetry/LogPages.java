package dev.understudy.telemetry;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Memory for lines on their way to the log, used again and again: lines that live for a twentieth
 * of a second would otherwise be carried along by each collection of garbage.
 */
final class LogPages {
  private static final int PAGE_BYTES = 64 << 10;

  /** So many are kept for the next lines, 2 MiB. */
  private static final int SPARES_MAX = 32;

  private final BlockingQueue<Page> spares = new ArrayBlockingQueue<>(SPARES_MAX);

  /** Whole lines, one after another. One thread at a time. */
  static final class Page {
    private final byte[] bytes;
    private int filled;
    private int lines;

    private Page(int size) {
      bytes = new byte[size];
    }

    boolean hasRoom(int length) {
      return length <= bytes.length - filled;
    }

    void add(byte[] line, int length) {
      System.arraycopy(line, 0, bytes, filled, length);
      filled += length;
      lines++;
    }

    byte[] bytes() {
      return bytes;
    }

    int filled() {
      return filled;
    }

    int lines() {
      return lines;
    }
  }

  /** An empty page with room for a line of that length. */
  Page take(int length) {
    if (length > PAGE_BYTES) {
      return new Page(length);
    }
    @Nullable Page spare = spares.poll();
    return spare == null ? new Page(PAGE_BYTES) : spare;
  }

  /** A page whose lines are written. */
  void giveBack(Page page) {
    page.filled = 0;
    page.lines = 0;
    if (page.bytes.length == PAGE_BYTES) {
      spares.offer(page);
    }
  }

  /** Nothing has been written for a while: the memory is given up. */
  void letGo() {
    spares.clear();
  }
}
