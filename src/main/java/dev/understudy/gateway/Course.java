package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.exchange.Attempt;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.routing.Ending;
import dev.understudy.routing.Route;
import dev.understudy.vendor.VendorRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call: one after another, or two at once where its route hedges, until one
 * answers or nobody is left to ask.
 */
final class Course {
  /**
   * So long a stream's head without content is held back: a vendor that fails in its first events
   * costs nothing, and callers whose patience ends after ten seconds are few.
   */
  private static final long HELD_NANOS_USUAL = 5_000_000_000L;

  private final Call call;
  private final CallParts parts;
  private final Asked asked;
  private final CallerReply reply;
  private final CallRecord record;
  private final Wording wording;
  private final Route route;
  private final Agenda agenda;
  private final Dispatch dispatch;
  private final Passages passages;
  private final Pair running = new Pair();

  /** The call's part in the trial that its route is under; most routes are under none. */
  private final @Nullable Trial trial;

  private @Nullable VendorAttempt last;

  /** What the caller has of an answer that broke off, once it did. */
  private @Nullable Continuation continuation;

  Course(
      Call call,
      CallParts parts,
      Wording wording,
      Route route,
      Agenda agenda,
      @Nullable Trial trial) {
    this.call = call;
    this.parts = parts;
    this.asked = parts.asked();
    this.reply = parts.reply();
    this.record = parts.record();
    this.wording = wording;
    this.route = route;
    this.agenda = agenda;
    this.trial = trial;
    this.passages = new Passages(asked, reply, wording);
    this.dispatch = new Dispatch(this, call, parts, route, agenda);
  }

  void begin() {
    dispatch.follow(agenda.first());
  }

  // --- an attempt begins ---

  /** An attempt may be made, and is. */
  void begin(Admission.Answer.Admitted admitted) {
    begin(running.begin(attempt(admitted)));
  }

  private VendorAttempt attempt(Admission.Answer.Admitted admitted) {
    return new VendorAttempt(
        this,
        admitted.candidate(),
        wording.delivery(),
        parts.loop(),
        admitted.ticket(),
        route.hold().map(Duration::toNanos).orElse(HELD_NANOS_USUAL));
  }

  private void begin(VendorAttempt attempt) {
    Continuation going = continuation;
    if (going != null) {
      attempt.goesOnAfter(going.characters());
    }
    Candidate candidate = attempt.candidate();
    // Of its own until it is done: the attempt may end, and be recorded, while that is done aside.
    var lost = new Losses();
    call.work(
        scanner ->
            going == null
                ? wording.of(candidate, lost, scanner)
                : wording.goingOn(candidate, going, lost, scanner),
        built -> {
          if (running.has(attempt)) {
            attempt.losses().addAll(lost);
            send(attempt, built);
          }
        },
        malformed -> {
          dropped(attempt);
          if (going != null) {
            giveUp(going);
          } else if (running.first() == null) {
            call.refuse(Failures.malformed(malformed));
          }
        });
  }

  private void send(VendorAttempt attempt, VendorRequest built) {
    Candidate candidate = attempt.candidate();
    if (asked.strict() && !candidate.relay() && !attempt.losses().isEmpty()) {
      failed(
          attempt,
          Attempt.Outcome.REFUSED,
          Failures.lost(candidate.target().name(), attempt.losses()));
      return;
    }
    attempt.start(built);
  }

  // --- what attempts ask ---

  Inbound callers() {
    return parts.callers();
  }

  boolean callerKeepsUp() {
    return reply.isWritable();
  }

  boolean isStrict() {
    return asked.strict();
  }

  /** What the caller has of an answer that broke off; null while none has. */
  @Nullable Continuation continuation() {
    return continuation;
  }

  ReplyContext replyContext(Candidate candidate) {
    return wording.replyContext(candidate);
  }

  Passage passage(VendorAttempt attempt) {
    Continuation going = continuation;
    boolean hasOther = agenda.hasOther(attempt.candidate());
    return going == null
        ? passages.of(attempt, hasOther, route.continuing().isOn())
        : passages.goingOn(attempt, going);
  }

  <T> T require(@Nullable T value) {
    return call.require(value);
  }

  void fault(RuntimeException cause) {
    call.fault(cause);
  }

  // --- what attempts tell ---

  /** The first bytes of a stream go to the caller. */
  void commit(VendorAttempt attempt, ResponseHead head) {
    stopOther(attempt);
    call.keepAttempts();
    parts.answer().begin(attempt, head, wording);
  }

