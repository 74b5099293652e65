package dev.understudy.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class PlanStoreOnSqliteTest extends PlanStoreContract {
  @TempDir private Path folder;

  @Override
  Database open() {
    return Database.embedded(folder.resolve("understudy.db"));
  }
}
