package dev.understudy.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What an entry does. */
public sealed interface Act {
  /** Books its postings. */
  record Post() implements Act {}

  /** Holds its postings beside the balances until it is settled or released. */
  record Reserve(Instant expiresAt) implements Act {
    public Reserve {
      expiresAt = expiresAt.truncatedTo(ChronoUnit.MILLIS);
    }
  }

  /** Ends a reservation, and books what it came to. */
  record Settle(EventId reservation) implements Act {}

  /** Ends a reservation of which nothing came. */
  record Release(EventId reservation) implements Act {}

  /** Takes back what another entry booked. */
  record Reverse(EventId entry) implements Act {}

  static Act post() {
    return new Post();
  }

  /** The entry that this one ends; no entry is ended twice. */
  default Optional<EventId> ends() {
    return switch (this) {
      case Post _, Reserve _ -> Optional.empty();
      case Settle(EventId reservation) -> Optional.of(reservation);
      case Release(EventId reservation) -> Optional.of(reservation);
      case Reverse(EventId entry) -> Optional.of(entry);
    };
  }

  /** Its name in the store and on lines. */
  default String word() {
    return switch (this) {
      case Post _ -> "post";
      case Reserve _ -> "reserve";
      case Settle _ -> "settle";
      case Release _ -> "release";
      case Reverse _ -> "reverse";
    };
  }
}
