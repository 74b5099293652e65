package dev.understudy.money;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * What something came to: priced lines that sum to the total, and beside them what has no price.
 *
 * @param lines what was priced
 * @param unpriced what is in suspense: counted, but without a price
 * @param total of the lines alone; with anything unpriced it is not the whole cost
 * @param counted what budgets count: the total, and the unpriced at a stated fallback
 * @param price which price it was: book, vendor, model and since when; empty if there was none
 */
public record Cost(
    List<Line> lines, List<Unpriced> unpriced, Money total, Money counted, String price) {

  /**
   * One item.
   *
   * @param item a leaf such as {@code input.text.read}, a unit by the vendor's name, or a minimum
   * @param each the price of one; empty where prices go by steps or packages
   * @param amount quantity times price, exact, or what the steps come to
   */
  public record Line(String item, BigDecimal quantity, Optional<BigDecimal> each, Money amount) {}

  /**
   * One item without a price.
   *
   * @param reason in a clause, such as {@code no price for tier "scale"}
   * @param counted what budgets count for it
   */
  public record Unpriced(String item, BigDecimal quantity, String reason, Money counted) {}

  public Cost {
    lines = List.copyOf(lines);
    unpriced = List.copyOf(unpriced);
  }

  /** Sums up. */
  public static Cost of(
      List<Line> lines, List<Unpriced> unpriced, Currency currency, String price) {
    // Summed as plain decimals: this is done for every attempt.
    BigDecimal total = BigDecimal.ZERO;
    for (int i = 0; i < lines.size(); i++) {
      total = total.add(same(lines.get(i).amount(), currency));
    }
    BigDecimal counted = total;
    for (int i = 0; i < unpriced.size(); i++) {
      counted = counted.add(same(unpriced.get(i).counted(), currency));
    }
    return new Cost(lines, unpriced, Money.of(total, currency), Money.of(counted, currency), price);
  }

  private static BigDecimal same(Money money, Currency currency) {
    if (!money.currency().equals(currency)) {
      throw new IllegalArgumentException(
          "a line of %s in a cost in %s".formatted(money, currency.getCurrencyCode()));
    }
    return money.amount();
  }

  public Currency currency() {
    return total.currency();
  }

  /** Whether everything in it has a price. */
  public boolean isWhole() {
    return unpriced.isEmpty();
  }
}
