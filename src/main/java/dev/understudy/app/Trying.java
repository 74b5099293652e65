package dev.understudy.app;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.gateway.Trials;
import dev.understudy.gateway.Twin;
import dev.understudy.rollout.Observation;
import dev.understudy.rollout.Observation.Arm;
import dev.understudy.rollout.PairJudge;
import dev.understudy.rollout.Readings;
import dev.understudy.rollout.RolloutDesk;
import dev.understudy.rollout.Seeing;
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
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Function;
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

  private final RolloutDesk desk;
  private final InstantSource clock;
  private final Function<String, PairJudge> judges;
  private final Function<String, Double> costPerDay;
  private final Predicate<String> refuses;
  private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
  private final Semaphore judging = new Semaphore(JUDGED_AT_ONCE, true);
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Map<Long, Long> witnesses = new ConcurrentHashMap<>();

  /** What this gateway did for one rollout. */
  private static final class Tally {
    private final AtomicLong copies = new AtomicLong();
    private final AtomicLong unjudged = new AtomicLong();
    private final DoubleAdder spent = new DoubleAdder();
    private volatile LocalDate day = LocalDate.EPOCH;
    private volatile double spentBefore;

    /** What the copies of that day came to. */
    private double spentOn(LocalDate today) {
      if (!day.equals(today)) {
        spentBefore = spent.sum();
        day = today;
      }
      return spent.sum() - spentBefore;
    }
  }

  /**
   * Will make observations.
   *
   * @param judges who judges the pairs of a rollout, by its id
   * @param costPerDay what its copies may cost in a day, by its id
   * @param refuses knows a refusal by its words
   */
  Trying(
      RolloutDesk desk,
      InstantSource clock,
      Function<String, PairJudge> judges,
      Function<String, Double> costPerDay,
      Predicate<String> refuses) {
    this.desk = desk;
    this.clock = clock;
    this.judges = judges;
    this.costPerDay = costPerDay;
    this.refuses = refuses;
  }

  private Tally tally(String rollout) {
    return tallies.computeIfAbsent(rollout, _ -> new Tally());
  }

  private LocalDate today() {
    return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** Forgets what is no longer in force. */
  void keepOnly(java.util.Set<String> rollouts) {
    tallies.keySet().removeIf(id -> !rollouts.contains(id));
  }

  @Override
  public boolean wantsCopy(Split split, long session) {
    return tally(split.id()).spentOn(today()) < costPerDay.apply(split.id()) && isWitness(session);
  }

  /** Whether a session has not been heard of late; from now on it has. */
  private boolean isWitness(long session) {
    long now = System.nanoTime();
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

  @Override
  public void served(Split split, boolean chosen, long session, Exchange exchange) {
    if (split.share() == 1) {
      return;
    }
    String target = chosen ? split.other().name() : exchange.attempts().getFirst().target();
    // A call that shows nothing, as when its target had no room, leaves the session a witness.
    Seeing.of(exchange, target)
        .filter(_ -> isWitness(session))
        .ifPresent(seen ->
            desk.observe(
                split.id(), new Observation.Served(chosen ? Arm.CANDIDATE : Arm.INCUMBENT, seen)));
  }

  @Override
  public void copied(Twin twin) {
    Tally tally = tally(twin.split().id());
    tally.copies.incrementAndGet();
    for (Attempt attempt : twin.copied().attempts()) {
      attempt.cost().ifPresent(cost -> tally.spent.add(cost.counted().amount().doubleValue()));
    }
    boolean judged = waiting.incrementAndGet() <= JUDGING_MAX;
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
    if (twin.copied().attempts().isEmpty()) {
      // A gate, or what the request needs, kept it from being put to the other.
      return;
    }
    String first = twin.served().attempts().getFirst().target();
    String second = twin.copied().attempts().getFirst().target();
    Optional<Readings> one = Seeing.of(twin.served(), first);
    Optional<Readings> other = Seeing.of(twin.copied(), second);
    if (twin.copied().purpose() == Purpose.REHEARSAL) {
      other.ifPresent(seen -> desk.observe(twin.split().id(), new Observation.Rehearsed(seen)));
      return;
    }
    if (one.isEmpty() || other.isEmpty()) {
      return;
    }
    desk.observe(
        twin.split().id(),
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

  /** Adds what this gateway did for a rollout. */
  void add(dev.understudy.rollout.RolloutState state, ObjectNode page) {
    Tally tally = tallies.get(state.id());
    ObjectNode copies = page.putObject("copies_of_this_gateway");
    copies.put("made", tally == null ? 0 : tally.copies.get());
    copies.put("unjudged", tally == null ? 0 : tally.unjudged.get());
    copies.put("cost_today", tally == null ? 0 : tally.spentOn(today()));
    copies.put("cost_per_day", state.rules().copies().costPerDay());
    page.put("observations_dropped", desk.dropped());
  }
}
