package dev.understudy.rollout;

import java.time.LocalDate;

/**
 * What copies and their judges came to in one day of UTC: a bound is held to it, and the books of
 * money are kept elsewhere.
 *
 * @param day the last day on which anything was spent
 * @param amount in the currency of the price books; at least 0
 */
public record Spending(LocalDate day, double amount) {
  /** Nothing was spent yet. */
  public static final Spending NONE = new Spending(LocalDate.EPOCH, 0);

  public Spending {
    if (!(amount >= 0)) {
      throw new IllegalArgumentException("what was spent is at least 0, not " + amount);
    }
  }

  /** What was spent on a day. */
  public double on(LocalDate which) {
    return day.equals(which) ? amount : 0;
  }

  /** With more of a day; of a day that is over nothing is remembered. */
  public Spending plus(LocalDate which, double more) {
    return which.isBefore(day) ? this : new Spending(which, on(which) + more);
  }
}
