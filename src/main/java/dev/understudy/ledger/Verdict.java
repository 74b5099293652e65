package dev.understudy.ledger;

/** What became of a fact. */
public sealed interface Verdict {
  /** It is booked now. */
  record Booked(Entry entry) implements Verdict {}

  /** It was booked before, just so. */
  record Known(Entry entry) implements Verdict {}

  /** Under its name something else was booked. */
  record Conflict(Entry booked, String reason) implements Verdict {}

  /** It cannot be booked. */
  record Refused(String reason) implements Verdict {}
}
