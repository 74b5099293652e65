package dev.understudy.gateway;

import dev.understudy.access.Caller;
import dev.understudy.capacity.Priority;
import dev.understudy.capacity.Reservation;
import dev.understudy.chat.Usage;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Attempt;
import dev.understudy.routing.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What a gate may know of an attempt that is about to be made. */
public final class Asking {
  private final Asked asked;
  private final Candidate candidate;
  private final String route;
  private final int attempt;
  private final Urgency urgency;

  /**
   * What of a call concerns the capacity of vendors.
   *
   * @param maxTokens the bound on the answer; 0 if none is set
   * @param priority whose turn it is where there is not enough for all
   * @param session finds the session it belongs to; 0 for none
   * @param mayGoElsewhere whether another target is left to ask
   * @param insists whether it is to be made though there may be no room
   * @param held what was set aside for it while it waited
   * @param passed those the call found without room before
   */
  record Urgency(
      long maxTokens,
      Priority priority,
      LongSupplier session,
      boolean mayGoElsewhere,
      boolean insists,
      Optional<Reservation> held,
      List<Passed> passed) {}

  /**
   * A target without room.
   *
   * @param kind its vendor's
   */
  record Passed(Target target, String kind) {}

  Asking(Asked asked, Candidate candidate, String route, int attempt, Urgency urgency) {
    this.asked = asked;
    this.candidate = candidate;
    this.route = route;
    this.attempt = attempt;
    this.urgency = urgency;
  }

  Urgency urgency() {
    return urgency;
  }

  /** The exchange's name; equal for all attempts of one call. */
  public String exchangeId() {
    return asked.exchangeId();
  }

  /** Who was let in. */
  public Caller caller() {
    return asked.caller();
  }

  /** The name the caller asked for. */
  public String route() {
    return route;
  }

  public Target target() {
    return candidate.target();
  }

  /** The vendor's kind in the catalogue. */
  public String kind() {
    return candidate.vendor().kind();
  }

  /** Where the target answers; empty if that is not known. */
  public String region() {
    return candidate.use().region();
  }

  /** Who asks, as contracts know it. */
  public Subject asker() {
    return Lawful.asker(asked);
  }

  /** A label of the vendor's key. */
  public String credential() {
    return candidate.credential().label();
  }

  /** Which attempt of the call it is, counted from 1. */
  public int attempt() {
    return attempt;
  }

  /** Whether an answer is asked for, rather than a count of tokens. */
  public boolean isChat() {
    return asked.door().ask() != Door.Ask.COUNT_TOKENS;
  }

  /** The caller's request: the array is not to be changed. */
  byte[] body() {
    return asked.body();
  }

  /** How long the caller's request is, in bytes. */
  public int length() {
    return asked.length();
  }

  /** The record of an attempt that was not made after all. */
  Attempt notMade(String why) {
    long now = System.nanoTime() - asked.startedNanos();
    return new Attempt(
        candidate.target().name(),
        candidate.vendor().name(),
        candidate.vendor().kind(),
        candidate.target().model(),
        candidate.credential().label(),
        candidate.endpoint().protocol().text(),
        candidate.relay(),
        now,
        Optional.empty(),
        now,
        Optional.empty(),
        Attempt.Outcome.REFUSED,
        Optional.of(why),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Usage.UNSAID);
  }
}
