package dev.understudy.app;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** Makes observations of the calls of routes under a rollout, and has pairs judged. */
final class Trying implements Trials {
  /**
   * A session is witness once in this time: a caller who sends a bad request a thousand times is
   * not a thousand witnesses.
   */
  private static final long WITNESS_NANOS = 60_000_000_000L;

  /** More sessions than this are not remembered for that. */
  private static final int WITNESSES_MAX = 16_384;

  /** Pairs that are judged at once. */
  private static final int JUDGED_AT_ONCE = 8;

  /** Pairs that wait for their judge; of further ones the quality is not known. */
  private static final int JUDGING_MAX = 500;

  /**
   * A target that its own failing keeps out fails this often and no more, however many calls pass
   * it by: they are not so many witnesses. It is as often as the gateway would ask it again.
   */
  private static final long KEPT_OUT_NANOS = 2_000_000_000L;

  private final RolloutDesk desk;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Function<String, PairJudge> judges;
  private final Predicate<String> refuses;
  private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
  private final Semaphore judging = new Semaphore(JUDGED_AT_ONCE, true);
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Map<Long, Long> witnesses = new ConcurrentHashMap<>();

  /** What this gateway did for one rollout. */
  private static final class Tally {
    private final AtomicLong copies = new AtomicLong();
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
   */
  Trying(
      RolloutDesk desk,
      InstantSource clock,
      LongSupplier nanos,
      Function<String, PairJudge> judges,
      Predicate<String> refuses) {
    this.desk = desk;
    this.clock = clock;
    this.nanos = nanos;
    this.judges = judges;
    this.refuses = refuses;
  }

  private Tally tally(String rollout) {
    return tallies.computeIfAbsent(rollout, _ -> new Tally());
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** Forgets what is no longer in force. */
  void keepOnly(java.util.Set<String> rollouts) {
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

  /** Whether a session has not been heard of late; from now on it has. */
  private boolean isWitness(long session) {
    long now = nanos.getAsLong();
    Map<Long, Long> known = witnesses;
    if (known.size() >= WITNESSES_MAX) {
      known = new ConcurrentHashMap<>();
      witnesses = known;
    }
    Long before = known.get(session);
    if (before != null && now - before < WITNESS_NANOS) {
      return false;
    }
    known.put(session, now);
    return true;
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
    boolean judged = waiting.incrementAndGet() <= JUDGING_MAX && maySpend(rollout);
    Thread.ofVirtual()
        .name("pair")
        .start(() -> {
          try {
            pair(twin, judged, tally);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            waiting.decrementAndGet();
          }
        });
  }

  private void pair(Twin twin, boolean judged, Tally tally) throws InterruptedException {
    String rollout = twin.split().id();
    // Where a gate, or what the request needs, kept it from being put to the other, it is none.
    Optional<Readings> other = Seeing.of(twin.copied(), twin.copiedTo(), twin.isCopyKeptOut());
    if (twin.copied().purpose() == Purpose.REHEARSAL) {
      other
          .filter(_ -> !twin.isCopyKeptOut() || isHeardKeptOut(rollout, Arm.INCUMBENT))
          .ifPresent(seen -> desk.observe(rollout, new Observation.Rehearsed(seen)));
      return;
    }
    Turn turn = twin.turn();
    Optional<Readings> one = Seeing.of(twin.served(), turn.target(), turn.passedOver());
    if (one.isEmpty()
        || other.isEmpty()
        || (turn.passedOver() && !isHeardKeptOut(rollout, Arm.INCUMBENT))
        || (twin.isCopyKeptOut() && !isHeardKeptOut(rollout, Arm.CANDIDATE))) {
      return;
    }
    desk.observe(
        rollout,
        judged ? said(twin, one.get(), other.get(), tally) : paired(one.get(), other.get()));
  }

  private static Observation paired(Readings incumbent, Readings candidate) {
    return new Observation.Paired(incumbent, candidate);
  }

  /** The pair with what the answers themselves show. */
  private Observation said(Twin twin, Readings incumbent, Readings candidate, Tally tally)
      throws InterruptedException {
    Optional<ChatRequest> asked = twin.request();
    // Where another served the caller, its answer says nothing about the incumbent's.
    Optional<ChatReply> reply = incumbent.error() == 0 ? twin.servedReply() : Optional.empty();
    Optional<ChatReply> copy = twin.copiedReply();
    if (asked.isEmpty()) {
      return paired(incumbent, candidate);
    }
    Readings one =
        reply.map(said -> Seeing.with(incumbent, asked.get(), said, refuses)).orElse(incumbent);
    Readings other =
        copy.map(said -> Seeing.with(candidate, asked.get(), said, refuses)).orElse(candidate);
    if (reply.isEmpty()
        || copy.isEmpty()
        || Seeing.isCut(reply.get())
        || Seeing.isCut(copy.get())) {
      return paired(one, other);
    }
    judging.acquire();
    PairJudge.Opinion opinion;
    try {
      opinion = judges.apply(twin.split().id()).judge(asked.get(), reply.get(), copy.get());
    } catch (RuntimeException e) {
      opinion = new PairJudge.Opinion.None(String.valueOf(e.getMessage()));
    } finally {
      judging.release();
    }
    return switch (opinion) {
      case PairJudge.Opinion.Scored(double left, double right) ->
          paired(one.withQuality(left), other.withQuality(right));
      case PairJudge.Opinion.None _ -> {
        tally.unjudged.incrementAndGet();
        yield paired(one, other);
      }
    };
  }

  /** Adds what was done for a rollout, by all gateways and by this one. */
  void add(RolloutState state, ObjectNode page) {
    Tally tally = tallies.get(state.id());
    ObjectNode copies = page.putObject("copies");
    copies.put("cost_today", state.spending().on(today()));
    copies.put("cost_per_day", state.rules().copies().costPerDay());
    copies.put("made_by_this_gateway", tally == null ? 0 : tally.copies.get());
    copies.put("unjudged_by_this_gateway", tally == null ? 0 : tally.unjudged.get());
    page.put("observations_dropped", desk.dropped());
  }
}
