package dev.understudy.gateway;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.VendorBody;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.routing.Resolution;
import dev.understudy.vendor.BodyEdits;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.VendorRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call: targets in order, an attempt at each until one answers, one reply, one record. */
final class Call {
  /** What happens when the call is over. */
  interface Done {
    void callDone();
  }

  private final Asked asked;
  private final Service service;
  private final LoopState loop;
  private final CallerReply reply;
  private final Done done;
  private final Inbound callers;
  private final List<Attempt> attempts = new ArrayList<>();
  private final Losses requestLosses = new Losses();
  private List<Candidate> candidates = List.of();
  private int next;
  private @Nullable Envelope envelope;
  private @Nullable ChatRequest request;
  private @Nullable VendorAttempt current;
  private @Nullable Unserved unserved;
  private int status;
  private long firstByteNanos;
  private String failureType = "";
  private boolean over;

  /**
   * The best answer there is, should nobody serve the call.
   *
   * @param said whether a vendor really said this, rather than could not be reached
   */
  @SuppressWarnings("ArrayRecordComponent") // kept for one reply, never compared
  private record Unserved(
      Failure failure,
      Optional<Candidate> candidate,
      Optional<ResponseHead> head,
      byte[] relayed,
      boolean said) {}

  Call(Asked asked, Service service, LoopState loop, CallerReply reply, Done done) {
    this.asked = asked;
    this.service = service;
    this.loop = loop;
    this.reply = reply;
    this.done = done;
    this.callers = Protocols.inbound(asked.door().protocol());
  }

  void start() {
    loop.watch(this);
    if (service.open().incrementAndGet() > service.limits().callsMax()) {
      refuse(
          Failure.of(
                  503,
                  "overloaded_error",
                  "the gateway serves %d calls already, which is its limit"
                      .formatted(service.limits().callsMax()))
              .withRetryAfter(1));
      return;
    }
    Service.Live live = service.live().get();
    Envelope peeked;
    try {
      peeked = Envelope.peek(asked.door(), asked.body(), asked.length(), loop.scanner());
    } catch (Malformed e) {
      refuse(Failures.malformed(e));
      return;
    }
    envelope = peeked;
    if (peeked.model().length() > Door.NAME_MAX) {
      refuse(Failures.unknownModel(peeked.model(), List.of()));
      return;
    }
    switch (live.plan().resolve(peeked.model())) {
      case Resolution.Unknown(String name, List<String> near) ->
          refuse(Failures.unknownModel(name, near));
      case Resolution.Found found -> {
        var choice = Candidates.of(found.targets(), asked, peeked, live.vendors(), service.owned());
        candidates = choice.candidates();
        if (candidates.isEmpty() && asked.door().ask() == Door.Ask.COUNT_TOKENS) {
          countByEstimate();
        } else if (candidates.isEmpty()) {
          refuse(choice.whyNone());
        } else {
          tryNext();
        }
      }
    }
  }

  private void tryNext() {
    Candidate candidate = candidates.get(next);
    next++;
    var attempt = new VendorAttempt(this, candidate, loop);
    current = attempt;
    VendorRequest built;
    try {
      built = candidate.relay() ? relayed(candidate) : translated(candidate, attempt.losses());
    } catch (Malformed e) {
      current = null;
      refuse(Failures.malformed(e));
      return;
    }
    if (asked.strict() && !candidate.relay() && !attempt.losses().isEmpty()) {
      failed(
          attempt,
          Attempt.Outcome.REFUSED,
          Failures.lost(candidate.target().name(), attempt.losses()));
      return;
    }
    attempt.start(built);
  }

  /** No target counts tokens: the caller gets our estimate, and is told that it is one. */
  private void countByEstimate() {
    try {
      var out = new Bytes();
      callers.writeTokenCount(Estimates.prompt(readRequest()), out);
      status = 200;
      ReplyHeaders headers = headers().add("x-understudy-estimated", "true");
      reply.whole(status, "application/json", null, headers, out.array(), 0, out.size());
      reply.flush();
      finish(Attempt.Outcome.ANSWERED);
    } catch (Malformed e) {
      refuse(Failures.malformed(e));
    }
  }

  // --- requests ---

