package dev.understudy.routing;

import java.time.Duration;

/**
 * What is known of how a target, or one credential at it, did of late, as a value: what happens
 * makes another one. All times are of {@link System#nanoTime}.
 *
 * <p>It is in; or out until a time; and after that time one call may probe it. A probe that does
 * well brings it in, one that fails puts it out for twice as long.
 *
 * @param out whether it has been taken out and has not proved itself since
 * @param why what took it out, in a clause
 * @param outSince when that was
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

  private static final int DOUBLINGS_MAX = 20;

  /** Nothing is known yet. */
  public static Breaker untried(long now) {
    return new Breaker(false, "", now, now, 0, 0, 0, 0, 0, 0, now);
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
            outUntil,
            0,
            settled(rule, now),
            0,
            callsNow,
            failures * kept,
            slowNow,
            now);
    return isSlow && callsNow >= rule.callsMin() && slowNow >= rule.slowShare() * callsNow
        ? after.fall(
            "%.0f %% of its answers took longer than %d ms"
                .formatted(100 * slowNow / callsNow, rule.slowAfter().toMillis()),
            rule,
            0.5,
            now)
        : after;
  }

  private static Breaker in(long now) {
    return new Breaker(false, "", now, now, 0, 0, 0, 0, 0, 0, now);
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
        out, why, outSince, outUntil, probing, ejections, count, calls, failures, slow, counted);
  }

  /**
   * A call failed.
   *
   * @param begunAt when it began
   * @param chance from 0 to 1, so that many gateways do not come back in one moment
   */
  public Breaker failed(long begunAt, BreakerRule rule, double chance, long now) {
    if (out) {
      boolean probed = probing != 0 && begunAt - outUntil >= 0;
      return probed ? fall(why, rule, chance, now) : this;
    }
    double kept = kept(rule, now);
    double callsNow = calls * kept + 1;
    double failuresNow = failures * kept + 1;
    var after =
        new Breaker(
            false,
            "",
            outSince,
            outUntil,
            0,
            settled(rule, now),
            consecutive + 1,
            callsNow,
            failuresNow,
            slow * kept,
            now);
    if (after.consecutive >= rule.consecutive()) {
      return after.fall(after.consecutive + " calls in a row failed", rule, chance, now);
    }
    return callsNow >= rule.callsMin() && failuresNow >= rule.share() * callsNow
        ? after.fall(
            "%.0f %% of its calls failed".formatted(100 * failuresNow / callsNow),
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
            out, why, outSince, now, 0, ejections, consecutive, calls, failures, slow, counted)
        : this;
  }

  private Breaker fall(String reason, BreakerRule rule, double chance, long now) {
    double doubled =
        (double) rule.out().toNanos() * Math.scalb(1.0, Math.min(ejections, DOUBLINGS_MAX));
    double nanos = Math.min((double) rule.outMax().toNanos(), doubled) * (0.8 + 0.4 * chance);
    long until = now + (long) nanos;
    boolean longer = out && outUntil - until > 0;
    return new Breaker(
        true, reason, now, longer ? outUntil : until, 0, ejections + 1, consecutive, 0, 0, 0, now);
  }

  /** Who did well for as long as it may be out at most has a clean slate. */
  private int settled(BreakerRule rule, long now) {
    return ejections > 0 && now - outSince > 2 * rule.outMax().toNanos() ? 0 : ejections;
  }

  private double kept(BreakerRule rule, long now) {
    return Math.exp(-(double) Math.max(0, now - counted) / (double) rule.window().toNanos());
  }
}
