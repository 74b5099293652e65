package dev.understudy.pricing;

import java.math.BigDecimal;

/** How much of an item was used before, in the period over which its steps run. */
@FunctionalInterface
public interface Cumulative {
  /** As if every call were the first. */
  Cumulative NOTHING = (_, _, _) -> BigDecimal.ZERO;

  /**
   * The quantity used before.
   *
   * @param vendor the vendor's name in the settings
   * @param price the price under which it counts, as in {@link dev.understudy.money.Cost#price}
   * @param item a leaf or a unit
   */
  BigDecimal before(String vendor, String price, String item);
}
