package dev.understudy.limits;

import dev.understudy.access.Budget;
import dev.understudy.access.Limits;
import dev.understudy.access.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All gauges of one scope. The value is immutable; other limits for the scope make another value
 * around the same counts, so that a change of limits forgives nobody what was used.
 */
final class Gauges {
  private final Scope scope;
  private final @Nullable Rate requests;
  private final @Nullable Rate tokens;
  private final @Nullable Gauge seats;
  private final Purse[] purses;
  private volatile long usedAt;

  /** A limit by the minute with what was used of it. */
  record Rate(Gauge gauge, Window window) {}

  private Gauges(
      Scope scope,
      @Nullable Rate requests,
      @Nullable Rate tokens,
      @Nullable Gauge seats,
      Purse[] purses) {
    this.scope = scope;
    this.requests = requests;
    this.tokens = tokens;
    this.seats = seats;
    this.purses = purses;
  }

  static Gauges open(Scope scope, Limiter.World world) {
    return new Gauges(new Scope(scope.id(), Limits.NONE), null, null, null, new Purse[0])
        .with(scope, world);
  }

  /** The same counts under other limits. */
  Gauges with(Scope other, Limiter.World world) {
    var limits = other.limits();
    return new Gauges(
        other,
        rate(requests, Refusal.Kind.REQUESTS, limits.requestsPerMinute(), world),
        rate(tokens, Refusal.Kind.TOKENS, limits.tokensPerMinute(), world),
        seats(
            limits.concurrentCalls().isPresent()
                ? OptionalLong.of(limits.concurrentCalls().getAsInt())
                : OptionalLong.empty(),
            world),
        purses(limits.budgets(), world));
  }

  private @Nullable Rate rate(
      @Nullable Rate known, Refusal.Kind kind, OptionalLong limit, Limiter.World world) {
    if (limit.isEmpty()) {
      if (known != null) {
        world.allotment().closed(known.gauge());
      }
      return null;
    }
    if (known != null) {
      change(known.gauge(), limit.getAsLong(), world);
      return known;
    }
    var share = new Share(world.allotment().atFirst(limit.getAsLong()));
    var window = new Window(share);
    var gauge =
        new Gauge(
            kind,
            scope.id(),
            scope.id() + "/" + (kind == Refusal.Kind.REQUESTS ? "requests" : "tokens"),
            limit.getAsLong(),
            share,
            () -> window.used(world.second()));
    world.allotment().opened(gauge);
    return new Rate(gauge, window);
  }

  private @Nullable Gauge seats(OptionalLong limit, Limiter.World world) {
    Gauge known = seats;
    if (limit.isEmpty()) {
      if (known != null) {
        world.allotment().closed(known);
      }
      return null;
    }
    if (known != null) {
      change(known, limit.getAsLong(), world);
      return known;
    }
    var share = new Share(world.allotment().atFirst(limit.getAsLong()));
    var gauge =
        new Gauge(
            Refusal.Kind.CONCURRENCY,
            scope.id(),
            scope.id() + "/calls",
            limit.getAsLong(),
            share,
            share::taken);
    world.allotment().opened(gauge);
    return gauge;
  }

  private static void change(Gauge gauge, long limit, Limiter.World world) {
    if (gauge.limit() != limit) {
      gauge.limit(limit);
      world.allotment().changed(gauge);
    }
  }

  private Purse[] purses(List<Budget> budgets, Limiter.World world) {
    var next = new ArrayList<Purse>();
    for (Budget budget : budgets) {
      Purse kept = purse(budget);
      next.add(
          kept != null
              ? kept.withBudget(budget, world.millis())
              : new Purse(
                  scope.id(),
                  budget,
                  world.zone(),
                  world.allotment(),
                  world.book(),
                  world.millis()));
    }
    for (Purse purse : purses) {
      if (budgets.stream().noneMatch(budget -> isSame(purse.budget(), budget))) {
        purse.close();
      }
    }
    return next.toArray(Purse[]::new);
  }

  private @Nullable Purse purse(Budget budget) {
    for (Purse purse : purses) {
      if (isSame(purse.budget(), budget)) {
        return purse;
      }
    }
    return null;
  }

  private static boolean isSame(Budget one, Budget other) {
    return one.period() == other.period() && one.currency().equals(other.currency());
  }

  Scope scope() {
    return scope;
  }

  /** The second in which it was last used. */
  long usedAt() {
    return usedAt;
  }

  void usedAt(long second) {
    if (usedAt != second) {
      usedAt = second;
    }
  }

  @Nullable Rate requests() {
    return requests;
  }

  @Nullable Rate tokens() {
    return tokens;
  }

  @Nullable Gauge seats() {
    return seats;
  }

  Purse[] purses() {
    return purses;
  }

  /** Whether nothing is taken, so that forgetting the scope loses nothing. */
  boolean isIdle(long second, long millis) {
    for (Purse purse : purses) {
      var spending = purse.at(millis).spending();
      if (spending.share().taken() != 0 || spending.forgiven() != 0) {
        return false;
      }
    }
    return (requests == null || requests.window().used(second) == 0)
        && (tokens == null || tokens.window().used(second) == 0)
        && (seats == null || seats.share().taken() == 0);
  }

  void close(Allotment allotment) {
    if (requests != null) {
      allotment.closed(requests.gauge());
    }
    if (tokens != null) {
      allotment.closed(tokens.gauge());
    }
    if (seats != null) {
      allotment.closed(seats);
    }
    for (Purse purse : purses) {
      purse.close();
    }
  }

  /** How much is used now. */
  Use use(long second, long millis) {
    var spent = new ArrayList<Use.Spent>();
    for (Purse purse : purses) {
      Purse.Present now = purse.at(millis);
      long spentNanos = now.spending().spent();
      spent.add(
          new Use.Spent(
              purse.budget().text(),
              purse.budget().currency(),
              spentNanos,
              Math.max(0, now.spending().share().taken() - spentNanos),
              now.gauge().elsewhere(),
              now.gauge().forgiven(),
              now.gauge().left(),
              Instant.ofEpochMilli(now.spending().endMillis())));
    }
    return new Use(
        scope.id(),
        requests == null ? Optional.empty() : level(requests, second),
        tokens == null ? Optional.empty() : level(tokens, second),
        seats == null ? Optional.empty() : Optional.of(level(seats, seats.share().taken())),
        spent);
  }

  private static Optional<Use.Level> level(Rate rate, long second) {
    return Optional.of(level(rate.gauge(), rate.window().used(second)));
  }

  private static Use.Level level(Gauge gauge, long used) {
    return new Use.Level(gauge.limit(), used + gauge.elsewhere(), gauge.share().allowed());
  }

  void each(long millis, Consumer<Gauge> action) {
    if (requests != null) {
      action.accept(requests.gauge());
    }
    if (tokens != null) {
      action.accept(tokens.gauge());
    }
    if (seats != null) {
      action.accept(seats);
    }
    for (Purse purse : purses) {
      action.accept(purse.at(millis).gauge());
    }
  }
}
