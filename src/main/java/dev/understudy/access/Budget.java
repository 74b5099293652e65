package dev.understudy.access;

import dev.understudy.money.Currencies;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Money that may be spent in a period.
 *
 * @param amount more than zero, at most a billion, with at most nine decimals
 * @param currency as ISO 4217 has it, such as {@code USD}
 */
public record Budget(BigDecimal amount, String currency, Period period) {
  private static final BigDecimal AMOUNT_MAX = BigDecimal.valueOf(1_000_000_000);
  private static final int DECIMALS_MAX = 9;
  private static final String REMEDY = "write it like 100USD/month or 2.50EUR/day";

  /** Loose, so that each part that is wrong can be named. */
  private static final Pattern PARTS =
      Pattern.compile("([^A-Za-z/]*)([A-Za-z]*)([^/]*)(?:/(.*))?", Pattern.DOTALL);

  private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,10}(?:\\.[0-9]{1,20})?");

  public Budget {
    if (amount.signum() <= 0) {
      throw new IllegalArgumentException(
          "a budget of %s is none: the amount must be more than zero"
              .formatted(amount.toPlainString()));
    }
    if (amount.compareTo(AMOUNT_MAX) > 0) {
      throw new IllegalArgumentException("a budget is at most a billion");
    }
    amount = amount.stripTrailingZeros();
    if (amount.scale() > DECIMALS_MAX) {
      throw new IllegalArgumentException("a budget has at most nine decimals");
    }
    if (!isCurrency(currency)) {
      throw new IllegalArgumentException(
          "\"%s\" is no currency of ISO 4217, such as USD or EUR".formatted(currency));
    }
  }

  /**
   * Reads a budget as people write it: {@code 100USD/month}.
   *
   * @throws IllegalArgumentException if it is anything else; the message says what to write
   */
  public static Budget parse(String text) {
    Matcher parts = PARTS.matcher(text);
    if (text.length() > 64 || !parts.matches()) {
      throw new IllegalArgumentException("this is not a budget; " + REMEDY);
    }
    String amount = parts.group(1);
    String currency = parts.group(2);
    if (amount.startsWith("-")) {
      throw wrong(text, "is negative");
    }
    if (!AMOUNT.matcher(amount).matches()) {
      throw wrong(text, "does not begin with an amount");
    }
    if (currency.isEmpty()) {
      throw wrong(text, "has no currency");
    }
    if (!currency.equals(currency.toUpperCase(Locale.ROOT)) || !isCurrency(currency)) {
      throw wrong(text, "has no currency of ISO 4217 in capitals");
    }
    if (!parts.group(3).isEmpty() || parts.group(4) == null) {
      throw wrong(text, "does not say for how long");
    }
    Period period =
        switch (parts.group(4)) {
          case "day" -> Period.DAY;
          case "month" -> Period.MONTH;
          default -> throw wrong(text, "is neither by day nor by month");
        };
    try {
      return new Budget(new BigDecimal(amount), currency, period);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"%s\": %s".formatted(text, e.getMessage()), e);
    }
  }

  private static IllegalArgumentException wrong(String text, String why) {
    return new IllegalArgumentException("the budget \"%s\" %s; %s".formatted(text, why, REMEDY));
  }

  private static boolean isCurrency(String code) {
    try {
      return Currencies.ofMoney(code).getCurrencyCode().equals(code);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** As {@link #parse} takes it. */
  public String text() {
    return amount.toPlainString() + currency + "/" + period.text();
  }
}
