package dev.understudy.settlement.focus;

import java.math.BigDecimal;

/** What use there was under one key. */
final class UseSum {
  private BigDecimal quantity = BigDecimal.ZERO;
  private BigDecimal amount = BigDecimal.ZERO;
  private BigDecimal counted = BigDecimal.ZERO;
  private long attempts;

  static UseSum of(BigDecimal quantity, BigDecimal amount, long attempts) {
    var sum = new UseSum();
    sum.quantity = quantity;
    sum.amount = amount;
    sum.counted = amount;
    sum.attempts = attempts;
    return sum;
  }

  /**
   * Counts one attempt.
   *
   * @param budgets what budgets count for it, which differs from its cost where there is no price
   */
  void add(BigDecimal more, BigDecimal cost, BigDecimal budgets) {
    quantity = quantity.add(more);
    amount = amount.add(cost);
    counted = counted.add(budgets);
    attempts++;
  }

  BigDecimal quantity() {
    return quantity;
  }

  BigDecimal amount() {
    return amount;
  }

  BigDecimal counted() {
    return counted;
  }

  long attempts() {
    return attempts;
  }

  boolean isNothing() {
    return quantity.signum() == 0 && amount.signum() == 0;
  }
}
