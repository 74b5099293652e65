package dev.understudy.gateway;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.ProtocolName;
import dev.understudy.evaluation.AnswerScore;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Purpose;
import dev.understudy.json.Malformed;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Review;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Splits;
import dev.understudy.routing.Tier;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call whose route looks at the answer before the caller gets it: a call whose reply is held
 * back, then what the review says, and where it says so one more call.
 *
 * <p>Each of them is a call like any other, with a record of its own. Whatever fails after there is
 * an answer, the caller gets that answer.
 */
final class Reviewing {
  /** A checker that takes longer is not waited for. */
  private static final long PATIENCE_SECONDS = 30;

  private static final String HEADER = "x-understudy-review";
  private static final Door CHAT = Door.at("/v1/chat/completions").orElseThrow();

  private final Asked asked;
  private final Service service;
  private final LoopState loop;
  private final CallerReply reply;
  private final Call.Done done;
  private final Service.Live live;
  private final Turnstile.Entry entry = new Turnstile.Entry();
  private @Nullable Call current;
  private boolean left;
  private boolean ended;

  /** What the caller gets if nothing better comes. */
  private CallerReply.@Nullable Held held;

  Reviewing(Asked asked, Service service, LoopState loop, CallerReply reply, Call.Done done) {
    this.asked = asked;
    this.service = service;
    this.loop = loop;
    this.reply = reply;
    this.done = done;
    this.live = service.live().get();
    entry.enter();
  }

  void start() {
    loop.aside()
        .work(
            asked.length(),
            scanner -> Envelope.peek(asked.door(), asked.body(), asked.length(), scanner),
            this::peeked,
            // The call itself says what is wrong with it.
            _ -> plainly());
  }

  private void peeked(Envelope envelope) {
    if (left) {
      over();
      return;
    }
    if (live.plan().resolve(envelope.model()) instanceof Resolution.Found(Route route)
        && route.review().isPresent()) {
      switch (route.review().get()) {
        case Review.Cascade cascade -> cascade(route, cascade, envelope);
        case Review.Council council -> {
          if (ThreadLocalRandom.current().nextDouble() < council.share()) {
            council(route, council, envelope);
          } else {
            plainly();
          }
        }
      }
    } else {
      plainly();
    }
  }

  /** As if there were no reviews. */
  private void plainly() {
    if (left) {
      over();
      return;
    }
    begin(new Call(asked, service, loop, reply, this::over, entry));
  }

  private void begin(Call call) {
    current = call;
    try {
      call.start();
    } catch (RuntimeException e) {
      call.fault(e);
    }
  }

  // --- cascade ---

  private void cascade(Route route, Review.Cascade rule, Envelope envelope) {
    Route first = new ReviewedRoute(route).first();
    Route rest = new ReviewedRoute(route).rest();
    var kept = new KeptReply();
    reply.holdBack(KeptReply.BYTES_MAX, kept, unheld());
    var record = new Noting(service.journal());
    if (rule.judge().isEmpty()) {
      record.explains(made -> byForm(envelope, kept, made, rule));
    }
    ask(
        asked,
        first,
        live.splits(),
        record,
        () -> {
          Optional<Exchange> made = record.made();
          if (!reply.isHeldBack() || made.isEmpty()) {
            over();
          } else if (!answered(made.get())) {
            if (mayBeServedElsewhere(made.get())) {
              again(rest, "cascade: no answer of the first targets");
            } else {
              give(Optional.empty());
            }
          } else if (rule.judge().isPresent()) {
            judged(rule, rule.judge().get(), rest, envelope, kept);
          } else {
            Scored scored = scored(envelope, kept);
            decide(rule, scored.score(), scored.why(), rest);
          }
        });
  }

  private static ReplyHeaders unheld() {
    return new ReplyHeaders().add(HEADER, "not checked, as there is no room to hold the answer");
  }

  private record Scored(double score, String why) {}

  private Scored scored(Envelope envelope, KeptReply kept) {
    Optional<ChatReply> answer = kept.read(asked.door().protocol());
    Optional<ChatRequest> request = request(envelope);
    if (answer.isEmpty() || request.isEmpty()) {
      // What cannot be read cannot be held against it.
      return new Scored(1, "it cannot be read");
    }
    AnswerScore score = AnswerScore.of(request.get(), answer.get());
    return new Scored(score.score(), score.why());
  }

