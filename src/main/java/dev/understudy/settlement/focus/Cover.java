package dev.understudy.settlement.focus;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * How a commitment takes part in a row.
 *
 * @param spend whether money was promised; else capacity was bought
 * @param status {@code Used} or {@code Unused}; empty for a purchase
 */
record Cover(
    String id,
    String name,
    Optional<String> contract,
    boolean spend,
    String status,
    BigDecimal quantity,
    String unit,
    BigDecimal billed,
    BigDecimal effective) {

  /** Of a promise to spend, or to hold capacity. */
  static Cover spent(
      Billing.Spend spend,
      String status,
      BigDecimal quantity,
      BigDecimal billed,
      BigDecimal effective) {
    return new Cover(
        spend.id(),
        spend.name(),
        spend.contract(),
        spend.held().isEmpty(),
        status,
        quantity,
        spend.unit(),
        billed,
        effective);
  }

  /** The purchase of capacity, which has no effect of its own: its hours have. */
  static Cover bought(Billing.Capacity capacity, BigDecimal unitHours, BigDecimal billed) {
    return capacity(capacity, "", unitHours, billed, BigDecimal.ZERO);
  }

  /** Hours of capacity, which were billed when they were bought. */
  static Cover covered(
      Billing.Capacity capacity, String status, BigDecimal unitHours, BigDecimal effective) {
    return capacity(capacity, status, unitHours, BigDecimal.ZERO, effective);
  }

  private static Cover capacity(
      Billing.Capacity capacity,
      String status,
      BigDecimal unitHours,
      BigDecimal billed,
      BigDecimal effective) {
    return new Cover(
        capacity.id(),
        capacity.name(),
        capacity.contract(),
        false,
        status,
        unitHours,
        capacity.terms().unit() + "-Hours",
        billed,
        effective);
  }
}
