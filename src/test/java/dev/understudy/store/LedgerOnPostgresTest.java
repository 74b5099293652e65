package dev.understudy.store;

import dev.understudy.ledger.LedgerContract;
import dev.understudy.ledger.LedgerStore;
import org.junit.jupiter.api.AfterEach;

final class LedgerOnPostgresTest extends LedgerContract {
  private Database database;

  @Override
  protected LedgerStore fresh() throws Exception {
    database = Database.shared(PostgresServer.shared().fresh());
    return new SqlLedgerStore(database);
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }
}
