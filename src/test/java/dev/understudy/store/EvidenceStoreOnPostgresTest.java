package dev.understudy.store;

final class EvidenceStoreOnPostgresTest extends EvidenceStoreContract {
  @Override
  Database open() throws Exception {
    return Database.shared(PostgresServer.shared().fresh());
  }
}
