package dev.understudy.gateway;

import dev.understudy.capacity.Capacity;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Content;
import dev.understudy.exchange.Exchange;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.ReplyWriter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.routing.Ending;
import dev.understudy.routing.Hedge;
import dev.understudy.routing.Order;
import dev.understudy.routing.Request;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Route;
import dev.understudy.routing.Router;
import dev.understudy.routing.Split;
import dev.understudy.vendor.VendorRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call: targets in order, an attempt at each until one answers, one reply, one record.
 *
 * <p>Where its route hedges, two attempts may run at the same time; whose answer begins first gives
 * it, and the other is stopped.
 */
final class Call {
  /** What happens when the call is over. */
  interface Done {
    void callDone();
  }

  /**
   * So long a stream's head without content is held back: a vendor that fails in its first events
   * costs nothing, and callers whose patience ends after ten seconds are few.
   */
  private static final long HELD_NANOS_USUAL = 5_000_000_000L;

  /** A gate calls back sooner; should it not, the call goes on all the same. */
  private static final long AWAIT_NANOS_MAX = 5_000_000_000L;

  private final Asked asked;
  private final Service service;
  private final LoopState loop;
  private final CallerReply reply;
  private final Done done;
  private final Inbound callers;
  private final CallRecord record;
  private final CallAnswer answer;
  private final Service.Live live;
  private final Optional<Turnstile> turnstile;
  private final Gate gate;
  private @Nullable Wording wording;
  private final Queueing queueing;
  private @Nullable Route route;
  private @Nullable Agenda agenda;
  private Agenda.@Nullable Step paused;
  private Gate.@Nullable Waiting waiting;
  private long pausedUntil;
  private int awaits;
  private @Nullable VendorAttempt current;
  private @Nullable VendorAttempt second;
  private @Nullable VendorAttempt last;
  private boolean hedged;

  /** Whether the target that was not let through last only lacks room. */
  private boolean roomless;

  private @Nullable Unserved unserved;

  /** What the caller has of an answer that broke off, once it did. */
  private @Nullable Continuation continuation;

  private @Nullable Capture capture;

  /** The call's part in the trial that its route is under; most routes are under none. */
  private @Nullable Trial trial;

  private boolean over;

  Call(Asked asked, Service service, LoopState loop, CallerReply reply, Done done) {
    this.asked = asked;
    this.service = service;
    this.loop = loop;
    this.reply = reply;
    this.done = done;
    this.callers = Protocols.inbound(asked.door().protocol());
    this.live = service.live().get();
    this.record = new CallRecord(asked, live.version(), service.rules().tariff());
    this.turnstile = Turnstile.of(asked, service.rules());
    this.gate = turnstile.isPresent() ? Gate.all(service.gate(), turnstile.get()) : service.gate();
    this.answer = new CallAnswer(asked, reply, record, turnstile);
    this.queueing = new Queueing(asked, loop, service.capacity());
  }

  void start() {
    loop.watch(this);
    int wanted = service.journal().contentCharsMax();
    if (wanted > 0) {
      capture = new Capture(wanted);
      reply.capture(capture);
    }
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
    Optional<String> unkept = service.journal().refusal();
    if (unkept.isPresent()) {
      refuse(
          Failure.of(
                  503,
                  "overloaded_error",
                  "the gateway cannot keep records of calls at the moment, and serves none without")
              .withRetryAfter(5));
      return;
    }
    work(
        scanner -> Envelope.peek(asked.door(), asked.body(), asked.length(), scanner),
        this::peeked,
        malformed -> refuse(Failures.malformed(malformed)));
  }

  /** Works on the request's body, aside if it is large; the call may be over meanwhile. */
  private <T> void work(
      Function<JsonScanner, T> work, Consumer<T> then, Consumer<Malformed> malformed) {
    loop.aside()
        .work(
            asked.length(),
            work,
            done -> {
              if (!over) {
                then.accept(done);
              }
            },
            problem -> {
              if (over) {
                return;
              }
              if (problem instanceof Malformed told) {
                malformed.accept(told);
              } else {
                fault(problem);
              }
            });
  }

