package dev.understudy.telemetry;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Keeps the lines of the last exchanges in memory, for a look at what just happened. */
public final class RecentExchanges {
  public static final int KEPT = 1_000;

  private static final byte[] BEGIN = "{\"exchanges\":[".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "]}\n".getBytes(StandardCharsets.US_ASCII);

  private final AtomicReferenceArray<Line> ring;
  private final AtomicLong next = new AtomicLong();

  @SuppressWarnings("ArrayRecordComponent") // kept to be shown, never compared
  private record Line(String id, byte[] bytes) {}

  public RecentExchanges() {
    this(KEPT);
  }

  RecentExchanges(int kept) {
    ring = new AtomicReferenceArray<>(kept);
  }

  /** Keeps a line, its end included; the array must stay as it is. */
  void append(String id, byte[] line) {
    ring.set((int) (next.getAndIncrement() % ring.length()), new Line(id, line));
  }

  /** The last ones as {@code {"exchanges":[…]}}, the newest first; each as in the log. */
  public byte[] json(int limit) {
    var out = new ByteArrayOutputStream(4 << 10);
    out.writeBytes(BEGIN);
    boolean first = true;
    for (Line line : newestFirst(limit)) {
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
    for (Line line : newestFirst(ring.length())) {
      if (line.id().equals(id)) {
        return Optional.of(line.bytes().clone());
      }
    }
    return Optional.empty();
  }

  private List<Line> newestFirst(int limit) {
    var found = new ArrayList<Line>();
    long end = next.get();
    for (long i = end - 1; i >= Math.max(0, end - ring.length()) && found.size() < limit; i--) {
      Line line = ring.get((int) (i % ring.length()));
      // A slot is empty for the moment between its number and its line.
      if (line != null) {
        found.add(line);
      }
    }
    return found;
  }
}
