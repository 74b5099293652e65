package dev.understudy.app;

import dev.understudy.app.settings.Settings;
import dev.understudy.exchange.Journal;
import dev.understudy.exchange.JournalStanding;
import dev.understudy.exchange.Records;
import dev.understudy.journal.Booking;
import dev.understudy.journal.DiskJournal;
import dev.understudy.journal.Retention;
import dev.understudy.limits.Pricer;
import dev.understudy.store.Database;
import dev.understudy.store.SqlAttemptBook;
import dev.understudy.store.SqlFacts;
import dev.understudy.store.SqlRecords;
import dev.understudy.telemetry.ExchangeLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What becomes of finished calls: written down at once, booked behind them, forgotten in time. */
final class KeptCalls implements AutoCloseable {
  private final DiskJournal disk;
  private final Retention retention;
  private final Records records;

  private KeptCalls(DiskJournal disk, Retention retention, Records records) {
    this.disk = disk;
    this.retention = retention;
    this.records = records;
  }

  /**
   * Begins, with what the last run left on disk.
   *
   * @param embedded the database's file; empty if it is a server's
   * @throws IOException if the journal's folder cannot be used
   */
  static KeptCalls open(
      Settings.Keeping said,
      Path data,
      Database database,
      Optional<Path> embedded,
      PriceFiles prices,
      Regions regions)
      throws IOException {
    var pricer = new Pricer(regions::of);
    boolean recorded = said.exchangesDays() > 0;
    // One thread books at a time.
    var speller = new ExchangeLines.Speller();
    var booking =
        new Booking(
            () -> new SqlAttemptBook(database, InstantSource.system()),
            exchange -> pricer.priced(exchange, prices.awaited()),
            regions::of,
            recorded ? exchange -> speller.line(exchange) : _ -> Booking.NO_RECORD);
    var disk =
        DiskJournal.open(
            new DiskJournal.Settings(
                said.folder().orElse(data.resolve("journal")),
                said.window(),
                said.strict(),
                said.waitingMax(),
                said.refuseWhenFull()),
            booking);
    // An embedded database is made by its first use, and looking is none.
    BooleanSupplier isThere = () -> embedded.map(Files::exists).orElse(true);
    var records = new SqlRecords(database);
    var retention =
        new Retention(
            records,
            new SqlFacts(database),
            Duration.ofDays(said.exchangesDays()),
            Duration.ofDays(said.attemptsDays()),
            InstantSource.system(),
            isThere);
    return new KeptCalls(disk, retention, ifThere(records, isThere));
  }

  private static Records ifThere(Records records, BooleanSupplier isThere) {
    return new Records() {
      @Override
      public Optional<byte[]> find(String exchange) throws IOException {
        return isThere.getAsBoolean() ? records.find(exchange) : Optional.empty();
      }

      @Override
      public void each(Instant from, Instant until, Consumer<byte[]> use) throws IOException {
        if (isThere.getAsBoolean()) {
          records.each(from, until, use);
        }
      }

      @Override
      public long prune(Instant before) throws IOException {
        return isThere.getAsBoolean() ? records.prune(before) : 0;
      }
    };
  }

  /** Where calls are written down, before anybody else hears of them. */
  Journal journal() {
    return disk;
  }

  JournalStanding standing() {
    return disk.standing();
  }

  Records records() {
    return records;
  }

  @Override
  public void close() {
    retention.close();
    disk.close();
  }
}
