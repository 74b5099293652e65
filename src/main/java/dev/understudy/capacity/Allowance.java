package dev.understudy.capacity;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one credential may use of one target: keeps the state, which event loops change without
 * waiting for each other, and the decisions are made by {@link State}.
 */
public final class Allowance {
  /** So far apart are calls to a vendor that asked to be left alone. */
  private static final long PROBE_MILLIS = 2_000;

  private final AllowanceName name;
  private final Account account;
  private final AtomicReference<State> state;
  private final AtomicReference<@Nullable Sessions> sessions = new AtomicReference<>();
  private final AtomicInteger interactiveWaiting = new AtomicInteger();
  private final LongAdder served = new LongAdder();
  private final LongAdder spilled = new LongAdder();
  private final AtomicLong[] pushbacks = counters();
  private final AtomicLong probedAt = new AtomicLong(Long.MIN_VALUE / 2);
  private volatile Terms terms;
  private volatile boolean provisioned;
  private volatile long usedAt;

  Allowance(AllowanceName name, Account account, Terms terms, Instant moment, long now) {
    this.name = name;
    this.account = account;
    this.terms = terms;
    this.state = new AtomicReference<>(State.of(terms, now));
    this.usedAt = now;
    clock(moment);
  }

  private static AtomicLong[] counters() {
    var all = new AtomicLong[Pushback.Cause.values().length];
    for (int i = 0; i < all.length; i++) {
      all[i] = new AtomicLong();
    }
    return all;
  }

  public AllowanceName name() {
    return name;
  }

  public Terms terms() {
    return terms;
  }

  State state() {
    return state.get();
  }

  long usedAt() {
    return usedAt;
  }

  /** Puts other terms in force; what is under way stays counted. */
  void replace(Terms other, Instant moment, long now) {
    if (!other.equals(terms)) {
      terms = other;
      change(old -> old.under(other, now));
    }
    clock(moment);
  }

  /** Looks at the time of day, which says whether what was bought is there. */
  void clock(Instant moment) {
    provisioned = terms.provisioned().map(bought -> bought.hours().contains(moment)).orElse(false);
  }

  /** The share that is left of what is scarcest, 0 to 1; 1 while nothing is known. */
  public double headroom(long now) {
    return now < account.blockedUntil() ? 0 : state.get().headroom(terms, provisioned, now);
  }

  /**
   * Whether it is capacity that is paid for anyhow and has room for a session: it costs nothing.
   */
  public boolean isPaidFor(long session, long now) {
    return provisioned && !isBlocked(now) && !spills(session, now);
  }

  /** Whether a session that is new here should rather go elsewhere. */
  public boolean spills(long session, long now) {
    return (provisioned || terms.provisioned().isEmpty())
        && state.get().spills(terms, now)
        && !sessions().holds(session, now);
  }

  /** Whether anything was bought here, as the settings or the vendor's own words say. */
  public boolean isBought() {
    return provisioned || state.get().find(Dimension.PROVISIONED).isPresent();
  }

  /** A call went elsewhere because of {@link #spills}. */
  public void spilledOver() {
    spilled.increment();
  }

  /**
   * What a call is thought to take.
   *
   * @param bodyBytes the size of its request
   * @param maxTokens the bound it sets on the answer; 0 if it sets none
   */
  public Load estimate(long bodyBytes, long maxTokens) {
    boolean holdsMax =
        terms.burn().holdsMax()
            || (provisioned && terms.provisioned().map(p -> p.burn().holdsMax()).orElse(false));
    return state.get().habits().estimate(bodyBytes, maxTokens, holdsMax);
  }

  /**
   * Milliseconds until a call can go, as far as is known; 0 for now. A batch call does not overtake
   * an interactive one that waits.
   */
  public long wait(Load load, Priority priority, long now) {
    long wait = now < account.blockedUntil() ? account.blockedUntil() - now : 0;
    if (priority == Priority.BATCH && interactiveWaiting.get() > 0) {
      wait = Math.max(wait, 100);
    }
    return Math.max(wait, state.get().wait(load, priority, terms, provisioned, now));
  }

