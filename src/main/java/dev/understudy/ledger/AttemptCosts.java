package dev.understudy.ledger;

import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Fact;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes a booking of what an attempt cost: owed to its vendor, under a name made of the exchange's,
 * the same whether it is told by a record or by a line of the log.
 */
public final class AttemptCosts {
  /** As whoever tells of attempts is named. */
  public static final String SOURCE = "exchange";

  private static final int NOTE_MAX = 400;

  /** As many as a line of the log lists. */
  private static final int LISTED_MAX = 100;

  private AttemptCosts() {}

  /** The bookings of a finished call: none where nothing is owed. */
  public static List<Draft> of(Exchange exchange) {
    var drafts = new ArrayList<Draft>(exchange.attempts().size());
    for (int i = 0; i < exchange.attempts().size(); i++) {
      Attempt attempt = exchange.attempts().get(i);
      if (attempt.cost().isEmpty()) {
        continue;
      }
      Cost cost = attempt.cost().get();
      Usage usage = attempt.usage();
      new Told(
              new EventId(SOURCE, exchange.id() + "/" + i),
              Fact.begun(exchange, attempt),
              attempt.vendor(),
              attempt.target(),
              cost.total(),
              cost.counted(),
              cost.price(),
              reasons(cost),
              usage.violations().isEmpty() ? "" : violations(usage),
              usage.estimated())
          .draft()
          .ifPresent(drafts::add);
    }
    return drafts;
  }

  private static String reasons(Cost cost) {
    if (cost.isWhole()) {
      return "";
    }
    var reasons = new ArrayList<String>();
    for (Cost.Unpriced unpriced : cost.unpriced()) {
      if (reasons.size() < LISTED_MAX) {
        reasons.add(
            reason(unpriced.item(), unpriced.quantity().toPlainString(), unpriced.reason()));
      }
    }
    return String.join("; ", reasons);
  }

  static String reason(String item, String quantity, String why) {
    return item + " x " + quantity + ": " + why;
  }

  private static String violations(Usage usage) {
    List<String> all = usage.violations();
    return all.size() <= LISTED_MAX
        ? String.join("; ", all)
        : String.join("; ", all.subList(0, LISTED_MAX))
            + "; … and %d more".formatted(all.size() - LISTED_MAX);
  }

  /**
   * What is told of an attempt.
   *
   * @param unpriced what has no price, and why; empty if all has
   * @param violations what contradicts itself; empty if nothing does
   */
  record Told(
      EventId event,
      Instant occurredAt,
      String vendor,
      String target,
      Money total,
      Money counted,
      String price,
      String unpriced,
      String violations,
      boolean estimated) {

    Optional<Draft> draft() {
      Account payable = Account.of(Account.Kind.PAYABLE, vendor);
      Account suspense = Account.of(Account.Kind.SUSPENSE, vendor);
      // What contradicts itself is owed, but not known well enough to be a cost.
      Account account = violations.isEmpty() ? Account.of(Account.Kind.USAGE, vendor) : suspense;
      var postings = new ArrayList<Posting>(3);
      if (!total.isZero()) {
        postings.add(Posting.debit(account, total));
      }
      Money open = counted.minus(total);
      if (!open.isZero()) {
        postings.add(Posting.debit(suspense, open));
      }
      if (!counted.isZero()) {
        postings.add(Posting.credit(payable, counted));
      }
      if (postings.isEmpty()) {
        return Optional.empty();
      }
      var notes = new TreeMap<String, String>();
      note("target", target, notes);
      note("price", price, notes);
      note("unpriced", unpriced, notes);
      note("violations", violations, notes);
      if (estimated) {
        note("estimated", "the vendor did not say what it took", notes);
      }
      Currency currency = total.currency();
      return Optional.of(new Draft(event, Act.post(), currency, occurredAt, postings, notes));
    }
  }

  private static void note(String name, String value, Map<String, String> notes) {
    if (!value.isEmpty()) {
      notes.put(name, value.length() > NOTE_MAX ? value.substring(0, NOTE_MAX) + "…" : value);
    }
  }
}
