package dev.understudy.gateway;

import dev.understudy.access.Caller;
import dev.understudy.capacity.Allowance;
import dev.understudy.capacity.Capacity;
import dev.understudy.capacity.Priority;
import dev.understudy.capacity.WaitingLine;
import dev.understudy.chat.Failure;
import dev.understudy.json.JsonScanner;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Queue;
import dev.understudy.routing.Route;
import dev.understudy.routing.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one call does where its targets have no room: it waits in line, or insists once. */
final class Queueing {
  /** So often a call goes back to the line, should vendors refuse it when its turn has come. */
  private static final int TURNS_MAX = 20;

  /** A larger body is not looked through on the event loop. */
  private static final int LOOKED_THROUGH_MAX = 256 << 10;

  private final Asked asked;
  private final LoopState loop;
  private final Capacity capacity;

  /** Those that would serve the call, if they had room. */
  private final List<Candidate> roomless = new ArrayList<>(0);

  /** Those of them that have not been asked. */
  private final List<Candidate> unasked = new ArrayList<>(0);

  /** All that were found without room, in the order it was found. */
  private final List<Asking.Passed> passed = new ArrayList<>(0);

  /** One that has room left, but wants new sessions to go elsewhere. */
  private @Nullable Candidate spilled;

  private boolean hasSpilled;

  private final Priority priority;
  private long maxTokens;
  private long session;
  private boolean sessionKnown;
  private boolean insisted;
  private int turns;
  private long since;
  private @Nullable Parking parking;
  private WaitingLine.@Nullable Ticket ticket;

  Queueing(Asked asked, LoopState loop, Capacity capacity) {
    this.asked = asked;
    this.loop = loop;
    this.capacity = capacity;
    this.priority = priority(asked.caller(), asked.priority());
  }

  /**
   * A key or its team may be held to batch by the tag {@code priority}; a caller may ask for less.
   */
  private static Priority priority(Caller caller, String wish) {
    Priority highest =
        Priority.named(caller.tags().getOrDefault("priority", "")).orElse(Priority.INTERACTIVE);
    return Priority.granted(Priority.named(wish), highest);
  }

  void peeked(Envelope envelope) {
    maxTokens = envelope.maxTokens() * envelope.answers();
  }

  Asking.Urgency urgency(boolean mayGoElsewhere) {
    return new Asking.Urgency(
        maxTokens, priority, this::session, mayGoElsewhere, false, Optional.empty(), passed);
  }

  Asking.Urgency insisting() {
    return new Asking.Urgency(
        maxTokens, priority, this::session, false, true, Optional.empty(), passed);
  }

  Asking.Urgency holding(Parking.Room room) {
    return new Asking.Urgency(
        maxTokens, priority, this::session, false, false, Optional.of(room.reservation()), passed);
  }

  /** The session the call belongs to, looked for where somebody wants to know; 0 for none. */
  long session() {
    if (!sessionKnown && asked.length() <= LOOKED_THROUGH_MAX) {
      findSession(loop.scanner());
    }
    return session;
  }

  /** Looks for the session, wherever there is time for it. */
  void findSession(JsonScanner scanner) {
    if (!sessionKnown) {
      sessionKnown = true;
      session = Sessions.of(Affinity.AUTO, asked.body(), asked.length(), scanner);
    }
  }

  /** A target was not asked, for want of room, or to keep some for others. */
  void notAsked(Candidate candidate, boolean spills) {
    unasked.add(candidate);
    if (spills && spilled == null) {
      spilled = candidate;
    }
    refused(candidate);
  }

  /** A target refused the call, for want of room. */
  void refused(Candidate candidate) {
    passed(candidate.target(), candidate.vendor().kind());
    if (!roomless.contains(candidate)) {
      roomless.add(candidate);
    }
  }

  /** A target is passed over, for want of room. */
  void passed(Target target, String kind) {
    var one = new Asking.Passed(target, kind);
    if (!passed.contains(one)) {
      passed.add(one);
    }
  }

  /** An attempt is made: a call that was to go elsewhere has gone, or has stayed. */
  void asks(Candidate candidate) {
    Candidate from = spilled;
    if (from != null && !hasSpilled && !candidate.target().equals(from.target())) {
      hasSpilled = true;
      allowance(from, Capacity.now()).spilledOver();
    }
  }

  /**
   * The target that has room, and to which the call goes back, once, if nobody else may take it.
   */
  Optional<Candidate> stays() {
    Candidate from = spilled;
    spilled = null;
    return Optional.ofNullable(from);
  }

  boolean isParked() {
    return ticket != null;
  }

  /** How it went with waiting. */
  sealed interface Waiting {
    /** The call waits. */
    record Parked() implements Waiting {}

