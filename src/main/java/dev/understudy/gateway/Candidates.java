package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Exclusion;
import dev.understudy.routing.Breaker;
import dev.understudy.routing.Health;
import dev.understudy.routing.Order;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Standing;
import dev.understudy.routing.Target;
import dev.understudy.routing.Vitals;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Finds, for the targets of a call, how each can be asked: relayed or translated, and where. */
final class Candidates {
  /** So many keys of one vendor are tried for one call at the most. */
  private static final int CREDENTIALS_MAX = 3;

  /** The word in records for a key that was refused of late. */
  static final String COOLING = "cooling";

  private static final AtomicInteger TURN = new AtomicInteger();

  private final Asked asked;
  private final Envelope envelope;
  private final Vendors vendors;
  private final OwnedReplies owned;
  private final Health health;
  private final DecisionNotes notes;
  private final List<Candidate> found = new ArrayList<>();
  private final List<Candidate> resting = new ArrayList<>(0);
  private Failure whyNone =
      Failure.of(400, Failures.INVALID, "no target of this route can do what is asked");

  /**
   * The attempts that can be made, in order.
   *
   * @param whyNone what to tell the caller if there is none
   */
  record Choice(List<Candidate> candidates, Failure whyNone) {}

  private Candidates(
      Asked asked,
      Envelope envelope,
      Vendors vendors,
      OwnedReplies owned,
      Health health,
      DecisionNotes notes) {
    this.asked = asked;
    this.envelope = envelope;
    this.vendors = vendors;
    this.owned = owned;
    this.health = health;
    this.notes = notes;
  }

  static Choice of(
      Order order,
      Asked asked,
      Envelope envelope,
      Vendors vendors,
      OwnedReplies owned,
      Health health,
      DecisionNotes notes) {
    var candidates = new Candidates(asked, envelope, vendors, owned, health, notes);
    return candidates.of(order);
  }

  private Choice of(Order order) {
    List<RouteTarget> targets = order.targets();
    int healthy = targets.size() - order.lastResort();
    for (int i = 0; i < targets.size(); i++) {
      add(targets.get(i), i >= healthy);
    }
    if (order.targets().isEmpty() && !order.excluded().isEmpty()) {
      whyNone = excluded(order.excluded());
    }
    // Keys that were refused of late are asked only where no other is left to ask.
    if (found.isEmpty()) {
      found.addAll(resting);
    } else {
      resting.forEach(c -> notes.exclude(c.use(), COOLING, cooling(c)));
    }
    return new Choice(found, whyNone);
  }

  private static Failure excluded(List<Exclusion> excluded) {
    return Failure.of(
            400,
            Failures.INVALID,
            "no target of this route is for this request: "
                + excluded.stream()
                    .limit(3)
                    .map(one -> one.target() + ": " + one.why())
                    .collect(Collectors.joining("; ")))
        .withCode("no_target");
  }

  private static String cooling(Candidate candidate) {
    Breaker key = candidate.vitals().keys().get(candidate.credential().label());
    return "key " + candidate.credential().label() + ": " + (key == null ? "resting" : key.why());
  }

  private void add(RouteTarget use, boolean lastResort) {
    Target target = use.target();
    Optional<Vendor> vendor = vendors.named(target.vendor());
    if (vendor.isEmpty()) {
      notes.exclude(use, "off", "vendor " + target.vendor() + " is not on");
      return;
    }
    Optional<Failure> kept = keptElsewhere(envelope, vendor.get(), target, owned);
    if (kept.isPresent()) {
      whyNone = kept.get();
      notes.exclude(use, "stored-state", "the request refers to what another vendor keeps");
      return;
    }
    Optional<Candidate> way = way(use, vendor.get());
    if (way.isEmpty()) {
      String operation = operation(asked, envelope).name().toLowerCase(Locale.ROOT);
      whyNone =
          Failure.of(
              400, Failures.INVALID, "%s does not offer %s".formatted(target.name(), operation));
      notes.exclude(use, "operation", "it does not offer " + operation);
      return;
    }
    long max = way.get().endpoint().bodyMax();
    if (asked.length() > max) {
      whyNone =
          Failure.of(
              413,
              "request_too_large",
              "the request's body of %d bytes is larger than the %d that %s takes"
                  .formatted(asked.length(), max, target.name()));
      notes.exclude(use, "size", "it takes bodies of at most " + max + " bytes");
      return;
    }
    addKeys(way.get(), lastResort);
  }

