package dev.understudy.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of one process, in a folder that is its alone: {@code journal/0}, or the next one whose
 * owner has gone. What gone owners of other folders left is taken over.
 */
final class Segments implements AutoCloseable {
  private static final int FOLDERS_MAX = 64;
  private static final String ENDING = ".seg";

  /** Of which the ledger did not take everything: looked at again at every start. */
  private static final String REFUSED = ".refused";

  /** Of a name, what says in which run a file was made, and which of its files it is. */
  private static final int STAMP_CHARS = 15;

  private static final int MADE_CHARS = STAMP_CHARS + 1 + 6;

  private static final System.Logger LOG = System.getLogger(Segments.class.getName());

  private final int usualBytes;
  private final long bytesMax;
  private final Path folder;
  private final Held held;
  private final FileStore disk;
  private final Queue<Segment> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong number = new AtomicLong();
  private long begin;

  /** The lock on a folder. */
  private record Held(FileChannel channel, FileLock lock) {
    void letGo() throws IOException {
      lock.release();
      channel.close();
    }
  }

  private Segments(Path folder, Held held, int usualBytes, long bytesMax) throws IOException {
    this.folder = folder;
    this.held = held;
    this.disk = Files.getFileStore(folder);
    this.usualBytes = usualBytes;
    this.bytesMax = bytesMax;
  }

  /**
   * Takes a folder, with what is left in it and in those of others who have gone.
   *
   * @throws IOException if there is none to be had
   */
  static Segments open(Path root, int usualBytes, long bytesMax) throws IOException {
    makeFolder(root);
    for (int i = 0; i < FOLDERS_MAX; i++) {
      Path folder = root.resolve(Integer.toString(i));
      makeFolder(folder);
      Held held = take(folder);
      if (held != null) {
        var segments = new Segments(folder, held, usualBytes, bytesMax);
        segments.adopt(root, i);
        segments.findLeft();
        segments.begin = segments.behindAll();
        return segments;
      }
    }
    throw new IOException("all %d journals in %s are in use".formatted(FOLDERS_MAX, root));
  }

  private static void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (UnsupportedOperationException e) {
      Files.createDirectories(folder);
    }
  }

  private static @Nullable Held take(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Another gateway of this process.
    }
    if (lock == null) {
      channel.close();
      return null;
    }
    return new Held(channel, lock);
  }

  private void adopt(Path root, int ours) throws IOException {
    for (int i = 0; i < FOLDERS_MAX; i++) {
      Path other = root.resolve(Integer.toString(i));
      if (i == ours || !Files.isDirectory(other)) {
        continue;
      }
      Held gone = take(other);
      if (gone == null) {
        continue;
      }
      try {
        for (Path file : files(other)) {
          Files.move(file, freeName(file, i), StandardCopyOption.ATOMIC_MOVE);
        }
      } finally {
        gone.letGo();
      }
    }
  }

  /** Still by when it was made first, then by where it came from, so that no two have one name. */
  private Path freeName(Path file, int from) {
    String name = String.valueOf(file.getFileName());
    String made = name.substring(0, Math.min(MADE_CHARS, name.indexOf('.')));
    String ending = name.substring(name.lastIndexOf('.'));
    for (int i = 0; ; i++) {
      Path free = folder.resolve("%s-%d-%d%s".formatted(made, from, i, ending));
      if (!Files.exists(free)) {
        return free;
      }
    }
  }

  /**
   * When this run begins, by the clock; were it set back, right behind all files that are there.
   */
  private long behindAll() throws IOException {
    long begin = System.currentTimeMillis();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        String name = String.valueOf(file.getFileName());
        int dash = name.indexOf('-');
        if (dash == STAMP_CHARS && name.substring(0, dash).chars().allMatch(Character::isDigit)) {
          begin = Math.max(begin, Long.parseLong(name.substring(0, dash)) + 1);
        }
      }
    }
    return begin;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(
              file -> {
                String name = String.valueOf(file.getFileName());
                return name.endsWith(ENDING) || name.endsWith(REFUSED);
              })
          .sorted()
          .toList();
    }
  }

  private void findLeft() throws IOException {
    for (Path file : files(folder)) {
      Segment left = Segment.found(file);
      waiting.add(left);
      bytes.addAndGet(left.size());
    }
  }

  /**
   * Makes a file in which a record of a length has room.
   *
   * @throws IOException if there is no room for it; the message is fit for an operator
   */
  Segment create(int length) throws IOException {
    int size = Math.max(usualBytes, Segment.HEAD + Segment.padded(length) + Segment.RECORD_HEAD);
    if (bytes.addAndGet(size) > bytesMax) {
      bytes.addAndGet(-size);
      throw new IOException(
          "%s holds as much as journal.waiting-max allows; look at the database".formatted(folder));
    }
    boolean done = false;
    try {
      // By run first, so that files of several runs sort in the order in which they were made.
      String name = "%015d-%06d".formatted(begin, number.getAndIncrement());
      Segment made = Segment.create(folder.resolve(name + ENDING), size);
      done = true;
      return made;
    } catch (IOException e) {
      throw new IOException(
          "the journal cannot grow in %s, perhaps the disk is full: %s"
              .formatted(folder, e.getMessage()),
          e);
    } finally {
      if (!done) {
        bytes.addAndGet(-size);
      }
    }
  }

  /** A file is appended to from now on. */
  void add(Segment segment) {
    waiting.add(segment);
  }

  /** Those that are not in the store yet, the oldest first. */
  Queue<Segment> waiting() {
    return waiting;
  }

  long bytes() {
    return bytes.get();
  }

  /** What the disk has left for us; as much as there can be where nobody says. */
  long diskBytesLeft() {
    try {
      return disk.getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  long bytesMax() {
    return bytesMax;
  }

  /** A file that this version cannot read stays where it is, for one that can. */
  void leave(Segment segment) {
    waiting.remove(segment);
    bytes.addAndGet(-segment.size());
  }

  /** All of a file is in the store. */
  void remove(Segment segment) {
    waiting.remove(segment);
    bytes.addAndGet(-segment.size());
    try {
      Files.deleteIfExists(segment.file());
    } catch (IOException e) {
      // At the next start it is read once more, and found to be known.
      LOG.log(System.Logger.Level.WARNING, "cannot remove {0}: {1}", segment.file(), e.toString());
    }
  }

  /** Part of a file could not be booked: it stays, for people and for the next start. */
  void setAside(Segment segment, String ending) {
    waiting.remove(segment);
    bytes.addAndGet(-segment.size());
    String name = String.valueOf(segment.file().getFileName());
    String bare = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    try {
      Files.move(segment.file(), segment.file().resolveSibling(bare + ending));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot set {0} aside: {1}", segment.file(), e);
    }
  }

  void setAsideRefused(Segment segment) {
    if (String.valueOf(segment.file().getFileName()).endsWith(REFUSED)) {
      leave(segment);
    } else {
      setAside(segment, REFUSED);
    }
  }

  @Override
  public void close() throws IOException {
    held.letGo();
  }
}
