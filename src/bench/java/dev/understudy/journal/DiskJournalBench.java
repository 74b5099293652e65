package dev.understudy.journal;

import dev.understudy.exchange.Exchange;
import dev.understudy.ledger.AttemptBook;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

/** What writing a call down costs the calls' path. */
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
public class DiskJournalBench {
  /** As many as a busy loop has in a second, in a few files. */
  private static final int CALLS = 10_000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Exchange call = Calls.usual("01jdbz9m3q4r5s6t7v8w9x0y1z", Instant.EPOCH);
  private final RecordWriter writer = new RecordWriter();
  private Path folder;
  private DiskJournal journal;

  /** A store that takes everything at once: what is timed is the calls' side. */
  private static final AttemptBook ANYTHING =
      calls -> new AttemptBook.Kept(calls.size(), 0, List.of(), List.of());

  @Setup(Level.Iteration)
  public void open() throws IOException {
    folder = Files.createTempDirectory("understudy-bench");
    journal =
        DiskJournal.open(
            new DiskJournal.Settings(folder, Duration.ofMillis(100), false, 1L << 30, false),
            new Booking(
                () -> ANYTHING, exchange -> exchange, _ -> Optional.empty(), _ -> new byte[0]));
  }

  @TearDown(Level.Iteration)
  public void close() throws IOException {
    journal.close();
    if (journal.standing().lost() > 0) {
      throw new IOException("calls were lost: " + journal.standing());
    }
    List<Path> all;
    try (Stream<Path> below = Files.walk(folder)) {
      all = below.toList();
    }
    for (Path path : all.reversed()) {
      Files.deleteIfExists(path);
    }
  }

  /** What the calling thread itself used, which other load on a machine disturbs least. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Cpu {
    public long nanosEach;
  }

  /** All of it, new files included, with the drainer beside it. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OperationsPerInvocation(CALLS)
  @Warmup(iterations = 20)
  @Measurement(iterations = 30)
  public void append(Cpu cpu) {
    long before = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < CALLS; i++) {
      journal.append(call);
    }
    cpu.nanosEach = (THREADS.getCurrentThreadCpuTime() - before) / CALLS;
  }

  /** The spelling alone. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @Warmup(iterations = 3, time = 1)
  @Measurement(iterations = 3, time = 1)
  public int spell() {
    return writer.spell(call);
  }
}
