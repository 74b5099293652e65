package dev.understudy.money;

import java.util.Currency;

/** Currencies by their ISO 4217 codes. */
public final class Currencies {
  public static final Currency USD = Currency.getInstance("USD");

  private static final String REMEDY = "currencies are written by their code, such as USD or EUR";

  private Currencies() {}

  /**
   * The currency of a code in capitals.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Currency of(String code) {
    try {
      return Currency.getInstance(code);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "unknown currency \"%s\"; %s"
              .formatted(code.length() > 10 ? code.substring(0, 10) + "…" : code, REMEDY),
          e);
    }
  }

  /**
   * The currency of a code in which people write amounts: not that of no currency, with which our
   * own records say that none is known, and not that of tests.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Currency ofMoney(String code) {
    String instead =
        switch (code) {
          case "XXX" -> "no currency";
          case "XTS" -> "tests";
          default -> "";
        };
    if (!instead.isEmpty()) {
      throw new IllegalArgumentException(
          "%s is the code for %s; %s".formatted(code, instead, REMEDY));
    }
    return of(code);
  }

  /** How many decimals its statements have: 2 for the dollar, 0 for the yen. */
  public static int decimals(Currency currency) {
    return Math.max(0, currency.getDefaultFractionDigits());
  }
}
