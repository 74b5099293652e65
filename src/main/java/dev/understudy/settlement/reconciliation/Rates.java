package dev.understudy.settlement.reconciliation;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/** Knows which prices of a model's item there were and are, at any class of service. */
@FunctionalInterface
public interface Rates {
  /** Nothing is known. */
  Rates NONE = (_, _, _, _) -> Optional.empty();

  /**
   * The price that says so.
   *
   * @param item one of our leaves or units
   * @param each what one was billed at
   * @return its name, if there is one
   */
  Optional<String> named(String model, String item, BigDecimal each, LocalDate day);
}
