package dev.understudy.money;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Optional;

/**
 * The one place where digits are given up, and where it is said how many and which way.
 *
 * @param decimals how many stay behind the point
 */
public record Rounding(RoundingMode mode, int decimals) {
  /** What was asked for, and what it lacks of the exact amount. */
  public record Rounded(Money money, Money difference) {}

  public Rounding {
    if (decimals < 0 || decimals > Money.DECIMALS_MAX) {
      throw new IllegalArgumentException("decimals must be from 0 to " + Money.DECIMALS_MAX);
    }
  }

  /** To the decimals of a currency's statements, halves to the even neighbour. */
  public static Rounding of(Currency currency) {
    return new Rounding(RoundingMode.HALF_EVEN, Currencies.decimals(currency));
  }

  /** The rounded amount and the rest: their sum is the exact amount. */
  public Rounded round(Money exact) {
    var rounded = Money.of(exact.amount().setScale(decimals, mode), exact.currency());
    return new Rounded(rounded, exact.minus(rounded));
  }

  /** A quotient, which may have no end of decimals. */
  public BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
    return dividend.divide(divisor, decimals, mode);
  }

  /** A quotient to its last digit; empty if it has no end of decimals. */
  public static Optional<BigDecimal> exactly(BigDecimal dividend, BigDecimal divisor) {
    try {
      return Optional.of(dividend.divide(divisor));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** How many whole packages a quantity takes, a begun one counted whole. */
  public static BigDecimal packages(BigDecimal quantity, BigDecimal size) {
    return quantity.divide(size, 0, RoundingMode.CEILING);
  }

  /** The same number without trailing zeros and without an exponent. */
  static BigDecimal plain(BigDecimal number) {
    if (number.scale() == 0) {
      return number;
    }
    BigDecimal stripped = number.stripTrailingZeros();
    // Adds zeros to 1E+3, so nothing is lost; guarded, since 1E+999999999 would be a gigabyte.
    if (stripped.scale() < -Money.DECIMALS_MAX) {
      throw new ArithmeticException("an amount that large is not kept");
    }
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
