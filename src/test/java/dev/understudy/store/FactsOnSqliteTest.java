package dev.understudy.store;

import dev.understudy.exchange.FactsContract;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class FactsOnSqliteTest extends FactsContract {
  @TempDir private Path folder;
  private @Nullable Database database;

  @Override
  protected SqlFacts fresh() throws Exception {
    database = Database.embedded(folder.resolve("understudy.db"));
    return new SqlFacts(database);
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }
}
