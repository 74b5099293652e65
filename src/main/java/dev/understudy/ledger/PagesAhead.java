package dev.understudy.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The ledger for many bookings in one transaction: what they need is asked for together, what they
 * change is gathered, and written together at the end.
 */
final class PagesAhead implements LedgerStore.Pages {
  private final LedgerStore.Pages pages;
  private final Set<EventId> asked = new HashSet<>();
  private final Map<EventId, Entry> entries;
  private final Map<EventId, Entry> endings = new HashMap<>();
  private final Map<Currency, Optional<Entry>> last = new HashMap<>();
  private final Map<Currency, Optional<Instant>> closed = new HashMap<>();
  private final Map<Place, Balance> balances = new HashMap<>();
  private final Map<Place, Balance> changed = new HashMap<>();
  private final List<Entry> appended = new ArrayList<>();

  private record Place(Currency currency, Account account) {}

  PagesAhead(LedgerStore.Pages pages, List<Draft> drafts) {
    this.pages = pages;
    for (Draft draft : drafts) {
      asked.add(draft.event());
      draft.act().ends().ifPresent(asked::add);
    }
    entries = new HashMap<>(pages.entries(asked));
  }

  /** Writes what has gathered. */
  void write() {
    pages.append(appended);
    changed.forEach((place, balance) -> pages.put(place.currency(), place.account(), balance));
  }

  @Override
  public Optional<Entry> entry(EventId event) {
    Entry found = entries.get(event);
    return found != null || asked.contains(event) ? Optional.ofNullable(found) : pages.entry(event);
  }

  @Override
  public Optional<Entry> ending(EventId ended) {
    Entry gathered = endings.get(ended);
    return gathered != null ? Optional.of(gathered) : pages.ending(ended);
  }

  @Override
  public Optional<Entry> last(Currency currency) {
    return last.computeIfAbsent(currency, pages::last);
  }

  @Override
  public Optional<Instant> closedUntil(Currency currency) {
    return closed.computeIfAbsent(currency, pages::closedUntil);
  }

  @Override
  public Balance balance(Currency currency, Account account) {
    return balances.computeIfAbsent(
        new Place(currency, account), _ -> pages.balance(currency, account));
  }

  @Override
  public void append(Entry entry) {
    appended.add(entry);
    entries.put(entry.draft().event(), entry);
    entry.draft().act().ends().ifPresent(ended -> endings.put(ended, entry));
    last.put(entry.draft().currency(), Optional.of(entry));
  }

  @Override
  public void put(Currency currency, Account account, Balance balance) {
    var place = new Place(currency, account);
    balances.put(place, balance);
    changed.put(place, balance);
  }

  @Override
  public void close(Currency currency, Instant until) {
    pages.close(currency, until);
    closed.put(currency, Optional.of(until));
  }

  // What bookings do not ask for is as it was before them.

  @Override
  public SortedMap<Account, Balance> balances(Currency currency) {
    return pages.balances(currency);
  }

  @Override
  public List<Currency> currencies() {
    return pages.currencies();
  }

  @Override
  public void each(Currency currency, Consumer<Entry> use, BiConsumer<Long, String> unreadable) {
    pages.each(currency, use, unreadable);
  }

  @Override
  public List<Entry> expired(Instant now, int max) {
    return pages.expired(now, max);
  }
}
