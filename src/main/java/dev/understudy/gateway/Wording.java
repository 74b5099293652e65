package dev.understudy.gateway;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Places;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.VendorBody;
import dev.understudy.routing.Delivery;
import dev.understudy.vendor.BodyEdits;
import dev.understudy.vendor.BodyPieces;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.VendorRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Words one caller's request for each target anew: the caller's own bytes with the target's model
 * in them, or a translation, for which the request is read once.
 */
final class Wording {
  private final Asked asked;
  private final Envelope envelope;
  private final Inbound callers;
  private final Losses readLosses = new Losses();
  private @Nullable ChatRequest request;
  private @Nullable Places places;

  Wording(Asked asked, Envelope envelope) {
    this.asked = asked;
    this.envelope = envelope;
    this.callers = Protocols.inbound(asked.door().protocol());
  }

  /** How the answer is asked for. */
  Delivery delivery() {
    return Delivery.of(envelope.stream());
  }

  /**
   * The request for one target.
   *
   * @param losses takes what the target cannot carry
   * @throws dev.understudy.json.Malformed if the caller's request cannot be read
   */
  VendorRequest of(Candidate candidate, Losses losses, JsonScanner scanner) {
    return overridden(
        candidate.relay()
            ? relayed(candidate, scanner)
            : translated(read(), candidate, losses, scanner),
        candidate);
  }

  /** The request with what its target changes in it. */
  private static VendorRequest overridden(VendorRequest request, Candidate candidate) {
    return candidate.use().overrides().isEmpty()
        ? request
        : new VendorRequest(
            request.method(),
            request.host(),
            request.pathAndQuery(),
            request.headers(),
            BodyPieces.of(
                BodyOverrides.apply(candidate.use().overrides(), request.body().toByteArray())));
  }

  private VendorRequest relayed(Candidate candidate, JsonScanner scanner) {
    BodyEdits edits = candidate.endpoint().edits(candidate.operation());
    String model = candidate.target().model();
    if (edits.equals(BodyEdits.NONE)) {
      return request(
          candidate,
          asked.headers(),
          RelayBody.splice(asked.body(), asked.length(), envelope, model, asksUsage(candidate)));
    }
    byte[] named =
        RelayBody.splice(asked.body(), asked.length(), envelope, model, false).toByteArray();
    return request(
        candidate,
        asked.headers(),
        BodyPieces.of(RelayBody.edit(named, named.length, edits, model, scanner)));
  }

  /** Whether usage is asked for on our own account, and withheld again. */
  boolean asksUsage(Candidate candidate) {
    return candidate.operation() == Operation.CHAT_STREAM
        && candidate.endpoint().protocol().equals(ProtocolName.OPENAI_CHAT)
        && !envelope.usageAsked()
        && !candidate.endpoint().dialect().has(Quirk.NO_STREAM_OPTIONS);
  }

  /** Why nobody can go on with the answer to this request, should it break off. */
  Optional<String> unjoinable() {
    try {
      ChatRequest read = read();
      return Continuation.unjoinable(read, readLosses);
    } catch (Malformed e) {
      return Optional.of("the request cannot be read");
    }
  }

  /** The request for a target that is to go on with an answer that broke off. */
  VendorRequest goingOn(
      Candidate candidate, Continuation continuation, Losses losses, JsonScanner scanner) {
    boolean byPrefix = byPrefix(candidate);
    return overridden(
        translated(continuation.of(read(), byPrefix), candidate, losses, scanner), candidate);
  }

  /** Whether the target goes on when the conversation ends with its own words. */
  static boolean byPrefix(Candidate candidate) {
    return Protocols.outbound(candidate.endpoint().protocol())
        .goesOnByPrefix(candidate.target().model(), candidate.endpoint().dialect());
  }

  private VendorRequest translated(
      ChatRequest read, Candidate candidate, Losses losses, JsonScanner scanner) {
    readLosses.kept().forEach(loss -> losses.add(loss.path(), loss.reason()));
    var outbound = Protocols.outbound(candidate.endpoint().protocol());
    var dialect = candidate.endpoint().dialect();
    ChatRequest named = read.withModel(candidate.target().model());
    var lost = new Losses();
    VendorBody written =
        candidate.operation() == Operation.COUNT_TOKENS
            ? outbound.writeCountRequest(named, dialect, lost)
            : outbound.writeRequest(named, dialect, lost);
    ProtocolName spoken = asked.door().protocol();
    var places = new CallerPlaces(spoken, read, this::places);
    lost.kept()
        .forEach(loss -> losses.add(CallerWords.of(spoken, places.of(loss.path())), loss.reason()));
    BodyEdits edits = candidate.endpoint().edits(candidate.operation());
    byte[] body =
        edits.equals(BodyEdits.NONE)
            ? written.json()
            : RelayBody.edit(
                written.json(), written.json().length, edits, candidate.target().model(), scanner);
    return request(candidate, written.headers(), BodyPieces.of(body));
  }

  /**
   * The request as a conversation.
   *
   * @throws dev.understudy.json.Malformed if it cannot be read
   */
  ChatRequest read() {
    ChatRequest known = request;
    if (known != null) {
      return known;
    }
    InboundCall inbound = inbound();
    ChatRequest read =
        asked.door().ask() == Door.Ask.COUNT_TOKENS
            ? callers.readCountRequest(inbound, readLosses)
            : callers.readRequest(inbound, readLosses);
    request = read;
    return read;
  }

  private InboundCall inbound() {
    Door door = asked.door();
    return new InboundCall(
        Json.parseObject(asked.body(), 0, asked.length()),
        door.pathModel(),
        door.ask() == Door.Ask.CHAT_STREAM,
        isSse());
  }

  /** Where the conversation's pieces stand in the caller's request; only losses ask. */
  private Places places() {
    Places known = places;
    if (known == null) {
      known = callers.places(inbound());
      places = known;
    }
    return known;
  }

  /** Whether a streamed answer comes as server-sent events. */
  boolean isSse() {
    return asked.door().ask() != Door.Ask.CHAT_STREAM || asked.door().query().equals("alt=sse");
  }

  /** What a writer of the reply needs to know of the call. */
  ReplyContext replyContext(Candidate candidate) {
    return new ReplyContext(
        read(),
        asked.exchangeId(),
        asked.startedAt().getEpochSecond(),
        isSse(),
        candidate.vendor().name());
  }

  private static VendorRequest request(
      Candidate candidate, Map<String, String> more, BodyPieces body) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put(
        "accept",
        candidate.operation() == Operation.CHAT_STREAM
            ? "text/event-stream, application/json"
            : "application/json");
    headers.put("accept-encoding", "identity");
    headers.put("user-agent", "understudy");
    headers.putAll(candidate.endpoint().headers());
    headers.putAll(more);
    return new VendorRequest(
        "POST", candidate.endpoint().authority(), candidate.path(), headers, body);
  }
}