  private void peeked(Envelope peeked) {
    record.peeked(peeked);
    if (turnstile.isPresent()) {
      turnstile.get().peeked(peeked.maxTokens());
    }
    queueing.peeked(peeked);
    wording = new Wording(asked, peeked);
    if (peeked.model().length() > Door.NAME_MAX) {
      refuse(Failures.unknownModel(peeked.model(), List.of()));
      return;
    }
    switch (live.plan().resolve(peeked.model())) {
      case Resolution.Unknown(String name, List<String> near) ->
          refuse(Failures.unknownModel(name, near));
      case Resolution.Found(Route found) -> {
        Optional<Split> split = live.splits().of(found.name());
        if (split.isPresent() && asked.door().ask() != Door.Ask.COUNT_TOKENS) {
          tryOut(split.get(), found, peeked);
        } else {
          go(found, peeked);
        }
      }
    }
  }

  /** The route is under a trial: another target may come first, and the call may be copied. */
  private void tryOut(Split split, Route found, Envelope peeked) {
    work(
        scanner -> Trial.of(split, asked, scanner, service.copies()),
        begun -> {
          trial = begun;
          begun.readAlong(reply);
          go(begun.route(found), peeked);
        },
        malformed -> refuse(Failures.malformed(malformed)));
  }

  private void go(Route by, Envelope peeked) {
    route = by;
    work(
        scanner -> {
          if (service.capacity().hasProvisioned()) {
            queueing.findSession(scanner);
          }
          return Traits.of(asked, peeked, wording(), by, scanner);
        },
        traits -> go(by, peeked, traits),
        malformed -> refuse(Failures.malformed(malformed)));
  }

