package dev.understudy.limits;

import static dev.understudy.limits.Counting.demand;
import static dev.understudy.limits.Counting.scope;
import static dev.understudy.limits.Counting.usd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
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
        Clearance verdict =
            replica.limiter.admit(List.of(key), demand(500, 0.01), Patience.fresh());
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
      switch (replica.limiter.admit(List.of(key), demand(0, 0.05), Patience.fresh())) {
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
    var slow = new SlowBook();
    var leasing = slow.leasing();
    var share = new Share(0);
    var seats = new Gauge(Refusal.Kind.CONCURRENCY, "key:a", "seats", 20, share, share::taken);
    leasing.opened(seats);
    var told = new ArrayList<String>();
    leasing.lacking(seats, 1, Patience.fresh()).orElseThrow().then(() -> told.add("first"));
    leasing.tick();
    leasing.lacking(seats, 1, Patience.fresh()).orElseThrow().then(() -> told.add("second"));

    slow.answers.get(0).complete(new Grant(1, 0, 0, 0, 1, 0, false));
    assertThat(told).containsExactly("first");

    leasing.tick();
    assertThat(slow.asked.get(1).must()).isEqualTo(2);
    slow.answers.get(1).complete(new Grant(2, 0, 0, 0, 1, 0, false));
    assertThat(told).containsExactly("first", "second");
  }

  @Test
  void whatIsAskedForCallsThatWaitIsNotTakenByThoseWhoComeLater() {
    var slow = new SlowBook();
    var house = slow.house();
    Scope key = scope("key:a", 0, 0, 20);
    var first = new Waiting(house.limiter(), key);
    first.ask();
    house.leasing().tick();
    slow.answer(Claim.Lasting.CALL, new Grant(1, 19, 0, 0, 2, 0, false));
    assertThat(first.isTold()).isTrue();

    // The first was told, and before it comes somebody else does.
    var second = new Waiting(house.limiter(), key);
    assertThat(second.ask()).isInstanceOf(Clearance.Later.class);

    assertThat(first.ask()).isInstanceOf(Clearance.Admitted.class);
  }

  @Test
  void whatWasAskedForACallThatLeftIsFreeForOthers() {
    var slow = new SlowBook();
    var house = slow.house();
    Scope key = scope("key:a", 0, 0, 20);
    var gone = new Waiting(house.limiter(), key);
    gone.ask();
    house.leasing().tick();
    slow.answer(Claim.Lasting.CALL, new Grant(1, 19, 0, 0, 2, 0, false));

    gone.patience.giveUp();

    assertThat(new Waiting(house.limiter(), key).ask()).isInstanceOf(Clearance.Admitted.class);
  }

  @Test
  void thoseWhoWaitAreToldInTheOrderInWhichTheyCame() {
    var slow = new SlowBook();
    var house = slow.house();
    var told = new ArrayList<String>();
    Scope key = scope("key:a", 0, 0, 20, "1USD/day");
    var early = new Waiting(house.limiter(), key);
    early.ask();
    slow.nanos.addAndGet(1_000_000);
    var late = new Waiting(house.limiter(), key);
    late.ask();
    house.leasing().tick();
    slow.answer(Claim.Lasting.CALL, new Grant(20, 0, 0, 0, 2, 0, false));

    // Both have a seat and wait for money now; the later one asks for it first.
    late.toldOf(told, "late").ask();
    early.toldOf(told, "early").ask();
    house.leasing().tick();
    slow.answer(Claim.Lasting.PERIOD, new Grant(usd(1), 0, 0, 0, 2, 0, false));

    assertThat(told).containsExactly("early", "late");
  }

  @Test
  void aCallWaitsForATimeAndNotForANumberOfAnswers() {
    // Two limits in each of three scopes: six answers, and each takes 50 ms.
    Scope[] scopes = {
      scope("org:a", 0, 0, 20, "1USD/day"),
      scope("team:a", 0, 0, 20, "1USD/day"),
      scope("key:a", 0, 0, 20, "1USD/day")
    };
    var slow = new SlowBook();
    var house = slow.house();
    var call = new Waiting(house.limiter(), scopes);
    int answers = 0;
    while (call.ask() instanceof Clearance.Later) {
      house.leasing().tick();
      slow.nanos.addAndGet(50_000_000);
      slow.giveWhatIsWaitedFor();
      answers++;
    }
    // All of them within the time that a call waits, whatever it waits for.
    assertThat(answers).isEqualTo(6);
    assertThat(call.last).isInstanceOf(Clearance.Admitted.class);
  }

  @Test
  void aCallWaitsNoLongerInAllThanForOneAnswer() {
    var slow = new SlowBook();
    var house = slow.house();
    Scope key = scope("key:a", 0, 0, 20, "1USD/day");
    var call = new Waiting(house.limiter(), key);
    call.ask();
    house.leasing().tick();
    slow.nanos.addAndGet(500_000_000);
    slow.answer(Claim.Lasting.CALL, new Grant(20, 0, 0, 0, 2, 0, false));
    call.ask();
    house.leasing().tick();
    // Others hold the money, and do not need it.
    slow.answer(Claim.Lasting.PERIOD, new Grant(0, usd(1), usd(1), 0, 2, 0, false));
    assertThat(call.isTold()).isFalse();
    slow.nanos.addAndGet(100_000_000);
    house.leasing().tick();
    assertThat(call.isTold()).isTrue();

    assertThat(call.ask()).isInstanceOf(Clearance.Refused.class);
  }

  @Test
  void aReplicaWhoseBookAnswersInTimeDoesNotGoOnAloneWhenACallHasWaitedLongEnough() {
    var slow = new SlowBook();
    var house = slow.house();
    Scope key = scope("key:a", 0, 0, 20);
    var call = new Waiting(house.limiter(), key);
    call.ask();
    house.leasing().tick();
    slow.nanos.addAndGet(550_000_000);
    slow.answer(Claim.Lasting.CALL, new Grant(0, 20, 20, 0, 2, 0, false));
    house.leasing().tick();
    // The next answer is on its way for 50 ms when the call has waited for 600.
    slow.nanos.addAndGet(50_000_000);
    house.leasing().tick();

    slow.answer(Claim.Lasting.CALL, new Grant(0, 20, 0, 0, 2, 0, true));
    house.leasing().tick();
    assertThat(call.isTold()).isTrue();
    assertThat(call.ask()).isInstanceOf(Clearance.Refused.class);
  }

  @Test
  void aBudgetWithRoomThatIsSetAsideForOthersDoesNotSendACallAwayUntilTomorrow() {
    var slow = new SlowBook();
    var house = slow.house();
    Scope key = scope("key:a", 0, 0, 0, "1USD/day");
    var patient = new Waiting(house.limiter(), key);
    patient.ask();
    house.leasing().tick();
    slow.answer(Claim.Lasting.PERIOD, new Grant(usd(0.05), usd(0.4), 0, 0, 2, 0, false));

    Clearance told = house.limiter().admit(List.of(key), demand(0, 0.05), Patience.NONE);

    Refusal refusal = Counting.refusal(told);
    assertThat(refusal.message()).contains("0.6 USD left").contains("try again in 1 s");
    assertThat(refusal.isWorthRetrying()).isTrue();
  }

  /** A call that asks when the test says so. */
  private static final class Waiting {
    final Patience patience = Patience.fresh();
    final Scope[] scopes;
    final Limiter limiter;
    @Nullable Clearance last;
    private Runnable then = () -> {};
    private boolean told;

    Waiting(Limiter limiter, Scope... scopes) {
      this.limiter = limiter;
      this.scopes = scopes;
    }

    Waiting toldOf(List<String> list, String name) {
      then = () -> list.add(name);
      return this;
    }

    boolean isTold() {
      return told;
    }

    Clearance ask() {
      last = limiter.admit(List.of(scopes), demand(0, 0.05), patience);
      if (last instanceof Clearance.Later(Clearance.Waiting waiting)) {
        told = false;
        waiting.then(() -> {
          told = true;
          then.run();
        });
      }
      return last;
    }
  }

  /** A book that answers when the test does. */
  private static final class SlowBook implements ShareBook {
    final AtomicLong nanos = new AtomicLong();
    final ArrayList<Claim> asked = new ArrayList<>();
    final ArrayList<CompletableFuture<Grant>> answers = new ArrayList<>();

    record House(Leasing leasing, Limiter limiter) {}

    House house() {
      var leasing = leasing();
      var world =
          new Limiter.World(
              nanos::get,
              0,
              () -> Instant.parse("2026-11-27T12:00:00Z").plusNanos(nanos.get()),
              ZoneOffset.UTC,
              leasing,
              SpendingBook.NONE);
      return new House(
          leasing, new Limiter(world, Currencies.USD, Duration.ofSeconds(60).toNanos()));
    }

    Leasing leasing() {
      return new Leasing(
          this,
          new Leasing.Settings("one", 10_000_000_000L, Leasing.Settings.WAIT_NANOS, 1),
          nanos::get,
          () -> {});
    }

    @Override
    public CompletionStage<Grant> claim(Claim claim) {
      var answer = new CompletableFuture<Grant>();
      if (!claim.key().equals("replicas")) {
        asked.add(claim);
        answers.add(answer);
      }
      return answer;
    }

    /** Answers the last claim of a kind. */
    void answer(Claim.Lasting lasting, Grant grant) {
      for (int i = asked.size() - 1; i >= 0; i--) {
        if (asked.get(i).lasting() == lasting) {
          answers.get(i).complete(grant);
          return;
        }
      }
      throw new AssertionError("nobody asked");
    }

    /** Answers every claim that was not answered, with no more than what calls wait for. */
    void giveWhatIsWaitedFor() {
      for (int i = 0; i < answers.size(); i++) {
        Claim claim = asked.get(i);
        answers.get(i).complete(new Grant(claim.taken() + claim.must(), 0, 0, 0, 2, 0, false));
      }
    }

    @Override
    public void close() {}
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
