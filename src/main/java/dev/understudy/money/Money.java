package dev.understudy.money;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An exact amount in one currency: it is never rounded here, and never mixed with another currency.
 *
 * @param amount without trailing zeros, so that equal amounts are equal
 */
public record Money(BigDecimal amount, Currency currency) {
  /** More decimals than any product of a unit price, a quantity and a rate of exchange needs. */
  public static final int DECIMALS_MAX = 60;

  private static final int DIGITS_MAX = 100;
  private static final Pattern TEXT =
      Pattern.compile("(-?(?:0|[1-9][0-9]{0,29})(?:\\.[0-9]{1,30})?) ([A-Z]{3})");

  public Money {
    Objects.requireNonNull(currency);
    amount = Rounding.plain(amount);
    if (amount.scale() > DECIMALS_MAX || amount.precision() > DIGITS_MAX) {
      throw new ArithmeticException(
          "an amount of %d digits, %d of them decimals, is beyond what is kept exactly"
              .formatted(amount.precision(), amount.scale()));
    }
  }

  public static Money of(BigDecimal amount, Currency currency) {
    return new Money(amount, currency);
  }

  public static Money zero(Currency currency) {
    return new Money(BigDecimal.ZERO, currency);
  }

  /**
   * Reads {@code 12.5 USD}: plain decimals, one space, the code of a currency, nothing else.
   *
   * @throws IllegalArgumentException if it is written in any other way
   */
  public static Money parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "an amount is written like 12.50 USD, without signs, commas or exponents, not "
              + quoted(text));
    }
    return new Money(new BigDecimal(matcher.group(1)), Currencies.of(matcher.group(2)));
  }

  private static String quoted(String text) {
    String cut = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return '"' + cut.replaceAll("[\\p{Cntrl}\"]", "?") + '"';
  }

  public Money plus(Money other) {
    BigDecimal more = same(other);
    // Sums begin at nothing, and much of what is added is nothing.
    if (more.signum() == 0) {
      return this;
    }
    return amount.signum() == 0 ? other : new Money(amount.add(more), currency);
  }

  public Money minus(Money other) {
    BigDecimal less = same(other);
    return less.signum() == 0 ? this : new Money(amount.subtract(less), currency);
  }

  public Money negate() {
    return new Money(amount.negate(), currency);
  }

  /** Exact: every digit of the product is kept. */
  public Money times(BigDecimal factor) {
    return new Money(amount.multiply(factor), currency);
  }

  public Money times(long factor) {
    return times(BigDecimal.valueOf(factor));
  }

  /** Minus one, zero or one. */
  public int sign() {
    return amount.signum();
  }

  public boolean isZero() {
    return amount.signum() == 0;
  }

  /** Below, the same as, or above another amount of the same currency. */
  public int compareAmount(Money other) {
    return amount.compareTo(same(other));
  }

  public Money max(Money other) {
    return compareAmount(other) >= 0 ? this : other;
  }

  public Money min(Money other) {
    return compareAmount(other) <= 0 ? this : other;
  }

  private BigDecimal same(Money other) {
    if (!currency.equals(other.currency)) {
      throw new IllegalArgumentException(
          "%s and %s are not added: amounts of two currencies need a dated rate of exchange"
              .formatted(this, other));
    }
    return other.amount;
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return amount.toPlainString() + " " + currency.getCurrencyCode();
  }
}
