package dev.understudy.ledger;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Books facts: looks at what is there, decides, and appends, in one transaction. */
public final class Ledger {
  private static final int EXPIRED_AT_ONCE = 1_000;

  private final LedgerStore store;
  private final InstantSource clock;

  public Ledger(LedgerStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Books a fact that is heard of now. */
  public Verdict book(Draft draft) throws IOException {
    return book(draft, clock.instant());
  }

  /** Books a fact that was heard of at an instant. */
  public Verdict book(Draft draft, Instant receivedAt) throws IOException {
    return store.write(pages -> book(draft, receivedAt, pages));
  }

  /**
   * Books several facts, each for itself, in one transaction.
   *
   * @return what became of each, in the order given
   */
  public List<Verdict> bookEach(List<Draft> drafts) throws IOException {
    return store.write(pages -> bookEach(drafts, pages));
  }

  /**
   * The same within a transaction of somebody else's, who has the ledger alone.
   *
   * @return what became of each, in the order given
   */
  public List<Verdict> bookEach(List<Draft> drafts, LedgerStore.Pages pages) {
    Instant receivedAt = clock.instant();
    var ahead = new PagesAhead(pages, drafts);
    var verdicts = new ArrayList<Verdict>(drafts.size());
    for (Draft draft : drafts) {
      verdicts.add(book(draft, receivedAt, ahead));
    }
    ahead.write();
    return verdicts;
  }

  /**
   * Books facts that are one thing, such as the two sides of an exchange: all of them, or none.
   *
   * @return what became of each; where one cannot be booked, of those that cannot
   */
  public List<Verdict> bookTogether(List<Draft> drafts) throws IOException {
    Instant receivedAt = clock.instant();
    return store.write(pages -> {
      // Looked at before anything is appended, since what is appended stays.
      List<Verdict> against =
          drafts.stream()
              .map(draft -> decide(draft, receivedAt, pages))
              .filter(one -> one instanceof Verdict.Conflict || one instanceof Verdict.Refused)
              .toList();
      return against.isEmpty()
          ? drafts.stream().map(draft -> book(draft, receivedAt, pages)).toList()
          : against;
    });
  }

  /**
   * Takes back what an entry booked.
   *
   * @param event the name of the taking back
   * @param reason kept as a note
   */
  public Verdict reverse(EventId event, EventId entry, String reason) throws IOException {
    Instant receivedAt = clock.instant();
    return store.write(pages -> reverse(event, entry, reason, receivedAt, pages));
  }

  /**
   * Puts another fact in the place of a booked one: both the taking back and the new entry are
   * booked, or neither is.
   *
   * @param reversal the name of the taking back
   */
  public Verdict correct(EventId reversal, EventId entry, Draft instead, String reason)
      throws IOException {
    Instant receivedAt = clock.instant();
    return store.write(pages -> {
      // Looked at before anything is appended, since what is appended stays.
      Verdict wanted = decide(instead, receivedAt, pages);
      if (!(wanted instanceof Verdict.Booked || wanted instanceof Verdict.Known)) {
        return wanted;
      }
      Verdict back = reverse(reversal, entry, reason, receivedAt, pages);
      return switch (back) {
        case Verdict.Booked _, Verdict.Known _ -> book(instead, receivedAt, pages);
        case Verdict.Conflict _, Verdict.Refused _ -> back;
      };
    });
  }

  private Verdict reverse(
      EventId event, EventId entry, String reason, Instant receivedAt, LedgerStore.Pages pages) {
    Optional<Entry> original = pages.entry(entry);
    if (original.isEmpty() || original.get().postings().isEmpty()) {
      return new Verdict.Refused("%s: there is no entry %s to take back".formatted(event, entry));
    }
    Draft was = original.get().draft();
    var notes = new TreeMap<String, String>();
    notes.put("reason", reason);
    var draft =
        new Draft(
            event,
            new Act.Reverse(entry),
            was.currency(),
            was.occurredAt(),
            was.postings().stream().map(Posting::negate).toList(),
            notes);
    return book(draft, receivedAt, pages);
  }

  /** Releases reservations that have expired, and says how many those were. */
  public int releaseExpired() throws IOException {
    Instant now = clock.instant();
    return store.write(pages -> {
      List<Entry> expired = pages.expired(now, EXPIRED_AT_ONCE);
      for (Entry entry : expired) {
        EventId event = entry.draft().event();
        // A name made of another's may be too long for a name, so it is hashed.
        var release =
            new Draft(
                new EventId("expiry", Chain.body(entry.draft())),
                new Act.Release(event),
                entry.draft().currency(),
                entry.draft().occurredAt(),
                List.of(),
                new TreeMap<>());
        book(release, now, pages);
      }
      return expired.size();
    });
  }

  /**
   * Closes all periods before an instant: what occurred before and is heard of later becomes a
   * correction in the period that is open then. A closed period is not opened again.
   *
   * @throws IllegalArgumentException if that is before what is closed, or in the future
   */
  public void close(Currency currency, Instant until) throws IOException {
    Instant now = clock.instant();
    if (until.isAfter(now)) {
      throw new IllegalArgumentException(
          "periods until %s cannot be closed at %s: they are not over".formatted(until, now));
    }
    store.write(pages -> {
      Optional<Instant> closed = pages.closedUntil(currency);
      if (closed.isPresent() && until.isBefore(closed.get())) {
        throw new IllegalArgumentException(
            "%s is closed until %s already and is not opened again"
                .formatted(currency, closed.get()));
      }
      pages.close(currency, until);
      return until;
    });
  }

  /** The balances of a currency that are not zero. */
  public SortedMap<Account, Balance> balances(Currency currency) throws IOException {
    return store.read(pages -> {
      var balances = new TreeMap<Account, Balance>();
      for (Map.Entry<Account, Balance> one : pages.balances(currency).entrySet()) {
        if (!one.getValue().isZero()) {
          balances.put(one.getKey(), one.getValue());
        }
      }
      return balances;
    });
  }

  public List<Currency> currencies() throws IOException {
    return store.read(LedgerStore.Pages::currencies);
  }

  /** Recomputes the chain and the balances of every currency. */
  public List<Verification> verify() throws IOException {
    return verify(Set.of());
  }

  /**
   * The same, looking for heads that were kept elsewhere: one that is in no chain any more was cut
   * off, or the chain was made anew.
   */
  public List<Verification> verify(Set<String> heads) throws IOException {
    return store.read(
        pages -> pages.currencies().stream().map(c -> Verification.of(c, pages, heads)).toList());
  }

  private Verdict decide(Draft draft, Instant receivedAt, LedgerStore.Pages pages) {
    Optional<Entry> ended = draft.act().ends().flatMap(pages::entry);
    var facts =
        new Bookkeeping.Facts(
            pages.entry(draft.event()),
            ended,
            draft.act().ends().flatMap(pages::ending),
            pages.last(draft.currency()),
            pages.closedUntil(draft.currency()));
    return Bookkeeping.decide(draft, facts, receivedAt, clock.instant());
  }

  private Verdict book(Draft draft, Instant receivedAt, LedgerStore.Pages pages) {
    Verdict verdict = decide(draft, receivedAt, pages);
    if (verdict instanceof Verdict.Booked(Entry entry)) {
      pages.append(entry);
      Optional<Entry> ended = draft.act().ends().flatMap(pages::entry);
      for (Map.Entry<Account, Balance> effect : Effects.of(draft, ended).entrySet()) {
        Balance before = pages.balance(draft.currency(), effect.getKey());
        pages.put(draft.currency(), effect.getKey(), before.plus(effect.getValue()));
      }
    }
    return verdict;
  }
}
