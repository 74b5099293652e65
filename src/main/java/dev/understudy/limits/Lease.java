package dev.understudy.limits;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** This replica's share of one limit: what it asks for next, and what an answer changes. */
final class Lease {
  /** A replica that was silent for so long starts as a new one: its old record may be gone. */
  static final long FORGOTTEN_NANOS = 30 * 60_000_000_000L;

  private static final long SECOND = 1_000_000_000L;

  /** After a claim that got too little, nobody waits for so long. */
  private static final long DRY_NANOS = 100_000_000L;

  /** So often a replica that holds more than it needs hears whether others lack it. */
  private static final long IDLE_NANOS = 300_000_000L;

  /** So long what was asked for waiting calls is theirs, until they have come and taken it. */
  private static final long GRACE_NANOS = 100_000_000L;

  private final Gauge gauge;
  private final Claim.Lasting lasting;
  private final long keptMillis;
  private final long leaseNanos;
  private final long renewNanos;

  /** In the order they began to wait for whatever they lacked first. */
  private final ConcurrentSkipListSet<Waiter> waiters = new ConcurrentSkipListSet<>();

  private final AtomicLong waitersSoFar = new AtomicLong();

  /** How many claims were made; who begins to wait after one is asked for by the next. */
  private volatile int claims;

  private volatile long dryUntil;
  private volatile long dryLeft;
  private volatile boolean forgive;
  private boolean asking;
  private boolean known;
  private long sentNanos;
  private long mustSent;
  private long takenSent;
  private long usedSent;
  private long acknowledgedNanos;
  private long usedThen;
  private long usedInAll;
  private int generation;
  private long baseline;
  private boolean scarce;
  private long activeNanos;
  private long typical = 1;
  private long takenBefore;
  private long growth;
  private long growthBefore;
  private long gotNanos;
  private long peak;
  private long peakBefore;
  private long peakSince;

  /**
   * Makes one that holds nothing yet.
   *
   * @param renewNanos how often it is renewed while something of it is held
   */
  Lease(
      Gauge gauge,
      Claim.Lasting lasting,
      long keptMillis,
      long leaseNanos,
      long renewNanos,
      long now) {
    this.gauge = gauge;
    this.lasting = lasting;
    this.keptMillis = keptMillis;
    this.leaseNanos = leaseNanos;
    this.renewNanos = renewNanos;
    this.peakSince = now;
    this.activeNanos = now - 3 * SECOND;
    this.acknowledgedNanos = now - leaseNanos;
    this.dryUntil = now;
    this.gotNanos = now - SECOND;
  }

  Gauge gauge() {
    return gauge;
  }

  private record Waiter(Runnable again, long deadline, long number, int after)
      implements Comparable<Waiter> {
    @Override
    public int compareTo(Waiter other) {
      long later = deadline - other.deadline;
      return later == 0 ? Long.compare(number, other.number) : Long.signum(later);
    }
  }

  /** A call waits until a moment for what was promised to it. */
  void await(Runnable again, long deadline) {
    waiters.add(new Waiter(again, deadline, waitersSoFar.incrementAndGet(), claims));
  }

  /**
   * Tells those who waited long enough. If the book still owes an answer they wait for that, and if
   * none came in the time that one may take, the replica goes on without.
   */
  void wakeUntil(long now, long answerNanos, int replicas) {
    if (waiters.isEmpty() || now - waiters.first().deadline() < 0) {
      return;
    }
    synchronized (this) {
      if (asking && now - sentNanos < answerNanos) {
        return;
      }
      if (asking) {
        alone(replicas, now);
      }
    }
    wake(waiter -> now - waiter.deadline() >= 0);
  }

  /**
   * Tells those for whom the last claim asked. Who came later would find nothing, and a call does
   * not wait for ever: the next claim asks for them.
   *
   * @return whether anybody is left to ask for
   */
  boolean wakeAsked() {
    int last = claims;
    wake(waiter -> waiter.after() < last);
    return !waiters.isEmpty();
  }

  /** Tells all who wait. */
  void wakeAll() {
    wake(_ -> true);
  }

  private void wake(Predicate<Waiter> which) {
    if (waiters.isEmpty()) {
      return;
    }
    List<Waiter> told = new ArrayList<>();
    waiters.removeIf(waiter -> {
      boolean is = which.test(waiter);
      if (is) {
        told.add(waiter);
      }
      return is;
    });
    for (Waiter waiter : told) {
      waiter.again().run();
    }
  }

  /** Whether it was said just now that there is not so much to be had. */
  boolean isDry(long amount, long now) {
    return dryUntil - now > 0 && amount > dryLeft;
  }

  void forgive() {
    forgive = true;
  }

