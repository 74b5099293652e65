package dev.understudy.ledger;

/** The contract's own example. */
final class MemoryLedgerTest extends LedgerContract {
  @Override
  protected LedgerStore fresh() {
    return new MemoryLedgerStore();
  }
}
