package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/**
 * Prices of one under certain conditions: of a token by leaf, and of a unit by the vendor's name.
 */
record RateTable(Map<Leaf, Price> tokens, Map<String, Price> units) {
  RateTable {
    tokens = Map.copyOf(tokens);
    units = Map.copyOf(units);
  }

  /** Tokens at another rate; what is counted in units is not touched by discounts on tokens. */
  RateTable times(BigDecimal factor) {
    var other = new HashMap<Leaf, Price>();
    tokens.forEach((leaf, price) -> other.put(leaf, price.times(factor)));
    return new RateTable(other, units);
  }
}
