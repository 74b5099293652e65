package dev.understudy.store;

import dev.understudy.ledger.LedgerStore;
import java.io.IOException;
import java.sql.SQLException;

/** Keeps the ledger in the database. */
public final class SqlLedgerStore implements LedgerStore {
  private final Database database;

  public SqlLedgerStore(Database database) {
    this.database = database;
  }

  @Override
  public <T> T write(Work<T> work) throws IOException {
    return database.write(session -> {
      lock(session);
      return run(work, session);
    });
  }

  /** One writer at a time; SQLite has one anyway. */
  static void lock(Session session) throws SQLException {
    if (session.dialect() == Dialect.POSTGRES) {
      session.one("SELECT only_row FROM ledger_lock FOR UPDATE", row -> row.whole(1));
    }
  }

  @Override
  public <T> T read(Work<T> work) throws IOException {
    return database.read(session -> run(work, session));
  }

  static <T> T run(Work<T> work, Session session) throws SQLException {
    try {
      return work.in(new SqlLedgerPages(session));
    } catch (SqlLedgerPages.Failed e) {
      throw e.problem();
    }
  }
}
