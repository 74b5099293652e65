package dev.understudy.settlement.reconciliation;

import java.math.BigDecimal;
import java.util.SortedSet;
import java.util.TreeSet;

/** What we counted of one model and meter on one day. */
final class OwnCell {
  private BigDecimal amount = BigDecimal.ZERO;
  private BigDecimal quantity = BigDecimal.ZERO;
  private BigDecimal estimatedAmount = BigDecimal.ZERO;
  private BigDecimal estimatedQuantity = BigDecimal.ZERO;
  private BigDecimal unpriced = BigDecimal.ZERO;
  private BigDecimal suspense = BigDecimal.ZERO;
  private BigDecimal lateAmount = BigDecimal.ZERO;
  private BigDecimal lateQuantity = BigDecimal.ZERO;
  private final SortedSet<String> tiers = new TreeSet<>();
  private final SortedSet<String> items = new TreeSet<>();

  /**
   * Adds one item of a call.
   *
   * @param counted what budgets count for it where it has no price, else zero
   * @param late whether the call began in the last hour of the day
   */
  void add(
      String item,
      BigDecimal count,
      BigDecimal cost,
      boolean priced,
      BigDecimal counted,
      boolean estimated,
      boolean late,
      String tier) {
    items.add(item);
    tiers.add(tier.isEmpty() ? "standard" : tier);
    amount = amount.add(cost);
    quantity = quantity.add(count);
    if (!priced) {
      unpriced = unpriced.add(count);
      suspense = suspense.add(counted);
    }
    if (estimated) {
      estimatedAmount = estimatedAmount.add(cost);
      estimatedQuantity = estimatedQuantity.add(count);
    }
    if (late) {
      lateAmount = lateAmount.add(cost);
      lateQuantity = lateQuantity.add(count);
    }
  }

  BigDecimal amount() {
    return amount;
  }

  BigDecimal quantity() {
    return quantity;
  }

  BigDecimal estimatedAmount() {
    return estimatedAmount;
  }

  BigDecimal estimatedQuantity() {
    return estimatedQuantity;
  }

  /** How much of it has no price. */
  BigDecimal unpriced() {
    return unpriced;
  }

  /** What stands in suspense for that. */
  BigDecimal suspense() {
    return suspense;
  }

  BigDecimal lateAmount() {
    return lateAmount;
  }

  BigDecimal lateQuantity() {
    return lateQuantity;
  }

  SortedSet<String> tiers() {
    return tiers;
  }

  SortedSet<String> items() {
    return items;
  }
}