  private String byForm(Envelope envelope, KeptReply kept, Exchange made, Review.Cascade rule) {
    if (!answered(made)) {
      return "cascade: no answer";
    }
    Scored scored = scored(envelope, kept);
    return "cascade: scored %.2f of %.2f%s"
        .formatted(scored.score(), rule.threshold(), because(scored.why()));
  }

  private static String because(String why) {
    return why.isEmpty() ? "" : ", as " + why;
  }

  private void judged(
      Review.Cascade rule, RouteTarget judge, Route rest, Envelope envelope, KeptReply kept) {
    check(
        judge,
        Checker.JUDGE,
        envelope,
        kept,
        said -> {
          Optional<Double> score = said.flatMap(Checker::score);
          if (score.isEmpty()) {
            give(Optional.of("cascade: kept, as " + judge.name() + " did not judge"));
          } else {
            decide(rule, score.get(), "judged by " + judge.name(), rest);
          }
        });
  }

  private void decide(Review.Cascade rule, double score, String why, Route rest) {
    String clause =
        String.format(Locale.ROOT, "scored %.2f of %.2f%s", score, rule.threshold(), because(why));
    if (score >= rule.threshold()) {
      give(Optional.of("cascade: kept, " + clause));
    } else {
      again(rest, "cascade: escalated, the first answer " + clause);
    }
  }

  // --- council ---

  private void council(Route route, Review.Council rule, Envelope envelope) {
    var kept = new KeptReply();
    reply.holdBack(KeptReply.BYTES_MAX, kept, unheld());
    var record = new Noting(service.journal());
    ask(
        asked,
        new ReviewedRoute(route).whole(),
        live.splits(),
        record,
        () -> {
          Optional<Exchange> made = record.made();
          if (!reply.isHeldBack() || made.isEmpty()) {
            over();
          } else if (!answered(made.get())) {
            give(Optional.empty());
          } else {
            checked(route, rule, envelope, kept, made.get());
          }
        });
  }

  private void checked(
      Route route, Review.Council rule, Envelope envelope, KeptReply kept, Exchange made) {
    String name = rule.checker().name();
    check(
        rule.checker(),
        Checker.CHECK,
        envelope,
        kept,
        said -> {
          switch (said.map(Checker::verdict).orElseGet(Checker.Verdict.None::new)) {
            case Checker.Verdict.Approved() -> give(Optional.of("council: approved by " + name));
            case Checker.Verdict.None() ->
                give(Optional.of("council: not checked, as " + name + " gave no verdict"));
            case Checker.Verdict.Objection(String reason) ->
                objected(route, rule, made, "council: " + name + " objects" + reason);
          }
        });
  }

  private void objected(Route route, Review.Council rule, Exchange made, String clause) {
    switch (rule.action()) {
      case ANNOTATE -> give(Optional.of(clause));
      case RETRY ->
          again(new ReviewedRoute(route).without(made.attempts().getLast().target()), clause);
      case REPLACE -> again(new ReviewedRoute(route).only(rule.checker()), clause);
    }
  }

  // --- what both do ---

  /** Holds the first answer, and asks again; if that comes to nothing, the first answer stands. */
  private void again(Route route, String clause) {
    held = reply.take();
    reply.holdBack(KeptReply.BYTES_MAX, new KeptReply(), new ReplyHeaders().add(HEADER, clause));
    var record = new Noting(service.journal());
    record.explains(_ -> clause);
    ask(
        later(asked.door(), asked.body(), asked.length(), asked.purpose()),
        route,
        Splits.NONE,
        record,
        () -> {
          if (!reply.isHeldBack()) {
            over();
          } else if (record.isAnswered()) {
            give(Optional.of(clause));
          } else {
            reply.discard();
            reply.restore(require(held));
            held = null;
            give(Optional.of(clause + "; nobody else answered"));
          }
        });
  }

