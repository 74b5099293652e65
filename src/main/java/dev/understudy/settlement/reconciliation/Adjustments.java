package dev.understudy.settlement.reconciliation;

import dev.understudy.ledger.Account;
import dev.understudy.ledger.Draft;
import dev.understudy.ledger.EventId;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.LedgerStore;
import dev.understudy.ledger.Posting;
import dev.understudy.ledger.Verdict;
import dev.understudy.money.Money;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Books what the bill corrects: estimates give way to what was billed, and what had no price gets
 * one. Booked once however often it is run; a restated bill books the difference.
 */
public final class Adjustments {
  /** What is known to be ours and was only reckoned; everything else needs a decision. */
  static final Set<Finding.Kind> BOOKED =
      EnumSet.of(
          Finding.Kind.ESTIMATED,
          Finding.Kind.NO_PRICE,
          Finding.Kind.ROUNDING,
          Finding.Kind.FLOAT_NOISE,
          Finding.Kind.PRICE,
          Finding.Kind.TIER,
          Finding.Kind.BATCH);

  /** A day is corrected more often than this only by mistake. */
  private static final int REVISIONS_MAX = 1_000;

  private final Ledger ledger;
  private final LedgerStore store;

  public Adjustments(Ledger ledger, LedgerStore store) {
    this.ledger = ledger;
    this.store = store;
  }

  /**
   * What is booked now.
   *
   * @throws IllegalStateException if the ledger refuses it, with its reason
   */
  public List<Draft> book(String vendor, List<Day> days) throws IOException {
    var booked = new ArrayList<Draft>();
    for (Day day : days) {
      Money wanted = Money.zero(day.ours().currency());
      Money cleared = wanted;
      for (Finding finding : day.findings()) {
        if (BOOKED.contains(finding.kind())) {
          wanted = wanted.plus(finding.amount());
          cleared = cleared.plus(finding.suspense());
        }
      }
      Optional<Draft> draft = draft(vendor, day, wanted, cleared);
      if (draft.isPresent()) {
        switch (ledger.book(draft.get())) {
          case Verdict.Booked _ -> booked.add(draft.get());
          case Verdict.Known _ -> {}
          case Verdict.Conflict(_, String reason) -> throw new IllegalStateException(reason);
          case Verdict.Refused(String reason) -> throw new IllegalStateException(reason);
        }
      }
    }
    return booked;
  }

  /**
   * What is not booked yet of a day.
   *
   * @param wanted what is a cost beside what was reckoned
   * @param cleared what was owed at a fallback, in suspense, and has its price now
   */
  private Optional<Draft> draft(String vendor, Day day, Money wanted, Money cleared)
      throws IOException {
    String source = "reconciliation:" + vendor;
    Account usage = Account.of(Account.Kind.USAGE, vendor);
    Account suspense = Account.of(Account.Kind.SUSPENSE, vendor);
    return store.read(pages -> {
      Money before = Money.zero(wanted.currency());
      Money clearedBefore = before;
      int revision = 1;
      for (; revision < REVISIONS_MAX; revision++) {
        var known = pages.entry(new EventId(source, day.day() + "/" + revision));
        if (known.isEmpty()) {
          break;
        }
        for (Posting posting : known.get().draft().postings()) {
          if (posting.account().equals(usage)) {
            before = before.plus(posting.amount());
          } else if (posting.account().equals(suspense)) {
            clearedBefore = clearedBefore.minus(posting.amount());
          }
        }
      }
      Money more = wanted.minus(before);
      Money clear = cleared.minus(clearedBefore);
      var postings = new ArrayList<Posting>();
      add(usage, more, postings);
      add(suspense, clear.negate(), postings);
      add(Account.of(Account.Kind.PAYABLE, vendor), clear.minus(more), postings);
      if (postings.isEmpty()) {
        return Optional.empty();
      }
      Instant at = day.day().atStartOfDay().toInstant(ZoneOffset.UTC);
      return Optional.of(
          Draft.post(
                  new EventId(source, day.day() + "/" + revision), wanted.currency(), at, postings)
              .noting("reason", "what the bill of %s says of %s".formatted(vendor, day.day())));
    });
  }

  private static void add(Account account, Money amount, List<Posting> postings) {
    if (!amount.isZero()) {
      postings.add(new Posting(account, amount));
    }
  }
}