  private void addKeys(Candidate way, boolean lastResort) {
    List<Credential> keys = way.vendor().credentials();
    int first = keys.size() == 1 ? 0 : Math.floorMod(TURN.getAndIncrement(), keys.size());
    long now = health.now();
    int added = 0;
    for (int i = 0; i < keys.size() && added < CREDENTIALS_MAX; i++) {
      Credential key = keys.get((first + i) % keys.size());
      if (way.vitals().key(key.label(), now) == Standing.OUT) {
        if (resting.size() < CREDENTIALS_MAX) {
          resting.add(way.with(key, true));
        }
      } else {
        found.add(way.with(key, lastResort));
        added++;
      }
    }
  }

  private Optional<Candidate> way(RouteTarget use, Vendor vendor) {
    Target target = use.target();
    Vitals vitals = health.of(target);
    Operation operation = operation(asked, envelope);
    ProtocolName protocol = asked.door().protocol();
    Credential none = vendor.credentials().getFirst();
    if (!envelope.sealed()) {
      Optional<Endpoint> same = vendor.endpoint(protocol, target.model());
      Optional<String> path = same.flatMap(e -> e.path(operation, target.model()));
      if (path.isPresent()) {
        return Optional.of(
            new Candidate(
                use,
                vendor,
                same.get(),
                none,
                operation,
                streamForm(path.get(), asked),
                true,
                vitals,
                false));
      }
    }
    List<Endpoint> inOrder = new ArrayList<>(List.of(vendor.endpoint(target.model())));
    if (operation == Operation.COUNT_TOKENS) {
      inOrder.addAll(vendor.endpoints());
    }
    for (Endpoint endpoint : inOrder) {
      Optional<String> path = endpoint.path(operation, target.model());
      boolean can =
          operation != Operation.COUNT_TOKENS
              || Protocols.outbound(endpoint.protocol()).countsTokens();
      if (path.isPresent() && can) {
        return Optional.of(
            new Candidate(
                use, vendor, endpoint, none, operation, path.get(), false, vitals, false));
      }
    }
    return Optional.empty();
  }

  /** A Gemini caller who does not ask for events gets what Google then sends: an array. */
  private static String streamForm(String path, Asked asked) {
    return asked.door().ask() == Door.Ask.CHAT_STREAM && asked.door().query().isEmpty()
        ? path.replace("?alt=sse", "")
        : path;
  }

  private static Operation operation(Asked asked, Envelope envelope) {
    if (asked.door().ask() == Door.Ask.COUNT_TOKENS) {
      return Operation.COUNT_TOKENS;
    }
    return envelope.stream() ? Operation.CHAT_STREAM : Operation.CHAT;
  }

  private static Optional<Failure> keptElsewhere(
      Envelope envelope, Vendor vendor, Target target, OwnedReplies owned) {
    if (envelope.storedState().isEmpty()) {
      return Optional.empty();
    }
    Envelope.StoredState state = envelope.storedState().get();
    if (vendor.endpoint(ProtocolName.OPENAI_RESPONSES, target.model()).isEmpty()) {
      return Optional.of(
          refuse(
              state,
              ("%s refers to what a vendor keeps, and %s keeps nothing: send the conversation"
                      + " itself, as libraries do when told store: false")
                  .formatted(state.field(), target.name())));
    }
    Optional<String> owner = owned.vendorOf(state.id());
    if (owner.isPresent() && !owner.get().equals(vendor.name())) {
      return Optional.of(
          refuse(
              state,
              "%s names a reply that vendor %s keeps, and this route leads to %s"
                  .formatted(state.field(), owner.get(), target.name())));
    }
    return Optional.empty();
  }

  private static Failure refuse(Envelope.StoredState state, String message) {
    return Failure.of(400, Failures.INVALID, message)
        .withCode("stored_state_elsewhere")
        .withParam(state.field());
  }
}
