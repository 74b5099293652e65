package dev.understudy.contract;

import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.util.List;

/** What is claimed back where somebody else was given a lower price for the same. */
public final class MostFavoured {
  private MostFavoured() {}

  /**
   * One item that was bought.
   *
   * @param each what was paid for one
   * @param lowest what somebody else was asked for one at that time
   */
  public record Bought(String item, BigDecimal quantity, Money each, Money lowest) {
    /** What is claimed for it: never below zero. */
    public Money claim() {
      return each.minus(each.min(lowest)).times(quantity);
    }
  }

  /** What is claimed for all; of one currency and at least one. */
  public static Money claim(List<Bought> all) {
    return all.stream().map(Bought::claim).reduce(Money::plus).orElseThrow();
  }
}
