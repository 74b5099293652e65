package dev.understudy.gateway;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Hands a record on, with what a review has to say of it, and keeps it. */
final class Noting implements Journal {
  private final Journal next;
  private @Nullable Exchange made;
  private @Nullable UnaryOperator<Exchange> explained;

  Noting(Journal next) {
    this.next = next;
  }

  void explains(Function<Exchange, String> clause) {
    explained = exchange -> exchange.because(clause.apply(exchange));
  }

  @Override
  public void append(Exchange exchange) {
    next.append(noted(exchange));
  }

  @Override
  public boolean append(Exchange exchange, Runnable kept) {
    return next.append(noted(exchange), kept);
  }

  @Override
  public void attempted(Exchange soFar) {
    next.attempted(soFar);
  }

  @Override
  public Optional<String> refusal() {
    return next.refusal();
  }

  private Exchange noted(Exchange exchange) {
    made = exchange;
    UnaryOperator<Exchange> more = explained;
    return more == null ? exchange : more.apply(exchange);
  }

  @Override
  public int contentCharsMax() {
    return next.contentCharsMax();
  }

  /** Whether the call was answered. */
  boolean isAnswered() {
    Exchange known = made;
    return known != null && known.outcome() == Attempt.Outcome.ANSWERED;
  }

  Optional<Exchange> made() {
    return Optional.ofNullable(made);
  }
}
