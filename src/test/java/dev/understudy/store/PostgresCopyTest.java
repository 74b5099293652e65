package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.journal.Calls;
import dev.understudy.ledger.AttemptBook.Finished;
import dev.understudy.ledger.AttemptBook.Kept;
import dev.understudy.ledger.AttemptCosts;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.Verification;
import dev.understudy.telemetry.ExchangeLines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL is copied with its own tools, while calls are booked into it. */
final class PostgresCopyTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Instant ALWAYS = Instant.parse("2100-01-01T00:00:00Z");

  @TempDir private Path folder;

  @Test
  void aCopyIsOfOneMomentAndWhatCameAfterItIsBookedAnew() throws Exception {
    PostgresServer server = PostgresServer.shared();
    String source = server.freshDatabase();
    String target = server.freshDatabase();
    Path dump = folder.resolve("understudy.dump");
    var told = new ArrayList<Finished>();
    try (Database database = Database.shared(server.address(source, server.password()))) {
      var book = new SqlAttemptBook(database, () -> NOON.plusSeconds(90_000));
      var copied = new AtomicBoolean();
      book(book, told);
      Thread copying =
          Thread.ofVirtual()
              .start(() -> {
                server.tool("pg_dump", "--format=custom", "--file=" + dump, "--dbname=" + source);
                copied.set(true);
              });
      while (!copied.get() && copying.isAlive()) {
        book(book, told);
      }
      copying.join();
      assertThat(copied).isTrue();
      book(book, told);
    }

    server.tool(
        "pg_restore",
        "--exit-on-error",
        "--single-transaction",
        "--dbname=" + target,
        dump.toString());

    try (Database database = Database.shared(server.address(target, server.password()))) {
      List<Fact> kept = facts(database);
      long entries = sound(database);
      assertThat(kept).hasSizeBetween(20, told.size() - 20);
      assertThat(entries).isEqualTo(kept.size());
      assertThat(summed(database)).isEqualTo(kept.size());

      Kept anew = new SqlAttemptBook(database, () -> NOON.plusSeconds(90_000)).keep(told);
      assertThat(anew.attempts()).isEqualTo(told.size() - kept.size());
      assertThat(anew.entries()).isEqualTo(told.size() - kept.size());
      assertThat(anew.conflicts()).isEmpty();
      assertThat(sound(database)).isEqualTo(told.size());
      assertThat(summed(database)).isEqualTo(told.size());
    }
  }

  private static void book(SqlAttemptBook book, List<Finished> told) throws IOException {
    var some = new ArrayList<Finished>();
    for (int i = 0; i < 20; i++) {
      Exchange call = Calls.usual("01jdb" + (told.size() + i), NOON);
      some.add(
          new Finished(
              call.id(),
              NOON.toEpochMilli(),
              List.of(Fact.of(call, 0, "")),
              AttemptCosts.of(call),
              new ExchangeLines.Speller().line(call)));
    }
    book.keep(some);
    told.addAll(some);
  }

  private static List<Fact> facts(Database database) throws IOException {
    var facts = new ArrayList<Fact>();
    new SqlFacts(database).each(Instant.EPOCH, ALWAYS, facts::add);
    return facts;
  }

  private static long summed(Database database) throws IOException {
    var summed = new long[1];
    new SqlFacts(database)
        .sums(
            Instant.EPOCH,
            ALWAYS,
            Facts.Grain.WHOLE,
            sum -> summed[0] += sum.item().equals("output.text") ? sum.attempts() : 0);
    return summed[0];
  }

  private static long sound(Database database) throws IOException {
    long entries = 0;
    for (Verification one :
        new Ledger(new SqlLedgerStore(database), () -> NOON.plusSeconds(90_000)).verify()) {
      assertThat(one.problems()).isEmpty();
      entries += one.entries();
    }
    return entries;
  }
}