  void answeredStream(VendorAttempt attempt, Optional<String> fault) {
    remember(attempt);
    over(attempt, Attempt.Outcome.ANSWERED, fault, attempt.answered());
    call.finish(Attempt.Outcome.ANSWERED);
  }

  void answeredWhole(VendorAttempt attempt, ResponseHead head, Bytes body, Optional<String> fault) {
    stopOther(attempt);
    remember(attempt);
    if (asked.door().ask() != Door.Ask.COUNT_TOKENS) {
      attempt.noteWhole(); // counting takes a moment, and says nothing about answers
    }
    parts.answer().whole(attempt, head, body);
    over(attempt, Attempt.Outcome.ANSWERED, fault, attempt.answered());
    call.finish(Attempt.Outcome.ANSWERED);
  }

  private void remember(VendorAttempt attempt) {
    if (asked.door().protocol().equals(ProtocolName.OPENAI_RESPONSES)
        && attempt.candidate().relay()) {
      parts
          .service()
          .owned()
          .keep(attempt.reading().replyId(), attempt.candidate().vendor().name());
    }
  }

  /** The stream broke after its first byte, and the caller has been told. */
  void brokenOff(VendorAttempt attempt, Failure failure) {
    record.failure(failure.type());
    over(
        attempt,
        Attempt.Outcome.BROKEN,
        Optional.of(clause(failure)),
        new Ending.Failed(0, Duration.ZERO));
    call.finish(Attempt.Outcome.BROKEN);
  }

  /** The stream broke after its first byte; another target may go on with it. */
  void brokeOff(VendorAttempt attempt, Passage passage, Failure failure) {
    over(
        attempt,
        Attempt.Outcome.BROKEN,
        Optional.of(clause(failure)),
        new Ending.Failed(0, Duration.ZERO));
    Continuation going = continuation;
    if (going == null && agenda.hasOther(attempt.candidate()) && wording.unjoinable().isEmpty()) {
      going =
          passage
              .told()
              .map(told -> new Continuation(told, failure, route.continuing().timesMax()))
              .orElse(null);
    }
    if (going != null) {
      going.brokenBy(
          attempt.candidate().target().name(), record.attempted().getLast().usage(), failure);
      if (going.mayGoOn() && agenda.hasOther(attempt.candidate())) {
        continuation = going;
        goOn(attempt, Retries.Next.OTHER_TARGET, Duration.ZERO);
        return;
      }
    }
    tellBroken(passage, failure);
  }

  private void tellBroken(Passage passage, Failure failure) {
    passage.fail(failure);
    record.failure(failure.type());
    call.finish(Attempt.Outcome.BROKEN);
  }

  /** Nobody went on with an answer that broke off. */
  void giveUp(Continuation going) {
    var out = new Bytes();
    going.told().tell(new ReplyEvent.Broken(going.failure()), out);
    reply.piece(out.array(), 0, out.size());
    reply.end();
    reply.flush();
    record.failure(going.failure().type());
    call.finish(Attempt.Outcome.BROKEN);
  }

  /** The vendor answered with an error. */
  void refused(VendorAttempt attempt, Failure failure, ResponseHead head, byte[] error) {
    over(attempt, Attempt.Outcome.REFUSED, Optional.of(detail(failure)), Retries.ending(failure));
    dispatch.refused(Unserved.refused(failure, attempt.candidate(), head, error));
    if (Retries.lacksRoom(failure)) {
      parts.queueing().refused(attempt.candidate());
    }
    Retries.Next verdict = Retries.next(failure);
    // What one vendor refuses of a wish to go on, which is ours, the next may take; and what a
    // target refuses that is tried out, the route's own may.
    boolean ours = continuation != null || (trial != null && trial.tries(attempt.candidate()));
    goOn(
        attempt,
        ours && verdict == Retries.Next.NOBODY ? Retries.Next.OTHER_TARGET : verdict,
        Retries.rest(failure));
  }

  /** A vendor's words may quote the prompt; the record keeps only the kind of error. */
  private static String detail(Failure failure) {
    return failure.code().map(code -> failure.type() + " (" + code + ")").orElse(failure.type());
  }

  /** Of an error that a vendor told its kind, of one that we found what is wrong. */
  private static String clause(Failure failure) {
    return failure.vendorJson().isPresent() ? detail(failure) : failure.message();
  }

