package dev.understudy.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class AttemptBookOnSqliteTest extends AttemptBookContract {
  @TempDir private Path folder;

  @Override
  Database fresh() throws Exception {
    return Database.embedded(folder.resolve("understudy.db"));
  }
}
