package dev.understudy.gateway;

import dev.understudy.capacity.Capacity;
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

  /** A gate calls back sooner; should it not, the call goes on all the same. */
  private static final long AWAIT_NANOS_MAX = 5_000_000_000L;

  private final Call call;
  private final CallParts parts;
  private final Asked asked;
  private final CallerReply reply;
  private final CallRecord record;
  private final Queueing queueing;
  private final Wording wording;
  private final Route route;
  private final Agenda agenda;
  private final Admission admission;
  private final Passages passages;
  private final Pair running = new Pair();

  /** The call's part in the trial that its route is under; most routes are under none. */
  private final @Nullable Trial trial;

  private Agenda.@Nullable Step paused;
  private long pausedUntil;
  private int awaits;
  private @Nullable VendorAttempt last;
  private @Nullable Unserved unserved;

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
    this.queueing = parts.queueing();
    this.wording = wording;
    this.route = route;
    this.agenda = agenda;
    this.trial = trial;
    this.admission = new Admission(parts, route.name());
    this.passages = new Passages(asked, reply, wording);
  }

  void begin() {
    follow(agenda.first());
  }

  // --- which attempt is next, and whether it may be made ---

  /** Makes the next attempt, or the one after it if that one may not be made. */
  private void follow(Optional<Agenda.Step> first) {
    Optional<Agenda.Step> step = first;
    while (step.isPresent()) {
      if (step.get().delayNanos() > 0) {
        paused = step.get();
        pausedUntil = System.nanoTime() + step.get().delayNanos();
        return;
      }
      Candidate asking = step.get().candidate();
      switch (admission.of(step.get(), continuation, usual(asking))) {
        case Admission.Answer.Admitted admitted -> {
          begin(running.begin(attempt(admitted)));
          return;
        }
        case Admission.Answer.Later(Gate.Waiting until) -> {
          await(step.get(), until);
          return;
        }
        case Admission.Answer.Closed closed -> {
          note(closed);
          step =
              closed.isForRoom()
                  ? agenda.withoutRoom("fallback, as " + asking.target().name() + " has no room")
                  : agenda.without(asking, "next target");
        }
      }
    }
    nobodyLeft();
  }

  /** Nobody is left to ask as usual: the call waits in line, insists once, or is over. */
  private void nobodyLeft() {
    Continuation going = continuation;
    if (going != null) {
      if (!insists()) {
        giveUp(going);
      }
      return;
    }
    Optional<Candidate> stays = queueing.stays();
    if (stays.isPresent()
        && goes(
            new Agenda.Step(stays.get(), "stays, as nobody else takes it", 0),
            queueing.urgency(false))) {
      return;
    }
    switch (queueing.park(route, this::roomFound)) {
      case Queueing.Waiting.Parked _ -> {}
      case Queueing.Waiting.Refused(Failure failure) -> call.refuse(failure);
      case Queueing.Waiting.Not _ -> {
        if (!insists()) {
          call.deliver(call.require(unserved));
        }
      }
    }
  }

  /** Asks a target that may have no room, where nobody else answers. */
  private boolean insists() {
    Optional<Candidate> target = queueing.lastResort();
    return target.isPresent()
        && goes(
            new Agenda.Step(target.get(), "last resort: nobody has room", 0), queueing.insisting());
  }

  /** Makes an attempt, or waits until its gates know; false if it may not be made. */
  private boolean goes(Agenda.Step step, Asking.Urgency urgency) {
    return switch (admission.of(step, continuation, urgency)) {
      case Admission.Answer.Admitted admitted -> {
        begin(running.begin(attempt(admitted)));
        yield true;
      }
      case Admission.Answer.Later(Gate.Waiting until) -> {
        await(step, until);
        yield true;
      }
      case Admission.Answer.Closed closed -> {
        note(closed);
        yield false;
      }
    };
  }

  /** The call waited, and a target has set aside what it needs. */
  private void roomFound(Parking.Room room) {
    if (call.isOver()) {
      room.reservation().unsent(Capacity.now());
      return;
    }
    try {
      String why = queueing.turn();
      if (!goes(new Agenda.Step(room.candidate(), why, 0), queueing.holding(room))) {
        call.deliver(call.require(unserved));
      }
    } catch (RuntimeException e) {
      call.fault(e);
    }
  }

  /** Waits to ask the gates once more; a bound of time holds here too. */
  private void await(Agenda.Step step, Gate.Waiting until) {
    paused = step;
    pausedUntil = System.nanoTime() + AWAIT_NANOS_MAX;
    int number = ++awaits;
    until.then(() -> parts.loop().loop().execute(() -> resume(step, number)));
  }

  private void resume(Agenda.Step step, int number) {
    if (paused != null && awaits == number) {
      paused = null;
      try {
        follow(Optional.of(step));
      } catch (RuntimeException e) {
        call.fault(e);
      }
    }
  }

  private Asking.Urgency usual(Candidate candidate) {
    return queueing.urgency(agenda.hasOther(candidate));
  }

  /** What the caller hears if nobody else is asked either. */
  private void note(Admission.Answer.Closed closed) {
    if (unserved == null) {
      unserved = Unserved.ours(closed.told());
    }
  }

  private VendorAttempt attempt(Admission.Answer.Admitted admitted) {
    return new VendorAttempt(
        this,
        admitted.candidate(),
        parts.loop(),
        admitted.ticket(),
        route.hold().map(Duration::toNanos).orElse(HELD_NANOS_USUAL));
  }

  // --- an attempt begins ---

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

  long promptBytes() {
    return asked.length();
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
        Optional.of(failure.message()),
        new Ending.Failed(0, Duration.ZERO));
    call.finish(Attempt.Outcome.BROKEN);
  }

  /** The stream broke after its first byte; another target may go on with it. */
  void brokeOff(VendorAttempt attempt, Passage passage, Failure failure) {
    over(
        attempt,
        Attempt.Outcome.BROKEN,
        Optional.of(failure.message()),
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
  private void giveUp(Continuation going) {
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
    unserved = Unserved.refused(failure, attempt.candidate(), head, error);
    Retries.Next verdict = Retries.next(failure);
    if (Retries.lacksRoom(failure)) {
      queueing.refused(attempt.candidate());
    }
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

  /** The attempt came to nothing before the caller saw anything of it. */
  void failed(VendorAttempt attempt, Attempt.Outcome outcome, Failure failure) {
    Ending ending =
        failure.vendorJson().isPresent() ? Retries.ending(failure) : unanswered(attempt, failure);
    over(attempt, outcome, Optional.of(failure.message()), ending);
    Unserved before = unserved;
    if (before == null || !before.said()) {
      unserved = Unserved.unreached(failure, attempt.candidate());
    }
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
    long waited = timedOut ? System.nanoTime() - attempt.startedNanos() : 0;
    return new Ending.Failed(waited, Duration.ZERO);
  }

  /** After an attempt that came to nothing: if another still runs, that one is waited for. */
  private void goOn(VendorAttempt ended, Retries.Next verdict, Duration rest) {
    if (running.first() != null && verdict != Retries.Next.NOBODY) {
      return;
    }
    if (running.first() != null) {
      stopOther(ended);
    }
    follow(agenda.after(ended.candidate(), verdict, rest));
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
        attempt.record(
            Attempt.Outcome.REFUSED, Optional.of("the request is malformed"), asked.startedNanos());
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
    paused = null;
    for (VendorAttempt attempt = running.first(); attempt != null; attempt = running.first()) {
      attempt.noteSilence();
      attempt.abandon();
      over(attempt, outcome, Optional.of(why), Ending.UNLEARNED);
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
    if (queueing.isParked()) {
      queueing.overdue(route).ifPresent(call::refuse);
    }
    Agenda.Step pausing = paused;
    if (pausing != null && now - pausedUntil >= 0) {
      paused = null;
      awaits++;
      follow(Optional.of(new Agenda.Step(pausing.candidate(), pausing.why(), 0)));
    }
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
    Optional<Agenda.Step> step = agenda.beside(first.candidate(), why.get());
    if (step.isEmpty()) {
      return;
    }
    if (admission.of(step.get(), continuation, usual(step.get().candidate()))
        instanceof Admission.Answer.Admitted admitted) {
      begin(running.beside(attempt(admitted)));
    } else {
      // One that is refused, or would have to wait, is not asked beside; nobody hears of it.
      agenda.notBeside();
    }
  }

  /** What was lost of the answer that the caller has, by path. */
  List<String> losses() {
    VendorAttempt served = last;
    return served == null ? List.of() : LossText.paths(served.losses());
  }
}
