package dev.understudy.app;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.gateway.Trials;
import dev.understudy.gateway.Turn;
import dev.understudy.gateway.Twin;
import dev.understudy.rollout.Observation;
import dev.understudy.rollout.Observation.Arm;
import dev.understudy.rollout.PairJudge;
import dev.understudy.rollout.Readings;
import dev.understudy.rollout.RolloutDesk;
import dev.understudy.rollout.RolloutState;
import dev.understudy.rollout.Seeing;
import dev.understudy.rollout.Spending;
import dev.understudy.routing.Split;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** Makes observations of the calls of routes under a rollout. */
final class Trying implements Trials, AutoCloseable {
  /**
   * A target that its own failing keeps out fails this often and no more, however many calls pass
   * it by: they are not so many witnesses. It is as often as the gateway would ask it again.
   */
  private static final long KEPT_OUT_NANOS = 2_000_000_000L;

  private final RolloutDesk desk;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Pairs pairs;
  private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
  private final Witnesses witnesses = new Witnesses();

  /** What this gateway did for one rollout. */
  private static final class Tally {
    private final AtomicLong copies = new AtomicLong();

    /** Calls that were to be copied, but there was no room. */
    private final AtomicLong uncopied = new AtomicLong();

    /** Pairs of which there was no room to read the answers. */
    private final AtomicLong unread = new AtomicLong();

    /** Pairs of which the judge had nothing to say. */
    private final AtomicLong unjudged = new AtomicLong();

    private final AtomicReference<Spending> spent = new AtomicReference<>(Spending.NONE);
    private final Map<Arm, Long> keptOut = new ConcurrentHashMap<>();
  }

  /**
   * Will make observations.
   *
   * @param nanos tells the time as {@link System#nanoTime}
   * @param judges who judges the pairs of a rollout, by its id
   * @param refuses knows a refusal by its words
   * @param threads makes the thread that reads answers
   */
  Trying(
      RolloutDesk desk,
      InstantSource clock,
      LongSupplier nanos,
      Function<String, PairJudge> judges,
      Predicate<String> refuses,
      ThreadFactory threads) {
    this.desk = desk;
    this.clock = clock;
    this.nanos = nanos;
    this.pairs = new Pairs(judges, refuses, this::maySpend, threads);
  }