  /** Sets something aside for a call if there is enough; empty if not. */
  public Optional<Reservation> reserve(
      Load load, long bodyBytes, Priority priority, long session, long now) {
    if (now < account.blockedUntil()
        || (priority == Priority.BATCH && interactiveWaiting.get() > 0)) {
      return Optional.empty();
    }
    Terms inForce = terms;
    while (true) {
      State before = state.get();
      if (before.wait(load, priority, inForce, provisioned, now) > 0) {
        return Optional.empty();
      }
      if (state.compareAndSet(before, before.reserve(load, inForce, now))) {
        return Optional.of(reservation(load, bodyBytes, session, now));
      }
    }
  }

  private Sessions sessions() {
    Sessions known = sessions.get();
    if (known != null) {
      return known;
    }
    // Most targets have nothing bought and need no table.
    var fresh = new Sessions();
    return sessions.compareAndSet(null, fresh) ? fresh : sessions();
  }

  /**
   * Whether a call may be sent though the vendor asked to be left alone: now and then one may, to
   * see whether that still holds.
   */
  public boolean mayProbe(long now) {
    long last = probedAt.get();
    return now - last >= PROBE_MILLIS && probedAt.compareAndSet(last, now);
  }

  /** Whether its vendor asked to be left alone. */
  public boolean isBlocked(long now) {
    return now < Math.max(account.blockedUntil(), state.get().blockedUntil());
  }

  /** Why its vendor is left alone at this moment; empty if it is not. */
  public Optional<Pushback.Cause> refusedFor(long now) {
    if (now < account.blockedUntil()) {
      return Optional.of(Pushback.Cause.QUOTA);
    }
    State known = state.get();
    return now < known.blockedUntil() ? Optional.of(known.blockedFor()) : Optional.empty();
  }

  /** What there is too little of for a call, in a clause. */
  public String scarcity(Load load, Priority priority, long now) {
    if (now < account.blockedUntil()) {
      return "the quota of its key is used up";
    }
    Optional<Pushback.Cause> refused = refusedFor(now);
    if (refused.isPresent()) {
      return "the vendor refused, for " + refused.get().name().toLowerCase(Locale.ROOT);
    }
    return state
        .get()
        .scarcest(load, priority, terms, provisioned, now)
        .map(Dimension::label)
        .orElse("calls at once");
  }

  /** Sets something aside though there may not be enough: for the last target that is left. */
  public Reservation insist(Load load, long bodyBytes, long session, long now) {
    change(old -> old.reserve(load, terms, now));
    return reservation(load, bodyBytes, session, now);
  }

  private Reservation reservation(Load load, long bodyBytes, long session, long now) {
    usedAt = now;
    if (session != 0) {
      sessions().note(session, now);
    }
    return new Reservation(this, load, bodyBytes, now);
  }

  void observe(Observation seen, long now) {
    if (!seen.counts().isEmpty()) {
      change(old -> old.observe(seen, terms, now));
    }
    if (seen.spilled()) {
      spilled.increment();
    }
  }

  void served(Load reserved, Load actual, long bodyBytes, long now) {
    served.increment();
    change(old -> old.settle(reserved, actual, terms, now).served().learn(bodyBytes, actual));
  }

  void settle(Load reserved, Load actual, long now) {
    change(old -> old.settle(reserved, actual, terms, now));
  }

  void giveBack(Load reserved, long now) {
    change(old -> old.giveBack(reserved, terms, now));
  }

  void pushedBack(
      Load reserved, Load taken, Pushback pushback, Observation seen, long sentAt, long now) {
    pushbacks[pushback.cause().ordinal()].incrementAndGet();
    change(old ->
        (taken.equals(Load.NONE)
                ? old.giveBack(reserved, terms, now)
                : old.settle(reserved, taken, terms, now))
            .pushedBack(pushback, seen, sentAt, terms, now));
    if (pushback.cause() == Pushback.Cause.QUOTA) {
      account.block(state.get().blockedUntil());
    }
  }

  private void change(UnaryOperator<State> step) {
    while (true) {
      State before = state.get();
      State after = step.apply(before);
      if (state.compareAndSet(before, after)) {
        return;
      }
    }
  }

  void interactiveWaits(int more) {
    interactiveWaiting.addAndGet(more);
  }

  long servedCount() {
    return served.sum();
  }

  long spilledCount() {
    return spilled.sum();
  }

  long pushbackCount(Pushback.Cause cause) {
    return pushbacks[cause.ordinal()].get();
  }

  boolean hasProvisioned() {
    return provisioned;
  }

  Account account() {
    return account;
  }
}