  private void go(Route by, Envelope peeked, Request traits) {
    Order order = Router.order(by, traits, service.signals(), ThreadLocalRandom.current());
    Trial trying = trial;
    if (trying == null || !trying.isChosen()) {
      // Who is to be tried out is not passed over for what is paid for anyhow.
      order = PaidFirst.of(order, live.vendors(), service.capacity(), queueing::session);
    }
    Lawful.Choice lawful =
        Lawful.of(order, asked, by.name(), live.vendors(), service.contracts().get());
    record.notes().ordered(lawful.order());
    if (trying != null) {
      record.notes().before(trying.clause());
    }
    if (lawful.none().isPresent()) {
      refuse(lawful.none().get());
      return;
    }
    var choice =
        Candidates.of(
            lawful.order(),
            asked,
            peeked,
            live.vendors(),
            service.owned(),
            service.health(),
            record.notes());
    if (choice.candidates().isEmpty()) {
      if (asked.door().ask() == Door.Ask.COUNT_TOKENS) {
        countByEstimate();
      } else {
        refuse(choice.whyNone());
      }
      return;
    }
    // Names of single targets are made up by callers: no budget is kept for each.
    boolean hasBudget = order.targets().size() > 1 || by.retry().attempts() > 0;
    if (hasBudget) {
      service.budgets().earn(by.name(), by.retry());
    }
    var steps =
        new Agenda(
            choice.candidates(),
            by.retry(),
            () -> !hasBudget || service.budgets().pay(by.name(), by.retry()),
            ThreadLocalRandom.current());
    agenda = steps;
    follow(steps.first());
  }

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
      Optional<VendorAttempt> admitted = admitted(step.get());
      if (admitted.isPresent()) {
        current = admitted.get();
        begin(admitted.get());
        return;
      }
      if (waiting != null) {
        await(step.get());
        return;
      }
      step =
          roomless
              ? require(agenda)
                  .withoutRoom("fallback, as " + asking.target().name() + " has no room")
              : require(agenda).without(asking, "next target");
    }
    Continuation going = continuation;
    if (going != null) {
      if (!insists()) {
        giveUp(going);
      }
      return;
    }
    switch (queueing.park(require(route), this::roomFound)) {
      case Queueing.Waiting.Parked _ -> {}
      case Queueing.Waiting.Refused(Failure failure) -> refuse(failure);
      case Queueing.Waiting.Not _ -> {
        if (!insists()) {
          deliver(require(unserved));
        }
      }
    }
  }

  /** Asks a target that may have no room, where nobody else answers. */
  private boolean insists() {
    Optional<Candidate> last = queueing.lastResort();
    return last.isPresent()
        && goes(
            new Agenda.Step(last.get(), "last resort: nobody has room", 0), queueing.insisting());
  }

  /** Makes an attempt, or waits until its gates know; false if it may not be made. */
  private boolean goes(Agenda.Step step, Asking.Urgency urgency) {
    Optional<VendorAttempt> attempt = admitted(step, urgency);
    if (attempt.isPresent()) {
      current = attempt.get();
      begin(attempt.get());
      return true;
    }
    if (waiting != null) {
      await(step);
      return true;
    }
    return false;
  }

  /** The call waited, and a target has set aside what it needs. */
  private void roomFound(Parking.Room room) {
    if (over) {
      room.reservation().unsent(Capacity.now());
      return;
    }
    try {
      String why = queueing.turn();
      if (!goes(new Agenda.Step(room.candidate(), why, 0), queueing.holding(room))) {
        deliver(require(unserved));
      }
    } catch (RuntimeException e) {
      fault(e);
    }
  }

  /** Waits to ask the gates once more; a bound of time holds here too. */
  private void await(Agenda.Step step) {
    Gate.Waiting until = require(waiting);
    waiting = null;
    paused = step;
    pausedUntil = System.nanoTime() + AWAIT_NANOS_MAX;
    int number = ++awaits;
    until.then(() -> loop.loop().execute(() -> resume(step, number)));
  }

  private void resume(Agenda.Step step, int number) {
    if (paused != null && awaits == number) {
      paused = null;
      try {
        follow(Optional.of(step));
      } catch (RuntimeException e) {
        fault(e);
      }
    }
  }

  /** The attempt, if all gates let it through. */
  private Optional<VendorAttempt> admitted(Agenda.Step step) {
    return admitted(step, queueing.urgency(hasOther(step.candidate())));
  }

  private Optional<VendorAttempt> admitted(Agenda.Step step, Asking.Urgency urgency) {
    Candidate candidate = continuation == null ? step.candidate() : step.candidate().translated();
    Route by = require(route);
    roomless = false;
    var asking = new Asking(asked, candidate, by.name(), record.attempts() + 1, urgency);
    return switch (gate.admits(asking)) {
      case Gate.Verdict.Open(Gate.Ticket ticket) -> {
        String why = continuation == null ? step.why() : step.why().replace("fallback", "goes on");
        String basis = ticket.basis();
        record.notes().step(basis.isEmpty() ? why : why + "; allowed by " + basis);
        yield Optional.of(
            new VendorAttempt(
                this,
                candidate,
                loop,
                ticket,
                by.hold().map(Duration::toNanos).orElse(HELD_NANOS_USUAL)));
      }
      case Gate.Verdict.Closed(String rule, String why, Failure told) -> {
        record.notes().exclude(candidate.use(), rule, why);
        roomless = CapacityGate.isForRoom(rule);
        if (roomless) {
          queueing.notAsked(step.candidate());
        }
        if (unserved == null) {
          unserved = Unserved.ours(told);
        }
        yield Optional.empty();
      }
      case Gate.Verdict.Later(Gate.Waiting until) -> {
        waiting = until;
        yield Optional.empty();
      }
    };
  }

  private void begin(VendorAttempt attempt) {
    Continuation going = continuation;
    if (going != null) {
      attempt.goesOnAfter(going.characters());
    }
    Candidate candidate = attempt.candidate();
    // Of its own until it is done: the attempt may end, and be recorded, while that is done aside.
    var lost = new Losses();
    work(
        scanner ->
            going == null
                ? wording().of(candidate, lost, scanner)
                : wording().goingOn(candidate, going, lost, scanner),
        built -> {
          if (current == attempt || second == attempt) {
            attempt.losses().addAll(lost);
            send(attempt, built);
          }
        },
        malformed -> {
          dropped(attempt);
          if (going != null) {
            giveUp(going);
          } else if (current == null) {
            refuse(Failures.malformed(malformed));
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

  /** No target counts tokens: the caller gets our estimate, and is told that it is one. */
  private void countByEstimate() {
    if (over) {
      return;
    }
    if (turnstile.isPresent()) {
      switch (turnstile.get().admits()) {
        case Gate.Verdict.Open _ -> {}
        case Gate.Verdict.Closed(_, _, Failure told) -> {
          refuse(told);
          return;
        }
        case Gate.Verdict.Later(Gate.Waiting until) -> {
          until.then(() -> loop.loop().execute(this::countByEstimate));
          return;
        }
      }
    }
    work(
        _ -> Estimates.prompt(wording().read()),
        tokens -> {
          var out = new Bytes();
          callers.writeTokenCount(tokens, out);
          answer.estimate(out);
          finish(Attempt.Outcome.ANSWERED);
        },
        malformed -> refuse(Failures.malformed(malformed)));
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
            candidate.endpoint(),
            wording().isSse(),
            !hasOther(candidate),
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
    return asked.door().ask() != Door.Ask.COUNT_TOKENS
        && require(route).continuing().isOn()
        && hasOther(candidate);
  }

  private boolean hasOther(Candidate candidate) {
    return require(agenda).hasOther(candidate);
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
    stopOther(attempt);
    answer.begin(attempt, head, wording());
  }

  void answeredStream(VendorAttempt attempt, Optional<String> fault) {
    remember(attempt);
    over(attempt, Attempt.Outcome.ANSWERED, fault, attempt.answered());
    finish(Attempt.Outcome.ANSWERED);
  }

  void answeredWhole(VendorAttempt attempt, ResponseHead head, Bytes body, Optional<String> fault) {
    stopOther(attempt);
    remember(attempt);
    answer.whole(attempt, head, body);
    over(attempt, Attempt.Outcome.ANSWERED, fault, attempt.answered());
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
    over(
        attempt,
        Attempt.Outcome.BROKEN,
        Optional.of(failure.message()),
        new Ending.Failed(0, Duration.ZERO));
    finish(Attempt.Outcome.BROKEN);
  }

  /** The stream broke after its first byte; another target may go on with it. */
  void brokeOff(VendorAttempt attempt, Passage passage, Failure failure) {
    over(
        attempt,
        Attempt.Outcome.BROKEN,
        Optional.of(failure.message()),
        new Ending.Failed(0, Duration.ZERO));
    Continuation going = continuation;
    if (going == null && hasOther(attempt.candidate()) && wording().unjoinable().isEmpty()) {
      going =
          passage
              .told()
              .map(told -> new Continuation(told, failure, require(route).continuing().timesMax()))
              .orElse(null);
    }
    if (going != null) {
      going.brokenBy(
          attempt.candidate().target().name(), record.attempted().getLast().usage(), failure);
      if (going.mayGoOn() && hasOther(attempt.candidate())) {
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
    if (current != null && verdict != Retries.Next.NOBODY) {
      return;
    }
    if (current != null) {
      stopOther(ended);
    }
    follow(require(agenda).after(ended.candidate(), verdict, rest));
  }

  /** An attempt is over: it is recorded, settled, and no longer one of those that run. */
  private void over(
      VendorAttempt attempt, Attempt.Outcome outcome, Optional<String> detail, Ending ending) {
    end(attempt);
    last = attempt;
    Attempt made = record.add(attempt, outcome, detail);
    attempt.settle(made, ending, live.plan().breakers());
  }

  /** An attempt was not made after all: it is settled, and there is nothing to record. */
  private void dropped(VendorAttempt attempt) {
    end(attempt);
    Attempt never =
        attempt.record(
            Attempt.Outcome.REFUSED, Optional.of("the request is malformed"), asked.startedNanos());
    attempt.settle(never, Ending.UNLEARNED, live.plan().breakers());
  }

  private void end(VendorAttempt attempt) {
    if (current == attempt) {
      current = second;
      second = null;
    } else if (second == attempt) {
      second = null;
    }
  }

  /** Stops the attempt that runs beside the one that answers. */
  private void stopOther(VendorAttempt answering) {
    VendorAttempt other = current == answering ? second : current;
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

  private void deliver(Unserved told) {
    answer.unserved(told, record.attempts());
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
    if (over) {
      return;
    }
    stopAll(Attempt.Outcome.BROKEN, "internal error");
    record.failure("api_error");
    if (reply.hasBegun()) {
      // Half a reply is there, and nobody knows in which state: only a cut tells the caller so.
      reply.cut();
      finish(Attempt.Outcome.BROKEN);
    } else {
      refuse(Failure.of(500, "api_error", "the gateway failed on this request; see its log"));
    }
  }

  private void stopAll(Attempt.Outcome outcome, String why) {
    paused = null;
    for (VendorAttempt attempt = current; attempt != null; attempt = current) {
      attempt.noteSilence();
      attempt.abandon();
      over(attempt, outcome, Optional.of(why), Ending.UNLEARNED);
    }
  }

  // --- the caller's side, and time ---

  void checkTime(long now) {
    try {
      if (turnstile.isPresent()) {
        turnstile.get().touch(now);
      }
      if (queueing.isParked()) {
        queueing.overdue(require(route)).ifPresent(this::refuse);
      }
      Agenda.Step pausing = paused;
      if (pausing != null && now - pausedUntil >= 0) {
        paused = null;
        awaits++;
        follow(Optional.of(new Agenda.Step(pausing.candidate(), pausing.why(), 0)));
      }
      VendorAttempt first = current;
      VendorAttempt beside = second;
      if (first != null) {
        first.checkTime(now);
      }
      if (beside != null) {
        beside.checkTime(now);
      }
      hedge(now);
    } catch (RuntimeException e) {
      fault(e);
    }
  }

  /** Asks a second target where the first keeps silent for longer than its route likes. */
  private void hedge(long now) {
    VendorAttempt running = current;
    Route by = route;
    if (running == null || by == null || by.hedge().isEmpty() || hedged || reply.hasBegun()) {
      return;
    }
    Hedge rule = by.hedge().get();
    long after =
        rule.after()
            .map(Duration::toNanos)
            .orElseGet(() ->
                running.candidate().vitals().quantileNanos(rule.quantile()).orElse(Long.MAX_VALUE));
    long waited = now - running.startedNanos();
    if (!running.isSilent() || waited < after) {
      return;
    }
    hedged = true;
    String why =
        "hedge, as %s was silent for %d ms"
            .formatted(running.candidate().target().name(), waited / 1_000_000);
    Optional<Agenda.Step> step = require(agenda).beside(running.candidate(), why);
    if (step.isEmpty()) {
      return;
    }
    Unserved before = unserved;
    Optional<VendorAttempt> attempt = admitted(step.get());
    if (attempt.isPresent()) {
      second = attempt.get();
      begin(attempt.get());
    } else {
      // One that is refused, or would have to wait, is not asked beside; nobody hears of it.
      waiting = null;
      unserved = before;
      require(agenda).notBeside();
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
    stopAll(Attempt.Outcome.ABANDONED, "the caller left");
    reply.discard();
    finish(Attempt.Outcome.ABANDONED);
  }

  private void finish(Attempt.Outcome outcome) {
    if (over) {
      return;
    }
    over = true;
    queueing.leave();
    VendorAttempt served = last;
    loop.unwatch(this);
    service.open().decrementAndGet();
    if (turnstile.isPresent()) {
      turnstile.get().leave();
    }
    Exchange told =
        record.exchange(
            outcome,
            reply,
            served == null ? List.of() : LossText.paths(served.losses()),
            content());
    // Written down before the last bytes go out: a caller who has them is in the books.
    boolean kept = service.journal().append(told, () -> loop.loop().execute(this::kept));
    if (!kept) {
      reply.withhold();
    }
    Trial tried = trial;
    if (tried != null) {
      tried.over(told, asked, loop, service.copies());
    }
    if (kept) {
      done.callDone();
    }
  }

  /** The record cannot be lost any more, and the last bytes may go. */
  private void kept() {
    reply.release();
    done.callDone();
  }

  private Optional<Content> content() {
    return capture == null ? Optional.empty() : Optional.of(capture.content(asked, this::asRead));
  }

  private Optional<ChatRequest> asRead() {
    try {
      return wording == null ? Optional.empty() : Optional.of(wording.read());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  <T> T require(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a call is in the wrong order");
    }
    return value;
  }
}
