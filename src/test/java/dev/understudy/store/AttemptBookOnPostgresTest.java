package dev.understudy.store;

final class AttemptBookOnPostgresTest extends AttemptBookContract {

  @Override
  Database fresh() throws Exception {
    return Database.shared(PostgresServer.shared().fresh());
  }
}
