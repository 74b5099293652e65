package dev.understudy.store;

import dev.understudy.settlement.SalesStore;
import dev.understudy.settlement.SalesStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class SalesOnSqliteTest extends SalesStoreContract {
  @TempDir private Path folder;
  private Database database;

  @Override
  protected SalesStore fresh() {
    database = Database.embedded(folder.resolve("understudy.db"));
    return new SqlSalesStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }
}
