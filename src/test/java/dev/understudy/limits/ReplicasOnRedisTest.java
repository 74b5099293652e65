package dev.understudy.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Scope;
import dev.understudy.limits.redis.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas as processes of their own, on a Redis of their own. */
final class ReplicasOnRedisTest {
  private static final int REPLICAS = ReplicaProcess.REPLICAS;
  private static final int CALLERS = 600;

  private record Made(String scope, long began, long ended, long cost) {}

  @Test
  void eightReplicasWithTwoHundredCallersNeverPassALimit() throws IOException {
    List<Made> calls = new ArrayList<>();
    try (var redis = RedisServer.startOrSkip()) {
      var replicas = new ArrayList<ReplicaProcess>();
      try {
        for (int i = 0; i < REPLICAS; i++) {
          replicas.add(
              ReplicaProcess.start("callers", redis.url(), Integer.toString(CALLERS / REPLICAS)));
        }
        for (ReplicaProcess replica : replicas) {
          assertThat(replica.line()).isEqualTo("ready");
        }
        for (ReplicaProcess replica : replicas) {
          replica.say("go");
        }
        for (ReplicaProcess replica : replicas) {
          replica.rest().forEach(line -> calls.add(made(line)));
        }
      } finally {
        for (ReplicaProcess replica : replicas) {
          replica.close();
        }
      }
    }
    List<Made> crowded = of(calls, ReplicaProcess.CROWDED);
    List<Made> busy = of(calls, ReplicaProcess.BUSY);
    List<Made> poor = of(calls, ReplicaProcess.POOR);
    System.out.printf(
        "crowded: %d of 400 requests; busy: at most %d of 20 at once, in %d calls; poor: %d nanos"
            + " of 1 USD in %d calls, at most %d at once%n",
        crowded.size(), most(busy), busy.size(), cost(poor), poor.size(), most(poor));
    // No minute sees more than the limit, and nearly all of it is used.
    assertThat(crowded.size()).isBetween(320, 400);
    assertThat(most(busy)).isBetween(10L, 20L);
    // Calls cost up to half as much again as was reserved: the budget may be passed by as much as
    // calls were under way, and no more.
    assertThat(cost(poor)).isLessThanOrEqualTo(1_000_000_000L + most(poor) * 1_000_000L);
    assertThat(cost(poor)).isGreaterThan(800_000_000L);
  }

