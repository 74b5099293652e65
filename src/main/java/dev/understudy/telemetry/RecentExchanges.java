package dev.understudy.telemetry;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the lines of the last exchanges in memory, for a look at what just happened: each in the
 * memory of the one that it replaces, so that no collection of garbage has to carry them along.
 */
public final class RecentExchanges {
  public static final int KEPT = 1_000;

  private static final byte[] BEGIN = "{\"exchanges\":[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "]}\n".getBytes(StandardCharsets.US_ASCII);

  /** A slot's memory that is this much larger than its line is not kept for it. */
  private static final int SPARE_BYTES_MAX = 4 << 10;

  /** Slots' memory comes in multiples of this, so that one line fits where another was. */
  private static final int STEP_BYTES = 256;

  private final Slot[] ring;
  private final AtomicLong next = new AtomicLong();

  /** One line, written over the one before in the same memory. */
  private static final class Slot {
    private long number = -1;
    private String id = "";
    private byte[] bytes = {};
    private int length;

    synchronized void put(long as, String name, byte[] line, int size) {
      if (as < number) {
        return; // a later one was quicker
      }
      number = as;
      id = name;
      length = size;
      if (size > bytes.length || size < bytes.length - SPARE_BYTES_MAX) {
        bytes = new byte[(size + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES];
      }
      System.arraycopy(line, 0, bytes, 0, size);
    }

    /** Whether this is the line of that number; empty for a moment, then or later another. */
    synchronized Optional<byte[]> line(long wanted) {
      return number == wanted ? Optional.of(Arrays.copyOf(bytes, length)) : Optional.empty();
    }

    synchronized Optional<byte[]> line(String wanted) {
      return number >= 0 && id.equals(wanted)
          ? Optional.of(Arrays.copyOf(bytes, length))
          : Optional.empty();
    }
  }

  public RecentExchanges() {
    this(KEPT);
  }

  RecentExchanges(int kept) {
    ring = new Slot[kept];
    for (int i = 0; i < kept; i++) {
      ring[i] = new Slot();
    }
  }

  /** Keeps a line, its end included, which is in the first bytes of an array. */
  void append(String id, byte[] line, int length) {
    long number = next.getAndIncrement();
    ring[(int) (number % ring.length)].put(number, id, line, length);
  }

  /** The last ones as {@code {"exchanges":[…]}}, the newest first; each as in the log. */
  public byte[] json(int limit) {
    var out = new ByteArrayOutputStream(4 << 10);
    out.writeBytes(BEGIN);
    int listed = 0;
    long end = next.get();
    for (long i = end - 1; i >= Math.max(0, end - ring.length) && listed < limit; i--) {
      Optional<byte[]> line = ring[(int) (i % ring.length)].line(i);
      if (line.isPresent()) {
        if (listed > 0) {
          out.write(',');
        }
        out.write(line.get(), 0, line.get().length - 1);
        listed++;
      }
    }
    out.writeBytes(END);
    return out.toByteArray();
  }

  /** The exchange of that name, if it is still kept. */
  public Optional<byte[]> json(String id) {
    for (Slot slot : ring) {
      Optional<byte[]> line = slot.line(id);
      if (line.isPresent()) {
        return line;
      }
    }
    return Optional.empty();
  }
}
