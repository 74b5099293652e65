package dev.understudy.limits;

import dev.understudy.access.Period;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was spent in a file of the data folder, a line for each change with the sum so far, so
 * that the last whole line of a budget is the truth. Calls only mark what changed; {@link #flush}
 * writes it down, ten times a second.
 *
 * <p>A process that is killed loses what was spent since the last flush; a torn last line is
 * recognised by its checksum and counts as not written.
 */
final class SpendingFile implements SpendingBook, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SpendingFile.class.getName());

  /** A file of this size is written anew, with one line for each budget. */
  private static final long BYTES_MAX = 4 << 20;

  /** Sums of periods that began longer ago than this are not needed any more. */
  private static final int DAYS_KEPT = 63;

  private static final long COMPLAINT_NANOS = 60_000_000_000L;

  private final Path file;
  private final long bytesMax;
  private final Map<Key, Sums> known = new ConcurrentHashMap<>();
  private final Queue<Marked> marked = new ConcurrentLinkedQueue<>();
  private @Nullable FileChannel lock;
  private @Nullable FileChannel out;
  private boolean torn;
  private long complainedNanos;
  private volatile Optional<String> trouble = Optional.empty();

  private record Key(String scope, String currency, Period period, LocalDate first) {}

  private record Sums(long spent, long forgiven) {}

  private record Marked(Key key, Spending spending) {}

  /**
   * Reads what was spent before.
   *
   * @param folder the data folder; the file in it is made when there is something to keep
   * @throws IOException if the file is there and cannot be read, or another process uses it
   */
  static SpendingFile open(Path folder, LocalDate today) throws IOException {
    return open(folder, today, BYTES_MAX);
  }

  static SpendingFile open(Path folder, LocalDate today, long bytesMax) throws IOException {
    var book = new SpendingFile(folder.resolve("spending.log"), bytesMax);
    if (Files.exists(book.file)) {
      try {
        book.lock();
        book.read(today);
      } catch (IOException | RuntimeException e) {
        book.close();
        throw e;
      }
    }
    return book;
  }

  private SpendingFile(Path file, long bytesMax) {
    this.file = file;
    this.bytesMax = bytesMax;
    this.complainedNanos = System.nanoTime() - COMPLAINT_NANOS;
  }

  private void lock() throws IOException {
    if (lock != null) {
      return;
    }
    Path guard = file.resolveSibling("spending.lock");
    FileChannel channel =
        FileChannel.open(guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock got = channel.tryLock();
      if (got == null) {
        throw inUse();
      }
      lock = channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private IOException inUse() {
    return new IOException(
        "%s is in use by another gateway, and two would count the same budgets apart; give each"
                .formatted(file)
            + " its own folder with --data, and let replicas share limits through limits.redis");
  }

  private void read(LocalDate today) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    LocalDate oldest = today.minusDays(DAYS_KEPT);
    int unreadable = 0;
    int from = 0;
    while (from < bytes.length) {
      int to = from;
      while (to < bytes.length && bytes[to] != '\n') {
        to++;
      }
      String line = new String(bytes, from, to - from, StandardCharsets.UTF_8);
      if (!line.isEmpty() && (to == bytes.length || !take(line, oldest))) {
        unreadable++;
      }
      from = to + 1;
    }
    torn = bytes.length > 0 && bytes[bytes.length - 1] != '\n';
    if (unreadable > 0) {
      LOG.log(
          Level.WARNING,
          "{0} lines of {1} are not whole and do not count; a process that was killed leaves one",
          unreadable,
          file);
    }
  }

  private boolean take(String line, LocalDate oldest) {
    int tab = line.indexOf('\t');
    if (tab < 0 || !line.substring(0, tab).equals(checksum(line.substring(tab + 1)))) {
      return false;
    }
    String[] parts = line.split("\t");
    try {
      var key =
          new Key(
              parts[1],
              parts[2],
              Period.valueOf(parts[3].toUpperCase(Locale.ROOT)),
              LocalDate.parse(parts[4]));
      if (!key.first().isBefore(oldest)) {
        known.put(key, new Sums(Long.parseLong(parts[5]), Long.parseLong(parts[6])));
      }
      return true;
    } catch (RuntimeException e) {
      return false; // a whole line of another version of this program
    }
  }

  private static String checksum(String text) {
    var crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  private static String line(Key key, Sums sums) {
    String text =
        String.join(
            "\t",
            key.scope(),
            key.currency(),
            key.period().text(),
            key.first().toString(),
            Long.toString(sums.spent()),
            Long.toString(sums.forgiven()));
    return checksum(text) + "\t" + text + "\n";
  }

  @Override
  public void restore(String scope, String currency, Spending spending) {
    Sums before = known.get(new Key(scope, currency, spending.period(), spending.first()));
    if (before != null) {
      spending.restore(before.spent(), before.forgiven());
    }
  }

  @Override
  public void dirty(String scope, String currency, Spending spending) {
    if (spending.mark()) {
      marked.add(
          new Marked(new Key(scope, currency, spending.period(), spending.first()), spending));
    }
  }

  /** Why what is spent is not being kept; empty if it is. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Writes down what changed. A disk that refuses is asked again the next time. */
  synchronized void flush() {
    Marked next = marked.poll();
    if (next == null) {
      return;
    }
    var lines = new StringBuilder();
    while (next != null) {
      // Unmarked before it is read: what is spent from here on marks it anew.
      next.spending().unmark();
      var sums = new Sums(next.spending().spent(), next.spending().forgiven());
      known.put(next.key(), sums);
      lines.append(line(next.key(), sums));
      next = marked.poll();
    }
    unwritten.append(lines);
    try {
      write();
      trouble = Optional.empty();
    } catch (IOException e) {
      complain(e);
    }
  }

  /** Lines that a disk refused; at most what a file may hold. */
  private final StringBuilder unwritten = new StringBuilder();

  private void write() throws IOException {
    FileChannel channel = channel();
    if (channel.size() > bytesMax) {
      rewrite();
      unwritten.setLength(0);
      return;
    }
    append(channel, (torn ? "\n" : "") + unwritten);
    unwritten.setLength(0);
  }

  private void append(FileChannel channel, String text) throws IOException {
    torn = true;
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(false);
    torn = false;
  }

  private FileChannel channel() throws IOException {
    FileChannel channel = out;
    if (channel == null || !channel.isOpen()) {
      lock();
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      out = channel;
    }
    return channel;
  }

  /**
   * Writes the file anew, with the last word on each budget, and puts it in the old one's place.
   */
  private void rewrite() throws IOException {
    LocalDate newest =
        known.keySet().stream().map(Key::first).max(LocalDate::compareTo).orElse(LocalDate.EPOCH);
    known.keySet().removeIf(key -> key.first().isBefore(newest.minusDays(DAYS_KEPT)));
    Path fresh = file.resolveSibling("spending.new");
    var all = new StringBuilder();
    known.forEach((key, sums) -> all.append(line(key, sums)));
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      append(channel, all.toString());
    }
    FileChannel old = out;
    if (old != null) {
      old.close();
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void complain(IOException e) {
    trouble = Optional.of(String.valueOf(e.getMessage()));
    if (unwritten.length() > bytesMax) {
      unwritten.setLength(0); // the sums go on in memory, and the next line of a budget has them
    }
    long now = System.nanoTime();
    if (now - complainedNanos >= COMPLAINT_NANOS) {
      complainedNanos = now;
      LOG.log(
          Level.ERROR,
          "what is spent cannot be written to "
              + file
              + ": "
              + e.getMessage()
              + "; a restart would forget it");
    }
  }

  @Override
  public synchronized void close() {
    flush();
    for (FileChannel channel : new FileChannel[] {out, lock}) {
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException e) {
          LOG.log(Level.WARNING, "a file of limits did not close well", e);
        }
      }
    }
    out = null;
    lock = null;
  }
}
