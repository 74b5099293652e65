package dev.understudy.settlement.figures;

import dev.understudy.exchange.Facts;
import dev.understudy.ledger.Account;
import dev.understudy.ledger.Act;
import dev.understudy.ledger.AttemptCosts;
import dev.understudy.ledger.Entry;
import dev.understudy.ledger.EventId;
import dev.understudy.ledger.LedgerStore;
import dev.understudy.ledger.Posting;
import dev.understudy.money.Money;
import dev.understudy.settlement.InvoiceDesk;
import dev.understudy.settlement.Tariff;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was sold, as the ledger has it: postings on accounts of revenue, by invoices, credit notes,
 * statements and sales.
 */
public final class BookedRevenue implements Booked {
  /** More than anybody invoices in the span of a figure. */
  static final int SALES_MAX = 200_000;

  private final LedgerStore ledger;
  private final List<Tariff> tariffs;

  /**
   * Makes it.
   *
   * @param tariffs whose calls customers pay; a customer of whom they say nothing pays those of the
   *     organisation of its name
   */
  public BookedRevenue(LedgerStore ledger, List<Tariff> tariffs) {
    this.ledger = ledger;
    this.tariffs = List.copyOf(tariffs);
  }

  @Override
  public List<Sale> between(Instant from, Instant until) throws IOException {
    var sales = new ArrayList<Sale>();
    var unreadable = new ArrayList<String>();
    ledger.read(pages -> {
      sales.clear();
      unreadable.clear();
      pages.eachBeside(
          AttemptCosts.SOURCE,
          entry -> add(entry, from, until, sales),
          (number, why) -> unreadable.add("entry %d: %s".formatted(number, why)));
      return 0;
    });
    if (!unreadable.isEmpty()) {
      throw new IOException(
          "the ledger cannot be read (%s); look with understudy ledger verify"
              .formatted(unreadable.getFirst()));
    }
    return sales;
  }

  private static void add(Entry entry, Instant from, Instant until, List<Sale> sales) {
    Instant at = entry.draft().occurredAt();
    boolean booked =
        !(entry.draft().act() instanceof Act.Reserve) && !at.isBefore(from) && at.isBefore(until);
    if (!booked) {
      return;
    }
    EventId event =
        entry.draft().act() instanceof Act.Reverse(EventId taken) ? taken : entry.draft().event();
    // Others are products and contracts, which may have a customer's name and are none.
    boolean customer = InvoiceDesk.EVENTS.contains(event.source());
    for (Posting posting : entry.draft().postings()) {
      if (posting.account().kind() == Account.Kind.REVENUE) {
        if (sales.size() == SALES_MAX) {
          throw new IllegalArgumentException(
              "more than %d sales; ask for a shorter span".formatted(SALES_MAX));
        }
        Money amount = posting.amount().negate();
        sales.add(new Sale(posting.account().owner(), customer, at, amount));
      }
    }
  }

  @Override
  public boolean pays(String customer, Facts.Group group) {
    if (!group.purpose().isCallers()) {
      return false;
    }
    Optional<Tariff> tariff =
        tariffs.stream().filter(one -> one.customer().equals(customer)).findFirst();
    return tariff
        .map(one ->
            one.organisation().equals(group.organisation())
                && (one.teams().isEmpty() || one.teams().contains(group.team()))
                && (one.keys().isEmpty() || one.keys().contains(group.keyId())))
        .orElseGet(() -> customer.equals(group.organisation()));
  }
}
