package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.exchange.Attempt;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.routing.Resolution;
import dev.understudy.vendor.VendorRequest;
import java.util.List;
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
  private final CallRecord record;
  private final CallAnswer answer;
  private List<Candidate> candidates = List.of();
  private int next;
  private @Nullable Wording wording;
  private @Nullable VendorAttempt current;
  private @Nullable Unserved unserved;

  /** What the caller has of an answer that broke off, once it did. */
  private @Nullable Continuation continuation;

  private boolean over;

  Call(Asked asked, Service service, LoopState loop, CallerReply reply, Done done) {
    this.asked = asked;
    this.service = service;
    this.loop = loop;
    this.reply = reply;
    this.done = done;
    this.callers = Protocols.inbound(asked.door().protocol());
    this.record = new CallRecord(asked);
    this.answer = new CallAnswer(asked, reply, record);
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
    record.peeked(peeked);
    wording = new Wording(asked, peeked, loop);
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
    Continuation going = continuation;
    Candidate candidate = going == null ? candidates.get(next) : candidates.get(next).translated();
    next++;
    var attempt = new VendorAttempt(this, candidate, loop);
    current = attempt;
    VendorRequest built;
    try {
      built =
          going == null
              ? wording().of(candidate, attempt.losses())
              : wording().goingOn(candidate, going, attempt.losses());
    } catch (Malformed e) {
      current = null;
      if (going == null) {
        refuse(Failures.malformed(e));
      } else {
        giveUp(going);
      }
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
      callers.writeTokenCount(Estimates.prompt(wording().read()), out);
      answer.estimate(out);
      finish(Attempt.Outcome.ANSWERED);
    } catch (Malformed e) {
      refuse(Failures.malformed(e));
    }
  }

  private Wording wording() {
    return require(wording);
  }

  // --- what attempts ask ---

  Inbound callers() {
    return callers;
  }

  boolean callerKeepsUp() {
    return reply.isWritable();
  }

  boolean isStrict() {
    return asked.strict();
  }

  long promptBytes() {
    return asked.length();
  }

  ReplyContext replyContext(Candidate candidate) {
    return wording().replyContext(candidate);
  }

  Passage passage(VendorAttempt attempt) {
    Candidate candidate = attempt.candidate();
    Continuation going = continuation;
    if (going != null) {
      return new ContinuedStream(
          attempt,
          reply,
          going,
          Wording.byPrefix(candidate),
          attempt.outbound(),
          candidate.endpoint(),
          asked.exchangeId(),
          promptBytes());
    }
    boolean follows = follows(candidate);
    return candidate.relay()
        ? new RelayedStream(
            attempt,
            reply,
            callers,
            attempt.outbound().meter(candidate.endpoint().dialect()),
            wording().asksUsage(candidate),
            candidate.endpoint().framing(),
            follows && wording().isSse()
                ? Optional.of(new Following(trail -> resumed(attempt, trail)))
                : Optional.empty())
        : new TranslatedStream(
            attempt,
            reply,
            attempt.outbound(),
            candidate.endpoint(),
            callers,
            replyContext(candidate),
            asked.strict(),
            follows);
  }

  /** Whether another target could go on with this one's answer, so that it is followed. */
  private boolean follows(Candidate candidate) {
    return asked.door().ask() != Door.Ask.COUNT_TOKENS && hasOther(candidate);
  }

  private boolean hasOther(Candidate candidate) {
    return !candidates.getLast().target().equals(candidate.target());
  }

  /** A writer that goes on in a relayed stream, if this request's answer can be gone on with. */
  private Optional<ReplyWriter> resumed(VendorAttempt attempt, Trail trail) {
    return wording().unjoinable().isPresent()
        ? Optional.empty()
        : Optional.of(
            callers.resumedWriter(replyContext(attempt.candidate()), trail, attempt.replyLosses()));
  }

  // --- what attempts tell ---

  /** The first bytes of a stream go to the caller. */
  void commit(VendorAttempt attempt, ResponseHead head) {
    answer.begin(attempt, head, wording());
  }

  void answeredStream(VendorAttempt attempt, Optional<String> fault) {
    remember(attempt);
    record.add(attempt, Attempt.Outcome.ANSWERED, fault);
    finish(Attempt.Outcome.ANSWERED);
  }

  void answeredWhole(VendorAttempt attempt, ResponseHead head, Bytes body, Optional<String> fault) {
    remember(attempt);
    answer.whole(attempt, head, body);
    record.add(attempt, Attempt.Outcome.ANSWERED, fault);
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
    record.failure(failure.type());
    record.add(attempt, Attempt.Outcome.BROKEN, Optional.of(failure.message()));
    finish(Attempt.Outcome.BROKEN);
  }

  /** The stream broke after its first byte; another target may go on with it. */
  void brokeOff(VendorAttempt attempt, Passage passage, Failure failure) {
    record.add(attempt, Attempt.Outcome.BROKEN, Optional.of(failure.message()));
    Continuation going = continuation;
    if (going == null && hasOther(attempt.candidate()) && wording().unjoinable().isEmpty()) {
      going = passage.told().map(told -> new Continuation(told, failure)).orElse(null);
    }
    if (going != null) {
      going.brokenBy(
          attempt.candidate().target().name(), record.attempted().getLast().usage(), failure);
      if (going.mayGoOn() && hasOther(attempt.candidate())) {
        continuation = going;
        goOn(Retries.Next.OTHER_TARGET);
        return;
      }
    }
    tellBroken(passage, failure);
  }

  private void tellBroken(Passage passage, Failure failure) {
    passage.fail(failure);
    record.failure(failure.type());
    finish(Attempt.Outcome.BROKEN);
  }

  /** Nobody went on with an answer that broke off. */
  private void giveUp(Continuation going) {
    var out = new Bytes();
    going.told().tell(new ReplyEvent.Broken(going.failure()), out);
    reply.piece(out.array(), 0, out.size());
    reply.end();
    reply.flush();
    record.failure(going.failure().type());
    finish(Attempt.Outcome.BROKEN);
  }

  /** The vendor answered with an error. */
  void refused(VendorAttempt attempt, Failure failure, ResponseHead head, byte[] error) {
    record.add(attempt, Attempt.Outcome.REFUSED, Optional.of(detail(failure)));
    unserved = Unserved.refused(failure, attempt.candidate(), head, error);
    Retries.Next verdict = Retries.afterStatus(failure.status());
    // What one vendor refuses of a wish to go on, which is ours, the next may take.
    goOn(
        continuation != null && verdict == Retries.Next.NOBODY
            ? Retries.Next.OTHER_TARGET
            : verdict);
  }

  /** A vendor's words may quote the prompt; the record keeps only the kind of error. */
  private static String detail(Failure failure) {
    return failure.code().map(code -> failure.type() + " (" + code + ")").orElse(failure.type());
  }

  /** The attempt came to nothing before the caller saw anything of it. */
  void failed(VendorAttempt attempt, Attempt.Outcome outcome, Failure failure) {
    record.add(attempt, outcome, Optional.of(failure.message()));
    Unserved before = unserved;
    if (before == null || !before.said()) {
      unserved = Unserved.unreached(failure, attempt.candidate());
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
    Continuation going = continuation;
    if (next < candidates.size()) {
      tryNext();
    } else if (going != null) {
      giveUp(going);
    } else {
      deliver(require(unserved));
    }
  }

  private void deliver(Unserved last) {
    answer.unserved(last, record.attempts() + (current == null ? 0 : 1));
    finish(Attempt.Outcome.REFUSED);
  }

  /** The gateway itself refuses the call. */
  private void refuse(Failure failure) {
    deliver(Unserved.ours(failure));
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
      record.add(attempt, Attempt.Outcome.BROKEN, Optional.of("internal error"));
      current = null;
    }
    record.failure("api_error");
    if (reply.hasBegun()) {
      // Half a reply is there, and nobody knows in which state: only a cut tells the caller so.
      reply.cut();
      finish(Attempt.Outcome.BROKEN);
    } else {
      refuse(Failure.of(500, "api_error", "the gateway failed on this request; see its log"));
    }
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
      record.add(attempt, Attempt.Outcome.ABANDONED, Optional.of("the caller left"));
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
    service
        .journal()
        .append(
            record.exchange(
                outcome, reply, last == null ? List.of() : LossText.paths(last.losses())));
    done.callDone();
  }

  <T> T require(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a call is in the wrong order");
    }
    return value;
  }
}
