package dev.understudy.ledger;

import dev.understudy.money.Money;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A fact that is to be booked: balanced, in one currency.
 *
 * @param event its name, under which it is booked once
 * @param occurredAt when it came to be, to the millisecond; prices and periods go by this
 * @param postings sum to zero; none for a release
 * @param notes what else is to be kept, such as the price that held or the rate of an exchange
 */
public record Draft(
    EventId event,
    Act act,
    Currency currency,
    Instant occurredAt,
    List<Posting> postings,
    SortedMap<String, String> notes) {
  public static final int POSTINGS_MAX = 1_000;

  private static final int NOTES_MAX = 32;
  private static final int NOTE_LENGTH_MAX = 500;

  public Draft {
    occurredAt = occurredAt.truncatedTo(ChronoUnit.MILLIS);
    postings = List.copyOf(postings);
    notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
    if (postings.isEmpty() != (act instanceof Act.Release) || postings.size() > POSTINGS_MAX) {
      throw new IllegalArgumentException(
          "%s %s has %d postings".formatted(act.word(), event, postings.size()));
    }
    Money sum = Money.zero(currency);
    for (Posting posting : postings) {
      sum = sum.plus(posting.amount());
    }
    if (!sum.isZero()) {
      throw new IllegalArgumentException(
          "%s does not balance: debits and credits differ by %s".formatted(event, sum));
    }
    if (notes.size() > NOTES_MAX
        || notes.entrySet().stream()
            .anyMatch(
                note -> note.getKey().length() + note.getValue().length() > NOTE_LENGTH_MAX)) {
      throw new IllegalArgumentException(event + " has too many notes, or too long ones");
    }
  }

  public static Draft post(
      EventId event, Currency currency, Instant occurredAt, List<Posting> postings) {
    return new Draft(event, Act.post(), currency, occurredAt, postings, new TreeMap<>());
  }

  /** The same with one more note. */
  public Draft noting(String name, String value) {
    var more = new TreeMap<>(notes);
    more.put(name, value);
    return new Draft(event, act, currency, occurredAt, postings, more);
  }
}
