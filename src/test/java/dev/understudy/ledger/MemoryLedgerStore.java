package dev.understudy.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A ledger in memory, which keeps all of a piece of work or nothing. */
public final class MemoryLedgerStore implements LedgerStore {
  private Kept kept = new Kept();

  /** What is booked. */
  private static final class Kept implements Pages {
    private final Map<Currency, List<Entry>> chains = new LinkedHashMap<>();
    private final Map<EventId, Entry> byEvent = new HashMap<>();
    private final Map<EventId, Entry> endings = new HashMap<>();
    private final Map<Currency, SortedMap<Account, Balance>> balances = new HashMap<>();
    private final Map<Currency, Instant> closed = new HashMap<>();

    Kept copy() {
      var copy = new Kept();
      chains.forEach((currency, chain) -> copy.chains.put(currency, new ArrayList<>(chain)));
      copy.byEvent.putAll(byEvent);
      copy.endings.putAll(endings);
      balances.forEach((currency, all) -> copy.balances.put(currency, new TreeMap<>(all)));
      copy.closed.putAll(closed);
      return copy;
    }

    @Override
    public Optional<Entry> entry(EventId event) {
      return Optional.ofNullable(byEvent.get(event));
    }

    @Override
    public Optional<Entry> ending(EventId ended) {
      return Optional.ofNullable(endings.get(ended));
    }

    @Override
    public Optional<Entry> last(Currency currency) {
      List<Entry> chain = chains.getOrDefault(currency, List.of());
      return chain.isEmpty() ? Optional.empty() : Optional.of(chain.getLast());
    }

    @Override
    public Optional<Instant> closedUntil(Currency currency) {
      return Optional.ofNullable(closed.get(currency));
    }

    @Override
    public Balance balance(Currency currency, Account account) {
      return balances
          .getOrDefault(currency, new TreeMap<>())
          .getOrDefault(account, Balance.zero(currency));
    }

    @Override
    public SortedMap<Account, Balance> balances(Currency currency) {
      return new TreeMap<>(balances.getOrDefault(currency, new TreeMap<>()));
    }

    @Override
    public List<Currency> currencies() {
      return List.copyOf(chains.keySet());
    }

    @Override
    public void each(Currency currency, Consumer<Entry> use, BiConsumer<Long, String> unreadable) {
      chains.getOrDefault(currency, List.of()).forEach(use);
    }

    @Override
    public List<Entry> expired(Instant now, int max) {
      return byEvent.values().stream()
          .filter(entry ->
              entry.draft().act() instanceof Act.Reserve(Instant at)
                  && !at.isAfter(now)
                  && !endings.containsKey(entry.draft().event()))
          .limit(max)
          .toList();
    }

    @Override
    public void append(Entry entry) {
      Draft draft = entry.draft();
      chains.computeIfAbsent(draft.currency(), _ -> new ArrayList<>()).add(entry);
      byEvent.put(draft.event(), entry);
      draft.act().ends().ifPresent(ended -> endings.put(ended, entry));
    }

    @Override
    public void put(Currency currency, Account account, Balance balance) {
      balances.computeIfAbsent(currency, _ -> new TreeMap<>()).put(account, balance);
    }

    @Override
    public void close(Currency currency, Instant until) {
      closed.put(currency, until);
    }
  }

  @Override
  public synchronized <T> T write(Work<T> work) {
    Kept next = kept.copy();
    T result = work.in(next);
    kept = next;
    return result;
  }

  @Override
  public synchronized <T> T read(Work<T> work) {
    return work.in(kept);
  }
}
