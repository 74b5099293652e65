package dev.understudy.ledger;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Where the ledger is kept. */
public interface LedgerStore {
  /**
   * Works on the ledger alone: all that the work appends is kept, or nothing is, and no other
   * writer comes in between. The work may be done more than once; only the last time counts.
   *
   * @throws IOException if that cannot be; the message is fit for an operator
   */
  <T> T write(Work<T> work) throws IOException;

  /**
   * Looks at the ledger as it was at one moment.
   *
   * @throws IOException if that cannot be; the message is fit for an operator
   */
  <T> T read(Work<T> work) throws IOException;

  /** What is done with the ledger. */
  @FunctionalInterface
  interface Work<T> {
    T in(Pages pages);
  }

  /** The ledger within one transaction. */
  interface Pages {
    Optional<Entry> entry(EventId event);

    /** Those of the entries that are there. */
    default Map<EventId, Entry> entries(Collection<EventId> events) {
      var found = new HashMap<EventId, Entry>();
      events.forEach(event -> entry(event).ifPresent(entry -> found.put(event, entry)));
      return found;
    }

    /** The entry that ended another one: settled, released or reversed it. */
    Optional<Entry> ending(EventId ended);

    Optional<Entry> last(Currency currency);

    Optional<Instant> closedUntil(Currency currency);

    Balance balance(Currency currency, Account account);

    SortedMap<Account, Balance> balances(Currency currency);

    /** Those in which anything is booked. */
    List<Currency> currencies();

    /**
     * All entries of a currency in their order, however many they are.
     *
     * @param unreadable is told the number of one that is no entry any more, and why
     */
    void each(Currency currency, Consumer<Entry> use, BiConsumer<Long, String> unreadable);

    /**
     * All entries in any currency but those of one source, in no order: few, where that source is
     * the calls.
     *
     * @param unreadable as with {@link #each}
     */
    default void eachBeside(
        String source, Consumer<Entry> use, BiConsumer<Long, String> unreadable) {
      for (Currency currency : currencies()) {
        each(
            currency,
            entry -> {
              if (!entry.draft().event().source().equals(source)) {
                use.accept(entry);
              }
            },
            unreadable);
      }
    }

    /** Reservations that have expired and are not ended, at most so many. */
    List<Entry> expired(Instant now, int max);

    void append(Entry entry);

    /** Appends several, in this order. */
    default void append(List<Entry> entries) {
      entries.forEach(this::append);
    }

    void put(Currency currency, Account account, Balance balance);

    void close(Currency currency, Instant until);
  }
}
