package dev.understudy.gateway;

import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;
import dev.understudy.exchange.Purpose;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands the record of one call of ours on with its purpose, and keeps it. */
final class Purposed implements Journal {
  private final Purpose purpose;
  private final Journal next;
  private @Nullable Exchange made;

  Purposed(Purpose purpose, Journal next) {
    this.purpose = purpose;
    this.next = next;
  }

  @Override
  public void append(Exchange exchange) {
    Exchange known = exchange.madeFor(purpose);
    made = known;
    next.append(known);
  }

  @Override
  public void attempted(Exchange soFar) {
    next.attempted(soFar.madeFor(purpose));
  }

  @Override
  public int contentCharsMax() {
    return next.contentCharsMax();
  }

  /** The record, once the call is over. */
  Optional<Exchange> made() {
    return Optional.ofNullable(made);
  }
}
