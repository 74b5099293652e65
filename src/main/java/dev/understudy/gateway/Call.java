package dev.understudy.gateway;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Content;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.routing.Order;
import dev.understudy.routing.Request;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Route;
import dev.understudy.routing.Router;
import dev.understudy.routing.Split;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its request to its record: finds out what is asked for and who may be asked, and
 * lets them be asked in their order.
 */
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
  private final Service.Live live;
  private final Optional<Turnstile> turnstile;
  private @Nullable Wording wording;
  private final Queueing queueing;
  private final CallParts parts;
  private @Nullable Course course;
  private @Nullable Capture capture;

  /** The call's part in the trial that its route is under; most routes are under none. */
  private @Nullable Trial trial;

  private boolean over;
  private boolean leavesBody;

  Call(Asked asked, Service service, LoopState loop, CallerReply reply, Done done) {
    this(asked, service, loop, reply, done, new Turnstile.Entry());
  }

  /**
   * One of the calls that are made for one request.
   *
   * @param entry the request's place in its caller's limits, which they share
   */
  Call(
      Asked asked,
      Service service,
      LoopState loop,
      CallerReply reply,
      Done done,
      Turnstile.Entry entry) {
    this.asked = asked;
    this.service = service;
    this.loop = loop;
    this.reply = reply;
    this.done = done;
    this.callers = Protocols.inbound(asked.door().protocol());
    this.live = service.live().get();
    this.record = new CallRecord(asked, live.version(), service.rules().tariff());
    this.turnstile = Turnstile.of(asked, service.rules(), entry);
    Gate gate = turnstile.isPresent() ? Gate.all(service.gate(), turnstile.get()) : service.gate();
    this.answer = new CallAnswer(asked, reply, record, turnstile);
    this.queueing = new Queueing(asked, loop, service.capacity());
    this.parts =
        new CallParts(asked, service, live, loop, reply, record, answer, callers, gate, queueing);
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
  <T> void work(Function<JsonScanner, T> work, Consumer<T> then, Consumer<Malformed> malformed) {
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
      turnstile.get().peeked(peeked.maxTokens(), peeked.answers());
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
        // A suite's questions are nobody's traffic: they are no evidence of how a trial goes.
        Optional<Split> split =
            asked.purpose() == Purpose.CALL ? live.splits().of(found.name()) : Optional.empty();
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
      order =
          PaidFirst.of(
              order, live.vendors(), service.capacity(), queueing::session, queueing::passed);
    }
    Lawful.Choice lawful =
        Lawful.of(order, asked, by.name(), live.vendors(), service.contracts().get());
    record.notes().ordered(lawful.order());
    record.notes().cite(lawful.denials());
    if (trying != null) {
      record.notes().before(trying.clause());
      trying.ordered(lawful.order());
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
    var begun = new Course(this, parts, wording(), by, steps, trying);
    course = begun;
    begun.begin();
  }

  /** No target counts tokens: the caller gets our estimate, and is told that it is one. */
  private void countByEstimate() {
    if (over) {
      return;
    }
    if (turnstile.isPresent()) {
      switch (turnstile.get().admits()) {
        case Gate.Verdict.Open _ -> {}
        case Gate.Verdict.Closed(_, _, Failure told, _) -> {
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

  /** The caller hears that nobody served the call. */
  void deliver(Unserved told) {
    answer.unserved(told, record.attempts());
    finish(Attempt.Outcome.REFUSED);
  }

  /** The gateway itself refuses the call. */
  void refuse(Failure failure) {
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
    stop(Attempt.Outcome.BROKEN, "internal error");
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
    try {
      if (turnstile.isPresent()) {
        turnstile.get().touch(now);
      }
      Course going = course;
      if (going != null) {
        going.checkTime(now);
      }
    } catch (RuntimeException e) {
      fault(e);
    }
  }

  /** The caller takes bytes again. */
  void callerWritable() {
    Course going = course;
    if (going != null) {
      going.callerWritable();
    }
  }

  private void stop(Attempt.Outcome outcome, String why) {
    Course going = course;
    if (going != null) {
      going.stopAll(outcome, why);
    }
  }

  /** The caller is gone: the vendor is stopped, and what it cost is recorded. */
  void callerLeft() {
    if (over) {
      return;
    }
    stop(Attempt.Outcome.ABANDONED, "the caller left");
    reply.discard();
    finish(Attempt.Outcome.ABANDONED);
  }

  /** The gateway stops before the call is over: its caller hears so, and may ask another. */
  void gatewayStops() {
    if (over) {
      return;
    }
    Failure stopping =
        Failure.of(503, "overloaded_error", "the gateway is stopping: ask again").withRetryAfter(1);
    Course going = course;
    if (going == null) {
      refuse(stopping);
    } else {
      going.end(stopping);
    }
  }

  /** Attempts may be over, and the call goes on: they are written down ahead of its end. */
  void keepAttempts() {
    if (!over) {
      record.soFar(reply).ifPresent(service.journal()::attempted);
    }
  }

  /** The call is over, and is recorded. */
  void finish(Attempt.Outcome outcome) {
    if (over) {
      return;
    }
    over = true;
    queueing.leave();
    Course gone = course;
    loop.unwatch(this);
    service.open().decrementAndGet();
    if (turnstile.isPresent()) {
      turnstile.get().leave();
    }
    Exchange told =
        record.exchange(outcome, reply, gone == null ? List.of() : gone.losses(), content());
    // Written down before the last bytes go out: a caller who has them is in the books.
    boolean kept = service.journal().append(told, () -> loop.loop().execute(this::kept));
    if (!kept) {
      reply.withhold();
    }
    // In all other cases somebody may still look at it: a copy, an attempt that was overtaken.
    leavesBody =
        outcome == Attempt.Outcome.ANSWERED
            && record.attempts() == 1
            && trial == null
            && capture == null;
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

  /** Whether surely nobody looks at the request's body any more. */
  boolean leavesBody() {
    return leavesBody;
  }

  boolean isOver() {
    return over;
  }

  <T> T require(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a call is in the wrong order");
    }
    return value;
  }
}
