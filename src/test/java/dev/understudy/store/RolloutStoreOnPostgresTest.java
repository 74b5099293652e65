package dev.understudy.store;

final class RolloutStoreOnPostgresTest extends RolloutStoreContract {
  @Override
  Database open() throws Exception {
    return Database.shared(PostgresServer.shared().fresh());
  }
}
