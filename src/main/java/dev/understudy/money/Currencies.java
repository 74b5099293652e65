package dev.understudy.money;

import java.util.Currency;

/** Currencies by their ISO 4217 codes. */
public final class Currencies {
  public static final Currency USD = Currency.getInstance("USD");

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
          "unknown currency \"%s\"; currencies are written by their code, such as USD or EUR"
              .formatted(code.length() > 10 ? code.substring(0, 10) + "…" : code),
          e);
    }
  }

  /** How many decimals its statements have: 2 for the dollar, 0 for the yen. */
  public static int decimals(Currency currency) {
    return Math.max(0, currency.getDefaultFractionDigits());
  }
}
