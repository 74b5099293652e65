package dev.understudy.store;

import com.sun.management.OperatingSystemMXBean;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.journal.Calls;
import dev.understudy.ledger.AttemptBook.Finished;
import dev.understudy.ledger.AttemptCosts;
import dev.understudy.ledger.Draft;
import dev.understudy.telemetry.ExchangeLines;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Times how many finished calls an hour's batches take into SQLite each second. */
public final class StoreLoad {
  private static final int TOGETHER = 2_000;
  private static final Instant BEGUN = Instant.parse("2026-10-01T00:00:00Z");

  private static final OperatingSystemMXBean OS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private StoreLoad() {}

  /** What of a call is kept. */
  private enum What {
    ATTEMPTS,
    ATTEMPTS_AND_ENTRIES,
    ALL
  }

  /** {@code StoreLoad [CALLS]}: prints a table. */
  public static void main(String[] arguments) throws Exception {
    int calls = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
    System.out.println(
        "| kept of each call | calls | attempts a second | CPU µs each | of it the writer's | bytes each |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    time(TOGETHER * 10, What.ALL, false);
    for (What what : What.values()) {
      time(calls, what, true);
    }
  }

  private static void time(int calls, What what, boolean told) throws IOException {
    Path folder = Files.createTempDirectory("understudy-store");
    Path file = folder.resolve("understudy.db");
    try (Database database = Database.embedded(file)) {
      var book = new SqlAttemptBook(database, InstantSource.system());
      database.ensureOpen();
      long nanos = 0;
      long cpu = 0;
      long own = 0;
      for (int from = 0; from < calls; from += TOGETHER) {
        List<Finished> batch = batch(from, what);
        long begun = System.nanoTime();
        long used = OS.getProcessCpuTime();
        long mine = THREADS.getCurrentThreadCpuTime();
        book.keep(batch);
        own += THREADS.getCurrentThreadCpuTime() - mine;
        cpu += OS.getProcessCpuTime() - used;
        nanos += System.nanoTime() - begun;
      }
      if (told) {
        System.out.printf(
            Locale.ROOT,
            "| %s | %d | %d | %.1f | %.1f | %d |%n",
            what.name().toLowerCase(Locale.ROOT).replace('_', ' '),
            calls,
            calls * 1_000_000_000L / nanos,
            cpu / 1_000.0 / calls,
            own / 1_000.0 / calls,
            Files.size(file) / calls);
      }
      if (what == What.ATTEMPTS) {
        sum(database, calls);
      }
    }
    Files.deleteIfExists(file);
    Files.deleteIfExists(folder);
  }

  private static void sum(Database database, int calls) throws IOException {
    var attempts = new long[1];
    new SqlFacts(database)
        .sums(
            BEGUN,
            Instant.parse("2026-11-01T00:00:00Z"),
            Facts.Grain.WHOLE,
            sum -> attempts[0] += sum.item().equals("output.text") ? sum.attempts() : 0);
    if (attempts[0] != calls) {
      throw new IOException("sums tell of %d attempts".formatted(attempts[0]));
    }
  }

  private static List<Finished> batch(int from, What what) {
    var batch = new ArrayList<Finished>();
    for (int i = from; i < from + TOGETHER; i++) {
      // A hundred calls a second, under names as the gateway makes them: by time, then by chance.
      Instant at = BEGUN.plusMillis(i * 10L);
      String id = name(at.toEpochMilli(), i * 0x9e3779b97f4a7c15L);
      Exchange call = Calls.usual(id, at);
      List<Draft> costs = what == What.ATTEMPTS ? List.of() : AttemptCosts.of(call);
      byte[] record = what == What.ALL ? new ExchangeLines.Speller().line(call) : new byte[0];
      batch.add(new Finished(id, at.toEpochMilli(), List.of(Fact.of(call, 0, "")), costs, record));
    }
    return batch;
  }

  private static String name(long millis, long chance) {
    String time = Long.toString(millis, 32);
    return "0".repeat(10 - time.length()) + time + "%016x".formatted(chance);
  }
}
