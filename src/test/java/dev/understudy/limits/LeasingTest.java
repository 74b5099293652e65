package dev.understudy.limits;

import static dev.understudy.limits.Counting.demand;
import static dev.understudy.limits.Counting.scope;
import static dev.understudy.limits.Counting.usd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class LeasingTest {
  private static final Duration MOMENT = Duration.ofMillis(100);

  private final Replicas replicas = new Replicas(4);

  @Test
  void allReplicasTogetherHaveOneLimit() {
    Scope key = scope("key:a", 20, 0, 0);
    int admitted = 0;
    for (int i = 0; i < 80; i++) {
      if (replicas.get(i % 4).admits(Demand.NONE, key)) {
        admitted++;
      }
    }
    assertThat(admitted).isEqualTo(20);
  }

  @Test
  void aLimitThatIsRaisedWhileTheBookIsLostHoldsFromTheNextCallOn() {
    var alone = replicas.get(0);
    alone.cut = true;
    for (int i = 0; i < 20; i++) {
      replicas.pass(MOMENT);
    }
    // Four replicas: a quarter of the limit is this one's part.
    Scope low = scope("key:a", 8, 0, 0);
    assertThat(alone.admits(Demand.NONE, low)).isTrue();
    assertThat(alone.admits(Demand.NONE, low)).isTrue();
    assertThat(alone.admits(Demand.NONE, low)).isFalse();

    assertThat(alone.admits(Demand.NONE, scope("key:a", 20, 0, 0))).isTrue();
  }

  @Test
  void aBookThatCannotEvenBeAskedIsALostOne() {
    var broken =
        new ShareBook() {
          @Override
          public CompletionStage<Grant> claim(Claim claim) {
            throw new NoClassDefFoundError("org/example/Gone");
          }

          @Override
          public void close() {}
        };
    var leasing =
        new Leasing(
            broken,
            new Leasing.Settings("one", 10_000_000_000L, Leasing.Settings.WAIT_NANOS, 1),
            () -> 0,
            () -> {});

    leasing.tick();

    assertThat(leasing.trouble()).contains("org/example/Gone");
    assertThat(leasing.losses()).isEqualTo(1);
  }

  @Test
  void oneReplicaCanHaveTheWholeLimitWhileTheOthersDoNotNeedIt() {
    Scope key = scope("key:a", 20, 0, 0, "1USD/day");
    for (int i = 0; i < 20; i++) {
      Place place = replicas.get(0).admitted(demand(0, 0.05), key);
      place.settle(place.attempt(), demand(0, 0.05));
      place.leave();
    }
    assertThat(replicas.get(0).admits(demand(0, 0.01), key)).isFalse();
    assertThat(replicas.get(1).admits(demand(0, 0.01), key)).isFalse();
  }

  @Test
  void aSteadyFlowFindsItsShareWithoutWaiting() {
    Scope key = scope("key:a", 10_000, 1_000_000, 100, "100USD/day");
    int waited = 0;
    for (int i = 0; i < 200; i++) {
      var replica = replicas.get(i % 4);
      for (int call = 0; call < 3; call++) {
        Clearance verdict = replica.limiter.admit(java.util.List.of(key), demand(500, 0.01), true);
        if (verdict instanceof Clearance.Later(Clearance.Waiting waiting)) {
          waited++;
          waiting.then(() -> {});
          replica.leasing.tick();
        } else if (verdict instanceof Clearance.Admitted(Place place)) {
          place.settle(place.attempt(), demand(400, 0.008));
          place.leave();
        }
      }
      replicas.pass(MOMENT);
    }
    // The first call on each replica, for each of its limits, and those while the flow is learned.
    assertThat(waited).isLessThan(60);
  }

  @Test
  void whatIsNotNeededGoesToWhoNeedsIt() {
    Scope key = scope("key:a", 0, 0, 10);
    var held = new ArrayList<Place>();
    for (int i = 0; i < 9; i++) {
      held.add(replicas.get(0).admitted(Demand.NONE, key));
    }
    held.forEach(Place::leave);

    for (int i = 0; i < 10; i++) {
      assertThat(replicas.get(1).admits(Demand.NONE, key)).as("call %d", i).isTrue();
    }
    assertThat(replicas.get(2).admits(Demand.NONE, key)).isFalse();
  }

  @Test
  void atTheEndOfALimitNobodyWaitsForWhatOthersWaitForToo() {
    Scope key = scope("key:a", 0, 0, 0, "1USD/day");
    for (var replica : replicas.all) {
      Place place = replica.admitted(demand(0, 0.24), key);
      place.settle(place.attempt(), demand(0, 0.24));
      place.leave();
    }
    replicas.pass(Duration.ofSeconds(3));

    // 0.04 USD are left; one replica gets them for its call, for which they are too little.
    var told = new int[1];
    for (var replica : replicas.all) {
      switch (replica.limiter.admit(java.util.List.of(key), demand(0, 0.05), true)) {
        case Clearance.Later(Clearance.Waiting waiting) -> waiting.then(() -> told[0]++);
        case Clearance.Refused _ -> told[0]++;
        case Clearance.Admitted _ -> throw new AssertionError("beyond the limit");
      }
    }
    replicas.pass(MOMENT);

    assertThat(told[0]).as("of %d replicas", replicas.all.size()).isEqualTo(replicas.all.size());
  }

  @Test
  void whoComesWhileAClaimIsUnderWayIsAskedForByTheNext() {
    var asked = new ArrayList<Claim>();
    var answers = new ArrayList<CompletableFuture<Grant>>();
    ShareBook slow =
        new ShareBook() {
          @Override
          public CompletionStage<Grant> claim(Claim claim) {
            var answer = new CompletableFuture<Grant>();
            if (claim.key().equals("seats")) {
              asked.add(claim);
              answers.add(answer);
            }
            return answer;
          }

          @Override
          public void close() {}
        };
    var leasing =
        new Leasing(
            slow,
            new Leasing.Settings("one", 10_000_000_000L, Leasing.Settings.WAIT_NANOS, 1),
            () -> 0,
            () -> {});
    var share = new Share(0);
    var seats = new Gauge(Refusal.Kind.CONCURRENCY, "key:a", "seats", 20, share, share::taken);
    leasing.opened(seats);
    var told = new ArrayList<String>();
    leasing.lacking(seats, 1).orElseThrow().then(() -> told.add("first"));
    leasing.tick();
    leasing.lacking(seats, 1).orElseThrow().then(() -> told.add("second"));

    answers.get(0).complete(new Grant(1, 0, 0, 0, 1, 0, false));
    assertThat(told).containsExactly("first");

    leasing.tick();
    assertThat(asked.get(1).must()).isEqualTo(1);
    answers.get(1).complete(new Grant(2, 0, 0, 0, 1, 0, false));
    assertThat(told).containsExactly("first", "second");
  }

  @Test
  void whatAKilledReplicaHeldIsFreeAfterItsLease() {
    Scope key = scope("key:a", 0, 0, 4, "1USD/day");
    Place spent = replicas.get(0).admitted(demand(0, 0.3), key);
    spent.settle(spent.attempt(), demand(0, 0.2));
    for (int i = 0; i < 3; i++) {
      replicas.get(0).admitted(demand(0, 0.25), key);
    }
    replicas.pass(MOMENT);
    replicas.get(0).killed = true;
    assertThat(replicas.get(1).admits(demand(0, 0.3), key)).isFalse();

    replicas.pass(Replicas.LEASE.plus(MOMENT));

    for (int i = 0; i < 4; i++) {
      replicas.get(1).admitted(demand(0, 0.2), key);
    }
    // What it had spent stays spent.
    assertThat(replicas.get(2).admits(demand(0, 0.01), key)).isFalse();
  }

  @Test
  void goesOnWithItsLeaseAndThenWithItsPartWhenTheBookIsLost() {
    Scope key = scope("key:a", 40, 0, 0);
    Scope other = scope("key:b", 40, 0, 0);
    for (int i = 0; i < 4; i++) {
      replicas.get(0).admitted(Demand.NONE, key);
    }
    replicas.pass(MOMENT);
    replicas.book.reachable = false;
    replicas.pass(Duration.ofSeconds(1));
    assertThat(replicas.get(0).leasing.trouble()).contains("connection refused");

    int admitted = 0;
    for (int i = 0; i < 400; i++) {
      if (replicas.get(i % 4).admits(Demand.NONE, other)) {
        admitted++;
      }
    }
    assertThat(admitted).isEqualTo(40);

    replicas.pass(Duration.ofSeconds(80));
    admitted = 0;
    for (int i = 0; i < 400; i++) {
      if (replicas.get(i % 4).admits(Demand.NONE, key)) {
        admitted++;
      }
    }
    assertThat(admitted).isEqualTo(40);
  }

  @Test
  void dividesWhatIsLeftOfABudgetWhileTheBookIsLostAndReckonsWhenItIsBack() {
    Scope key = scope("key:a", 0, 0, 0, "1USD/day");
    Place first = replicas.get(0).admitted(demand(0, 0.2), key);
    first.settle(first.attempt(), demand(0, 0.2));
    first.leave();
    for (int i = 1; i < 4; i++) {
      replicas.get(i).admitted(demand(0, 0.01), key).leave();
    }
    replicas.pass(Duration.ofSeconds(4));
    replicas.book.reachable = false;
    replicas.pass(Replicas.LEASE.plusSeconds(5));

    for (int i = 0; i < 4; i++) {
      while (replicas.get(i).ask(demand(0, 0.01), key) instanceof Clearance.Admitted(Place place)) {
        place.settle(place.attempt(), demand(0, 0.01));
        place.leave();
      }
    }
    long spent = 0;
    for (int i = 0; i < 4; i++) {
      spent += spent(i);
    }
    assertThat(spent).isBetween(usd(0.9), usd(1.0));

    replicas.book.reachable = true;
    replicas.pass(Duration.ofSeconds(2));
    assertThat(replicas.get(0).leasing.trouble()).isEmpty();
    assertThat(replicas.get(0).leasing.losses()).isOne();
    assertThat(replicas.get(2).admits(demand(0, 0.2), key)).isFalse();
  }

  private long spent(int replica) {
    return replicas
        .get(replica)
        .limiter
        .scopes()
        .iterator()
        .next()
        .purses()[0]
        .at(replicas.get(replica).limiter.world().millis())
        .spending()
        .spent();
  }

  @Test
  void tellsABookThatForgotEverythingWhatWasSpent() {
    Scope key = scope("key:a", 0, 0, 0, "1USD/day");
    for (int i = 0; i < 4; i++) {
      Place place = replicas.get(i).admitted(demand(0, 0.2), key);
      place.settle(place.attempt(), demand(0, 0.2));
    }
    replicas.book.forget();
    for (int i = 0; i < 4; i++) {
      Place place = replicas.get(i).admitted(demand(0, 0.01), key);
      place.settle(place.attempt(), demand(0, 0.01));
    }
    replicas.pass(Duration.ofSeconds(1));

    assertThat(replicas.get(0).admits(demand(0, 0.17), key)).isFalse();
    assertThat(replicas.get(0).admits(demand(0, 0.15), key)).isTrue();
  }

  @Test
  void countsNothingTwiceWhenAnswersAreLost() {
    Scope key = scope("key:a", 0, 0, 0, "1USD/day");
    Place place = replicas.get(0).admitted(demand(0, 0.4), key);
    replicas.book.losesAnswers = true;
    place.settle(place.attempt(), demand(0, 0.4));
    replicas.pass(Duration.ofSeconds(3));
    replicas.book.losesAnswers = false;
    replicas.pass(Duration.ofSeconds(3));

    assertThat(replicas.get(1).admits(demand(0, 0.6), key)).isTrue();
    assertThat(replicas.get(1).admits(demand(0, 0.01), key)).isFalse();
  }

  @Test
  void aReplicaThatWasAwayForHoursIsNotCountedTwice() {
    Scope key = scope("key:a", 0, 0, 0, "1USD/day");
    Place place = replicas.get(0).admitted(demand(0, 0.4), key);
    place.settle(place.attempt(), demand(0, 0.4));
    place.leave();
    replicas.pass(Duration.ofSeconds(1));
    replicas.get(0).cut = true;
    replicas.nanos.addAndGet(Duration.ofHours(2).toNanos());
    replicas.pass(MOMENT);
    Place other = replicas.get(1).admitted(demand(0, 0.1), key);
    other.settle(other.attempt(), demand(0, 0.1));
    replicas.get(0).cut = false;
    replicas.pass(Duration.ofSeconds(2));

    Place back = replicas.get(0).admitted(demand(0, 0.2), key);
    back.settle(back.attempt(), demand(0, 0.2));
    replicas.pass(MOMENT);
    assertThat(replicas.get(2).admits(demand(0, 0.31), key)).isFalse();
    assertThat(replicas.get(2).admits(demand(0, 0.3), key)).isTrue();
  }

  @Test
  void startsABudgetAnewInAllReplicas() {
    Scope key = scope("key:a", 0, 0, 0, "1USD/day");
    for (int i = 0; i < 4; i++) {
      Place place = replicas.get(i).admitted(demand(0, 0.25), key);
      place.settle(place.attempt(), demand(0, 0.25));
      place.leave();
    }
    assertThat(replicas.get(1).admits(demand(0, 0.1), key)).isFalse();

    replicas
        .get(2)
        .limiter
        .scopes()
        .iterator()
        .next()
        .purses()[0]
        .forgive(replicas.get(2).limiter.world().millis());
    replicas.pass(Duration.ofMillis(300));

    int admitted = 0;
    for (int i = 0; i < 40; i++) {
      if (replicas.get(i % 4).admits(demand(0, 0.1), key)) {
        admitted++;
      }
    }
    assertThat(admitted).isEqualTo(10);
  }

  @Test
  void aLimitThatIsLoweredHoldsForAll() {
    Scope wide = scope("key:a", 0, 0, 40);
    var held = new ArrayList<Place>();
    for (int i = 0; i < 20; i++) {
      held.add(replicas.get(i % 4).admitted(Demand.NONE, wide));
    }
    held.forEach(Place::leave);
    Scope narrow = scope("key:a", 0, 0, 5);
    for (int i = 0; i < 4; i++) {
      replicas.get(i).ask(Demand.NONE, narrow);
    }
    replicas.pass(Duration.ofSeconds(5));
    int more = 0;
    for (int i = 0; i < 40; i++) {
      more += replicas.get(i % 4).admits(Demand.NONE, narrow) ? 1 : 0;
    }
    // Up to four came in while the replicas did not yet know of each other's lower limit.
    assertThat(more).isBetween(1, 5);
  }
}
