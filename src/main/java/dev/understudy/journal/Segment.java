package dev.understudy.journal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of records: written through memory that is mapped to it, so that what was appended is
 * the system's and outlives this process; read back as a file.
 *
 * <p>A head of {@value #HEAD} bytes, then records on multiples of eight: length, checksum (CRC-32C
 * of the length and the bytes), bytes. A length is written last, so where a record was being
 * appended when the process was killed there is a length of zero, as behind the last one.
 */
final class Segment {
  static final int HEAD = 64;
  static final int RECORD_HEAD = 8;

  /** "USDYJRN" and a version of this layout. */
  private static final long MAGIC = 0x555344594a524e01L;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final int size;
  private @Nullable Arena arena;
  private @Nullable MemorySegment memory;
  private int end = HEAD;
  private int synced;
  private volatile int committed;
  private volatile boolean sealed;

  /** How far it is in the store; known to the drainer only. */
  volatile int drained = HEAD;

  private Segment(Path file, int size, @Nullable Arena arena, @Nullable MemorySegment memory) {
    this.file = file;
    this.size = size;
    this.arena = arena;
    this.memory = memory;
    this.committed = HEAD;
  }

  /**
   * A new file, of a size that is there: a disk that is full says so now, and not in the middle of
   * a record.
   *
   * @throws IOException if there is no room; then no file is left behind
   */
  @SuppressWarnings("MustBeClosedChecker") // closed by unmap
  static Segment create(Path file, int size) throws IOException {
    // Not within what follows: a file of this name that is there already is not ours to remove.
    makeForOwner(file);
    boolean done = false;
    try {
      try (var channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        var zeros = ByteBuffer.allocateDirect(Math.min(size, 64 << 10));
        for (long at = 0; at < size; ) {
          zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
          at += channel.write(zeros, at);
        }
        var arena = Arena.ofShared();
        MemorySegment memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
        memory.set(LONG, 0, MAGIC);
        memory.set(INT, 8, RecordWriter.VERSION);
        done = true;
        return new Segment(file, size, arena, memory);
      }
    } finally {
      if (!done) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Calls are nobody's business but the owner's. */
  private static void makeForOwner(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }

  /** A file that another process left behind. */
  static Segment found(Path file) throws IOException {
    var segment =
        new Segment(file, (int) Math.min(Integer.MAX_VALUE, Files.size(file)), null, null);
    segment.committed = segment.size;
    segment.sealed = true;
    return segment;
  }

  Path file() {
    return file;
  }

  int size() {
    return size;
  }

  /** Up to where there are whole records; of one that was found, where there may be. */
  int committed() {
    return committed;
  }

  boolean isSealed() {
    return sealed;
  }

  boolean hasRoom(int length) {
    return end + padded(length) <= size;
  }

  boolean isHalfFull() {
    return end > size / 2;
  }

  static int padded(int length) {
    return (RECORD_HEAD + length + 7) & ~7;
  }

  /** Appends a record for which there is room. One thread at a time. */
  void append(byte[] bytes, int length, CRC32C checksum) {
    MemorySegment to = memory;
    if (to == null) {
      throw new IllegalStateException("a file that is read is not written");
    }
    MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, end + RECORD_HEAD, length);
    to.set(INT, end + 4, checksum(bytes, 0, length, checksum));
    // Whoever sees the length sees the rest.
    VarHandle.releaseFence();
    to.set(INT, end, length);
    end += padded(length);
    committed = end;
  }

  private static int checksum(byte[] bytes, int offset, int length, CRC32C checksum) {
    checksum.reset();
    checksum.update(length);
    checksum.update(length >>> 8);
    checksum.update(length >>> 16);
    checksum.update(bytes, offset, length);
    return (int) checksum.getValue();
  }

  /** Nothing is appended any more. */
  void seal() {
    sealed = true;
  }

  boolean isDirty() {
    return synced < committed;
  }

  /** Waits until the disk has all that was appended before. One thread. */
  void sync() {
    MemorySegment all = memory;
    int until = committed;
    if (all != null && synced < until) {
      if (synced == 0) {
        syncName();
      }
      int from = synced & ~4095;
      all.asSlice(from, until - from).force();
      synced = until;
    }
  }

  /** After a loss of power a file is of use only if its folder knows it. */
  private void syncName() {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Where a folder cannot be opened, the system keeps names by itself.
    }
  }

  /** Gives the mapped memory back; what was appended stays. Nobody appends any more. */
  void unmap() {
    Arena mapped = arena;
    memory = null;
    arena = null;
    if (mapped != null) {
      mapped.close();
    }
  }

  /** What is found at a place of a file. */
  sealed interface Found {
    /** A whole record: where its bytes begin, and where the next one does. */
    record Whole(int offset, int length, int next) implements Found {}

    /** There are no more. */
    record End() implements Found {}

    /** What is there is no record: torn by a kill or a loss of power, or damaged. */
    record Torn() implements Found {}
  }

  /** Looks at a place of a file's bytes, of which so many are there. */
  static Found look(byte[] bytes, int at, int limit, CRC32C checksum) {
    if (limit - at < RECORD_HEAD) {
      return new Found.End();
    }
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = view.getInt(at);
    if (length == 0) {
      // The rest of a record whose length was not written yet, or nothing.
      return view.getInt(at + 4) == 0 ? new Found.End() : new Found.Torn();
    }
    if (length < 0 || length > limit - at - RECORD_HEAD) {
      return new Found.Torn();
    }
    if (view.getInt(at + 4) != checksum(bytes, at + RECORD_HEAD, length, checksum)) {
      return new Found.Torn();
    }
    return new Found.Whole(at + RECORD_HEAD, length, at + padded(length));
  }

  /** Why a file cannot be read, if it cannot. */
  static Optional<String> unreadable(Path file, byte[] bytes, int limit) {
    ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    // A file that was being made has no head yet, and no records.
    if (limit < HEAD || view.getLong(0) == 0) {
      return Optional.empty();
    }
    if (view.getLong(0) == MAGIC && view.getInt(8) <= RecordWriter.VERSION) {
      return Optional.empty();
    }
    return Optional.of(
        file + " is of a newer version or no journal; start a newer one to book what it holds");
  }
}
