package dev.understudy.limits;

import dev.understudy.access.Scope;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** Several replicas with one clock and one book of shares, all held by a test. */
final class Replicas {
  static final Duration LEASE = Duration.ofSeconds(10);
  private static final Instant START = Instant.parse("2026-11-27T12:00:00Z");

  final AtomicLong nanos = new AtomicLong();
  final MemoryShareBook book = new MemoryShareBook(() -> nanos.get() / 1_000_000);
  final List<Replica> all = new ArrayList<>();

  /** One of them; it can be killed. */
  final class Replica {
    final Leasing leasing;
    final Limiter limiter;
    boolean killed;
    boolean cut;

    Replica(String name) {
      ShareBook own =
          new ShareBook() {
            @Override
            public CompletionStage<Grant> claim(Claim claim) {
              return cut
                  ? CompletableFuture.failedFuture(new IOException("cut off"))
                  : book.claim(claim);
            }

            @Override
            public void close() {}
          };
      leasing =
          new Leasing(
              own,
              new Leasing.Settings(name, LEASE.toNanos(), Leasing.Settings.WAIT_NANOS, 1),
              nanos::get,
              () -> {});
      limiter =
          new Limiter(
              new Limiter.World(
                  nanos::get,
                  0,
                  () -> START.plusNanos(nanos.get()),
                  ZoneOffset.UTC,
                  leasing,
                  SpendingBook.NONE),
              Currencies.USD,
              Duration.ofSeconds(60).toNanos());
    }

    /** Asks as a call does: waits as long as it is told to. */
    Clearance ask(Demand demand, Scope... scopes) {
      var patience = Patience.fresh();
      while (true) {
        switch (limiter.admit(List.of(scopes), demand, patience)) {
          case Clearance.Later(Clearance.Waiting waiting) -> {
            var again = new boolean[1];
            waiting.then(() -> again[0] = true);
            leasing.tick();
            for (int ticks = 0; !again[0] && ticks < 10; ticks++) {
              pass(Duration.ofMillis(100));
            }
            if (!again[0]) {
              throw new AssertionError("a call waited for a second");
            }
          }
          case Clearance.Admitted admitted -> {
            return admitted;
          }
          case Clearance.Refused refused -> {
            return refused;
          }
        }
      }
    }

    boolean admits(Demand demand, Scope... scopes) {
      return ask(demand, scopes) instanceof Clearance.Admitted;
    }

    Place admitted(Demand demand, Scope... scopes) {
      return switch (ask(demand, scopes)) {
        case Clearance.Admitted(Place place) -> place;
        case Clearance.Refused(Refusal refusal) -> throw new AssertionError(refusal.message());
        case Clearance.Later _ -> throw new AssertionError("still waiting");
      };
    }
  }

  Replicas(int count) {
    for (int i = 0; i < count; i++) {
      all.add(new Replica("r" + i));
    }
    // Until each has heard how many there are.
    pass(Duration.ofSeconds(3));
  }

  Replica get(int index) {
    return all.get(index);
  }

  void tick() {
    for (Replica replica : all) {
      if (!replica.killed) {
        replica.leasing.tick();
      }
    }
  }

  /** Time passes, with a tick every tenth of a second. */
  void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 100) {
      nanos.addAndGet(Math.min(left, 100) * 1_000_000);
      tick();
    }
  }
}
