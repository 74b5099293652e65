package dev.understudy.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Plays calls against vendors whose limits nobody told, on a clock of its own. */
final class SimulationTest {
  private static final long MINUTE = 60_000;

  /** A vendor that counts requests with a bucket of its own, and tells nobody how large it is. */
  private static final class Hidden {
    private double perMinute;
    private double left;
    private long at;

    Hidden(double perMinute) {
      this.perMinute = perMinute;
      this.left = perMinute;
    }

    boolean takes(long now) {
      left = Math.min(perMinute, left + perMinute * (now - at) / MINUTE);
      at = now;
      if (left < 1) {
        return false;
      }
      left--;
      return true;
    }

    /** As vendors do: until one more fits. */
    long retryAfter() {
      return (long) Math.ceil((1 - left) / perMinute * MINUTE);
    }
  }

  private record Flying(Load load, long sentAt, long endsAt, boolean taken) {}

  private record Played(long wished, long served, long refused, long shut, long taken) {}

  /** Callers wish for more than there is, all the time; latency is constant. */
  private static Played play(
      Hidden vendor, double wishes, long latency, long from, long until, State[] state) {
    Terms terms = Terms.UNKNOWN;
    var flying = new ArrayDeque<Flying>();
    double due = 0;
    long wished = 0;
    long served = 0;
    long refused = 0;
    long shut = 0;
    long taken = 0;
    for (long now = from; now < until; now += 20) {
      while (!flying.isEmpty() && flying.peek().endsAt() <= now) {
        Flying one = flying.remove();
        if (one.taken()) {
          state[0] = state[0].settle(one.load(), one.load(), terms, now).served();
          served++;
        } else {
          var pushback =
              new Pushback(
                  Pushback.Cause.RATE, Optional.empty(), OptionalLong.of(vendor.retryAfter()));
          state[0] =
              state[0]
                  .giveBack(one.load(), terms, now)
                  .pushedBack(pushback, Observation.NOTHING, one.sentAt(), terms, now);
          refused++;
        }
      }
      due += wishes * 20 / MINUTE;
      for (; due >= 1; due--) {
        wished++;
        var load = new Load(100, 0, 100);
        if (state[0].wait(load, Priority.INTERACTIVE, terms, false, now) > 0) {
          shut++;
          continue;
        }
        state[0] = state[0].reserve(load, terms, now);
        boolean fits = vendor.takes(now);
        taken += fits ? 1 : 0;
        flying.add(new Flying(load, now, now + latency, fits));
      }
    }
    return new Played(wished, served, refused, shut, taken);
  }

  @Property(tries = 60)
  void findsAHiddenLimitWithFewRefusalsAndUsesMostOfIt(
      @ForAll @IntRange(min = 60, max = 6_000) int limit,
      @ForAll @DoubleRange(min = 1.2, max = 4) double excess,
      @ForAll @LongRange(min = 20, max = 3_000) long latency) {
    var vendor = new Hidden(limit);
    State[] state = {State.of(Terms.UNKNOWN, 0)};
    play(vendor, limit * excess, latency, 0, 10 * MINUTE, state);

    Played later = play(vendor, limit * excess, latency, 10 * MINUTE, 40 * MINUTE, state);

    double refusals = (double) later.refused() / (later.refused() + later.taken());
    double use = (double) later.taken() / (30.0 * limit);
    assertThat(refusals)
        .as("%d a minute, wished %.1f times, %d ms: %s", limit, excess, latency, later)
        .isLessThan(0.05);
    assertThat(use)
        .as("%d a minute, wished %.1f times, %d ms: %s", limit, excess, latency, later)
        .isGreaterThan(0.80);
  }

  @Test
  void followsALimitThatIsHalvedAndDoubledAgain() {
    var vendor = new Hidden(600);
    State[] state = {State.of(Terms.UNKNOWN, 0)};
    play(vendor, 1_200, 300, 0, 10 * MINUTE, state);

    vendor.perMinute = 300;
    play(vendor, 1_200, 300, 10 * MINUTE, 15 * MINUTE, state);
    Played halved = play(vendor, 1_200, 300, 15 * MINUTE, 25 * MINUTE, state);
    assertThat((double) halved.taken() / 3_000).isGreaterThan(0.80);
    assertThat((double) halved.refused() / halved.taken()).isLessThan(0.05);

    vendor.perMinute = 600;
    play(vendor, 1_200, 300, 25 * MINUTE, 50 * MINUTE, state);
    Played back = play(vendor, 1_200, 300, 50 * MINUTE, 60 * MINUTE, state);
    assertThat((double) back.taken() / 6_000).isGreaterThan(0.80);
  }