  private VendorRequest relayed(Candidate candidate) {
    Envelope peeked = require(envelope);
    BodyEdits edits = candidate.endpoint().edits();
    byte[] body;
    if (edits.equals(BodyEdits.NONE)) {
      body =
          RelayBody.splice(
              asked.body(),
              asked.length(),
              peeked,
              candidate.target().model(),
              asksUsage(candidate));
    } else {
      byte[] named =
          RelayBody.splice(asked.body(), asked.length(), peeked, candidate.target().model(), false);
      body = RelayBody.edit(named, named.length, edits, candidate.target().model(), loop.scanner());
    }
    return request(candidate, asked.headers(), body);
  }

  /** Whether usage is asked for on our own account, and withheld again. */
  private boolean asksUsage(Candidate candidate) {
    return candidate.operation() == Operation.CHAT_STREAM
        && candidate.endpoint().protocol().equals(ProtocolName.OPENAI_CHAT)
        && !require(envelope).usageAsked()
        && !candidate.endpoint().dialect().has(Quirk.NO_STREAM_OPTIONS);
  }

  private VendorRequest translated(Candidate candidate, Losses losses) {
    ChatRequest read = readRequest();
    requestLosses.kept().forEach(loss -> losses.add(loss.path(), loss.reason()));
    var outbound = Protocols.outbound(candidate.endpoint().protocol());
    var dialect = candidate.endpoint().dialect();
    ChatRequest named = read.withModel(candidate.target().model());
    var lost = new Losses();
    VendorBody written =
        candidate.operation() == Operation.COUNT_TOKENS
            ? outbound.writeCountRequest(named, dialect, lost)
            : outbound.writeRequest(named, dialect, lost);
    ProtocolName spoken = asked.door().protocol();
    lost.kept().forEach(loss -> losses.add(CallerWords.of(spoken, loss.path()), loss.reason()));
    BodyEdits edits = candidate.endpoint().edits();
    byte[] body =
        edits.equals(BodyEdits.NONE)
            ? written.json()
            : RelayBody.edit(
                written.json(),
                written.json().length,
                edits,
                candidate.target().model(),
                loop.scanner());
    return request(candidate, written.headers(), body);
  }

  private ChatRequest readRequest() {
    ChatRequest known = request;
    if (known != null) {
      return known;
    }
    Door door = asked.door();
    var inbound =
        new InboundCall(
            Json.parseObject(asked.body(), 0, asked.length()),
            door.pathModel(),
            door.ask() == Door.Ask.CHAT_STREAM,
            isSse());
    ChatRequest read =
        door.ask() == Door.Ask.COUNT_TOKENS
            ? callers.readCountRequest(inbound, requestLosses)
            : callers.readRequest(inbound, requestLosses);
    request = read;
    return read;
  }

  private boolean isSse() {
    return asked.door().ask() != Door.Ask.CHAT_STREAM || asked.door().query().equals("alt=sse");
  }

  private static VendorRequest request(Candidate candidate, Map<String, String> more, byte[] body) {
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
    return VendorRequest.post(candidate.endpoint().authority(), candidate.path(), headers, body);
  }

  // --- what attempts ask and tell ---

  Inbound callers() {
    return callers;
  }

  boolean callerKeepsUp() {
    return reply.isWritable();
  }

  long promptBytes() {
    return asked.length();
  }

  ReplyContext replyContext(Candidate candidate) {
    return new ReplyContext(
        readRequest(),
        asked.exchangeId(),
        asked.startedAt().getEpochSecond(),
        isSse(),
        candidate.vendor().name());
  }

  Passage passage(VendorAttempt attempt) {
    Candidate candidate = attempt.candidate();
    return candidate.relay()
        ? new RelayedStream(
            attempt,
            reply,
            callers,
            attempt.outbound().meter(candidate.endpoint().dialect()),
            asksUsage(candidate),
            candidate.endpoint().framing())
        : new TranslatedStream(
            attempt,
            reply,
            attempt.outbound(),
            candidate.endpoint().dialect(),
            callers.streamWriter(replyContext(candidate)),
            attempt.losses(),
            candidate.endpoint().framing());
  }

  /** The first bytes of a stream go to the caller. */
  void commit(VendorAttempt attempt, ResponseHead head) {
    Candidate candidate = attempt.candidate();
    status = candidate.relay() ? head.status() : 200;
    firstByteNanos = System.nanoTime();
    String mediaType =
        candidate.relay()
            ? relayedStreamType(candidate, head)
            : callers.streamMediaType(replyContext(candidate));
    ReplyHeaders ours = served(attempt);
    if (head.header("cache-control").isEmpty()) {
      ours.add("cache-control", "no-cache");
    }
    reply.begin(status, mediaType, head, ours);
  }

