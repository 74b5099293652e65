package dev.understudy.limits;

import static dev.understudy.limits.Counting.scope;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What must hold whatever calls do, in whatever order. */
final class LimiterLawsTest {
  /** One thing that happens: a call comes, or an earlier one is settled or leaves. */
  record Event(int what, int which, long amount, int seconds) {}

  @Provide
  Arbitrary<List<Event>> events() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 30),
            Arbitraries.longs().between(0, 400),
            Arbitraries.integers().between(0, 20))
        .as(Event::new)
        .list()
        .ofMaxSize(200);
  }

  private record Begun(long second, long tokens) {}

  @Property(tries = 300)
  void noMinuteEverSeesMoreThanTheLimit(@ForAll("events") List<Event> events) {
    var counting = new Counting();
    Scope key = scope("key:a", 7, 1_000, 4, "1USD/day");
    var begun = new ArrayList<Begun>();
    var open = new ArrayList<Place>();
    counting.ask(new Demand(2_000, 0), key); // refused, but the scope is known from here on
    for (Event event : events) {
      counting.pass(Duration.ofSeconds(event.seconds()));
      long second = counting.limiter.world().second();
      switch (event.what()) {
        case 0, 1, 2 -> {
          var demand = new Demand(event.amount(), event.amount() * 1_000_000);
          if (counting.ask(demand, key) instanceof Clearance.Admitted(Place place)) {
            begun.add(new Begun(second, event.amount()));
            open.add(place);
          }
        }
        case 3 -> {
          if (!open.isEmpty()) {
            open.remove(event.which() % open.size()).leave();
          }
        }
        default -> {
          if (!open.isEmpty()) {
            Place place = open.get(event.which() % open.size());
            // Never more than reserved here: what is used beyond it no limit can undo.
            Demand reserved = place.attempt().demand();
            place.settle(place.attempt(), new Demand(reserved.tokens() / 2, reserved.nanos() / 2));
          }
        }
      }
      assertThat(open.size()).isLessThanOrEqualTo(4);
      assertThat(begun.stream().filter(b -> second - b.second() < 60).count())
          .isLessThanOrEqualTo(7);
      assertThat(counting.gauges("key:a").tokens().window().used(second)).isBetween(0L, 1_000L);
      assertThat(counting.taken("key:a")).isBetween(0L, 1_000_000_000L);
    }
    open.forEach(Place::leave);
    assertThat(counting.gauges("key:a").seats().share().taken()).isZero();
    assertThat(counting.taken("key:a")).isEqualTo(counting.spent("key:a"));
    counting.pass(Duration.ofSeconds(61));
    assertThat(counting.gauges("key:a").tokens().window().used(counting.limiter.world().second()))
        .isZero();
  }

  @Property(tries = 200)
  void theOrderOfSettlementsDoesNotChangeTheBalance(
      @ForAll @Size(min = 1, max = 20) List<@LongRange(max = 40) Long> costs, @ForAll long seed) {
    long inOrder = balance(costs, new Random(seed), false);
    long shuffled = balance(costs, new Random(seed), true);

    assertThat(shuffled)
        .isEqualTo(inOrder)
        .isEqualTo(costs.stream().mapToLong(Long::longValue).sum());
  }

  private static long balance(List<Long> costs, Random random, boolean shuffle) {
    var counting = new Counting();
    Scope key = scope("key:a", 0, 0, 0, "1USD/day");
    var ends = new ArrayList<Runnable>();
    for (long cost : costs) {
      Place place = counting.admitted(new Demand(0, 50), key);
      Reservation attempt = place.attempt();
      Runnable settle = () -> place.settle(attempt, new Demand(0, cost));
      ends.add(settle);
      if (random.nextBoolean()) {
        ends.add(settle); // told twice
      }
    }
    if (shuffle) {
      Collections.shuffle(ends, random);
    }
    ends.forEach(Runnable::run);
    assertThat(counting.taken("key:a")).isEqualTo(counting.spent("key:a"));
    return counting.spent("key:a");
  }

  @Property(tries = 200)
  void onlyTheFirstWordOnAnAttemptCounts(@ForAll @Size(min = 1, max = 6) List<Boolean> words) {
    var counting = new Counting();
    Scope key = scope("key:a", 0, 1_000, 0, "1USD/day");
    Place place = counting.admitted(new Demand(500, 500), key);
    Reservation attempt = place.attempt();
    for (boolean settle : words) {
      if (settle) {
        place.settle(attempt, new Demand(70, 70));
      } else {
        place.release(attempt);
      }
    }
    place.leave();

    assertThat(counting.spent("key:a")).isEqualTo(words.getFirst() ? 70 : 0);
    assertThat(counting.taken("key:a")).isEqualTo(words.getFirst() ? 70 : 0);
  }

  @Test
  void manyThreadsNeverPassALimitTogether() throws InterruptedException {
    var counting = new Counting();
    Scope key = scope("key:a", 5_000, 60_000, 40, "1USD/day");
    Scope team = scope("team:a", 0, 50_000, 30, "0.9USD/day");
    var inside = new AtomicLong();
    var most = new AtomicLong();
    var errors = new ConcurrentLinkedQueue<Throwable>();
    var admitted = new AtomicLong();
    var start = new CountDownLatch(1);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 8; i++) {
      var random = new Random(i);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  start.await();
                  for (int n = 0; n < 2_000; n++) {
                    var demand = new Demand(20, 300_000);
                    if (counting.ask(demand, key, team)
                        instanceof Clearance.Admitted(Place place)) {
                      admitted.incrementAndGet();
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                      Thread.yield();
                      inside.decrementAndGet();
                      if (random.nextBoolean()) {
                        place.settle(place.attempt(), new Demand(10, 200_000));
                      }
                      place.leave();
                    }
                  }
                } catch (Throwable t) {
                  errors.add(t);
                }
              }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(errors).isEmpty();
    assertThat(most.get()).isLessThanOrEqualTo(30);
    assertThat(admitted.get()).isBetween(1L, 5_000L);
    assertThat(counting.gauges("team:a").tokens().window().used(1_000)).isLessThanOrEqualTo(50_000);
    assertThat(counting.taken("team:a"))
        .isEqualTo(counting.spent("team:a"))
        .isEqualTo(counting.taken("key:a"))
        .isLessThanOrEqualTo(Counting.usd(0.9));
    assertThat(counting.gauges("team:a").seats().share().taken()).isZero();
    assertThat(counting.gauges("key:a").requests().window().used(1_000)).isEqualTo(admitted.get());
  }
}
