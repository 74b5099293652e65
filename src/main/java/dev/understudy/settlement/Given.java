package dev.understudy.settlement;

import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All that a statement is made of, beside the contract.
 *
 * @param fx rates of exchange
 * @param list what others are asked for the same
 */
public record Given(Sales sales, Facts facts, FxTable fx, ListPrices list) {

  /** What was sold, by time. */
  @FunctionalInterface
  public interface Sales {
    void each(Instant from, Instant until, Consumer<SalesFact> use) throws IOException;
  }

  /** What a list asks for one of an item, at the usual rates. */
  @FunctionalInterface
  public interface ListPrices {
    /** No list at all. */
    ListPrices NONE = _ -> Optional.empty();

    Optional<Money> each(Facts.Sum sum);
  }
}
