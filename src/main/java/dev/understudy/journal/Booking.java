package dev.understudy.journal;

import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Fact;
import dev.understudy.ledger.AttemptBook;
import dev.understudy.ledger.AttemptBook.Finished;
import dev.understudy.ledger.AttemptCosts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What calls become on their way into the store.
 *
 * @param book where they go; asked for when there is a first one
 * @param pricing gives attempts a cost that have none yet and are owed for; may wait for prices
 * @param regions where a vendor serves, as far as that is known
 * @param spelling the record of a call as JSON
 */
public record Booking(
    Supplier<AttemptBook> book,
    UnaryOperator<Exchange> pricing,
    Function<String, Optional<String>> regions,
    Function<Exchange, byte[]> spelling) {
  /** Of a call whose record is not kept. */
  public static final byte[] NO_RECORD = new byte[0];

  /** Of a call that goes on, only the attempts that are over. */
  Finished soFar(Exchange exchange) {
    Finished ended = finished(exchange);
    return new Finished(
        ended.exchange(), ended.startedAtMillis(), ended.attempts(), ended.costs(), NO_RECORD);
  }

  Finished finished(Exchange exchange) {
    Exchange priced = pricing.apply(exchange);
    List<Fact> facts = new ArrayList<>(priced.attempts().size());
    for (int i = 0; i < priced.attempts().size(); i++) {
      String vendor = priced.attempts().get(i).vendor();
      facts.add(Fact.of(priced, i, regions.apply(vendor).orElse("")));
    }
    return new Finished(
        priced.id(),
        priced.startedAt().toEpochMilli(),
        facts,
        AttemptCosts.of(priced),
        spelling.apply(priced));
  }
}
