package dev.understudy.store;

import dev.understudy.exchange.Records;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Reads the records of calls in the database. */
public final class SqlRecords implements Records {
  private static final int PRUNED_AT_ONCE = 50;

  private final Database database;

  public SqlRecords(Database database) {
    this.database = database;
  }

  @Override
  public Optional<byte[]> find(String exchange) throws IOException {
    return database.read(session -> {
      Optional<byte[]> block =
          session.one(
              """
              SELECT bytes FROM exchange_blocks
              WHERE id = (SELECT block_id FROM exchange_places WHERE exchange = ?)
              """,
              row -> row.bytes(1),
              exchange);
      var found = new AtomicReference<Optional<byte[]>>(Optional.empty());
      if (block.isPresent()) {
        RecordPages.unpack(
            block.get(),
            (name, _, json) -> {
              if (name.equals(exchange)) {
                found.set(Optional.of(json));
              }
            });
      }
      return found.get();
    });
  }

  @Override
  public void each(Instant from, Instant until, Consumer<byte[]> use) throws IOException {
    long first = from.toEpochMilli();
    long end = until.toEpochMilli();
    database.read(session -> {
      session.each(
          """
          SELECT bytes FROM exchange_blocks WHERE last_at >= ? AND first_at < ? ORDER BY id
          """,
          row ->
              RecordPages.unpack(
                  row.bytes(1),
                  (_, at, json) -> {
                    if (at >= first && at < end) {
                      use.accept(json);
                    }
                  }),
          first,
          end);
      return 0;
    });
  }

  @Override
  public long prune(Instant before) throws IOException {
    long pruned = 0;
    List<Long> some;
    do {
      // In pieces, so that nobody waits long for their end.
      some =
          database.write(session -> {
            List<Long> old =
                session.all(
                    "SELECT id FROM exchange_blocks WHERE last_at < ? ORDER BY last_at LIMIT "
                        + PRUNED_AT_ONCE,
                    row -> row.whole(1),
                    before);
            List<Object[]> ids = old.stream().map(id -> new Object[] {id}).toList();
            session.batch("DELETE FROM exchange_places WHERE block_id = ?", ids);
            session.batch("DELETE FROM exchange_blocks WHERE id = ?", ids);
            return old;
          });
      pruned += some.size();
    } while (!some.isEmpty());
    return pruned;
  }
}
