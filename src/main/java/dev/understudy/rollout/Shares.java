package dev.understudy.rollout;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** How shares are written. */
public final class Shares {
  private Shares() {}

  /** As a percentage, such as {@code 5 %}. */
  static String text(double share) {
    return number(100 * share) + " %";
  }

  /** With up to three digits that count. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return value > 0 ? "∞" : "?";
    }
    BigDecimal shortened =
        new BigDecimal(value)
            .round(new MathContext(3, RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    return shortened.toPlainString();
  }

  /** A p-value: of very small ones only that they are so matters. */
  static String p(double value) {
    return value < 0.0001 ? "below 0.0001" : number(value);
  }

  /** The name of a stage. */
  public static String stage(double share) {
    return share == 0 ? "shadow" : text(share);
  }
}
