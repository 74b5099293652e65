package dev.understudy.settlement;

import dev.understudy.contract.Contract;
import dev.understudy.ledger.Account;
import dev.understudy.ledger.Draft;
import dev.understudy.ledger.EventId;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.Verdict;
import dev.understudy.money.Money;
import dev.understudy.settlement.StatementStore.Kept;
import dev.understudy.settlement.StatementStore.Kind;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Makes statements, keeps them, and books them: once however often, by however many, and whenever
 * it was interrupted. What changed since the last time becomes a revision: what was booked is taken
 * back, and the new statement is booked.
 */
public final class SettlementDesk {
  private static final int TRIES_MAX = 10;

  private final Given given;
  private final StatementStore store;
  private final Ledger ledger;
  private final InstantSource clock;

  public SettlementDesk(Given given, StatementStore store, Ledger ledger, InstantSource clock) {
    this.given = given;
    this.store = store;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * A statement that was made.
   *
   * @param revision counted from 1
   * @param isNew whether it was made now
   * @param postings what is booked for it
   * @param body as it is kept
   */
  public record Made(
      Statement statement,
      int revision,
      boolean isNew,
      SortedMap<Account, Money> postings,
      String body,
      Instant madeAt) {}

  /** A statement in the words in which it was kept: one revision never reads in two ways. */
  static Made made(Kept kept) {
    return new Made(
        StatementJson.read(kept.body()),
        kept.revision(),
        false,
        StatementJson.postings(kept.body()),
        kept.body(),
        kept.madeAt());
  }

  /**
   * What a statement would be now, or the last revision if it says the same in substance: nothing
   * is kept and nothing is booked.
   */
  public Made preview(Contract contract, YearMonth period, String we) throws IOException {
    Statement statement = Settler.settle(contract, period, given);
    SortedMap<Account, Money> postings = Booking.postings(statement, we);
    String body = StatementJson.body(statement, we, postings);
    Optional<Kept> last = store.last(Kind.STATEMENT, contract.id(), period.toString());
    if (last.isPresent() && Substance.same(last.get().body(), body)) {
      return made(last.get());
    }
    int revision = last.map(Kept::revision).orElse(0) + 1;
    return new Made(statement, revision, true, postings, body, clock.instant());
  }

  /**
   * Settles a month that is over.
   *
   * @param we the party that we are, for our books; empty if we are none
   * @throws Unsettled if the month is not over, or something is missing
   */
  public Made settle(Contract contract, YearMonth period, String we) throws IOException {
    if (clock.instant().isBefore(Statement.begin(period.plusMonths(1)))) {
      throw new Unsettled(
          "%s is not over: it is %s here; look at it with --dry-run"
              .formatted(period, clock.instant()));
    }
    for (int i = 0; i < TRIES_MAX; i++) {
      Made made = preview(contract, period, we);
      if (made.isNew()) {
        Kept mine =
            new Kept(
                Kind.STATEMENT,
                contract.id(),
                period.toString(),
                made.revision(),
                "",
                StatementJson.digest(made.body()),
                made.body(),
                made.madeAt());
        Kept there = store.keep(mine);
        if (!Substance.same(there.body(), mine.body())) {
          // Somebody was faster, with something else: what we made follows what they made.
          continue;
        }
        if (!there.body().equals(mine.body())) {
          made = made(there);
        }
      }
      List<Kept> revisions = store.revisions(Kind.STATEMENT, contract.id(), period.toString());
      book(revisions.subList(0, made.revision()), made.statement());
      Instant madeAt = revisions.get(made.revision() - 1).madeAt();
      return new Made(
          made.statement(), made.revision(), made.isNew(), made.postings(), made.body(), madeAt);
    }
    throw new IOException(
        "the statement of %s for %s is made by somebody else over and over"
            .formatted(contract.id(), period));
  }

  /** Books every revision in order; what is booked already is so, whenever we were interrupted. */
  private void book(List<Kept> revisions, Statement statement) throws IOException {
    Currency currency = statement.currency();
    for (int i = 0; i < revisions.size(); i++) {
      Kept one = revisions.get(i);
      if (i > 0 && !StatementJson.postings(revisions.get(i - 1).body()).isEmpty()) {
        EventId before = Booking.event(one.subject(), one.period(), one.revision() - 1);
        demand(
            ledger.reverse(
                Booking.reversal(one.subject(), one.period(), one.revision() - 1),
                before,
                "revision " + one.revision()));
      }
      Optional<Draft> draft =
          Booking.draft(
              Booking.event(one.subject(), one.period(), one.revision()),
              currency,
              statement.until(),
              StatementJson.postings(one.body()));
      if (draft.isPresent()) {
        demand(ledger.book(draft.get()));
      }
    }
  }

  /** Books what sales come to on our accounts; facts that were booked before are not again. */
  public static int book(List<SalesFact> facts, Ledger ledger) throws IOException {
    var drafts = new ArrayList<Draft>();
    for (SalesFact fact : facts) {
      Booking.draft(fact).ifPresent(drafts::add);
    }
    int booked = 0;
    for (Verdict verdict : ledger.bookEach(drafts)) {
      demand(verdict);
      booked += verdict instanceof Verdict.Booked ? 1 : 0;
    }
    return booked;
  }

  static void demand(Verdict verdict) throws IOException {
    switch (verdict) {
      case Verdict.Booked _, Verdict.Known _ -> {}
      case Verdict.Conflict(_, String reason) -> throw new IOException(reason);
      case Verdict.Refused(String reason) -> throw new IOException(reason);
    }
  }
}
