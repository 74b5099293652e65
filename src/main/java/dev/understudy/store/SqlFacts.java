package dev.understudy.store;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.FactStore;
import dev.understudy.exchange.Facts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps attempts in the database, and reads them by time. */
public final class SqlFacts implements Facts, FactStore {
  /** Times beyond this are as good as it. */
  private static final long FOREVER = Instant.parse("9999-12-31T00:00:00Z").toEpochMilli();

  private final Database database;
  private final FactNames names = new FactNames();

  public SqlFacts(Database database) {
    this.database = database;
  }

  @Override
  public int keep(List<Fact> facts) throws IOException {
    var seen = new AtomicReference<FactNames.@Nullable Seen>();
    int kept =
        database.write(session -> {
          SqlLedgerStore.lock(session);
          FactNames.Seen in = names.in(session);
          seen.set(in);
          return new FactPages(session, in).keep(facts);
        });
    FactNames.Seen made = seen.get();
    if (made != null) {
      made.remember();
    }
    return kept;
  }

  @Override
  public long prune(Instant before) throws IOException {
    long hour = Math.floorDiv(millis(before), FactPages.HOUR) * FactPages.HOUR;
    long pruned = 0;
    int some;
    do {
      // In pieces, so that nobody waits long for their end.
      some =
          database.write(session -> {
            SqlLedgerStore.lock(session);
            FactPages.pruning(session, hour);
            return FactPages.pruneSome(session, hour);
          });
      pruned += some;
    } while (some > 0);
    return pruned;
  }

  @Override
  public void each(Instant from, Instant until, Consumer<Fact> use) throws IOException {
    database.read(session -> {
      checkKept(session, millis(from));
      var reader = new FactNames.Reader(session);
      session.each(
          """
          SELECT exchange, place, occurred_at, group_id, form_id, numbers FROM facts
          WHERE occurred_at >= ? AND occurred_at < ? ORDER BY occurred_at, exchange, place
          """,
          row ->
              use.accept(
                  reader
                      .form(row.whole(5))
                      .join(
                          row.text(1),
                          (int) row.whole(2),
                          row.moment(3),
                          reader.group(row.whole(4)),
                          row.text(6))),
          millis(from),
          millis(until));
      return 0;
    });
  }

  @Override
  public void sums(Instant from, Instant until, Grain grain, Consumer<Sum> use) throws IOException {
    long first = millis(from);
    long end = millis(until);
    if (first >= end) {
      return;
    }
    database.read(session -> {
      for (long edge : new long[] {first, end}) {
        if (edge % FactPages.HOUR != 0) {
          checkKept(session, edge);
        }
      }
      new FactSums(session, names.in(session), first, end, grain, use).tell();
      return 0;
    });
  }

  private static void checkKept(Session session, long from) throws SQLException {
    long before = FactPages.prunedBefore(session);
    if (from < before && before > 0) {
      throw new UncheckedIOException(
          new StoreProblem(
              "attempts before %s are no longer kept one by one; begin then, or ask for sums of whole hours"
                  .formatted(Instant.ofEpochMilli(before))));
    }
  }

  private static long millis(Instant at) {
    return at.isAfter(Instant.ofEpochMilli(FOREVER))
        ? FOREVER
        : at.isBefore(Instant.EPOCH) ? 0 : at.toEpochMilli();
  }
}
