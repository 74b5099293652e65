package dev.understudy.app;

import dev.understudy.exchange.Facts;
import dev.understudy.exchange.JournalStanding;
import dev.understudy.journal.Booking;
import dev.understudy.journal.Calls;
import dev.understudy.journal.DiskJournal;
import dev.understudy.ledger.Ledger;
import dev.understudy.store.Database;
import dev.understudy.store.SqlAttemptBook;
import dev.understudy.store.SqlFacts;
import dev.understudy.store.SqlLedgerStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Fills the small disk that a folder is on while calls are written down and booked there, makes
 * room again, and says what there is in the end; {@link FullDiskTest} starts it on such a disk.
 */
public final class FullDiskTrial {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Instant ALWAYS = Instant.parse("2100-01-01T00:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(60);

  private static int appended;

  private FullDiskTrial() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path file = folder.resolve("understudy.db");
    try (Database database = Database.embedded(file)) {
      run(folder, database);
      long[] sums = new long[1];
      new SqlFacts(database)
          .sums(
              Instant.EPOCH,
              ALWAYS,
              Facts.Grain.WHOLE,
              sum -> sums[0] += sum.item().equals("output.text") ? sum.attempts() : 0);
      System.out.println("attempts=" + sums[0]);
      new Ledger(new SqlLedgerStore(database), InstantSource.system())
          .verify()
          .forEach(one ->
              System.out.println("entries=" + one.entries() + " problems=" + one.problems()));
    }
  }

  private static void run(Path folder, Database database) throws Exception {
    var settings =
        new DiskJournal.Settings(
            folder.resolve("journal"), Duration.ofMillis(20), false, 1L << 30, false);
    var booking =
        new Booking(
            () -> new SqlAttemptBook(database, () -> NOON.plusSeconds(60)),
            exchange -> exchange,
            _ -> Optional.empty(),
            exchange -> exchange.id().getBytes(StandardCharsets.UTF_8));
    try (DiskJournal journal = DiskJournal.open(settings, booking)) {
      append(journal, 100);
      System.out.println("settled=" + journal.settle(LONG));
      say("tight", await(journal, standing -> standing.trouble().isPresent()));

      Path fill = folder.resolve("fill");
      fill(fill);
      while (journal.standing().lost() < 1_000) {
        append(journal, 100);
      }
      say("full", journal.standing());
      System.out.println("settledWhileFull=" + journal.settle(Duration.ofSeconds(5)));

      Files.delete(fill);
      await(
          journal,
          standing -> !standing.trouble().orElse("").contains("disk is full") && room(journal));
      append(journal, 100);
      System.out.println("settledAgain=" + journal.settle(LONG));
      say("after", journal.standing());
    }
    System.out.println("appended=" + appended);
  }

  private static boolean room(DiskJournal journal) {
    long lost = journal.standing().lost();
    append(journal, 1);
    return journal.standing().lost() == lost;
  }

  private static void append(DiskJournal journal, int calls) {
    for (int i = 0; i < calls; i++) {
      journal.append(Calls.usual("x" + appended++, NOON));
    }
  }

  private static void say(String when, JournalStanding standing) {
    System.out.printf(
        "%s lost=%d trouble=%s%n", when, standing.lost(), standing.trouble().orElse("none"));
  }

  private static JournalStanding await(DiskJournal journal, Predicate<JournalStanding> condition)
      throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.test(journal.standing()) && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    return journal.standing();
  }

  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      var zeros = new byte[4 << 10];
      while (true) {
        out.write(zeros);
      }
    } catch (IOException e) {
      System.out.println("filled: " + e.getMessage());
    }
  }
}
