package dev.understudy.store;

import dev.understudy.exchange.Fact;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What sums are made of: one item at one price.
 *
 * @param item a leaf or unit; empty for attempts that cost nothing
 * @param each the price of one, without trailing zeros; null where there is not one
 */
record FactItem(String item, @Nullable BigDecimal each, Currency currency, boolean priced) {
  private static final Currency NONE = Currency.getInstance("XXX");

  /** So many digits no quantity has; longer ones would not fit memory when they are added. */
  private static final int DIGITS_MAX = 100;

  /** What was added up of one item. */
  static final class Running {
    BigDecimal quantity = BigDecimal.ZERO;
    BigDecimal amount = BigDecimal.ZERO;
    BigDecimal counted = BigDecimal.ZERO;
    long attempts;

    void add(Running other) {
      quantity = quantity.add(other.quantity);
      amount = amount.add(other.amount);
      counted = counted.add(other.counted);
      attempts += other.attempts;
    }

    private void add(BigDecimal more, Money price, Money toBudgets) {
      quantity = quantity.add(plain(more));
      amount = amount.add(price.amount());
      counted = counted.add(toBudgets.amount());
      attempts = 1;
    }
  }

  /** What one attempt adds to the sums. */
  static Map<FactItem, Running> of(Fact fact) {
    var items = new LinkedHashMap<FactItem, Running>();
    if (fact.cost().isEmpty()) {
      items.put(new FactItem("", null, NONE, true), once());
      return items;
    }
    Cost cost = fact.cost().get();
    for (Cost.Line line : cost.lines()) {
      BigDecimal each = line.each().map(FactItem::plain).orElse(null);
      items
          .computeIfAbsent(
              new FactItem(line.item(), each, cost.currency(), true), _ -> new Running())
          .add(line.quantity(), line.amount(), line.amount());
    }
    for (Cost.Unpriced unpriced : cost.unpriced()) {
      items
          .computeIfAbsent(
              new FactItem(unpriced.item(), null, cost.currency(), false), _ -> new Running())
          .add(unpriced.quantity(), Money.zero(cost.currency()), unpriced.counted());
    }
    if (items.isEmpty()) {
      items.put(new FactItem("", null, cost.currency(), true), once());
    }
    return items;
  }

  private static Running once() {
    var running = new Running();
    running.attempts = 1;
    return running;
  }

  /** Equal numbers are one price, however they are written. */
  private static BigDecimal plain(BigDecimal number) {
    if (number.precision() > DIGITS_MAX || Math.abs(number.scale()) > DIGITS_MAX) {
      throw new IllegalArgumentException("a quantity or price of more digits than there are");
    }
    return Money.of(number, NONE).amount();
  }

  Optional<BigDecimal> eachIfAny() {
    return Optional.ofNullable(each);
  }
}
