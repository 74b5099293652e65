package dev.understudy.store;

import dev.understudy.settlement.StatementStore;
import dev.understudy.settlement.StatementStoreContract;
import org.junit.jupiter.api.AfterEach;

final class StatementOnPostgresTest extends StatementStoreContract {
  private Database database;

  @Override
  protected StatementStore fresh() throws Exception {
    database = Database.shared(PostgresServer.shared().fresh());
    return new SqlStatementStore(database);
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }
}
