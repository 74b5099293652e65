package dev.understudy.store;

import dev.understudy.settlement.StatementStore;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps statements and invoices in the database. */
public final class SqlStatementStore implements StatementStore {
  private static final String COLUMNS =
      "SELECT kind, subject, period, revision, number, digest, body, made_at FROM statements ";

  private final Database database;

  public SqlStatementStore(Database database) {
    this.database = database;
  }

  @Override
  public List<Kept> revisions(Kind kind, String subject, String period) throws IOException {
    return database.read(session ->
        session.all(
            COLUMNS + "WHERE kind = ? AND subject = ? AND period = ? ORDER BY revision",
            SqlStatementStore::kept,
            kind.name(),
            subject,
            period));
  }

  @Override
  public List<Kept> all(Kind kind) throws IOException {
    return database.read(session ->
        session.all(
            COLUMNS + "WHERE kind = ? ORDER BY number, subject, period, revision",
            SqlStatementStore::kept,
            kind.name()));
  }

  @Override
  public List<Kept> latest(Kind kind, Optional<String> subject, Optional<String> period, int max)
      throws IOException {
    var arguments = new ArrayList<Object>(List.of(kind.name()));
    var where = new StringBuilder("WHERE kind = ?");
    subject.ifPresent(of -> {
      where.append(" AND subject = ?");
      arguments.add(of);
    });
    period.ifPresent(of -> {
      where.append(" AND period = ?");
      arguments.add(of);
    });
    arguments.add((long) max);
    return database.read(session ->
        session.all(
            COLUMNS + where + " ORDER BY period DESC, subject, revision DESC LIMIT ?",
            SqlStatementStore::kept,
            arguments.toArray()));
  }

  @Override
  public Optional<Kept> numbered(String number) throws IOException {
    return database.read(session ->
        session.one(
            COLUMNS + "WHERE number = ? AND number <> ''", SqlStatementStore::kept, number));
  }

  @Override
  public Kept keep(Kept made) throws IOException {
    return database.write(session -> {
      SqlLedgerStore.lock(session);
      return keep(session, made);
    });
  }

  @Override
  public Kept number(
      Kind kind, String subject, String period, int revision, String series, Made made)
      throws IOException {
    return database.write(session -> {
      // Whoever counts is alone, so that no number is left out and none is given twice.
      SqlLedgerStore.lock(session);
      Optional<Kept> there = there(session, kind, subject, period, revision);
      if (there.isPresent()) {
        return there.get();
      }
      long next =
          session
                  .one(
                      "SELECT last_number FROM statement_series WHERE series = ?",
                      row -> row.whole(1),
                      series)
                  .orElse(0L)
              + 1;
      session.update(
          """
          INSERT INTO statement_series (series, last_number) VALUES (?, ?)
          ON CONFLICT (series) DO UPDATE SET last_number = excluded.last_number
          """,
          series,
          next);
      return keep(session, made.of("%s%05d".formatted(series, next)));
    });
  }

  private static Kept keep(Session session, Kept made) throws SQLException {
    Optional<Kept> there =
        there(session, made.kind(), made.subject(), made.period(), made.revision());
    if (there.isPresent()) {
      return there.get();
    }
    session.update(
        """
        INSERT INTO statements (kind, subject, period, revision, number, digest, body, made_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
        made.kind().name(),
        made.subject(),
        made.period(),
        made.revision(),
        made.number(),
        made.digest(),
        made.body(),
        made.madeAt());
    return made;
  }

  private static Optional<Kept> there(
      Session session, Kind kind, String subject, String period, int revision) throws SQLException {
    return session.one(
        COLUMNS + "WHERE kind = ? AND subject = ? AND period = ? AND revision = ?",
        SqlStatementStore::kept,
        kind.name(),
        subject,
        period,
        revision);
  }

  private static Kept kept(Row row) throws SQLException {
    return new Kept(
        Kind.valueOf(row.text(1)),
        row.text(2),
        row.text(3),
        (int) row.whole(4),
        row.text(5),
        row.text(6),
        row.text(7),
        row.moment(8));
  }
}
