package dev.understudy.store;

import dev.understudy.exchange.FactsContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

final class FactsOnPostgresTest extends FactsContract {

  private @Nullable Database database;

  @Override
  protected SqlFacts fresh() throws Exception {
    database = Database.shared(PostgresServer.shared().fresh());
    return new SqlFacts(database);
  }

  @AfterEach
  void close() {
    if (database != null) {
      database.close();
    }
  }
}
