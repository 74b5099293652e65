package dev.understudy.store;

import dev.understudy.settlement.StatementStore;
import dev.understudy.settlement.StatementStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class StatementOnSqliteTest extends StatementStoreContract {
  @TempDir private Path folder;
  private Database database;

  @Override
  protected StatementStore fresh() {
    database = Database.embedded(folder.resolve("understudy.db"));
    return new SqlStatementStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }
}
