package dev.understudy.gateway;

import dev.understudy.access.Scope;
import dev.understudy.chat.Tokens;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Purpose;
import dev.understudy.limits.Clearance;
import dev.understudy.limits.Demand;
import dev.understudy.limits.Limiter;
import dev.understudy.limits.Patience;
import dev.understudy.limits.Place;
import dev.understudy.limits.Refusal;
import dev.understudy.limits.Reservation;
import dev.understudy.limits.Sizes;
import dev.understudy.limits.Standing;
import dev.understudy.limits.Tariff;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gate of one call that holds it to its caller's limits: a place for the call, and a
 * reservation for each of its attempts.
 */
final class Turnstile implements Gate {
  /** What is expected to come out where neither the caller nor experience says anything. */
  private static final long OUTPUT_UNKNOWN = 4_096;

  private final Asked asked;
  private final Rules rules;
  private final Entry entry;
  private final Patience patience = Patience.fresh();
  private long maxTokens;
  private long answers = 1;
  private boolean left;
  private Optional<Refusal> refusal = Optional.empty();
  private long promptTokens = -1;

  /**
   * What all calls are held to.
   *
   * @param sizes how long answers usually are
   */
  record Rules(Limiter limiter, Tariff tariff, Sizes sizes) {}

  /**
   * One request's place in its caller's limits, however many calls are made for it: it counts as
   * one request and one call under way, from the first to the last of them.
   */
  static final class Entry {
    private @Nullable Place place;
    private int open;

    /** Stays until as many have left as have entered. */
    void enter() {
      open++;
    }

    void leave() {
      Place held = place;
      if (--open == 0 && held != null) {
        held.leave();
      }
    }
  }

  /** The gate for a call; none for a caller without limits. */
  static Optional<Turnstile> of(Asked asked, Rules rules, Entry entry) {
    boolean limited = false;
    for (Scope scope : asked.caller().scopes()) {
      limited |= !scope.limits().isEmpty();
    }
    return limited ? Optional.of(new Turnstile(asked, rules, entry)) : Optional.empty();
  }

  private Turnstile(Asked asked, Rules rules, Entry entry) {
    this.asked = asked;
    this.rules = rules;
    this.entry = entry;
    entry.enter();
  }

  /**
   * Hears how much the caller lets come back.
   *
   * @param callersMax the bound on one answer, 0 if it sets none
   * @param callersAnswers how many answers it asks for at once
   */
  void peeked(long callersMax, long callersAnswers) {
    maxTokens = callersMax;
    answers = callersAnswers;
  }

  @Override
  public Gate.Verdict admits(Asking asking) {
    if (!asking.isChat()) {
      return enter(Demand.NONE, "");
    }
    String name = asking.route() + " " + asking.target().name();
    if (promptTokens < 0) {
      promptTokens = PromptSize.tokens(asked.body(), asked.length());
    }
    long out = answers * rules.sizes().expect(name, maxTokens, OUTPUT_UNKNOWN);
    long nanos =
        rules
            .tariff()
            .before(
                asking.target().vendor(),
                asking.kind(),
                asking.target().model(),
                asked.startedAt(),
                promptTokens,
                out);
    return enter(new Demand(promptTokens + out, nanos), name);
  }

  /** Lets in a call that asks no vendor. */
  Gate.Verdict admits() {
    return enter(Demand.NONE, "");
  }

  private Gate.Verdict enter(Demand demand, String name) {
    Place held = entry.place;
    Clearance clearance =
        held == null
            ? rules.limiter().admit(asked.caller().scopes(), demand, patience)
            : held.next(demand, patience);
    return switch (clearance) {
      case Clearance.Admitted(Place given) -> {
        entry.place = given;
        refusal = Optional.empty();
        Reservation reserved = given.attempt();
        yield new Gate.Verdict.Open(attempt -> over(given, reserved, attempt, name));
      }
      case Clearance.Later(Clearance.Waiting waiting) -> new Gate.Verdict.Later(waiting::then);
      case Clearance.Refused(Refusal told) -> {
        refusal = Optional.of(told);
        yield new Gate.Verdict.Closed(
            told.limit() == Refusal.Kind.BUDGET ? "budget" : "limit",
            told.scope() + " is at " + told.allowed(),
            LimitWords.failure(told));
      }
    };
  }

  private void over(Place given, Reservation reserved, Attempt attempt, String name) {
    if (name.isEmpty()) {
      given.settle(reserved, Demand.NONE);
      return;
    }
    var tokens = attempt.usage().tokens();
    if (tokens.isEmpty() && !attempt.usage().isSaid()) {
      // Vendors do not charge for what they refuse or never saw.
      given.release(reserved);
      return;
    }
    Tokens.Totals total = tokens.totals();
    long in = total.input();
    long out = total.output();
    given.settle(
        reserved, new Demand(in + out, rules.tariff().after(attempt, asked.startedAt(), in, out)));
    if (asked.purpose() == Purpose.CALL
        && attempt.outcome() == Attempt.Outcome.ANSWERED
        && !attempt.usage().estimated()) {
      rules.sizes().learn(name, out);
    }
  }

  /** The call is alive. */
  void touch(long now) {
    Place held = entry.place;
    if (held != null) {
      held.touch(now);
    }
  }

  /** The call is over. */
  void leave() {
    if (!left) {
      left = true;
      patience.giveUp();
      entry.leave();
    }
  }

  /** Adds to a reply's headers how the caller stands. */
  void addTo(ReplyHeaders headers, Instant now) {
    Place held = entry.place;
    if (held != null || refusal.isPresent()) {
      Standing standing =
          held == null ? rules.limiter().standing(asked.caller().scopes()) : held.standing();
      LimitWords.add(standing, asked.door().protocol(), now, headers);
    }
    if (refusal.isPresent() && !refusal.get().isWorthRetrying()) {
      // The libraries of OpenAI and Anthropic try again at a 429 unless they are told not to.
      headers.add("x-should-retry", "false");
    }
  }
}
