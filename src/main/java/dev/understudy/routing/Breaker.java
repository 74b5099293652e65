package dev.understudy.routing;

import java.time.Duration;

/**
 * What is known of how a target, or one credential at it, did of late, as a value: what happens
 * makes another one. All times are of {@link System#nanoTime}.
 *
 * <p>It is in; or out until a time; and after that time one call may probe it. A probe that does
 * well brings it in, one that fails puts it out again.
 *
 * @param out whether it has been taken out and has not proved itself since
 * @param why what took it out, in a clause
 * @param outSince when that was, or when the last probe failed
 * @param downSince when it was taken out first, since it last did well
 * @param outUntil until when it is not even probed
 * @param probing until when the probe that is under way keeps others away; 0 if there is none
 * @param ejections how often it was taken out in a row
 * @param consecutive failures since the last success
 * @param calls calls within the window, older ones counting less
 * @param failures likewise, those that failed
 * @param slow likewise, those that were slow
 * @param counted when the three were last brought up to date
 */
public record Breaker(
    boolean out,
    String why,
    long outSince,
    long downSince,
    long outUntil,
    long probing,
    int ejections,
    int consecutive,
    double calls,
    double failures,
    double slow,
    long counted) {
  /** A probe that is never heard of again keeps others away no longer than this. */
  static final long PROBE_NANOS_MAX = Duration.ofSeconds(30).toNanos();

  /** Who is out stays so for this share of the time since it went, before it is probed again. */
  private static final double GONE_SHARE = 0.2;

  /** A caller in so many times its wait may find out that a target still does not answer. */
  private static final double WAITED_TIMES = 4;

  /** Nothing is known yet. */
  public static Breaker untried(long now) {
    return new Breaker(false, "", now, now, now, 0, 0, 0, 0, 0, 0, now);
  }

  public Standing standing(long now) {
    if (!out) {
      return Standing.IN;
    }
    boolean may = now - outUntil >= 0 && (probing == 0 || now - probing >= 0);
    return may ? Standing.PROBE : Standing.OUT;
  }

  /** A call begins. */
  public Breaker begun(long now) {
    return standing(now) == Standing.PROBE
        ? new Breaker(
            out,
            why,
            outSince,
            downSince,
            outUntil,
            now + PROBE_NANOS_MAX,
            ejections,
            consecutive,
            calls,
            failures,
            slow,
            counted)
        : this;
  }

  /**
   * A call did well.
   *
   * @param begunAt when it began: of a call from before the fall nothing is learned
   * @param firstNanos how long it took to the first content; 0 if that is not known
   */
  public Breaker succeeded(long begunAt, long firstNanos, BreakerRule rule, long now) {
    if (out) {
      return begunAt - outSince < 0 ? this : in(now);
    }
    double kept = kept(rule, now);
    boolean isSlow = rule.slowAfter().isPositive() && firstNanos > rule.slowAfter().toNanos();
    double slowNow = slow * kept + (isSlow ? 1 : 0);
    double callsNow = calls * kept + 1;
    var after =
        new Breaker(
            false,
            "",
            outSince,
            downSince,
            outUntil,
            0,
            ejections,
            0,
            callsNow,
            failures * kept,
            slowNow,
            now);
    return isSlow && callsNow >= rule.callsMin() && slowNow >= rule.slowShare() * callsNow
        ? after.fall(
            "%.0f %% of its answers took longer than %d ms"
                .formatted(100 * slowNow / callsNow, rule.slowAfter().toMillis()),
            0,
            rule,
            0.5,
            now)
        : after;
  }

  private static Breaker in(long now) {
    return new Breaker(false, "", now, now, now, 0, 0, 0, 0, 0, 0, now);
  }

  /** It answered, and what it said is the caller's own fault: it is there. */
  public Breaker answered(long begunAt, long now) {
    if (!out) {
      return consecutive == 0 ? this : withConsecutive(0);
    }
    return begunAt - outSince < 0 ? this : in(now);
  }

  private Breaker withConsecutive(int count) {
    return new Breaker(
        out, why, outSince, downSince, outUntil, probing, ejections, count, calls, failures, slow,
        counted);
  }

  /**
   * A call failed.
   *
   * @param begunAt when it began
   * @param waited how long it kept its caller waiting in vain, in nanoseconds; 0 if it failed at
   *     once
   * @param chance from 0 to 1, so that many gateways do not come back in one moment
   */
  public Breaker failed(long begunAt, long waited, BreakerRule rule, double chance, long now) {
    if (out) {
      boolean probed = probing != 0 && begunAt - outUntil >= 0;
      return probed ? fall(why, waited, rule, chance, now) : this;
    }
    double kept = kept(rule, now);
    double callsNow = calls * kept + 1;
    double failuresNow = failures * kept + 1;
    var after =
        new Breaker(
            false,
            "",
            outSince,
            downSince,
            outUntil,
            0,
            ejections,
            consecutive + 1,
            callsNow,
            failuresNow,
            slow * kept,
            now);
    if (after.consecutive >= rule.consecutive()) {
      return after.fall(after.consecutive + " calls in a row failed", waited, rule, chance, now);
    }
    return callsNow >= rule.callsMin() && failuresNow >= rule.share() * callsNow
        ? after.fall(
            "%.0f %% of its calls failed".formatted(100 * failuresNow / callsNow),
            waited,
            rule,
            chance,
            now)
        : after;
  }

  /**
   * It asked to be left alone, or there is no sense in asking it.
   *
   * @param reason in a clause
   * @param nanos for how long; if it is out for longer already, that holds
   */
  public Breaker rested(String reason, long nanos, long now) {
    long until = now + nanos;
    boolean longer = out && outUntil - until > 0;
    return new Breaker(
        true,
        longer ? why : reason,
        out ? outSince : now,
        out ? downSince : now,
        longer ? outUntil : until,
        0,
        ejections,
        consecutive,
        calls,
        failures,
        slow,
        counted);
  }

  /** Nothing was learned: the caller left, or somebody else was quicker. */
  public Breaker unlearned() {
    return probing == 0
        ? this
        : new Breaker(
            out,
            why,
            outSince,
            downSince,
            outUntil,
            0,
            ejections,
            consecutive,
            calls,
            failures,
            slow,
            counted);
  }

  /** It may be probed at once, for somebody saw that it is there. */
  public Breaker seen(long now) {
    return out && outUntil - now > 0
        ? new Breaker(
            out,
            why,
            outSince,
            downSince,
            now,
            0,
            ejections,
            consecutive,
            calls,
            failures,
            slow,
            counted)
        : this;
  }

  /**
   * Out it is, for at least as long as the rule says; the longer it has been gone the longer, so
   * that it is back at the latest when it was gone for a fifth more than it had to be, and whoever
   * is gone for long is asked rarely. A probe that kept its caller waiting costs more than one that
   * was refused, and the next may not come so soon.
   */
  private Breaker fall(String reason, long waited, BreakerRule rule, double chance, long now) {
    long since = out ? downSince : now;
    double wanted =
        Math.max(
            (double) rule.out().toNanos(),
            Math.max(GONE_SHARE * (double) (now - since), WAITED_TIMES * (double) waited));
    double nanos = Math.min((double) rule.outMax().toNanos(), wanted) * (0.8 + 0.4 * chance);
    long until = now + (long) nanos;
    boolean longer = out && outUntil - until > 0;
    return new Breaker(
        true,
        reason,
        now,
        since,
        longer ? outUntil : until,
        0,
        ejections + 1,
        consecutive,
        0,
        0,
        0,
        now);
  }

  private double kept(BreakerRule rule, long now) {
    return Math.exp(-(double) Math.max(0, now - counted) / (double) rule.window().toNanos());
  }
}
