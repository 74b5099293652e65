package dev.understudy.store;

final class PlanStoreOnPostgresTest extends PlanStoreContract {
  @Override
  Database open() throws Exception {
    return Database.shared(PostgresServer.shared().fresh());
  }
}