    /** It cannot, and is to be refused. */
    record Refused(Failure failure) implements Waiting {}

    /** Its route does not let it. */
    record Not() implements Waiting {}
  }

  /** Lets the call wait, if its route lets it and there is anything to wait for. */
  Waiting park(Route route, Consumer<Parking.Room> next) {
    if (route.queue().isEmpty() || roomless.isEmpty() || !isChat()) {
      return new Waiting.Not();
    }
    Queue rule = route.queue().get();
    long now = Capacity.now();
    if (since == 0) {
      since = now;
    }
    var parked =
        new Parking(spots(roomless, now), asked.length(), priority, session(), loop.loop(), next);
    if (turns == TURNS_MAX || now - since >= rule.deadline().toMillis()) {
      return new Waiting.Refused(late(route, rule, parked, now));
    }
    turns++;
    Optional<WaitingLine.Ticket> place =
        capacity
            .line()
            .join(
                parked,
                route.name(),
                rule.max(),
                asked.caller().name(),
                priority,
                parked.wants(),
                now);
    if (place.isEmpty()) {
      return new Waiting.Refused(
          Failure.of(
                  429,
                  "rate_limit_error",
                  "no target of route %s has room, and its queue is full: %d calls wait already"
                      .formatted(route.name(), rule.max()))
              .withRetryAfter(CapacityGate.seconds(parked.soonest(now))));
    }
    parking = parked;
    ticket = place.get();
    return new Waiting.Parked();
  }

  private boolean isChat() {
    return asked.door().ask() != Door.Ask.COUNT_TOKENS;
  }

  private List<Parking.Spot> spots(List<Candidate> candidates, long now) {
    var spots = new ArrayList<Parking.Spot>(candidates.size());
    for (Candidate candidate : candidates) {
      Allowance allowance = allowance(candidate, now);
      spots.add(
          new Parking.Spot(candidate, allowance, allowance.estimate(asked.length(), maxTokens)));
    }
    return spots;
  }

  private Allowance allowance(Candidate candidate, long now) {
    return capacity.of(
        candidate.target().vendor(),
        candidate.target().model(),
        candidate.credential().label(),
        now);
  }

  /** What the call hears if it waited too long; empty if it may wait on, or its turn has come. */
  Optional<Failure> overdue(Route route) {
    WaitingLine.Ticket place = ticket;
    Parking parked = parking;
    if (place == null || parked == null || route.queue().isEmpty()) {
      return Optional.empty();
    }
    Queue rule = route.queue().get();
    long now = Capacity.now();
    if (now - since < rule.deadline().toMillis()) {
      return Optional.empty();
    }
    int ahead = place.ahead();
    if (!place.leave(true, now)) {
      return Optional.empty();
    }
    ticket = null;
    return Optional.of(
        Failure.of(
                429,
                "rate_limit_error",
                "no target of route %s had room within the %s that its calls may wait; place %d"
                        .formatted(route.name(), text(rule), ahead + 1)
                    + " in its queue at the end")
            .withRetryAfter(CapacityGate.seconds(parked.soonest(now))));
  }

  private static Failure late(Route route, Queue rule, Parking parked, long now) {
    return Failure.of(
            429,
            "rate_limit_error",
            "no target of route %s had room within the %s that its calls may wait"
                .formatted(route.name(), text(rule)))
        .withRetryAfter(CapacityGate.seconds(parked.soonest(now)));
  }

  private static String text(Queue rule) {
    long millis = rule.deadline().toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
  }

  /** Its turn has come: how long it waited, in words. */
  String turn() {
    ticket = null;
    roomless.clear();
    return "after %.1f s in the queue".formatted((Capacity.now() - since) / 1e3);
  }

  /** The call does not want to wait any more. */
  void leave() {
    WaitingLine.Ticket place = ticket;
    if (place != null) {
      ticket = null;
      place.leave(false, Capacity.now());
    }
  }

  /**
   * The target to ask though it may have no room, because nobody else answers: what we reckon may
   * be wrong. A batch call does not insist, and a vendor that asked to be left alone is only asked
   * now and then.
   */
  Optional<Candidate> lastResort() {
    if (insisted || unasked.isEmpty() || priority == Priority.BATCH) {
      return Optional.empty();
    }
    long now = Capacity.now();
    insisted = true;
    return spots(unasked, now).stream()
        .min(Comparator.comparingLong(spot -> spot.allowance().wait(spot.load(), priority, now)))
        .filter(spot -> !spot.allowance().isBlocked(now) || spot.allowance().mayProbe(now))
        .map(Parking.Spot::candidate);
  }
}