  private Tally tally(String rollout) {
    return tallies.computeIfAbsent(rollout, _ -> new Tally());
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** Forgets what is no longer in force. */
  void keepOnly(Set<String> rollouts) {
    tallies.keySet().removeIf(id -> !rollouts.contains(id));
  }

  // --- what it costs ---

  /** Copies, or their judges, consumed something on behalf of a rollout. */
  void spent(String rollout, Exchange exchange) {
    double cost = 0;
    for (Attempt attempt : exchange.attempts()) {
      cost += attempt.cost().map(one -> one.counted().amount().doubleValue()).orElse(0.0);
    }
    if (cost > 0) {
      LocalDate day = today();
      double more = cost;
      tally(rollout).spent.updateAndGet(before -> before.plus(day, more));
      desk.observe(rollout, new Observation.Spent(cost));
    }
  }

  /**
   * Whether a rollout may still spend today: by what is kept of all gateways, and, should that not
   * be kept for a while, by what this one spent.
   */
  private boolean maySpend(String rollout) {
    Optional<RolloutState> state = desk.find(rollout);
    if (state.isEmpty()) {
      return false;
    }
    LocalDate day = today();
    double spent = Math.max(state.get().spending().on(day), tally(rollout).spent.get().on(day));
    return spent < state.get().rules().copies().costPerDay();
  }

  // --- who is a witness ---

  @Override
  public boolean wantsCopy(Split split, long session) {
    return maySpend(split.id()) && isWitness(session);
  }

  /**
   * A session is witness once a minute: a caller who sends a bad request a thousand times is not a
   * thousand witnesses.
   */
  private boolean isWitness(long session) {
    return witnesses.isNew(session, nanos.getAsLong());
  }

  /** Whether it is time to say once more that one of the two is kept out by its own failing. */
  private boolean isHeardKeptOut(String rollout, Arm arm) {
    long now = nanos.getAsLong();
    Map<Arm, Long> known = tally(rollout).keptOut;
    Long before = known.get(arm);
    return before == null
        ? known.putIfAbsent(arm, now) == null
        : now - before >= KEPT_OUT_NANOS && known.replace(arm, before, now);
  }

  @Override
  public void served(Split split, Turn turn, long session, Exchange exchange) {
    if (turn.noted()) {
      tally(split.id()).uncopied.incrementAndGet();
    }
    if (split.share() == 1) {
      return;
    }
    Arm arm = turn.chosen() ? Arm.CANDIDATE : Arm.INCUMBENT;
    // A call that shows nothing, as when a rule kept it from its target, leaves the session a
    // witness.
    Seeing.inTurn(exchange, turn.target(), turn.passedOver(), turn.withoutRoom())
        .filter(_ -> !turn.passedOver() || isHeardKeptOut(split.id(), arm))
        .filter(_ -> turn.noted() || isWitness(session))
        .ifPresent(seen -> desk.observe(split.id(), new Observation.Served(arm, seen)));
  }

  // --- pairs ---

  @Override
  public void copied(Twin twin) {
    String rollout = twin.split().id();
    Tally tally = tally(rollout);
    if (!twin.copied().attempts().isEmpty()) {
      tally.copies.incrementAndGet();
      spent(rollout, twin.copied());
    }
    // Where a gate, or what the request needs, kept it from being put to the other, it is none.
    Optional<Readings> copied = Seeing.of(twin.copied(), twin.copiedTo(), twin.isCopyKeptOut());
    boolean rehearsed = twin.copied().purpose() == Purpose.REHEARSAL;
    Arm servedBy = rehearsed ? Arm.CANDIDATE : Arm.INCUMBENT;
    Arm copiedTo = rehearsed ? Arm.INCUMBENT : Arm.CANDIDATE;
    if (copied.isEmpty() || (twin.isCopyKeptOut() && !isHeardKeptOut(rollout, copiedTo))) {
      return;
    }
    if (rehearsed) {
      desk.observe(rollout, new Observation.Rehearsed(copied.get()));
    }
    Turn turn = twin.turn();
    Optional<Readings> served = Seeing.of(twin.served(), turn.target(), turn.passedOver());
    if (served.isEmpty() || (turn.passedOver() && !isHeardKeptOut(rollout, servedBy))) {
      return;
    }
    if (!readsAnswers(rollout)) {
      paired(rollout, rehearsed, served.get(), copied.get());
    } else if (!pairs.offer(
        twin, served.get(), copied.get(), read -> heard(rollout, rehearsed, tally, read))) {
      tally.unread.incrementAndGet();
      paired(rollout, rehearsed, served.get().unread(), copied.get().unread());
    }
  }

  private boolean readsAnswers(String rollout) {
    return desk.find(rollout).filter(state -> state.rules().readsAnswers()).isPresent();
  }

  private void heard(String rollout, boolean rehearsed, Tally tally, Pairs.Read read) {
    if (read.silent()) {
      tally.unjudged.incrementAndGet();
    }
    paired(rollout, rehearsed, read.served(), read.copied());
  }

  /**
   * After a promotion it is the candidate that serves, and the old incumbent that is also asked.
   */
  private void paired(String rollout, boolean rehearsed, Readings served, Readings copied) {
    desk.observe(
        rollout,
        rehearsed
            ? new Observation.Paired(copied, served)
            : new Observation.Paired(served, copied));
  }

  /** Reads what waits, and hears of nothing more. */
  @Override
  public void close() {
    pairs.close();
  }

  /** Adds what was done for a rollout, by all gateways and by this one. */
  void add(RolloutState state, ObjectNode page) {
    Tally tally = tallies.get(state.id());
    ObjectNode copies = page.putObject("copies");
    copies.put("cost_today", state.spending().on(today()));
    copies.put("cost_per_day", state.rules().copies().costPerDay());
    copies.put("made_by_this_gateway", tally == null ? 0 : tally.copies.get());
    copies.put("without_room_on_this_gateway", tally == null ? 0 : tally.uncopied.get());
    copies.put("unread_by_this_gateway", tally == null ? 0 : tally.unread.get());
    copies.put("being_read_by_this_gateway", pairs.waiting());
    copies.put("unjudged_by_this_gateway", tally == null ? 0 : tally.unjudged.get());
    page.put("observations_dropped", desk.dropped());
  }
}