  private static String relayedStreamType(Candidate candidate, ResponseHead head) {
    return switch (candidate.endpoint().framing()) {
      case PLAIN -> head.header("content-type").orElse("text/event-stream");
      case BEDROCK_CHUNKS -> "text/event-stream";
    };
  }

  void answeredStream(VendorAttempt attempt, Optional<String> fault) {
    remember(attempt);
    attempts.add(attempt.record(Attempt.Outcome.ANSWERED, fault, asked.startedNanos()));
    finish(Attempt.Outcome.ANSWERED);
  }

  void answeredWhole(
      VendorAttempt attempt, ResponseHead head, byte[] body, Optional<String> fault) {
    remember(attempt);
    status = attempt.candidate().relay() ? head.status() : 200;
    firstByteNanos = System.nanoTime();
    String mediaType =
        attempt.candidate().relay()
            ? head.header("content-type").orElse("application/json")
            : "application/json";
    reply.whole(status, mediaType, head, served(attempt), body, 0, body.length);
    reply.flush();
    attempts.add(attempt.record(Attempt.Outcome.ANSWERED, fault, asked.startedNanos()));
    finish(Attempt.Outcome.ANSWERED);
  }

  private void remember(VendorAttempt attempt) {
    if (asked.door().protocol().equals(ProtocolName.OPENAI_RESPONSES)
        && attempt.candidate().relay()) {
      service.owned().keep(attempt.reading().replyId(), attempt.candidate().vendor().name());
    }
  }

  /** The stream broke after its first byte, and the caller has been told. */
  void brokenOff(VendorAttempt attempt, Failure failure) {
    failureType = failure.type();
    attempts.add(
        attempt.record(
            Attempt.Outcome.BROKEN, Optional.of(failure.message()), asked.startedNanos()));
    finish(Attempt.Outcome.BROKEN);
  }

  /** The vendor answered with an error. */
  void refused(VendorAttempt attempt, Failure failure, ResponseHead head, byte[] error) {
    attempts.add(
        attempt.record(
            Attempt.Outcome.REFUSED, Optional.of(detail(failure)), asked.startedNanos()));
    unserved =
        new Unserved(failure, Optional.of(attempt.candidate()), Optional.of(head), error, true);
    goOn(Retries.afterStatus(failure.status()));
  }

  /** A vendor's words may quote the prompt; the record keeps only the kind of error. */
  private static String detail(Failure failure) {
    return failure.code().map(code -> failure.type() + " (" + code + ")").orElse(failure.type());
  }

  /** The attempt came to nothing before the caller saw anything of it. */
  void failed(VendorAttempt attempt, Attempt.Outcome outcome, Failure failure) {
    attempts.add(attempt.record(outcome, Optional.of(failure.message()), asked.startedNanos()));
    Unserved before = unserved;
    if (before == null || !before.said()) {
      unserved =
          new Unserved(
              failure, Optional.of(attempt.candidate()), Optional.empty(), new byte[0], false);
    }
    goOn(Retries.Next.OTHER_TARGET);
  }

  private void goOn(Retries.Next verdict) {
    VendorAttempt last = require(current);
    current = null;
    switch (verdict) {
      case NOBODY -> next = candidates.size();
      case OTHER_CREDENTIAL -> {}
      case OTHER_TARGET -> {
        while (next < candidates.size()
            && candidates.get(next).target().equals(last.candidate().target())) {
          next++;
        }
      }
    }
    if (next < candidates.size()) {
      tryNext();
    } else {
      deliver(require(unserved));
    }
  }

  private void deliver(Unserved answer) {
    Failure failure = answer.failure();
    status = failure.status();
    failureType = failure.type();
    ReplyHeaders headers = headers();
    answer.candidate().ifPresent(c -> headers.add("x-understudy-target", c.target().name()));
    boolean relay =
        answer.head().isPresent()
            && answer.candidate().map(Candidate::relay).orElse(false)
            && answer.relayed().length > 0;
    if (relay) {
      ResponseHead head = answer.head().get();
      reply.whole(
          status,
          head.header("content-type").orElse("application/json"),
          head,
          headers,
          answer.relayed(),
          0,
          answer.relayed().length);
    } else {
      if (answer.head().isEmpty()) {
        failure.retryAfterSeconds().ifPresent(s -> headers.add("retry-after", Long.toString(s)));
      }
      var out = new Bytes();
      callers.writeFailure(failure, out);
      reply.whole(
          status,
          "application/json",
          answer.head().orElse(null),
          headers,
          out.array(),
          0,
          out.size());
    }
    reply.flush();
    finish(Attempt.Outcome.REFUSED);
  }

