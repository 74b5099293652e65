package dev.understudy.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.capacity.Observation.Count;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.data.Offset;

/** What holds of every state, whatever vendors say and calls take, in whatever order. */
final class StateLawTest {
  private static final Burn HEAVY = new Burn(5, 0, true);
  private static final Terms BOUNDED =
      new Terms(
          Map.of(
              Dimension.REQUESTS, 60L,
              Dimension.TOKENS, 10_000L,
              Dimension.OUTPUT_TOKENS, 2_000L,
              Dimension.TOKENS_DAY, 100_000L),
          7,
          HEAVY,
          0.2,
          HeaderDialect.NONE,
          Optional.of(
              new Provisioned(
                  2, 1_000, HEAVY, Hours.ALWAYS, 0.95, 0.8, Provisioned.Beyond.REFUSED)));

  private sealed interface Step {
    record Passes(long millis) implements Step {}

    record Begins(Load load, Priority priority) implements Step {}

    record Ends(Load load) implements Step {}

    record Fails(int how) implements Step {}

    record Says(List<Count> counts) implements Step {}

    record Refuses(Pushback pushback, List<Count> counts) implements Step {}

    record Changes(boolean known) implements Step {}
  }

  @Provide
  static Arbitrary<List<Step>> steps() {
    Arbitrary<Load> loads =
        Combinators.combine(
                Arbitraries.longs().between(0, 5_000),
                Arbitraries.longs().between(0, 5_000),
                Arbitraries.longs().between(0, 3_000))
            .as(Load::new);
    Arbitrary<List<Count>> counts =
        Combinators.combine(
                Arbitraries.of(Dimension.values()),
                Arbitraries.longs().between(-1, 20_000).filter(limit -> limit != 0),
                Arbitraries.longs().between(-1, 20_000),
                Arbitraries.longs().between(-1, 100_000))
            .as(Count::new)
            .list()
            .ofMaxSize(4);
    Arbitrary<Pushback> pushbacks =
        Combinators.combine(
                Arbitraries.of(Pushback.Cause.values()),
                Arbitraries.of(Dimension.values()).optional(),
                Arbitraries.longs().between(0, 200_000).optional())
            .as((cause, dimension, wait) ->
                new Pushback(
                    cause, dimension, wait.map(OptionalLong::of).orElse(OptionalLong.empty())));
    return Arbitraries.<Step>oneOf(
            Arbitraries.longs().between(0, 90_000).map(Step.Passes::new),
            Combinators.combine(loads, Arbitraries.of(Priority.values())).as(Step.Begins::new),
            loads.map(Step.Ends::new),
            Arbitraries.integers().between(0, 2).map(Step.Fails::new),
            counts.map(Step.Says::new),
            Combinators.combine(pushbacks, counts).as(Step.Refuses::new),
            Arbitraries.of(true, false).map(Step.Changes::new))
        .list()
        .ofMaxSize(60);
  }

  private record Flying(Load load, long sentAt) {}

  @Property(tries = 600)
  void headroomStaysWithinBoundsAndNoLimitExceedsTheKnownOne(@ForAll("steps") List<Step> steps) {
    long now = 1_000_000;
    Terms terms = BOUNDED;
    State state = State.of(terms, now);
    Deque<Flying> flying = new ArrayDeque<>();
    for (Step step : steps) {
      long blocked = state.blockedUntil();
      switch (step) {
        case Step.Passes(long millis) -> now += millis;
        case Step.Begins(Load load, Priority priority) -> {
          if (state.wait(load, priority, terms, true, now) == 0) {
            state = state.reserve(load, terms, now);
            flying.add(new Flying(load, now));
          }
        }
        case Step.Ends(Load load) -> {
          Flying one = flying.poll();
          if (one != null) {
            state = state.settle(one.load(), load, terms, now).served().learn(1_000, load);
          }
        }
        case Step.Fails(int how) -> {
          Flying one = flying.poll();
          if (one != null) {
            state =
                how == 0
                    ? state.giveBack(one.load(), terms, now)
                    : state.settle(one.load(), one.load(), terms, now);
          }
        }
        case Step.Says(List<Count> counts) ->
            state = state.observe(new Observation(counts, false), terms, now);
        case Step.Refuses(Pushback pushback, List<Count> counts) -> {
          Flying one = flying.poll();
          if (one != null) {
            state =
                state
                    .giveBack(one.load(), terms, now)
                    .pushedBack(pushback, new Observation(counts, false), one.sentAt(), terms, now);
            assertThat(state.headroom(terms, true, now))
                .as("nothing is left after a refusal that says to wait")
                .isLessThanOrEqualTo(
                    pushback
                                .retryAfterMillis()
                                .orElse(pushback.cause() == Pushback.Cause.OVERLOAD ? 0 : 1)
                            > 0
                        ? 0
                        : 1);
          }
        }
        case Step.Changes(boolean known) -> {
          terms = known ? BOUNDED : Terms.UNKNOWN;
          state = state.under(terms, now);
        }
      }
      assertThat(state.blockedUntil()).as("no block is shortened").isGreaterThanOrEqualTo(blocked);
      assertThat(state.inFlight()).isEqualTo(flying.size());
      assertThat(state.headroom(terms, true, now)).isBetween(0.0, 1.0);
      assertThat(state.utilization(now)).isBetween(0.0, 1.0);
      for (Bucket bucket : state.buckets()) {
        Bucket then = bucket.at(now);
        double set = terms.set(bucket.dimension());
        assertThat(then.known()).isLessThanOrEqualTo(set);
        assertThat(then.limit()).isGreaterThan(0).isLessThanOrEqualTo(set);
        assertThat(then.level()).isNotNaN().isLessThanOrEqualTo(then.limit());
        assertThat(then.held()).isGreaterThanOrEqualTo(0);
        assertThat(then.headroom(now)).isEqualTo(bucket.headroom(now), within(1e-9));
      }
    }
    // Whatever happened, what is too much for nobody goes at last.
    now += 40L * 86_400_000;
    State rested = state;
    while (!flying.isEmpty()) {
      Flying one = flying.remove();
      rested = rested.settle(one.load(), one.load(), terms, now);
    }
    now += 70L * 86_400_000;
    assertThat(rested.wait(new Load(1, 0, 1), Priority.BATCH, terms, true, now)).isZero();
  }

  @Property(tries = 300)
  void aWaitIsLongEnoughAndNotMuchLonger(@ForAll("steps") List<Step> steps) {
    long now = 0;
    State state = State.of(BOUNDED, now);
    for (Step step : steps) {
      switch (step) {
        case Step.Passes(long millis) -> now += millis;
        case Step.Says(List<Count> counts) ->
            state = state.observe(new Observation(counts, false), BOUNDED, now);
        case Step.Begins(Load load, Priority priority) -> {
          long wait = state.wait(load, priority, BOUNDED, true, now);
          now += wait;
          assertThat(state.wait(load, priority, BOUNDED, true, now)).isZero();
          if (wait > 10) {
            assertThat(state.wait(load, priority, BOUNDED, true, now - 10)).isPositive();
          }
          state = state.reserve(load, BOUNDED, now).settle(load, load, BOUNDED, now);
        }
        case Step.Ends _, Step.Fails _, Step.Refuses _, Step.Changes _ -> {}
      }
    }
  }

  private static Offset<Double> within(double offset) {
    return Offset.offset(offset);
  }
}
