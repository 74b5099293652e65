package dev.understudy.contract;

import java.math.BigDecimal;

/** What figures of a clause must be like. */
final class Terms {
  private Terms() {}

  static void positive(String what, BigDecimal value) {
    if (value.signum() <= 0) {
      throw new IllegalArgumentException(
          "%s must be above zero, not %s".formatted(what, value.toPlainString()));
    }
  }

  static void notNegative(String what, BigDecimal value) {
    if (value.signum() < 0) {
      throw new IllegalArgumentException(
          "%s must not be below zero: %s".formatted(what, value.toPlainString()));
    }
  }

  static void fraction(String what, BigDecimal value) {
    if (value.signum() < 0 || value.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException(
          "%s must be from 0 to 1, not %s".formatted(what, value.toPlainString()));
    }
  }
}