  private static Made made(String line) {
    String[] parts = line.split(" ");
    return new Made(
        parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
  }

  private static List<Made> of(List<Made> calls, Scope scope) {
    return calls.stream().filter(made -> made.scope().equals(scope.id())).toList();
  }

  private static long cost(List<Made> calls) {
    return calls.stream().mapToLong(Made::cost).sum();
  }

  /** How many were under way at the same moment; the processes have one clock. */
  private static long most(List<Made> calls) {
    var moments = new ArrayList<long[]>();
    for (Made made : calls) {
      moments.add(new long[] {made.began(), 1});
      moments.add(new long[] {made.ended(), -1});
    }
    moments.sort((a, b) -> a[0] == b[0] ? Long.compare(a[1], b[1]) : Long.compare(a[0], b[0]));
    long now = 0;
    long most = 0;
    for (long[] moment : moments) {
      now += moment[1];
      most = Math.max(most, now);
    }
    return most;
  }

  @Test
  void whatAReplicaHeldThatWasKilledIsFreeAfterItsLease() throws Exception {
    Duration lease = Duration.ofSeconds(2);
    try (var redis = RedisServer.startOrSkip();
        var killed = ReplicaProcess.start("hold", redis.url(), lease.toString());
        Limiting here = ReplicaProcess.shared(redis.url(), lease)) {
      assertThat(killed.line()).isEqualTo("holding");
      assertThat(admits(here, 0.01)).isFalse();

      killed.kill();
      long at = System.nanoTime();
      while (!admits(here, 0.01)) {
        assertThat(System.nanoTime() - at)
            .as("waited for what a killed replica held")
            .isLessThan(lease.plusSeconds(20).toNanos());
        Thread.sleep(50);
      }
      System.out.printf(
          "free %d ms after the kill, with a lease of %d ms%n",
          (System.nanoTime() - at) / 1_000_000, lease.toMillis());
      // What it had spent stays spent; what it had only reserved is there again.
      assertThat(admits(here, 0.85)).isFalse();
      assertThat(admits(here, 0.75)).isTrue();
    }
  }

  private static boolean admits(Limiting limiting, double usd) {
    Clearance verdict =
        ReplicaProcess.ask(limiting.limiter(), ReplicaProcess.HELD, Counting.demand(0, usd));
    if (verdict instanceof Clearance.Admitted(Place place)) {
      place.release(place.attempt());
      place.leave();
      return true;
    }
    return false;
  }

  @Test
  void goesOnWhileRedisIsLostAndReckonsWhenItIsBack() throws Exception {
    Scope key = Counting.scope("key:r", 0, 0, 0, "1USD/day");
    try (var redis = RedisServer.startOrSkip();
        Limiting one = ReplicaProcess.shared(redis.url(), Duration.ofSeconds(2));
        Limiting two = ReplicaProcess.shared(redis.url(), Duration.ofSeconds(2))) {
      spend(one, key, 0.2);
      spend(two, key, 0.2);
      Thread.sleep(1_500); // until both know of each other
      redis.kill();
      spend(one, key, 0.1);
      spend(two, key, 0.1);
      await(() -> one.health().trouble().isPresent() && two.health().trouble().isPresent());

      redis.restart(); // and knows nothing
      await(() -> one.health().trouble().isEmpty() && two.health().trouble().isEmpty());
      spend(one, key, 0.01);
      spend(two, key, 0.01);
      await(() -> {
        Clearance verdict = ReplicaProcess.ask(one.limiter(), key, Counting.demand(0, 0.4));
        if (verdict instanceof Clearance.Admitted(Place place)) {
          place.release(place.attempt());
          place.leave();
        }
        return verdict instanceof Clearance.Refused;
      });
      assertThat(ReplicaProcess.ask(one.limiter(), key, Counting.demand(0, 0.37)))
          .isInstanceOf(Clearance.Admitted.class);
      assertThat(one.health().losses()).isPositive();
    }
  }

  private static void spend(Limiting limiting, Scope key, double usd) {
    Clearance verdict = ReplicaProcess.ask(limiting.limiter(), key, Counting.demand(0, usd));
    if (verdict instanceof Clearance.Admitted(Place place)) {
      place.settle(place.attempt(), Counting.demand(0, usd));
      place.leave();
    } else {
      throw new AssertionError(verdict);
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 400 && !condition.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void aProcessThatIsKilledForgetsAMomentOfItsSpendingAtMost(@TempDir Path folder)
      throws Exception {
    List<String> told;
    try (var process = ReplicaProcess.start("spend", folder.toString())) {
      for (int i = 0; i < 1_000; i++) {
        process.line();
      }
      process.kill();
      told = process.rest();
    }
    String[] last = told.isEmpty() ? new String[] {"0", "0"} : whole(told).split(" ");
    long until = Long.parseLong(last[1]);
    try (var book = SpendingFile.open(folder, LocalDate.now(ZoneOffset.UTC))) {
      var counting = new Counting(Allotment.WHOLE, book, ZoneOffset.UTC, Instant.now());
      counting.admitted(Demand.NONE, ReplicaProcess.POOR);
      long kept = counting.spent(ReplicaProcess.POOR.id());
      System.out.printf("spent at least %d, kept %d%n", until, kept);
      // A thousand calls took a second or more; a busy machine may be late by some tenths of it.
      assertThat(kept).isBetween(500_000L, Math.max(until, 1_000_000) + 100_000);
    }
  }

  /** The last line that is whole. */
  private static String whole(List<String> lines) {
    return lines.size() > 1 ? lines.get(lines.size() - 2) : "0 0";
  }
}