  /** Asks a model about the answer; whatever goes wrong, nothing is what it said. */
  private void check(
      RouteTarget checker,
      String instruction,
      Envelope envelope,
      KeptReply kept,
      Consumer<Optional<String>> then) {
    Optional<ChatReply> answer = kept.read(asked.door().protocol());
    Optional<ChatRequest> request = request(envelope);
    if (answer.isEmpty() || request.isEmpty()) {
      then.accept(Optional.empty());
      return;
    }
    byte[] bytes = Checker.question(checker.name(), instruction, request.get(), answer.get());
    var said = new KeptReply();
    CallerReply nobody = CallerReply.toNobody(loop);
    nobody.keep(said);
    var record = new Noting(service.journal());
    Route alone = new Route(checker.name(), List.of(Tier.of(checker)));
    boolean[] waiting = {true};
    Call call =
        new Call(
            later(CHAT, bytes, bytes.length, Purpose.JUDGE),
            service(alone, Splits.NONE, record),
            loop,
            nobody,
            () -> {
              if (!waiting[0]) {
                return;
              }
              waiting[0] = false;
              next(() ->
                  then.accept(
                      record.isAnswered()
                          ? said.read(ProtocolName.OPENAI_CHAT).map(Checker::text)
                          : Optional.empty()));
            },
            entry);
    loop.loop()
        .schedule(
            () -> {
              if (waiting[0]) {
                call.callerLeft();
              }
            },
            PATIENCE_SECONDS,
            TimeUnit.SECONDS);
    begin(call);
  }

  private Optional<ChatRequest> request(Envelope envelope) {
    try {
      return Optional.of(new Wording(asked, envelope).read());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private void ask(Asked what, Route route, Splits splits, Noting record, Runnable then) {
    begin(new Call(what, service(route, splits, record), loop, reply, () -> next(then), entry));
  }

  /** Goes on after a call, but not from within it. */
  private void next(Runnable then) {
    current = null;
    if (left) {
      over();
      return;
    }
    loop.loop()
        .execute(() -> {
          if (left) {
            over();
            return;
          }
          try {
            then.run();
          } catch (RuntimeException e) {
            System.getLogger(Reviewing.class.getName())
                .log(
                    System.Logger.Level.ERROR,
                    "the review of " + asked.exchangeId() + " failed",
                    e);
            give(Optional.empty());
          }
        });
  }

  /** Gives the caller what is held back. */
  private void give(Optional<String> clause) {
    clause.ifPresent(said -> reply.annotate(new ReplyHeaders().add(HEADER, said)));
    reply.letGo();
    over();
  }

  private void over() {
    CallerReply.Held first = held;
    held = null;
    if (first != null) {
      first.release();
    }
    if (left) {
      reply.discard();
    }
    current = null;
    if (!ended) {
      ended = true;
      entry.leave();
      done.callDone();
    }
  }

  private Asked later(Door door, byte[] body, int length, Purpose purpose) {
    Instant now = service.clock().instant();
    return new Asked(
        door,
        asked.caller(),
        body,
        length,
        asked.tags(),
        asked.region(),
        asked.priority(),
        asked.strict(),
        asked.headers(),
        loop.ids().next(now.toEpochMilli()),
        now,
        System.nanoTime(),
        asked.traceParent(),
        purpose);
  }

  /** The same service with one route, and records that say why. */
  private Service service(Route route, Splits splits, Noting record) {
    Service.Live only = live.with(route, splits);
    return service.with(() -> only, record);
  }

  private static boolean answered(Exchange made) {
    return made.outcome() == Attempt.Outcome.ANSWERED;
  }

  /** What one vendor refuses of a request itself, all would. */
  private static boolean mayBeServedElsewhere(Exchange made) {
    int status = made.status().orElse(500);
    return !made.attempts().isEmpty()
        && (status >= 500
            || status == 401
            || status == 402
            || status == 403
            || status == 429
            || made.outcome() == Attempt.Outcome.BROKEN);
  }

  // --- the caller's side ---

  void callerWritable() {
    Call call = current;
    if (call != null) {
      call.callerWritable();
    }
  }

  void callerLeft() {
    if (left) {
      return;
    }
    left = true;
    Call call = current;
    if (call != null) {
      call.callerLeft();
    }
  }

  private static <T> T require(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a review is in the wrong order");
    }
    return value;
  }
}
