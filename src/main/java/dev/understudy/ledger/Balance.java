package dev.understudy.ledger;

import dev.understudy.money.Money;
import java.util.Currency;

/**
 * What stands on an account: debits less credits.
 *
 * @param posted what is booked
 * @param pending what is held by reservations, beside it
 */
public record Balance(Money posted, Money pending) {
  public static Balance zero(Currency currency) {
    return new Balance(Money.zero(currency), Money.zero(currency));
  }

  Balance plus(Balance other) {
    return new Balance(posted.plus(other.posted), pending.plus(other.pending));
  }

  public boolean isZero() {
    return posted.isZero() && pending.isZero();
  }
}
