package dev.understudy.settlement.figures;

import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import java.util.Optional;

/** What one of an item costs by the vendor's published list. */
@FunctionalInterface
public interface Listed {
  /** At the time and under the conditions of a sum; empty where the list has no price. */
  Optional<Money> each(Facts.Sum sum);
}
