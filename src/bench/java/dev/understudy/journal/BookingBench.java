package dev.understudy.journal;

import com.sun.management.ThreadMXBean;
import dev.understudy.exchange.Exchange;
import dev.understudy.ledger.AttemptBook;
import dev.understudy.ledger.AttemptBook.Finished;
import dev.understudy.store.Database;
import dev.understudy.store.SqlAttemptBook;
import dev.understudy.telemetry.ExchangeLines;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a call costs the thread that books it: its time, and what it leaves to be collected. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
public class BookingBench {
  /** A few of the batches that calls are booked in. */
  private static final int BATCHES = 40;

  private static final int TOGETHER = 250;
  private static final int CALLS = BATCHES * TOGETHER;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Path folder;
  private Database database;
  private AttemptBook book;
  private Booking booking;
  private List<byte[]> records;
  private final RecordReader reader = new RecordReader();
  private long made;

  @Setup(Level.Trial)
  public void open() throws IOException {
    folder = Files.createTempDirectory("understudy-bench");
    database = Database.embedded(folder.resolve("understudy.db"));
    database.ensureOpen();
    book = new SqlAttemptBook(database, InstantSource.system());
    var speller = new ExchangeLines.Speller();
    booking = new Booking(() -> book, exchange -> exchange, _ -> Optional.empty(), speller::line);
  }

  @Setup(Level.Invocation)
  public void write() {
    var writer = new RecordWriter();
    records = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      Instant at = Instant.ofEpochMilli(1_700_000_000_000L + made++ * 10);
      String time = Long.toString(at.toEpochMilli(), 32);
      String id =
          "0".repeat(10 - time.length()) + time + "%016x".formatted(i * 0x9e3779b97f4a7c15L);
      int length = writer.spell(Calls.usual(id, at));
      records.add(Arrays.copyOf(writer.bytes(), length));
    }
  }

  @TearDown(Level.Trial)
  public void close() throws Exception {
    database.close();
    try (var files = Files.walk(folder)) {
      for (Path path : files.toList().reversed()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** What the booking thread itself used, which other load on a machine disturbs least. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Used {
    public long nanosEach;
    public long bytesEach;
  }

  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OperationsPerInvocation(CALLS)
  @Warmup(iterations = 15)
  @Measurement(iterations = 15)
  public void book(Used used) throws IOException {
    long nanos = THREADS.getCurrentThreadCpuTime();
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    for (int from = 0; from < CALLS; from += TOGETHER) {
      var batch = new ArrayList<Finished>(TOGETHER);
      for (byte[] record : records.subList(from, from + TOGETHER)) {
        Exchange read = reader.read(record, 0, record.length);
        batch.add(booking.finished(read));
      }
      book.keep(batch);
    }
    used.bytesEach = (THREADS.getCurrentThreadAllocatedBytes() - bytes) / CALLS;
    used.nanosEach = (THREADS.getCurrentThreadCpuTime() - nanos) / CALLS;
  }
}
