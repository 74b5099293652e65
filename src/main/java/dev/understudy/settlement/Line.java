package dev.understudy.settlement;

import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of a statement.
 *
 * @param text for people, in a few words
 * @param rate by which the amount was made, where there is one
 * @param quantity of which it was made, where that is no amount of money
 * @param adds whether it is part of what is due: these lines sum to it
 */
public record Line(
    Item item,
    String text,
    Optional<BigDecimal> rate,
    Optional<BigDecimal> quantity,
    Money amount,
    boolean adds) {

  /** What a line is. */
  public enum Item {
    GROSS,
    DEDUCTION,
    BASE,
    OPENING,
    TIER,
    SHARE,
    RECOUPED,
    GUARANTEE,
    CAP,
    PROFIT,
    STAGE,
    BEYOND,
    COMMITTED,
    USED,
    FLOOR,
    SHORTFALL,
    ROLLED,
    LOST,
    REMAINING,
    PREPAID,
    DRAWN,
    FORFEITED,
    PURCHASE,
    UNUSED,
    BORNE,
    SPILL,
    CREDIT,
    CLAIM,
    FX,
    ROUNDING,
    CLOSING,
    DUE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A line that tells something. */
  static Line told(Item item, String text, Money amount) {
    return new Line(item, text, Optional.empty(), Optional.empty(), amount, false);
  }

  /** A line that is part of what is due. */
  static Line added(Item item, String text, Money amount) {
    return new Line(item, text, Optional.empty(), Optional.empty(), amount, true);
  }
}
