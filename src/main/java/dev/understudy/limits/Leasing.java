package dev.understudy.limits;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Shares limits with other replicas: holds leases of each limit that is in use, renews them in time
 * and asks for more before it is needed, so that a call finds its share here and asks nobody. Only
 * the first call of a scope after a pause, and those near the end of a limit, wait for an answer.
 *
 * <p>When the book is lost, calls go on: on the leases that are held, and with an equal part of
 * each limit.
 */
final class Leasing implements Allotment {
  private static final System.Logger LOG = System.getLogger(Leasing.class.getName());

  /** How often a book that is lost is asked again. */
  private static final long RETRY_NANOS = 500_000_000L;

  /** How often a replica says that it is there, and hears how many there are. */
  private static final long PRESENCE_NANOS = 1_000_000_000L;

  private static final long COMPLAINT_NANOS = 30_000_000_000L;

  private final ShareBook book;
  private final Settings settings;
  private final LongSupplier nanos;
  private final Runnable kick;
  private final Map<Gauge, Lease> leases = new ConcurrentHashMap<>();
  private final LongAdder losses = new LongAdder();
  private final Lease presence;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile int replicas;
  private volatile long triedNanos;
  private volatile long complainedNanos;

  /**
   * How a replica takes part.
   *
   * @param replica its name, of its own at every start
   * @param leaseNanos for how long a share stays its own without another word
   * @param waitNanos how long a call waits for its share at most, in all limits together, and how
   *     long an answer of the book may take
   * @param replicasExpected how many there are, as far as somebody said so; else 1
   */
  record Settings(String replica, long leaseNanos, long waitNanos, int replicasExpected) {
    static final long WAIT_NANOS = 600_000_000L;
  }

  /**
   * Begins without leases.
   *
   * @param kick makes {@link #tick} be called soon
   */
  Leasing(ShareBook book, Settings settings, LongSupplier nanos, Runnable kick) {
    this.book = book;
    this.settings = settings;
    this.nanos = nanos;
    this.kick = kick;
    this.replicas = settings.replicasExpected();
    long now = nanos.getAsLong();
    this.triedNanos = now - RETRY_NANOS;
    this.complainedNanos = now - COMPLAINT_NANOS - 1;
    // One place in a house without end: whoever holds one is a replica.
    var share = new Share(1);
    share.takeAnyway(1);
    this.presence =
        lease(
            new Gauge(
                Refusal.Kind.CONCURRENCY, "", "replicas", 1_000_000_000L, share, share::taken),
            Math.min(PRESENCE_NANOS, settings.leaseNanos() / 3),
            now);
  }

  private Lease lease(Gauge gauge, long renewNanos, long now) {
    return new Lease(gauge, lasting(gauge), kept(gauge), settings.leaseNanos(), renewNanos, now);
  }

  private static Claim.Lasting lasting(Gauge gauge) {
    return switch (gauge.kind()) {
      case REQUESTS, TOKENS -> Claim.Lasting.MINUTE;
      case CONCURRENCY -> Claim.Lasting.CALL;
      case BUDGET -> Claim.Lasting.PERIOD;
    };
  }

  private static long kept(Gauge gauge) {
    return switch (gauge.kind()) {
      case REQUESTS, TOKENS, CONCURRENCY -> 10 * 60_000L;
      case BUDGET -> 40L * 24 * 3_600_000;
    };
  }

  @Override
  public long atFirst(long limit) {
    return 0;
  }

  @Override
  public void opened(Gauge gauge) {
    Lease lease = lease(gauge, settings.leaseNanos() / 3, nanos.getAsLong());
    leases.put(gauge, lease);
    if (trouble.isPresent()) {
      lease.alone(replicas, nanos.getAsLong());
    }
  }

  @Override
  public void changed(Gauge gauge) {
    // The next claim says so; what is held beyond a lower limit is given back with it. Without a
    // book there is no claim: the part of the new limit is taken at once.
    Lease lease = leases.get(gauge);
    if (lease != null && trouble.isPresent()) {
      lease.alone(replicas, nanos.getAsLong());
    }
  }

