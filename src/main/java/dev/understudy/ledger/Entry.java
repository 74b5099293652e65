package dev.understudy.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A fact that was booked, and is never changed.
 *
 * @param number counted from 1 in each currency, without gaps
 * @param receivedAt when we heard of it
 * @param bookedAt when it was booked; never before the entry before it
 * @param correction whether its period was closed already when it was booked
 * @param previous the hash of the entry before it; {@link Chain#START} for the first
 * @param hash of all of this
 */
public record Entry(
    long number,
    Draft draft,
    Instant receivedAt,
    Instant bookedAt,
    boolean correction,
    String previous,
    String hash) {
  public Entry {
    receivedAt = receivedAt.truncatedTo(ChronoUnit.MILLIS);
    bookedAt = bookedAt.truncatedTo(ChronoUnit.MILLIS);
  }

  /** The entry with its hash. */
  static Entry of(
      long number,
      Draft draft,
      Instant receivedAt,
      Instant bookedAt,
      boolean correction,
      String previous) {
    var open = new Entry(number, draft, receivedAt, bookedAt, correction, previous, "");
    return new Entry(number, draft, receivedAt, bookedAt, correction, previous, Chain.hash(open));
  }

  List<Posting> postings() {
    return draft.postings();
  }
}