  /** The gateway itself refuses the call. */
  private void refuse(Failure failure) {
    deliver(new Unserved(failure, Optional.empty(), Optional.empty(), new byte[0], true));
  }

  /** Something that nobody expected happened; the caller hears that it was not his doing. */
  void fault(RuntimeException cause) {
    System.getLogger(Call.class.getName())
        .log(
            System.Logger.Level.ERROR,
            "call " + asked.exchangeId() + " failed unexpectedly",
            cause);
    VendorAttempt attempt = current;
    if (over) {
      return;
    }
    if (attempt != null) {
      attempt.abandon();
      attempts.add(
          attempt.record(
              Attempt.Outcome.BROKEN, Optional.of("internal error"), asked.startedNanos()));
      current = null;
    }
    failureType = "api_error";
    if (reply.hasBegun()) {
      // Half a reply is there, and nobody knows in which state: only a cut tells the caller so.
      reply.cut();
      finish(Attempt.Outcome.BROKEN);
    } else {
      refuse(Failure.of(500, "api_error", "the gateway failed on this request; see its log"));
    }
  }

  private ReplyHeaders headers() {
    ReplyHeaders headers = new ReplyHeaders().add("x-understudy-exchange", asked.exchangeId());
    int made = attempts.size() + (current == null ? 0 : 1);
    return headers.add("x-understudy-attempts", Integer.toString(made));
  }

  private ReplyHeaders served(VendorAttempt attempt) {
    ReplyHeaders headers =
        new ReplyHeaders()
            .add("x-understudy-exchange", asked.exchangeId())
            .add("x-understudy-target", attempt.candidate().target().name())
            .add("x-understudy-attempts", Integer.toString(attempts.size() + 1));
    if (!attempt.losses().isEmpty()) {
      headers.add("x-understudy-losses", LossText.of(attempt.losses()));
    }
    return headers;
  }

  // --- the caller's side, and time ---

  void checkTime(long now) {
    VendorAttempt attempt = current;
    if (attempt != null) {
      try {
        attempt.checkTime(now);
      } catch (RuntimeException e) {
        fault(e);
      }
    }
  }

  /** The caller takes bytes again. */
  void callerWritable() {
    VendorAttempt attempt = current;
    if (attempt != null) {
      attempt.resume();
    }
  }

  /** The caller is gone: the vendor is stopped, and what it cost is recorded. */
  void callerLeft() {
    if (over) {
      return;
    }
    VendorAttempt attempt = current;
    if (attempt != null) {
      attempt.abandon();
      attempts.add(
          attempt.record(
              Attempt.Outcome.ABANDONED, Optional.of("the caller left"), asked.startedNanos()));
    }
    reply.discard();
    finish(Attempt.Outcome.ABANDONED);
  }

  private void finish(Attempt.Outcome outcome) {
    if (over) {
      return;
    }
    over = true;
    VendorAttempt last = current;
    current = null;
    loop.unwatch(this);
    service.open().decrementAndGet();
    Envelope peeked = envelope;
    service
        .journal()
        .append(
            new Exchange(
                asked.exchangeId(),
                asked.startedAt(),
                Optional.of(asked.caller()),
                asked.door().protocol().text(),
                asked.door().ask() == Door.Ask.COUNT_TOKENS ? "count_tokens" : "chat",
                peeked == null ? "" : shortened(peeked.model()),
                peeked != null && peeked.stream(),
                status == 0 ? Optional.empty() : Optional.of(status),
                outcome,
                failureType.isEmpty() ? Optional.empty() : Optional.of(failureType),
                attempts,
                System.nanoTime() - asked.startedNanos(),
                firstByteNanos == 0
                    ? Optional.empty()
                    : Optional.of(firstByteNanos - asked.startedNanos()),
                asked.length(),
                reply.bodyBytes(),
                last == null ? List.of() : LossText.paths(last.losses()),
                asked.traceParent()));
    done.callDone();
  }

  private static String shortened(String name) {
    return name.length() > Door.NAME_MAX ? name.substring(0, Door.NAME_MAX) : name;
  }

  <T> T require(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a call is in the wrong order");
    }
    return value;
  }
}
