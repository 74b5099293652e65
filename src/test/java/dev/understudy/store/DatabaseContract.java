package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every kind of database does; each kind runs it. */
abstract class DatabaseContract {
  /** Text that ends a statement and begins another, where it is not kept apart from it. */
  private static final String INJECTED = "a 'quoted' né'); DROP TABLE things; --";

  private Database database;

  /** An empty database, opened with the given steps. */
  abstract Database fresh(Migrations migrations) throws Exception;

  /** The same database once more, as another process would open it. */
  abstract Database again(Migrations migrations) throws Exception;

  @BeforeEach
  void open() throws Exception {
    database = fresh(Migrations.ALL);
    database.write(session ->
        session.update(
            "CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT, price %s, at BIGINT, raw %s)"
                .formatted(
                    session.dialect() == Dialect.SQLITE ? "TEXT" : "NUMERIC",
                    session.dialect() == Dialect.SQLITE ? "BLOB" : "BYTEA")));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatIsWrittenIsReadAsItWas() throws IOException {
    var price = new BigDecimal("12345678901234567890.123456789");
    Instant at = Instant.parse("2026-11-27T18:00:00.123Z");
    database.write(session ->
        session.update(
            "INSERT INTO things VALUES (?, ?, ?, ?, ?)",
            1,
            INJECTED,
            price,
            at,
            new byte[] {0, 1, -1}));
    database.write(session ->
        session.update(
            "INSERT INTO things VALUES (?, ?, ?, ?, ?)",
            Long.MAX_VALUE,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));

    Optional<List<Object>> first =
        database.read(session ->
            session.one(
                "SELECT name, price, at, raw FROM things WHERE id = ?",
                row -> List.of(row.text(1), row.decimal(2), row.moment(3), row.bytes(4).length),
                1));
    List<String> others =
        database.read(session ->
            session.all(
                "SELECT id, name, at FROM things WHERE name IS NULL",
                row ->
                    row.whole(1)
                        + " "
                        + row.textIfAny(2).isEmpty()
                        + row.momentIfAny(3).isEmpty()));
    assertThat(first).contains(List.of(INJECTED, price, at, 3));
    assertThat(others).containsExactly(Long.MAX_VALUE + " truetrue");
  }

  @Test
  void aTransactionIsKeptWholeOrNotAtAll() throws IOException {
    assertThatThrownBy(() ->
            database.write(session -> {
              insert(session, 1);
              throw new IllegalStateException("changed my mind");
            }))
        .hasMessage("changed my mind");
    assertThatThrownBy(() ->
            database.write(session -> {
              insert(session, 2);
              return insert(session, 2);
            }))
        .isInstanceOf(StoreProblem.class);

    assertThat(count()).isZero();
    database.write(session -> insert(session, 3));
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void aBatchOfManyIsWrittenAndGoneThrough() throws IOException {
    var rows = new ArrayList<Object[]>();
    for (int i = 0; i < 2_500; i++) {
      rows.add(new Object[] {i, "n" + i});
    }
    database.write(session -> {
      session.batch("INSERT INTO things (id, name) VALUES (?, ?)", rows);
      return 0;
    });

    long[] sum = {0};
    database.read(session -> {
      session.each("SELECT id FROM things", row -> sum[0] += row.whole(1));
      return 0;
    });
    assertThat(sum[0]).isEqualTo(2_500L * 2_499 / 2);
  }

  @Test
  void manyThreadsAddUpWithoutLosingAny() throws Exception {
    database.write(session -> session.update("INSERT INTO things (id, at) VALUES (7, 0)"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 40; i++) {
        all.add(
            threads.submit(() ->
                database.write(session -> {
                  long at =
                      session
                          .one(
                              "SELECT at FROM things WHERE id = 7"
                                  + (session.dialect() == Dialect.POSTGRES ? " FOR UPDATE" : ""),
                              row -> row.whole(1))
                          .orElseThrow();
                  return session.update("UPDATE things SET at = ? WHERE id = 7", at + 1);
                })));
      }
      for (Future<Integer> one : all) {
        assertThat(one.get()).isEqualTo(1);
      }
    }

    Optional<Long> at =
        database.read(
            session -> session.one("SELECT at FROM things WHERE id = 7", row -> row.whole(1)));
    assertThat(at).contains(40L);
  }

  @Test
  void aReaderSeesOneMomentWhileOthersWrite() throws IOException {
    database.write(session -> insert(session, 1));

    database.read(session -> {
      long before = session.one("SELECT count(*) FROM things", row -> row.whole(1)).orElse(0L);
      try {
        database.write(inner -> insert(inner, 2));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      long after = session.one("SELECT count(*) FROM things", row -> row.whole(1)).orElse(0L);
      assertThat(after).isEqualTo(before);
      return 0;
    });
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void whoOnlyReadsCannotWrite() {
    assertThatThrownBy(() -> database.read(session -> insert(session, 1)))
        .isInstanceOf(StoreProblem.class);
  }

  @Test
  void anOlderDatabaseOfAnyVersionIsBroughtForward() throws Exception {
    for (int steps = 0; steps < Migrations.ALL.count(); steps++) {
      try (Database old = fresh(Migrations.ALL.first(steps))) {
        old.ensureOpen();
      }
      try (Database now = again(Migrations.ALL)) {
        assertThat(new SqlKeyStore(now).load().teams()).containsKey("default");
        Optional<Long> taken =
            now.read(
                session -> session.one("SELECT count(*) FROM schema_steps", row -> row.whole(1)));
        assertThat(taken).contains((long) Migrations.ALL.count());
      }
    }
  }

  @Test
  void whatADatabaseOfAnyOlderVersionHoldsIsThereAfterItWasBroughtForward() throws Exception {
    for (int steps = 0; steps <= Migrations.ALL.count(); steps++) {
      try (Database old = fresh(Migrations.ALL.first(steps))) {
        old.ensureOpen();
        OlderRows.write(old, steps);
      }
      try (Database now = again(Migrations.ALL)) {
        OlderRows.check(now, steps);
      }
    }
  }

  @Test
  void aNewerDatabaseIsLeftAlone() throws Exception {
    int known = Migrations.ALL.count();
    database.write(session ->
        session.update("INSERT INTO schema_steps VALUES (?, 'of tomorrow', 0)", known + 1));

    try (Database older = again(Migrations.ALL)) {
      assertThatThrownBy(() -> new SqlKeyStore(older).load())
          .isInstanceOf(StoreProblem.class)
          .hasMessageMatching(
              "the database \\S+ has schema %d, which is newer than the %d of this program; start a newer one, or restore a backup"
                  .formatted(known + 1, known));
    }
  }

  @Test
  void aDatabaseOfAnotherLineOfVersionsIsLeftAlone() throws Exception {
    database.write(
        session -> session.update("UPDATE schema_steps SET name = '001-cats' WHERE number = 1"));

    try (Database other = again(Migrations.ALL)) {
      assertThatThrownBy(other::ensureOpen)
          .hasMessageMatching(
              "step 1 of the database \\S+ is 001-cats, which this program does not know; it was made by another version");
    }
  }

  @Test
  void whatIsClosedIsNotUsed() {
    database.close();

    assertThatThrownBy(this::count).isInstanceOf(StoreProblem.class).hasMessageContaining("closed");
  }

  private static int insert(Session session, int id) throws SQLException {
    return session.update("INSERT INTO things (id) VALUES (?)", id);
  }

  private long count() throws IOException {
    return database
        .read(session -> session.one("SELECT count(*) FROM things", row -> row.whole(1)))
        .orElseThrow();
  }
}
