package dev.understudy.ledger;

import dev.understudy.money.Money;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of recomputing the ledger of one currency.
 *
 * @param entries how many were read
 * @param head the hash of the last one: who keeps it elsewhere can tell if the end was cut off
 * @param problems what is wrong, in words; empty if nothing is
 * @param kept which of the heads that were kept elsewhere are still in the chain
 */
public record Verification(
    Currency currency, long entries, String head, List<String> problems, Set<String> kept) {
  /** More problems are not listed. */
  private static final int PROBLEMS_MAX = 100;

  public Verification {
    problems = List.copyOf(problems);
    kept = Set.copyOf(kept);
  }

  static Verification of(Currency currency, LedgerStore.Pages pages, Set<String> heads) {
    var reader = new Reader(currency, heads);
    pages.each(currency, reader::read, reader::unreadable);
    reader.compare(pages.balances(currency));
    return new Verification(currency, reader.number, reader.head, reader.problems, reader.kept);
  }

  /** Goes through the entries once, keeping the sums and what is held. */
  private static final class Reader {
    private final Currency currency;
    private final List<String> problems = new ArrayList<>();
    private final SortedMap<Account, Balance> balances = new TreeMap<>();
    private final Map<EventId, Entry> held = new HashMap<>();
    private final Set<EventId> ended = new HashSet<>();
    private final Set<EventId> seen = new HashSet<>();
    private final Set<String> heads;
    private final Set<String> kept = new HashSet<>();
    private String head = Chain.START;
    private long number;

    Reader(Currency currency, Set<String> heads) {
      this.currency = currency;
      this.heads = heads;
    }

    void read(Entry entry) {
      number++;
      String name = "entry %d (%s)".formatted(entry.number(), entry.draft().event());
      if (entry.number() != number) {
        tell("%s stands where %d should".formatted(name, number));
        number = entry.number();
      }
      if (!entry.previous().equals(head)) {
        tell(name + " does not follow the one before it");
      }
      Entry open =
          new Entry(
              entry.number(),
              entry.draft(),
              entry.receivedAt(),
              entry.bookedAt(),
              entry.correction(),
              entry.previous(),
              "");
      if (!Chain.hash(open).equals(entry.hash())) {
        tell(name + " is not what was booked: its hash differs");
      } else if (heads.contains(entry.hash())) {
        kept.add(entry.hash());
      }
      head = entry.hash();
      Draft draft = entry.draft();
      if (!draft.currency().equals(currency)) {
        tell("%s is in %s".formatted(name, draft.currency()));
        return;
      }
      if (!seen.add(draft.event())) {
        tell("%s is booked twice".formatted(name));
      }
      if (draft.act() instanceof Act.Reserve) {
        held.put(draft.event(), entry);
      }
      Optional<EventId> ends = draft.act().ends();
      if (ends.isPresent() && !ended.add(ends.get())) {
        tell("%s ends %s again".formatted(name, ends.get()));
      }
      Optional<Entry> reservation = ends.map(held::remove);
      boolean needed = draft.act() instanceof Act.Settle || draft.act() instanceof Act.Release;
      if (needed && reservation.isEmpty()) {
        tell(name + " ends a reservation that is not there");
        return;
      }
      Effects.of(draft, reservation)
          .forEach((account, effect) -> balances.merge(account, effect, Balance::plus));
    }

    void unreadable(long number, String why) {
      this.number = number;
      tell("entry %d is not what was booked: %s".formatted(number, why));
    }

    void compare(SortedMap<Account, Balance> kept) {
      Money sum = Money.zero(currency);
      var accounts = new TreeMap<>(balances);
      kept.forEach(accounts::putIfAbsent);
      for (Account account : accounts.keySet()) {
        Balance real = balances.getOrDefault(account, Balance.zero(currency));
        Balance stored = kept.getOrDefault(account, Balance.zero(currency));
        sum = sum.plus(real.posted());
        if (!real.equals(stored)) {
          tell(
              "the balance of %s is kept as %s (%s pending), its entries come to %s (%s pending)"
                  .formatted(
                      account, stored.posted(), stored.pending(), real.posted(), real.pending()));
        }
      }
      if (!sum.isZero()) {
        tell("debits and credits differ by " + sum);
      }
    }

    private void tell(String problem) {
      if (problems.size() < PROBLEMS_MAX) {
        problems.add(problem);
      }
    }
  }
}
