package dev.understudy.limits;

import dev.understudy.access.Budget;
import dev.understudy.access.Limits;
import dev.understudy.access.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A limiter with a clock that tests hold, and short words for its parts. */
final class Counting {
  static final Duration LEASE = Duration.ofSeconds(60);

  final AtomicLong nanos = new AtomicLong();
  final Instant start;
  final Limiter limiter;

  Counting() {
    this(Allotment.WHOLE, SpendingBook.NONE, ZoneOffset.UTC, Instant.parse("2026-11-27T12:00:00Z"));
  }

  Counting(Allotment allotment, SpendingBook book, ZoneId zone, Instant start) {
    this.start = start;
    InstantSource clock = () -> start.plusNanos(nanos.get());
    this.limiter =
        new Limiter(
            new Limiter.World(nanos::get, 0, clock, zone, allotment, book),
            Currencies.USD,
            LEASE.toNanos());
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  static Scope scope(String id, long requests, long tokens, int calls, String... budgets) {
    return new Scope(
        id,
        new Limits(
            requests == 0 ? OptionalLong.empty() : OptionalLong.of(requests),
            tokens == 0 ? OptionalLong.empty() : OptionalLong.of(tokens),
            calls == 0 ? OptionalInt.empty() : OptionalInt.of(calls),
            Stream.of(budgets).map(Budget::parse).toList()));
  }

  /** Money in billionths. */
  static long usd(double amount) {
    return Math.round(amount * 1e9);
  }

  static Demand demand(long tokens, double usd) {
    return new Demand(tokens, usd(usd));
  }

  Clearance ask(Demand demand, Scope... scopes) {
    return limiter.admit(List.of(scopes), demand, Patience.NONE);
  }

  Place admitted(Demand demand, Scope... scopes) {
    return switch (ask(demand, scopes)) {
      case Clearance.Admitted(Place place) -> place;
      case Clearance.Refused(Refusal refusal) -> throw new AssertionError(refusal.message());
      case Clearance.Later _ -> throw new AssertionError("to wait was not allowed");
    };
  }

  Refusal refused(Demand demand, Scope... scopes) {
    return refusal(ask(demand, scopes));
  }

  static Refusal refusal(Clearance verdict) {
    return switch (verdict) {
      case Clearance.Admitted _ -> throw new AssertionError("it was let through");
      case Clearance.Refused(Refusal refusal) -> refusal;
      case Clearance.Later _ -> throw new AssertionError("to wait was not allowed");
    };
  }

  /** What is spent or reserved of the first budget of a scope. */
  long taken(String scope) {
    return purse(scope).at(limiter.world().millis()).spending().share().taken();
  }

  long spent(String scope) {
    return purse(scope).at(limiter.world().millis()).spending().spent();
  }

  private Purse purse(String scope) {
    return gauges(scope).purses()[0];
  }

  Gauges gauges(String scope) {
    return limiter.scopes().stream()
        .filter(gauges -> gauges.scope().id().equals(scope))
        .findAny()
        .orElseThrow();
  }
}
