package dev.understudy.capacity;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one credential may still use of one target. Every change makes a new one, and nothing here
 * knows a clock: moments are milliseconds of one that does not jump.
 *
 * @param buckets what is left of each dimension that is counted
 * @param inFlight calls under way
 * @param concurrent how many may be under way, learned; infinite while nothing was refused
 * @param concurrentBase what it was after the last refusal
 * @param blockedUntil nothing is left before this moment
 * @param blockedFor why; of no meaning later
 * @param loweredAt when limits were last lowered: calls sent before that teach nothing more
 * @param spilling whether new sessions are to go elsewhere
 */
record State(
    List<Bucket> buckets,
    int inFlight,
    double concurrent,
    double concurrentBase,
    long blockedUntil,
    Pushback.Cause blockedFor,
    long loweredAt,
    boolean spilling,
    Habits habits) {

  /** A vendor's own word on how long to stay away counts up to this, by what it is about. */
  private static long waitMax(Pushback.Cause cause) {
    return switch (cause) {
      case RATE -> 15 * 60_000L;
      case OVERLOAD -> 5 * 60_000L;
      case DAY -> 86_400_000L;
      case QUOTA -> 15 * 60_000L;
    };
  }

  /** And this is how long without one. */
  private static long waitUsual(Pushback.Cause cause) {
    return switch (cause) {
      case RATE -> 1_000;
      // Fewer calls at once will do; whether it is to be asked again so soon is not for us to say.
      case OVERLOAD -> 0;
      case DAY -> 10 * 60_000L;
      case QUOTA -> 5 * 60_000L;
    };
  }

  private static final double CONCURRENT_DECREASE = 0.7;
  private static final double CONCURRENT_FORGET = 4;

  /** Less than this is as good as nothing, when one looks for what a vendor refused for. */
  private static final double SPENT = 0.1;

  /** Always counted, so that a first refusal finds out what was used. */
  private static final Set<Dimension> COUNTED = EnumSet.of(Dimension.REQUESTS, Dimension.TOKENS);

  static State of(Terms terms, long now) {
    var buckets = new ArrayList<Bucket>();
    for (Dimension dimension : Dimension.values()) {
      double set = terms.set(dimension);
      if (set != Double.POSITIVE_INFINITY || COUNTED.contains(dimension)) {
        buckets.add(Bucket.of(dimension, set, now));
      }
    }
    return new State(
        List.copyOf(buckets),
        0,
        Double.POSITIVE_INFINITY,
        0,
        Long.MIN_VALUE,
        Pushback.Cause.RATE,
        Long.MIN_VALUE,
        false,
        Habits.NEW);
  }

  /** The same use under other terms; what the vendor said before is asked for anew. */
  State under(Terms terms, long now) {
    State fresh = of(terms, now);
    var merged = new ArrayList<Bucket>();
    for (Bucket bucket : fresh.buckets) {
      Bucket old = find(bucket.dimension()).orElse(bucket).at(now);
      double limit = Math.min(bucket.known(), old.learned());
      double level = Math.min(limit, old.isBounded() ? old.level() : limit - old.used());
      merged.add(
          new Bucket(
              bucket.dimension(),
              bucket.known(),
              old.learned(),
              old.step(),
              level,
              old.used(),
              old.held(),
              old.since(),
              now));
    }
    return with(List.copyOf(merged));
  }

  Optional<Bucket> find(Dimension dimension) {
    for (Bucket bucket : buckets) {
      if (bucket.dimension() == dimension) {
        return Optional.of(bucket);
      }
    }
    return Optional.empty();
  }

  /** How many calls may be under way; infinite if nobody knows. */
  double concurrentLimit(Terms terms) {
    return terms.concurrent() == 0 ? concurrent : Math.min(terms.concurrent(), concurrent);
  }

  /** The share that is left of what is scarcest, 0 to 1. */
  double headroom(Terms terms, boolean provisioned, long now) {
    if (now < blockedUntil) {
      return 0;
    }
    double least = 1;
    for (int i = 0; i < buckets.size(); i++) {
      Bucket bucket = buckets.get(i);
      if (binds(bucket, terms, provisioned)) {
        least = Math.min(least, bucket.headroom(now));
      }
    }
    double most = concurrentLimit(terms);
    if (most != Double.POSITIVE_INFINITY) {
      least = Math.min(least, Math.max(0, 1 - inFlight / Math.max(1, Math.floor(most))));
    }
    return least;
  }

  /** How much of what was bought is in use, 0 to 1; 0 if nothing was. */
  double utilization(long now) {
    for (int i = 0; i < buckets.size(); i++) {
      if (buckets.get(i).dimension() == Dimension.PROVISIONED) {
        return 1 - buckets.get(i).headroom(now);
      }
    }
    return 0;
  }

  private static boolean binds(Bucket bucket, Terms terms, boolean provisioned) {
    if (bucket.dimension() != Dimension.PROVISIONED) {
      return true;
    }
    // A vendor that reports utilization without being asked refuses beyond it.
    return terms.provisioned().isEmpty()
        || (provisioned && terms.provisioned().get().beyond() == Provisioned.Beyond.REFUSED);
  }

  /**
   * Milliseconds until a call can go, as far as is known; 0 for now.
   *
   * @param provisioned whether bought capacity is there at this hour
   */
  long wait(Load load, Priority priority, Terms terms, boolean provisioned, long now) {
    long wait = Math.max(0, blockedUntil == Long.MIN_VALUE ? 0 : blockedUntil - now);
    double spare = priority == Priority.BATCH ? terms.interactiveShare() : 0;
    for (int i = 0; i < buckets.size(); i++) {
      Bucket bucket = buckets.get(i);
      if (binds(bucket, terms, provisioned) && bucket.isBounded()) {
        Bucket filled = bucket.at(now);
        wait = Math.max(wait, filled.wait(load.in(bucket.dimension(), terms), spare));
      }
    }
    double most = concurrentLimit(terms);
    if (most != Double.POSITIVE_INFINITY
        && inFlight + 1 > Math.max(1, Math.floor(most * (1 - spare)))) {
      // Nobody knows when a call will be over.
      wait = Math.max(wait, 50);
    }
    return wait;
  }

  /** What a call has to wait for longest; empty if it is that another call is over. */
  Optional<Dimension> scarcest(
      Load load, Priority priority, Terms terms, boolean provisioned, long now) {
    double spare = priority == Priority.BATCH ? terms.interactiveShare() : 0;
    Optional<Dimension> scarcest = Optional.empty();
    long longest = 0;
    for (Bucket bucket : buckets) {
      if (binds(bucket, terms, provisioned) && bucket.isBounded()) {
        long wait = bucket.at(now).wait(load.in(bucket.dimension(), terms), spare);
        if (wait > longest) {
          longest = wait;
          scarcest = Optional.of(bucket.dimension());
        }
      }
    }
    return scarcest;
  }

  State reserve(Load load, Terms terms, long now) {
    // What came back since the last call counts before this one does: between two calls use may
    // have fallen below the lower mark, and this call lifts it above it again.
    return spill(terms, now).taken(load, terms, now);
  }

  private State taken(Load load, Terms terms, long now) {
    var changed = new ArrayList<Bucket>(buckets.size());
    for (Bucket bucket : buckets) {
      changed.add(bucket.at(now).take(load.in(bucket.dimension(), terms)));
    }
    return with(changed, inFlight + 1).spill(terms, now);
  }

  /**
   * A call is over.
   *
   * @param actual what it took; what was reserved, if nobody knows
   */
  State settle(Load reserved, Load actual, Terms terms, long now) {
    var changed = new ArrayList<Bucket>(buckets.size());
    for (Bucket bucket : buckets) {
      Dimension dimension = bucket.dimension();
      changed.add(
          bucket.at(now).settle(reserved.in(dimension, terms), actual.in(dimension, terms)));
    }
    return with(changed, Math.max(0, inFlight - 1)).spill(terms, now);
  }

  /** A call never reached the vendor. */
  State giveBack(Load reserved, Terms terms, long now) {
    var changed = new ArrayList<Bucket>(buckets.size());
    for (Bucket bucket : buckets) {
      changed.add(bucket.at(now).settle(reserved.in(bucket.dimension(), terms), 0));
    }
    return with(changed, Math.max(0, inFlight - 1)).spill(terms, now);
  }

  State learn(long bodyBytes, Load actual) {
    return new State(
        buckets,
        inFlight,
        concurrent,
        concurrentBase,
        blockedUntil,
        blockedFor,
        loweredAt,
        spilling,
        habits.after(bodyBytes, actual));
  }

  /** A call was served: a limit on concurrency that was learned may have been too low. */
  State served() {
    if (concurrent == Double.POSITIVE_INFINITY || inFlight + 1 < concurrent / 2) {
      return this;
    }
    double more = concurrent + 1 / concurrent;
    boolean forgotten = more > concurrentBase * CONCURRENT_FORGET;
    return with(forgotten ? Double.POSITIVE_INFINITY : more, concurrentBase, loweredAt);
  }

  State observe(Observation seen, Terms terms, long now) {
    if (seen.counts().isEmpty()) {
      return this;
    }
    var changed = new ArrayList<Bucket>(buckets.size() + 2);
    for (Bucket bucket : buckets) {
      changed.add(bucket.at(now));
    }
    for (Observation.Count count : seen.counts()) {
      double set = terms.set(count.dimension());
      int at = indexOf(count.dimension());
      if (at >= 0) {
        changed.set(at, changed.get(at).observe(count, set));
      } else if (count.limit() > 0) {
        changed.add(
            Bucket.of(count.dimension(), Double.POSITIVE_INFINITY, now).observe(count, set));
      }
    }
    return with(changed).spill(terms, now);
  }

  private int indexOf(Dimension dimension) {
    for (int i = 0; i < buckets.size(); i++) {
      if (buckets.get(i).dimension() == dimension) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The vendor refused a call, which is not among those under way any more.
   *
   * @param seen what the refusal's headers said
   * @param sentAt when the call was sent: of many that were under way together, the first teaches
   */
  State pushedBack(Pushback pushback, Observation seen, long sentAt, Terms terms, long now) {
    State told = observe(seen, terms, now);
    boolean teaches = sentAt > loweredAt;
    // Others use the account too. A limit of next to nothing would keep away for an hour whoever
    // happened to come when they had used it up.
    boolean idle = pushback.cause() == Pushback.Cause.RATE && teaches && told.isIdle(now);
    State lower =
        switch (pushback.cause()) {
          case RATE ->
              idle
                  ? told.emptied(pushback.dimension(), now).with(concurrent, concurrentBase, now)
                  : teaches ? told.lowered(pushback.dimension(), now) : told;
          case OVERLOAD ->
              teaches
                  ? told.with(
                      Math.max(1, Math.min(concurrent, inFlight + 1) * CONCURRENT_DECREASE),
                      Math.max(1, Math.min(concurrent, inFlight + 1) * CONCURRENT_DECREASE),
                      now)
                  : told;
          case DAY -> told.emptied(pushback.dimension(), now);
          case QUOTA -> told;
        };
    long wait =
        pushback
            .retryAfterMillis()
            .orElse(reset(seen, pushback.cause()).orElse(waitUsual(pushback.cause())));
    long longer = idle ? Math.max(wait, waitAgain(now)) : wait;
    return lower
        .blocked(now + Math.min(longer, waitMax(pushback.cause())), pushback.cause())
        .spill(terms, now);
  }

  private boolean isIdle(long now) {
    return find(Dimension.REQUESTS).map(bucket -> bucket.at(now).isIdle()).orElse(true);
  }

  /** Twice as long as last time for who is refused again as soon as that was over. */
  private long waitAgain(long now) {
    boolean again =
        loweredAt != Long.MIN_VALUE
            && blockedUntil > loweredAt
            && now - blockedUntil < WAIT_AGAIN_MAX;
    return again ? Math.min(WAIT_AGAIN_MAX, 2 * (blockedUntil - loweredAt)) : 0;
  }

  /** Not longer: a vendor that is well again must not be kept waiting for its calls. */
  private static final long WAIT_AGAIN_MAX = 10_000;

  /** When what is spent is there again, in the vendor's own words. */
  private static OptionalLong reset(Observation seen, Pushback.Cause cause) {
    if (cause != Pushback.Cause.RATE && cause != Pushback.Cause.DAY) {
      return OptionalLong.empty();
    }
    return seen.counts().stream()
        .filter(count -> count.remaining() == 0 && count.resetMillis() > 0)
        .filter(count -> count.dimension().isRate() == (cause == Pushback.Cause.RATE))
        .mapToLong(count -> Math.min(count.resetMillis(), count.dimension().windowMillis()))
        .max();
  }

  private State lowered(Optional<Dimension> told, long now) {
    Set<Dimension> which = EnumSet.noneOf(Dimension.class);
    told.filter(dimension -> find(dimension).isPresent()).ifPresent(which::add);
    if (which.isEmpty()) {
      for (Bucket bucket : buckets) {
        if (bucket.dimension().isRate() && bucket.isBounded() && bucket.headroom(now) < SPENT) {
          which.add(bucket.dimension());
        }
      }
    }
    if (which.isEmpty()) {
      which.addAll(COUNTED);
    }
    var changed = new ArrayList<Bucket>(buckets.size());
    for (Bucket bucket : buckets) {
      Bucket then = bucket.at(now);
      // What was bought is known exactly; only its level was reckoned wrong.
      changed.add(
          !which.contains(bucket.dimension())
              ? then
              : bucket.dimension() == Dimension.PROVISIONED ? then.empty() : then.backOff());
    }
    return new State(
        List.copyOf(changed),
        inFlight,
        concurrent,
        concurrentBase,
        blockedUntil,
        blockedFor,
        now,
        spilling,
        habits);
  }

  private State emptied(Optional<Dimension> told, long now) {
    var changed = new ArrayList<Bucket>(buckets.size());
    for (Bucket bucket : buckets) {
      Bucket then = bucket.at(now);
      changed.add(told.isPresent() && told.get() == bucket.dimension() ? then.empty() : then);
    }
    return with(changed);
  }

  /** A later word never shortens an earlier one. */
  State blocked(long until, Pushback.Cause cause) {
    if (until <= blockedUntil) {
      return this;
    }
    return new State(
        buckets, inFlight, concurrent, concurrentBase, until, cause, loweredAt, spilling, habits);
  }

  /** Whether sessions that are new are to go elsewhere. */
  boolean spills(Terms terms, long now) {
    return Spill.next(
        spilling,
        utilization(now),
        terms.provisioned().map(Provisioned::enter).orElse(Provisioned.USUAL_ENTER),
        terms.provisioned().map(Provisioned::leave).orElse(Provisioned.USUAL_LEAVE));
  }

  private State spill(Terms terms, long now) {
    boolean spills = spills(terms, now);
    if (spills == spilling) {
      return this;
    }
    return new State(
        buckets,
        inFlight,
        concurrent,
        concurrentBase,
        blockedUntil,
        blockedFor,
        loweredAt,
        spills,
        habits);
  }

  private State with(List<Bucket> changed) {
    return with(changed, inFlight);
  }

  private State with(List<Bucket> changed, int calls) {
    return new State(
        changed,
        calls,
        concurrent,
        concurrentBase,
        blockedUntil,
        blockedFor,
        loweredAt,
        spilling,
        habits);
  }

  private State with(double most, double base, long lowered) {
    return new State(
        buckets, inFlight, most, base, blockedUntil, blockedFor, lowered, spilling, habits);
  }
}
