package dev.understudy.ledger;

import dev.understudy.money.Money;

/**
 * One line of an entry.
 *
 * @param amount above zero: a debit; below: a credit; never zero
 */
public record Posting(Account account, Money amount) {
  public Posting {
    if (amount.isZero()) {
      throw new IllegalArgumentException("a posting of nothing to " + account);
    }
  }

  public static Posting debit(Account account, Money amount) {
    return new Posting(account, amount);
  }

  public static Posting credit(Account account, Money amount) {
    return new Posting(account, amount.negate());
  }

  Posting negate() {
    return new Posting(account, amount.negate());
  }
}
