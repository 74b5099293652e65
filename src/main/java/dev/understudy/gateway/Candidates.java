package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.SealText;
import dev.understudy.protocol.gemini.GeminiInbound;
import dev.understudy.routing.Target;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds, for the targets of a call, how each can be asked: relayed or translated, and where. */
final class Candidates {
  /** So many keys of one vendor are tried for one call at the most. */
  private static final int CREDENTIALS_MAX = 3;

  private static final AtomicInteger TURN = new AtomicInteger();

  /**
   * The attempts that can be made, in order.
   *
   * @param whyNone what to tell the caller if there is none
   */
  record Choice(List<Candidate> candidates, Failure whyNone) {}

  private Candidates() {}

  static Choice of(
      List<Target> targets, Asked asked, Envelope envelope, Vendors vendors, OwnedReplies owned) {
    var found = new ArrayList<Candidate>();
    Failure whyNone =
        Failure.of(400, Failures.INVALID, "no target of this route can do what is asked");
    boolean sealed = holdsForeignSeals(asked);
    for (Target target : targets) {
      Optional<Vendor> vendor = vendors.named(target.vendor());
      if (vendor.isEmpty()) {
        continue;
      }
      Optional<Failure> kept = keptElsewhere(envelope, vendor.get(), target, owned);
      if (kept.isPresent()) {
        whyNone = kept.get();
        continue;
      }
      Optional<Candidate> way = way(target, vendor.get(), asked, envelope, sealed);
      if (way.isEmpty()) {
        whyNone =
            Failure.of(
                400,
                Failures.INVALID,
                "%s does not offer %s"
                    .formatted(
                        target.name(),
                        operation(asked, envelope).name().toLowerCase(java.util.Locale.ROOT)));
        continue;
      }
      if (asked.length() > way.get().endpoint().bodyMax()) {
        whyNone =
            Failure.of(
                413,
                "request_too_large",
                "the request's body of %d bytes is larger than the %d that %s takes"
                    .formatted(asked.length(), way.get().endpoint().bodyMax(), target.name()));
        continue;
      }
      addAllKeys(way.get(), found);
    }
    return new Choice(found, whyNone);
  }

  private static void addAllKeys(Candidate way, List<Candidate> found) {
    List<Credential> keys = way.vendor().credentials();
    int first = keys.size() == 1 ? 0 : Math.floorMod(TURN.getAndIncrement(), keys.size());
    for (int i = 0; i < Math.min(keys.size(), CREDENTIALS_MAX); i++) {
      found.add(
          new Candidate(
              way.target(),
              way.vendor(),
              way.endpoint(),
              keys.get((first + i) % keys.size()),
              way.operation(),
              way.path(),
              way.relay()));
    }
  }

  private static Optional<Candidate> way(
      Target target, Vendor vendor, Asked asked, Envelope envelope, boolean sealed) {
    Operation operation = operation(asked, envelope);
    ProtocolName protocol = asked.door().protocol();
    Credential none = vendor.credentials().getFirst();
    if (!sealed) {
      Optional<Endpoint> same = vendor.endpoint(protocol, target.model());
      Optional<String> path = same.flatMap(e -> e.path(operation, target.model()));
      if (path.isPresent()) {
        return Optional.of(
            new Candidate(
                target, vendor, same.get(), none, operation, streamForm(path.get(), asked), true));
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
            new Candidate(target, vendor, endpoint, none, operation, path.get(), false));
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

  /** Whether a seal of another vendor travels in the body, which only translation takes out. */
  private static boolean holdsForeignSeals(Asked asked) {
    return Search.contains(asked.body(), 0, asked.length(), SealText.MARK)
        || (asked.door().protocol().equals(ProtocolName.GEMINI)
            && Search.contains(asked.body(), 0, asked.length(), GeminiInbound.WRAPPED_MARK));
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
              "%s refers to what a vendor keeps, and %s keeps nothing: send the conversation itself"
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
