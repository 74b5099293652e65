package dev.understudy.store;

final class KeyStoreOnPostgresTest extends KeyStoreContract {
  @Override
  Database open() throws Exception {
    return Database.shared(PostgresServer.shared().fresh());
  }
}