  @Test
  void forgetsALimitThatDoesNotBindAnyMore() {
    var vendor = new Hidden(100);
    State[] state = {State.of(Terms.UNKNOWN, 0)};
    play(vendor, 200, 100, 0, 5 * MINUTE, state);
    assertThat(state[0].find(Dimension.REQUESTS).orElseThrow().isBounded()).isTrue();

    vendor.perMinute = 1_000_000;
    Played later = play(vendor, 50, 100, 5 * MINUTE, 90 * MINUTE, state);

    assertThat(later.refused()).isZero();
    assertThat(state[0].find(Dimension.REQUESTS).orElseThrow().isBounded()).isFalse();
  }

  private static State refused(State state, long now) {
    var pushback = new Pushback(Pushback.Cause.RATE, Optional.empty(), OptionalLong.empty());
    var load = new Load(100, 0, 100);
    return state
        .reserve(load, Terms.UNKNOWN, now)
        .giveBack(load, Terms.UNKNOWN, now)
        .pushedBack(pushback, Observation.NOTHING, now, Terms.UNKNOWN, now);
  }

  /** Others use the account too, and one of their bursts must not keep us away for an hour. */
  @Test
  void aRefusalOfWhoUsedNothingTeachesNoLimit() {
    State after = refused(State.of(Terms.UNKNOWN, 0), 0);

    assertThat(after.wait(new Load(100, 0, 100), Priority.INTERACTIVE, Terms.UNKNOWN, false, 0))
        .isEqualTo(1_000);
    assertThat(after.find(Dimension.REQUESTS).orElseThrow().isBounded()).isFalse();
    assertThat(after.find(Dimension.TOKENS).orElseThrow().isBounded()).isFalse();
  }

  @Test
  void whoIsRefusedWheneverItIsTriedIsTriedMoreAndMoreRarely() {
    State state = State.of(Terms.UNKNOWN, 0);
    var waits = new ArrayList<Long>();
    long now = 0;
    for (int i = 0; i < 6; i++) {
      state = refused(state, now);
      long wait =
          state.wait(new Load(100, 0, 100), Priority.INTERACTIVE, Terms.UNKNOWN, false, now);
      waits.add(wait);
      now += wait;
    }

    assertThat(waits).containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 10_000L, 10_000L);
  }

  @Test
  void learnsHowManyCallsAVendorWithoutRoomTakesAtOnce() {
    Terms terms = Terms.UNKNOWN;
    State state = State.of(terms, 0);
    var load = new Load(10, 0, 10);
    int most = 12;
    long refused = 0;
    long sent = 0;
    var flying = new ArrayDeque<Long>();
    for (long now = 0; now < 10 * MINUTE; now += 50) {
      while (!flying.isEmpty() && flying.peek() <= now) {
        flying.remove();
        state = state.settle(load, load, terms, now).served();
      }
      for (int i = 0; i < 3; i++) {
        if (state.wait(load, Priority.INTERACTIVE, terms, false, now) > 0) {
          continue;
        }
        state = state.reserve(load, terms, now);
        sent++;
        if (flying.size() < most) {
          flying.add(now + 1_000);
        } else {
          refused++;
          state =
              state
                  .giveBack(load, terms, now)
                  .pushedBack(Pushback.overloaded(), Observation.NOTHING, now, terms, now);
        }
      }
    }
    assertThat((double) refused / sent).isLessThan(0.05);
    assertThat(sent).isGreaterThan((long) (0.7 * most * 600));
  }

  @Test
  void leavesToInteractiveCallsWhatIsSetAside() {
    Terms terms =
        new Terms(
            Map.of(Dimension.REQUESTS, 100L),
            0,
            Burn.PLAIN,
            0.2,
            HeaderDialect.NONE,
            Optional.empty());
    State state = State.of(terms, 0);
    var load = new Load(1, 0, 1);
    int batch = 0;
    while (state.wait(load, Priority.BATCH, terms, false, 0) == 0) {
      state = state.reserve(load, terms, 0);
      batch++;
    }
    int interactive = 0;
    while (state.wait(load, Priority.INTERACTIVE, terms, false, 0) == 0) {
      state = state.reserve(load, terms, 0);
      interactive++;
    }
    assertThat(batch).isEqualTo(80);
    assertThat(interactive).isEqualTo(20);
  }
}
