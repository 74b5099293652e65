package dev.understudy.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Decides what becomes of a fact from what is booked already: no clock, no store. */
final class Bookkeeping {
  /** Clocks of machines differ; more than this ahead, one of them is wrong. */
  static final Duration AHEAD_MAX = Duration.ofDays(1);

  private Bookkeeping() {}

  /**
   * What is booked already, as far as it matters.
   *
   * @param same what is booked under the fact's name
   * @param ended the entry that the fact is to end
   * @param ending what has ended that already
   * @param last the last entry of the currency
   * @param closedUntil before this instant, periods of the currency are closed
   */
  record Facts(
      Optional<Entry> same,
      Optional<Entry> ended,
      Optional<Entry> ending,
      Optional<Entry> last,
      Optional<Instant> closedUntil) {}

  static Verdict decide(Draft draft, Facts facts, Instant receivedAt, Instant now) {
    if (facts.same().isPresent()) {
      Entry same = facts.same().get();
      return Chain.body(same.draft()).equals(Chain.body(draft))
          ? new Verdict.Known(same)
          : new Verdict.Conflict(
              same, "%s is booked already, with another content".formatted(draft.event()));
    }
    if (draft.occurredAt().isAfter(now.plus(AHEAD_MAX))) {
      return new Verdict.Refused(
          "%s is to have occurred at %s, which is in the future: look at the clocks"
              .formatted(draft.event(), draft.occurredAt()));
    }
    Optional<String> objection = objection(draft, facts);
    if (objection.isPresent()) {
      return new Verdict.Refused(objection.get());
    }
    // A clock that jumps back does not make the book run backwards.
    Instant bookedAt = facts.last().map(Entry::bookedAt).filter(now::isBefore).orElse(now);
    boolean late = facts.closedUntil().filter(draft.occurredAt()::isBefore).isPresent();
    return new Verdict.Booked(
        Entry.of(
            facts.last().map(Entry::number).orElse(0L) + 1,
            draft,
            receivedAt,
            bookedAt,
            late,
            facts.last().map(Entry::hash).orElse(Chain.START)));
  }

  /** Why a fact cannot end what it is to end. */
  private static Optional<String> objection(Draft draft, Facts facts) {
    Optional<EventId> ends = draft.act().ends();
    if (ends.isEmpty()) {
      return Optional.empty();
    }
    if (facts.ended().isEmpty()) {
      return Optional.of("%s: there is no entry %s".formatted(draft.event(), ends.get()));
    }
    Draft ended = facts.ended().get().draft();
    if (!ended.currency().equals(draft.currency())) {
      return Optional.of(
          "%s is in %s, and %s in %s"
              .formatted(draft.event(), draft.currency(), ended.event(), ended.currency()));
    }
    boolean reservation = ended.act() instanceof Act.Reserve;
    boolean fits =
        switch (draft.act()) {
          case Act.Settle _, Act.Release _ -> reservation;
          // What took something back is not taken back: it is booked anew.
          case Act.Reverse _ -> !reservation && booksAnything(ended.act());
          case Act.Post _, Act.Reserve _ -> true;
        };
    if (!fits) {
      return Optional.of(
          "%s cannot %s %s, which is a %s"
              .formatted(draft.event(), draft.act().word(), ended.event(), ended.act().word()));
    }
    return facts
        .ending()
        .map(ending ->
            "%s: %s is ended already, by %s"
                .formatted(draft.event(), ended.event(), ending.draft().event()));
  }

  private static boolean booksAnything(Act act) {
    return act instanceof Act.Post || act instanceof Act.Settle;
  }
}
