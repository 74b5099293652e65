package dev.understudy.settlement.figures;

import dev.understudy.exchange.Facts;
import java.math.BigDecimal;
import java.util.Optional;

/** What customers are charged for what was used, in the currency of its cost. */
@FunctionalInterface
public interface Revenue {
  /** Nobody is charged. */
  Revenue NONE = _ -> Optional.empty();

  /** For one sum; empty where nobody is charged for it. */
  Optional<BigDecimal> of(Facts.Sum sum);
}
