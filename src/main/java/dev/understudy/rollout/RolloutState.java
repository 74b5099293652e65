package dev.understudy.rollout;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;

/**
 * One target taking another's place on a route, as it stands.
 *
 * @param id names it for good
 * @param name as the settings or an operator call it
 * @param candidate who is to take over, as {@code vendor/model}
 * @param incumbent who served when it began, likewise
 * @param declared what the operator declared, as text, for what other rooms read out of it
 * @param stage which of the rules' stages it is in
 * @param status whether it goes on
 * @param clause why it stands as it does
 * @param stageSince when the stage began; a pause moves it
 * @param pausedAt when it was paused; the start where it was not
 * @param steps how many steps it has made
 * @param rehearsals how often the old incumbent was rehearsed since the promotion
 * @param rehearsalsFailed how often it failed then
 * @param spending what copies and their judges came to of late, on all gateways
 */
public record RolloutState(
    String id,
    String name,
    String route,
    String candidate,
    String incumbent,
    String declared,
    Rules rules,
    int stage,
    Status status,
    String clause,
    Instant startedAt,
    Instant stageSince,
    Instant pausedAt,
    int steps,
    long rehearsals,
    long rehearsalsFailed,
    Spending spending,
    Evidence evidence) {

  /** Whether a rollout goes on. */
  public enum Status {
    RUNNING,
    /** An operator held it; the candidate keeps its share, and nothing is decided. */
    PAUSED,
    /** It would advance, and waits for an operator's word. */
    WAITING,
    /** The candidate serves, and the old incumbent is its fallback. */
    PROMOTED,
    ROLLED_BACK,
    /** An operator ended it; the incumbent serves. */
    ABORTED;

    /** As JSON and pages write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What a rollout is to be. */
  public record Beginning(
      String id,
      String name,
      String route,
      String candidate,
      String incumbent,
      String declared,
      Rules rules) {}

  /** A rollout in its first stage. */
  static RolloutState begin(Beginning as, Instant now) {
    return new RolloutState(
        as.id(),
        as.name(),
        as.route(),
        as.candidate(),
        as.incumbent(),
        as.declared(),
        as.rules(),
        0,
        Status.RUNNING,
        "it has begun",
        now,
        now,
        now,
        0,
        0,
        0,
        Spending.NONE,
        Evidence.none(as.rules()));
  }

  /** Whether the route is under it: no other may begin there. */
  public boolean isOpen() {
    return switch (status) {
      case RUNNING, PAUSED, WAITING -> true;
      case PROMOTED, ROLLED_BACK, ABORTED -> false;
    };
  }

  /** Whether calls go another way because of it. */
  public boolean isInForce() {
    return isOpen() || status == Status.PROMOTED;
  }

  /** The share of sessions that go to the candidate first. */
  public double share() {
    return switch (status) {
      case RUNNING, PAUSED, WAITING -> rules.stages().get(stage);
      case PROMOTED -> 1;
      case ROLLED_BACK, ABORTED -> 0;
    };
  }

  /** For how long it has been in its stage. */
  Duration inStage(Instant now) {
    Instant until = status == Status.PAUSED ? pausedAt : now;
    return until.isBefore(stageSince) ? Duration.ZERO : Duration.between(stageSince, until);
  }

  RolloutState with(Evidence seen) {
    return change(stage, status, clause, stageSince, pausedAt, steps, seen);
  }

  RolloutState saying(String why) {
    return change(stage, status, why, stageSince, pausedAt, steps, evidence);
  }

  RolloutState rehearsed(boolean failed) {
    return aside(rehearsals + 1, rehearsalsFailed + (failed ? 1 : 0), spending);
  }

  RolloutState spent(LocalDate day, double cost) {
    return aside(rehearsals, rehearsalsFailed, spending.plus(day, cost));
  }

  /** With another of what decides nothing. */
  private RolloutState aside(long rehearsals, long rehearsalsFailed, Spending spending) {
    return new RolloutState(
        id,
        name,
        route,
        candidate,
        incumbent,
        declared,
        rules,
        stage,
        status,
        clause,
        startedAt,
        stageSince,
        pausedAt,
        steps,
        rehearsals,
        rehearsalsFailed,
        spending,
        evidence);
  }

  RolloutState change(
      int stage,
      Status status,
      String clause,
      Instant stageSince,
      Instant pausedAt,
      int steps,
      Evidence evidence) {
    return new RolloutState(
        id,
        name,
        route,
        candidate,
        incumbent,
        declared,
        rules,
        stage,
        status,
        clause,
        startedAt,
        stageSince,
        pausedAt,
        steps,
        rehearsals,
        rehearsalsFailed,
        spending,
        evidence);
  }
}
