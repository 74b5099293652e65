package dev.understudy.store;

import dev.understudy.settlement.SalesStore;
import dev.understudy.settlement.SalesStoreContract;
import org.junit.jupiter.api.AfterEach;

final class SalesOnPostgresTest extends SalesStoreContract {
  private Database database;

  @Override
  protected SalesStore fresh() throws Exception {
    database = Database.shared(PostgresServer.shared().fresh());
    return new SqlSalesStore(database);
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }
}
