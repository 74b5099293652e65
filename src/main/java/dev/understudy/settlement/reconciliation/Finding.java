package dev.understudy.settlement.reconciliation;

import dev.understudy.money.Money;

/**
 * One difference between what was billed and what we reckoned.
 *
 * @param amount what is billed beyond ours, below zero if it is less; zero for what changes nothing
 * @param line of the bill, or model and meter of ours
 * @param suspense what budgets counted for it in want of a price, which the bill takes the place of
 */
public record Finding(Kind kind, String line, Money amount, String text, Money suspense) {

  /** One that leaves nothing in suspense to be cleared. */
  public Finding(Kind kind, String line, Money amount, String text) {
    this(kind, line, amount, text, Money.zero(amount.currency()));
  }

  /** Why two amounts differ. */
  public enum Kind {
    MISSING_DAY("missing day"),
    REPEATED("repeated day"),
    RESTATED("restated day"),
    CENTS("cents for dollars"),
    FLOAT_NOISE("float noise"),
    ROUNDING("rounding"),
    RENAMED("renamed line item"),
    MIDNIGHT("use across midnight"),
    TIER("service tier"),
    BATCH("batch"),
    PRICE("price version"),
    ESTIMATED("estimated calls"),
    NO_PRICE("no price here"),
    OUTSIDE("outside the gateway"),
    CAPACITY("bought capacity"),
    REPORTED("the replies' own cost"),
    UNEXPLAINED("unexplained");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  public boolean isExplained() {
    return kind != Kind.UNEXPLAINED;
  }
}
