package dev.understudy.settlement;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
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

  /** What a list asks for the same. */
  @FunctionalInterface
  public interface ListPrices {
    /** No list at all. */
    ListPrices NONE = _ -> Optional.empty();

    /** For one of an item, at the usual length of a request, when the sum's time begins. */
    Optional<Money> each(Facts.Sum sum);

    /** Whether it asks different prices for what one sum holds: by length, or by the time. */
    default boolean isUneven(Facts.Sum sum) {
      return false;
    }

    /** For one of each item of an attempt, which is told whole. */
    default Map<String, Money> each(Fact fact) {
      var all = new HashMap<String, Money>();
      for (Facts.Sum sum : Consumption.sums(fact)) {
        each(sum).ifPresent(each -> all.put(sum.item(), each));
      }
      return all;
    }
  }
}