  /**
   * The claim to make now, if one is due: somebody waits, something was used, there is more than is
   * needed, or the lease runs out.
   */
  synchronized Optional<Claim> due(String replica, long now) {
    if (asking) {
      return Optional.empty();
    }
    // Counted before it is summed up, as calls are promised their need before they look at the
    // count: who is told by this claim's answer is in its sum.
    claims = claims + 1;
    long waited = gauge.share().promised();
    long used = gauge.used();
    long taken = gauge.share().taken();
    observe(taken, waited, now);
    long want = Math.min(gauge.limit(), wanted(taken, waited, now));
    long allowed = gauge.share().allowed();
    long lasts = lasting == Claim.Lasting.CALL ? 0 : used;
    boolean isDue =
        waited > 0
            || forgive
            || used != usedThen
            || want < allowed
            || (want > allowed && now - activeNanos < SECOND)
            || (allowed > taken && now - acknowledgedNanos > IDLE_NANOS)
            || (allowed > lasts && now - acknowledgedNanos > renewNanos);
    if (!isDue) {
      return Optional.empty();
    }
    if (known && now - acknowledgedNanos > FORGOTTEN_NANOS) {
      generation++;
      baseline = lasting == Claim.Lasting.PERIOD ? usedThen : 0;
      known = false;
    }
    long held = allowed;
    if (want < allowed) {
      held = gauge.share().lower(want);
      taken = gauge.share().taken();
      used = gauge.used();
    }
    asking = true;
    sentNanos = now;
    mustSent = waited;
    takenSent = taken;
    usedSent = used;
    return Optional.of(
        new Claim(
            gauge.key(),
            lasting,
            generation == 0 ? replica : replica + "." + generation,
            gauge.limitSet(),
            Math.max(0, used - baseline),
            Math.max(0, taken - baseline),
            Math.max(0, held - baseline),
            Math.max(0, Math.max(want, held) - baseline),
            waited,
            leaseNanos / 1_000_000,
            keptMillis,
            forgive));
  }

  private void observe(long taken, long waited, long now) {
    long grown = taken - takenBefore;
    if (grown > 0 || waited > 0) {
      activeNanos = now;
    }
    takenBefore = taken;
    typical = waited > 0 ? waited : typical;
    if (now - peakSince > SECOND) {
      peakBefore = peak;
      peak = taken;
      growthBefore = growth;
      growth = 0;
      peakSince = now;
    }
    peak = Math.max(peak, taken);
    growth = Math.max(growth, grown);
  }

  /** What is taken, with what may be taken until the next word. */
  private long wanted(long taken, long waited, long now) {
    if (now - gotNanos < GRACE_NANOS) {
      return Math.max(gauge.share().allowed(), taken) + waited;
    }
    if (scarce) {
      return taken + waited;
    }
    if (now - activeNanos > 2 * SECOND) {
      return taken;
    }
    return Math.max(peak, peakBefore)
        + Math.max(typical, 3 * Math.max(growth, growthBefore))
        + waited;
  }

  /**
   * The claim was answered.
   *
   * @return whether those who wait should be told: they have what they need, or there is no more;
   *     false if others hold more than they need and may give it back in a moment
   */
  synchronized boolean granted(Grant grant, long now) {
    asking = false;
    known = true;
    acknowledgedNanos = sentNanos;
    usedThen = usedSent;
    usedInAll = grant.usedInAll();
    scarce = grant.scarce();
    gauge.forgiven(grant.forgiven());
    forgive = false;
    gauge.elsewhere(grant.elsewhere());
    long share = grant.share() + baseline;
    if (share >= gauge.share().allowed()) {
      gauge.share().allow(share);
    } else {
      gauge.share().lower(share);
    }
    // As it was when it was asked for: what was taken since is in what was promised.
    long lacking = mustSent - (share - takenSent);
    if (mustSent <= 0 || lacking <= 0) {
      gotNanos = mustSent > 0 ? now : gotNanos;
      return true;
    }
    if (grant.idle() > 0) {
      return false;
    }
    dryLeft = share - gauge.share().taken();
    dryUntil = now + DRY_NANOS;
    return true;
  }

  /** The claim came to nothing. */
  synchronized void failed() {
    asking = false;
  }

  /**
   * Goes on without the book. As long as the lease runs, a share that is larger than the replica's
   * part of the limit stays; after that the part is all there is.
   */
  synchronized void alone(int replicas, long now) {
    long part = part(replicas);
    boolean leased = known && now - acknowledgedNanos < leaseNanos * 9 / 10;
    if (part > gauge.share().allowed() || !leased) {
      gauge.share().allow(part);
    }
    gauge.elsewhere(Math.max(0, gauge.limit() - gauge.share().allowed()));
  }

  /** This replica's part of what is left, if all divide it equally. */
  private long part(int replicas) {
    return switch (lasting) {
      case CALL, MINUTE -> Math.max(1, gauge.limit() / replicas);
      case PERIOD -> (known ? usedThen : 0) + Math.max(0, gauge.limit() - usedInAll) / replicas;
    };
  }
}