  @Override
  public void closed(Gauge gauge) {
    leases.remove(gauge); // what was used goes on counting where others see it
  }

  @Override
  public boolean forgives(Gauge gauge) {
    Lease lease = leases.get(gauge);
    if (lease != null) {
      lease.forgive();
      kick.run();
    }
    return true;
  }

  @Override
  public Optional<Clearance.Waiting> lacking(Gauge gauge, long amount, Patience patience) {
    Lease lease = leases.get(gauge);
    long now = nanos.getAsLong();
    if (lease == null || !patience.lasts(now) || lease.isDry(amount, now)) {
      return Optional.empty();
    }
    if (trouble.isPresent()) {
      lease.alone(replicas, now);
      return Optional.empty();
    }
    return Optional.of(again -> {
      patience.promise(gauge.share(), amount);
      lease.await(again, patience.waits(nanos.getAsLong(), settings.waitNanos()));
      kick.run();
    });
  }

  /** Makes the claims that are due. To be called ten times a second, and when kicked. */
  void tick() {
    long now = nanos.getAsLong();
    leases.values().forEach(lease -> lease.wakeUntil(now, settings.waitNanos(), replicas));
    if (trouble.isPresent() && now - triedNanos < RETRY_NANOS) {
      goOnAlone(now);
      return;
    }
    if (trouble.isPresent()) {
      // One word tells whether the book is back; a thousand would not say more.
      goOnAlone(now);
      triedNanos = now;
      claim(presence, now);
      return;
    }
    claim(presence, now);
    for (Lease lease : leases.values()) {
      claim(lease, now);
    }
  }

  private void goOnAlone(long now) {
    for (Lease lease : leases.values()) {
      lease.alone(replicas, now);
    }
  }

  private void claim(Lease lease, long now) {
    Optional<Claim> claim = lease.due(settings.replica(), now);
    if (claim.isEmpty()) {
      return;
    }
    asked(claim.get())
        .whenComplete((grant, failure) -> {
          if (failure == null) {
            answered(lease, grant);
          } else {
            lost(lease, cause(failure));
          }
        });
  }

  /** Whatever goes wrong with the book, limits go on without it. */
  private CompletionStage<Grant> asked(Claim claim) {
    try {
      return book.claim(claim);
    } catch (RuntimeException | LinkageError e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static Throwable cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private void answered(Lease lease, Grant grant) {
    if (trouble.isPresent()) {
      trouble = Optional.empty();
      LOG.log(Level.INFO, "limits are shared again");
    }
    if (lease == presence) {
      replicas = Math.max(settings.replicasExpected(), grant.replicas());
    }
    // If not, others hold what they do not need: they hear of it, and soon give it back.
    if (lease.granted(grant, nanos.getAsLong()) && lease.wakeAsked()) {
      kick.run();
    }
  }

  private void lost(Lease lease, Throwable failure) {
    lease.failed();
    long now = nanos.getAsLong();
    if (trouble.isEmpty()) {
      losses.increment();
    }
    if (trouble.isEmpty() && now - complainedNanos > COMPLAINT_NANOS) {
      complainedNanos = now;
      LOG.log(
          Level.ERROR,
          "limits are not shared any more: {0}; each of {1} replicas goes on with what it holds,"
              + " and then with its part of each limit",
          failure.getMessage(),
          replicas);
    }
    trouble = Optional.of(String.valueOf(failure.getMessage()));
    triedNanos = now;
    goOnAlone(now);
    leases.values().forEach(Lease::wakeAll);
  }

  /** Why limits are not shared at the moment; empty if they are. */
  Optional<String> trouble() {
    return trouble;
  }

  /** How often the book was lost. */
  long losses() {
    return losses.sum();
  }

  /** How many replicas share the limits, as far as this one knows. */
  int replicas() {
    return replicas;
  }

  void close() {
    leases.values().forEach(Lease::wakeAll);
    book.close();
  }
}
