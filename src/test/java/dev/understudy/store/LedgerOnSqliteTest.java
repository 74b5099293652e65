package dev.understudy.store;

import dev.understudy.ledger.LedgerContract;
import dev.understudy.ledger.LedgerStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class LedgerOnSqliteTest extends LedgerContract {
  @TempDir private Path folder;
  private Database database;

  @Override
  protected LedgerStore fresh() {
    database = Database.embedded(folder.resolve("understudy.db"));
    return new SqlLedgerStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }
}
