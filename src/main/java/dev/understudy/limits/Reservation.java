package dev.understudy.limits;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt holds of the limits in all scopes of its caller, until it is settled or
 * released: whichever comes first counts, and whatever comes after changes nothing.
 */
public final class Reservation {
  /** Nothing is held and nothing is counted. */
  static final Reservation FREE =
      new Reservation(
          new Gauges[0], Demand.NONE, new long[0], new Purse[0], new Spending[0], Currencies.USD);

  private final Gauges[] scopes;
  private final Demand demand;
  private final long[] tokenSeconds;
  private final Purse[] purses;
  private final Spending[] spendings;
  private final Currencies currencies;
  private final AtomicBoolean done = new AtomicBoolean();

  private Reservation(
      Gauges[] scopes,
      Demand demand,
      long[] tokenSeconds,
      Purse[] purses,
      Spending[] spendings,
      Currencies currencies) {
    this.scopes = scopes;
    this.demand = demand;
    this.tokenSeconds = tokenSeconds;
    this.purses = purses;
    this.spendings = spendings;
    this.currencies = currencies;
  }

  /**
   * Reserves in all scopes or in none.
   *
   * @param patience of the call that reserves
   * @param lack hears what is lacking
   * @return null if something is lacking
   */
  static @Nullable Reservation take(
      Gauges[] scopes,
      Demand demand,
      Currencies currencies,
      long second,
      long millis,
      Patience patience,
      Lack lack) {
    var seconds = new long[scopes.length];
    int purses = 0;
    for (Gauges scope : scopes) {
      purses += scope.purses().length;
    }
    var reservation =
        new Reservation(
            scopes, demand, seconds, new Purse[purses], new Spending[purses], currencies);
    return reservation.fill(second, millis, patience, lack) ? reservation : null;
  }

  private boolean fill(long second, long millis, Patience patience, Lack lack) {
    int held = 0;
    for (int i = 0; i < scopes.length; i++) {
      Gauges scope = scopes[i];
      Gauges.Rate rate = scope.tokens();
      tokenSeconds[i] = Window.NONE;
      if (rate != null && demand.tokens() > 0) {
        tokenSeconds[i] = rate.window().add(demand.tokens(), second, patience);
        if (tokenSeconds[i] == Window.NONE) {
          lack.of(rate.gauge(), rate.window(), demand.tokens());
          undo(i, held);
          return false;
        }
      }
      for (Purse purse : scope.purses()) {
        Purse.Present present = purse.at(millis);
        long nanos = currencies.convert(demand.nanos(), purse.budget().currency());
        if (nanos > 0 && !present.spending().reserve(nanos, patience)) {
          lack.of(purse, present, nanos);
          undo(i + 1, held);
          return false;
        }
        purses[held] = purse;
        spendings[held] = present.spending();
        held++;
      }
    }
    return true;
  }

  private void undo(int scopesHeld, int pursesHeld) {
    giveBackTokens(scopesHeld);
    for (int i = 0; i < pursesHeld; i++) {
      spendings[i].release(currencies.convert(demand.nanos(), purses[i].budget().currency()));
    }
  }

  private void giveBackTokens(int scopesHeld) {
    for (int i = 0; i < scopesHeld; i++) {
      Gauges.Rate rate = scopes[i].tokens();
      if (rate != null && tokenSeconds[i] != Window.NONE) {
        rate.window().takeBack(demand.tokens(), tokenSeconds[i]);
      }
    }
  }

  Demand demand() {
    return demand;
  }

  boolean isOpen() {
    return !done.get();
  }

  /**
   * Replaces what was reserved by what was really used.
   *
   * @return whether this was the first word on it
   */
  boolean settle(Demand actual, long second) {
    if (this == FREE || !done.compareAndSet(false, true)) {
      return false;
    }
    for (int i = 0; i < scopes.length; i++) {
      Gauges.Rate rate = scopes[i].tokens();
      if (rate != null) {
        settleTokens(rate.window(), tokenSeconds[i], actual.tokens(), second);
      }
    }
    for (int i = 0; i < purses.length; i++) {
      String currency = purses[i].budget().currency();
      long spent = currencies.convert(actual.nanos(), currency);
      spendings[i].settle(currencies.convert(demand.nanos(), currency), spent);
      if (spent > 0) {
        purses[i].spent(spendings[i]);
      }
    }
    return true;
  }

  private void settleTokens(Window window, long kept, long actual, long second) {
    long reserved = kept == Window.NONE ? 0 : demand.tokens();
    if (actual > reserved) {
      window.addAnyway(actual - reserved, second);
    } else if (actual < reserved) {
      window.takeBack(reserved - actual, kept);
    }
  }

  /** Gives everything back: the attempt came to nothing. */
  boolean release() {
    if (this == FREE || !done.compareAndSet(false, true)) {
      return false;
    }
    undo(scopes.length, purses.length);
    return true;
  }
}