  /** The attempt came to nothing before the caller saw anything of it. */
  void failed(VendorAttempt attempt, Attempt.Outcome outcome, Failure failure) {
    Ending ending =
        failure.vendorJson().isPresent() ? Retries.ending(failure) : unanswered(attempt, failure);
    over(attempt, outcome, Optional.of(clause(failure)), ending);
    dispatch.unreached(failure, attempt.candidate());
    Retries.Next verdict =
        failure.vendorJson().isPresent() ? Retries.next(failure) : Retries.Next.OTHER_TARGET;
    // What began as an answer and turned out to be an error, another may still answer.
    goOn(
        attempt,
        verdict == Retries.Next.NOBODY ? Retries.Next.OTHER_TARGET : verdict,
        Retries.rest(failure));
  }

  private static Ending unanswered(VendorAttempt attempt, Failure failure) {
    boolean timedOut = failure.status() == 504;
    long waited = timedOut ? System.nanoTime() - attempt.timing().startedNanos() : 0;
    return new Ending.Failed(waited, Duration.ZERO);
  }

  /** After an attempt that came to nothing: if another still runs, that one is waited for. */
  private void goOn(VendorAttempt ended, Retries.Next verdict, Duration rest) {
    if (running.first() == null || verdict == Retries.Next.NOBODY) {
      stopOther(ended);
      dispatch.follow(agenda.after(ended.candidate(), verdict, rest));
    }
    call.keepAttempts();
  }

  /** An attempt is over: it is recorded, settled, and no longer one of those that run. */
  private void over(
      VendorAttempt attempt, Attempt.Outcome outcome, Optional<String> detail, Ending ending) {
    running.end(attempt);
    last = attempt;
    Attempt made = record.add(attempt, outcome, detail);
    attempt.settle(made, ending, parts.live().plan().breakers());
  }

  /** An attempt was not made after all: it is settled, and there is nothing to record. */
  private void dropped(VendorAttempt attempt) {
    running.end(attempt);
    Attempt never =
        AttemptRecord.of(
            attempt,
            Attempt.Outcome.REFUSED,
            Optional.of("the request is malformed"),
            asked.startedNanos(),
            asked.length());
    attempt.settle(never, Ending.UNLEARNED, parts.live().plan().breakers());
  }

  /** Stops the attempt that runs beside the one that answers. */
  private void stopOther(VendorAttempt answering) {
    VendorAttempt other = running.other(answering);
    if (other != null) {
      other.noteSilence();
      other.abandon();
      over(
          other,
          Attempt.Outcome.ABANDONED,
          Optional.of(answering.candidate().target().name() + " was quicker"),
          Ending.UNLEARNED);
    }
  }

  /** Stops whatever runs. */
  void stopAll(Attempt.Outcome outcome, String why) {
    dispatch.stop();
    for (VendorAttempt attempt = running.first(); attempt != null; attempt = running.first()) {
      attempt.noteSilence();
      attempt.abandon();
      over(attempt, outcome, Optional.of(why), Ending.UNLEARNED);
    }
  }

  /** It ends here for a reason of the gateway's: what the caller has is not told to be whole. */
  void end(Failure failure) {
    VendorAttempt attempt = running.first();
    Optional<Passage> begun = attempt == null ? Optional.empty() : attempt.passage();
    stopAll(Attempt.Outcome.BROKEN, failure.message());
    Continuation going = continuation;
    if (!reply.hasBegun()) {
      call.refuse(failure);
    } else if (begun.isPresent()) {
      tellBroken(begun.get(), failure);
    } else if (going != null) {
      giveUp(going);
    } else {
      reply.cut();
      record.failure(failure.type());
      call.finish(Attempt.Outcome.BROKEN);
    }
  }

  // --- the caller's side, and time ---

  /** The caller takes bytes again. */
  void callerWritable() {
    VendorAttempt attempt = running.first();
    if (attempt != null) {
      attempt.resume();
    }
  }

  void checkTime(long now) {
    dispatch.checkTime(now);
    VendorAttempt first = running.first();
    VendorAttempt beside = running.second();
    if (first != null) {
      first.checkTime(now);
    }
    if (beside != null) {
      beside.checkTime(now);
    }
    hedge(now);
  }

  /** Asks a second target where the first keeps silent for longer than its route likes. */
  private void hedge(long now) {
    VendorAttempt first = running.first();
    if (first == null || route.hedge().isEmpty() || running.isHedged() || reply.hasBegun()) {
      return;
    }
    Optional<String> why = Pair.whyHedge(first, route.hedge().get(), now);
    if (why.isEmpty()) {
      return;
    }
    running.hedged();
    dispatch
        .beside(first.candidate(), why.get())
        .ifPresent(admitted -> begin(running.beside(attempt(admitted))));
  }

  /** What was lost of the answer that the caller has, by path. */
  List<String> losses() {
    VendorAttempt served = last;
    return served == null ? List.of() : LossText.paths(served.losses());
  }
}
