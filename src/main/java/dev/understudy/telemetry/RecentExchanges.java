package dev.understudy.telemetry;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Keeps the lines of the last exchanges in memory, for a look at what just happened.
 *
 * <p>Lines are copied into places that stay: arrays of their own would live just long enough, a
 * fraction of a second under load, to be carried along at every collection and then be promoted
 * into the old heap, which grew by that.
 */
public final class RecentExchanges {
  public static final int KEPT = 1_000;

  /** A place that had to hold a longer line is made anew for the next one. */
  private static final int PLACE_BYTES_MAX = 4 << 10;

  /** Places are made in multiples of this, a power of two, for lines differ by a few bytes. */
  private static final int PLACE_BYTES_STEP = 256;

  private static final byte[] BEGIN = "{\"exchanges\":[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "]}\n".getBytes(StandardCharsets.US_ASCII);

  private final Place[] ring;
  private final AtomicLong next = new AtomicLong();

  @SuppressWarnings("ArrayRecordComponent") // kept to be shown, never compared
  private record Line(String id, byte[] bytes) {}

  /** Holds one line after another; its lock is taken for the time of a copy. */
  private static final class Place {
    private String id = "";
    private byte[] bytes = {};
    private int length;

    synchronized void put(String id, byte[] line) {
      if (bytes.length < line.length || bytes.length > PLACE_BYTES_MAX) {
        bytes = new byte[(line.length + PLACE_BYTES_STEP - 1) & -PLACE_BYTES_STEP];
      }
      System.arraycopy(line, 0, bytes, 0, line.length);
      this.id = id;
      length = line.length;
    }

    /** The line that is held now, if it is one that is looked for. */
    synchronized Optional<Line> line(Predicate<String> sought) {
      return length > 0 && sought.test(id)
          ? Optional.of(new Line(id, Arrays.copyOf(bytes, length)))
          : Optional.empty();
    }
  }

  public RecentExchanges() {
    this(KEPT);
  }

  RecentExchanges(int kept) {
    ring = new Place[kept];
    Arrays.setAll(ring, _ -> new Place());
  }

  /** Keeps a copy of a line, its end included. */
  void append(String id, byte[] line) {
    ring[(int) (next.getAndIncrement() % ring.length)].put(id, line);
  }

  /** The last ones as {@code {"exchanges":[…]}}, the newest first; each as in the log. */
  public byte[] json(int limit) {
    var out = new ByteArrayOutputStream(4 << 10);
    out.writeBytes(BEGIN);
    boolean first = true;
    for (Line line : newestFirst(limit, _ -> true)) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.write(line.bytes(), 0, line.bytes().length - 1);
    }
    out.writeBytes(END);
    return out.toByteArray();
  }

  /** The exchange of that name, if it is still kept. */
  public Optional<byte[]> json(String id) {
    return newestFirst(1, id::equals).stream().findFirst().map(Line::bytes);
  }

  private List<Line> newestFirst(int limit, Predicate<String> sought) {
    var found = new ArrayList<Line>();
    long end = next.get();
    for (long i = end - 1; i >= Math.max(0, end - ring.length) && found.size() < limit; i--) {
      ring[(int) (i % ring.length)].line(sought).ifPresent(found::add);
    }
    return found;
  }
}
