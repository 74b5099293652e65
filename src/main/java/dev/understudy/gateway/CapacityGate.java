package dev.understudy.gateway;

import dev.understudy.capacity.Allowance;
import dev.understudy.capacity.Capacity;
import dev.understudy.capacity.Load;
import dev.understudy.capacity.Observation;
import dev.understudy.capacity.Pushback;
import dev.understudy.capacity.Reservation;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lets an attempt through where its vendor has room for it, and learns from what the vendor says.
 */
final class CapacityGate implements Gate {
  /** The word in records for a target that has no room. */
  static final String NO_ROOM = "capacity";

  /** The word in records for a target that said it is overloaded, for as long as it asked for. */
  static final String OVERLOAD = "overload";

  /** The word in records for a target whose vendor says that the key's quota is used up. */
  static final String QUOTA = "quota";

  /** The word in records for bought capacity that is nearly used up. */
  static final String SPILLED = "spill";

  private final Capacity capacity;

  CapacityGate(Capacity capacity) {
    this.capacity = capacity;
  }

  /** Whether a target was closed because there is no room, which may change in a moment. */
  static boolean isForRoom(String rule) {
    return rule.equals(NO_ROOM) || rule.equals(SPILLED) || isFailing(rule);
  }

  /** Whether a target was closed for its own failing, whatever we use of it. */
  static boolean isFailing(String rule) {
    return rule.equals(OVERLOAD) || rule.equals(QUOTA);
  }

  @Override
  public Verdict admits(Asking asking) {
    if (!asking.isChat()) {
      return Verdict.FREE; // vendors count these apart, and generously
    }
    Asking.Urgency urgency = asking.urgency();
    if (urgency.held().isPresent()) {
      return new Verdict.Open(new Taken(urgency.held().get()));
    }
    long now = Capacity.now();
    Allowance allowance =
        capacity.of(asking.target().vendor(), asking.target().model(), asking.credential(), now);
    Load load = allowance.estimate(asking.length(), urgency.maxTokens());
    long session = allowance.isBought() ? urgency.session().getAsLong() : 0;
    if (urgency.insists()) {
      return new Verdict.Open(new Taken(allowance.insist(load, asking.length(), session, now)));
    }
    if (session != 0 || allowance.isBought()) {
      if (urgency.mayGoElsewhere() && allowance.spills(session, now)) {
        return closed(asking, SPILLED, "its provisioned capacity is nearly used up", 1_000);
      }
    }
    Optional<Reservation> reserved =
        allowance.reserve(load, asking.length(), urgency.priority(), session, now);
    if (reserved.isPresent()) {
      return new Verdict.Open(new Taken(reserved.get()));
    }
    long wait = allowance.wait(load, urgency.priority(), now);
    String until = capacity.moment().plusMillis(wait).truncatedTo(ChronoUnit.SECONDS).toString();
    return closed(
        asking,
        rule(allowance.refusedFor(now)),
        "no headroom until %s: %s"
            .formatted(until, allowance.scarcity(load, urgency.priority(), now)),
        wait);
  }

  /** Rates and days are bounds of what we use; the rest is the vendor's own failing. */
  private static String rule(Optional<Pushback.Cause> refused) {
    if (refused.isEmpty()) {
      return NO_ROOM;
    }
    return switch (refused.get()) {
      case RATE, DAY -> NO_ROOM;
      case OVERLOAD -> OVERLOAD;
      case QUOTA -> QUOTA;
    };
  }

  private static Verdict closed(Asking asking, String rule, String why, long wait) {
    return new Verdict.Closed(
        rule,
        why,
        Failure.of(
                429,
                "rate_limit_error",
                "%s takes no more at present: %s".formatted(asking.target().name(), why))
            .withRetryAfter(seconds(wait)));
  }

  /** Rounded up, and at least one: who comes back at once finds nothing changed. */
  static long seconds(long millis) {
    return Math.max(1, (millis + 999) / 1_000);
  }

  /** What was set aside for one attempt. */
  private final class Taken implements Ticket {
    private final Reservation reservation;
    private boolean sent;
    private Observation seen = Observation.NOTHING;
    private Optional<Pushback> pushback = Optional.empty();

    Taken(Reservation reservation) {
      this.reservation = reservation;
    }

    @Override
    public void sent() {
      sent = true;
    }

    @Override
    public void answering(int status, Function<String, Optional<String>> header) {
      boolean refused = status >= 400;
      seen =
          Observation.of(
              reservation.allowance().terms().headers(), header, refused, capacity.moment());
      if (!refused) {
        reservation.observe(seen, Capacity.now());
      }
    }

    @Override
    public void refused(int status, Function<String, Optional<String>> header, byte[] body) {
      pushback = Pushback.of(status, header, body, capacity.moment());
    }

    @Override
    public void over(Attempt attempt) {
      long now = Capacity.now();
      if (pushback.isPresent()) {
        // In the middle of an answer, some of what was set aside is used up all the same.
        Load taken = load(attempt.usage());
        reservation.pushedBack(pushback.get(), taken.output() > 0 ? taken : Load.NONE, seen, now);
      } else {
        settle(attempt, now);
      }
      if (!capacity.line().isEmpty()) {
        capacity.line().serve(now);
      }
    }

    private void settle(Attempt attempt, long now) {
      switch (attempt.outcome()) {
        case ANSWERED -> reservation.served(load(attempt.usage()), now);
        case REFUSED -> {
          if (sent) {
            reservation.observe(seen, now);
            reservation.refused(now);
          } else {
            reservation.unsent(now);
          }
        }
        case UNREACHED, BROKEN, ABANDONED -> {
          if (!sent) {
            reservation.unsent(now);
          } else if (attempt.usage().isSaid() && !attempt.isSilence()) {
            reservation.broke(load(attempt.usage()), now);
          } else {
            reservation.lost(now);
          }
        }
      }
    }
  }

  private static Load load(Usage usage) {
    Tokens.Totals total = usage.tokens().totals();
    return new Load(total.input(), total.cacheRead(), total.output());
  }
}
