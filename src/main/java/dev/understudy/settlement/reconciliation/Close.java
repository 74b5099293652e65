package dev.understudy.settlement.reconciliation;

import java.math.BigDecimal;

/** How close amounts must be to be taken for the same, and how they are told. */
final class Close {
  /** The share by which amounts of one thing may differ. */
  static final BigDecimal SAME = new BigDecimal("0.005");

  /** The share by which a bill in another unit of money may differ. */
  static final BigDecimal NEAR = new BigDecimal("0.02");

  private Close() {}

  /** Within a share of the second, which is not zero. */
  static boolean near(BigDecimal a, BigDecimal b, BigDecimal share) {
    return b.signum() != 0 && a.subtract(b).abs().compareTo(b.abs().multiply(share)) <= 0;
  }

  /** Without trailing zeros and exponents. */
  static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
