package dev.understudy.settlement;

import dev.understudy.ledger.Account;
import dev.understudy.ledger.Account.Kind;
import dev.understudy.ledger.Draft;
import dev.understudy.ledger.EventId;
import dev.understudy.ledger.Posting;
import dev.understudy.money.Money;
import dev.understudy.settlement.Line.Item;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is booked for statements and sales: pure, with names under which it is booked once. */
final class Booking {
  static final String STATEMENTS = "statement";

  private Booking() {}

  /**
   * What a statement comes to on our accounts.
   *
   * @param we the party that we are; what others owe each other is not on our books
   */
  static SortedMap<Account, Money> postings(Statement statement, String we) {
    var postings = new TreeMap<Account, Money>();
    for (Section section : statement.sections()) {
      if (section.payer().equals(we)) {
        owed(statement, section, postings);
      } else if (section.payee().equals(we)) {
        claimed(statement, section, postings);
      }
    }
    postings.values().removeIf(Money::isZero);
    return postings;
  }

  /** Where we pay. */
  private static void owed(
      Statement statement, Section section, SortedMap<Account, Money> postings) {
    Money due = section.due();
    Money rounding = rounding(section);
    Money exact = due.minus(rounding);
    String clause = statement.contract() + "/" + section.clause();
    switch (section.kind()) {
      case SHARE, PROFIT -> add(Kind.SHARE, statement.contract(), exact, postings);
      case COMMITMENT -> {
        // What was used is among the costs of calls; so only what was paid for no use is unused.
        Money ahead = ahead(section);
        add(Kind.PREPAID, clause, ahead, postings);
        add(Kind.COMMITMENT_UNUSED, clause, exact.minus(ahead), postings);
      }
      case CAPACITY -> {
        Optional<Money> used =
            section.lines().stream()
                .filter(line -> line.item() == Item.USED)
                .map(Line::amount)
                .findFirst();
        if (used.isPresent()) {
          add(Kind.COMMITMENT_USED, clause, used.get(), postings);
          add(Kind.COMMITMENT_UNUSED, clause, exact.minus(used.get()), postings);
        } else {
          add(Kind.USAGE, section.payee(), exact, postings);
        }
      }
      case SERVICE_CREDIT, MOST_FAVOURED ->
          add(Kind.REVENUE, statement.contract(), exact, postings);
    }
    boolean gives =
        section.kind() == Section.Kind.SERVICE_CREDIT
            || section.kind() == Section.Kind.MOST_FAVOURED;
    add(gives ? Kind.RECEIVABLE : Kind.PAYABLE, section.payee(), due.negate(), postings);
    add(Kind.ROUNDING, due.currency().getCurrencyCode(), rounding, postings);
  }

  /** Where we are paid. */
  private static void claimed(
      Statement statement, Section section, SortedMap<Account, Money> postings) {
    Money due = section.due();
    Money rounding = rounding(section);
    Money exact = due.minus(rounding);
    switch (section.kind()) {
      case SHARE, PROFIT, CAPACITY -> {
        add(Kind.RECEIVABLE, section.payer(), due, postings);
        add(Kind.REVENUE, statement.contract(), exact.negate(), postings);
      }
      case COMMITMENT -> {
        Money ahead = ahead(section);
        String clause = statement.contract() + "/" + section.clause();
        add(Kind.RECEIVABLE, section.payer(), due, postings);
        add(Kind.PREPAID, clause, ahead.negate(), postings);
        add(Kind.REVENUE, statement.contract(), exact.minus(ahead).negate(), postings);
      }
      case SERVICE_CREDIT, MOST_FAVOURED -> {
        add(Kind.PAYABLE, section.payer(), due, postings);
        add(Kind.USAGE, section.payer(), exact.negate(), postings);
      }
    }
    add(Kind.ROUNDING, due.currency().getCurrencyCode(), rounding.negate(), postings);
  }

  /**
   * By how much a section changes what was paid ahead: less what was drawn of it, and forfeited.
   */
  private static Money ahead(Section section) {
    Money sum = Money.zero(section.due().currency());
    for (Line line : section.lines()) {
      sum =
          switch (line.item()) {
            case PREPAID, DRAWN -> sum.plus(line.amount());
            case FORFEITED -> sum.minus(line.amount());
            default -> sum;
          };
    }
    return sum;
  }

  private static Money rounding(Section section) {
    Money sum = Money.zero(section.due().currency());
    for (Line line : section.lines()) {
      sum = line.item() == Item.ROUNDING ? sum.plus(line.amount()) : sum;
    }
    return sum;
  }

  private static void add(
      Kind kind, String owner, Money amount, SortedMap<Account, Money> postings) {
    postings.merge(Account.of(kind, owner), amount, Money::plus);
  }

  /** The name under which a revision is booked. */
  static EventId event(String subject, String period, int revision) {
    return new EventId(STATEMENTS, "%s/%s/r%d".formatted(subject, period, revision));
  }

  /** The name under which a revision is taken back. */
  static EventId reversal(String subject, String period, int revision) {
    return new EventId(STATEMENTS, "%s/%s/r%d/back".formatted(subject, period, revision));
  }

  /** What is booked for a revision; empty if it comes to nothing. */
  static Optional<Draft> draft(
      EventId event, Currency currency, Instant until, SortedMap<Account, Money> postings) {
    if (postings.isEmpty()) {
      return Optional.empty();
    }
    List<Posting> all =
        postings.entrySet().stream().map(one -> new Posting(one.getKey(), one.getValue())).toList();
    return Optional.of(Draft.post(event, currency, until.minusMillis(1), all));
  }

  /**
   * What a fact of sales is booked as, under its own name: empty for what is not on our books, such
   * as a profit of somebody else.
   */
  static Optional<Draft> draft(SalesFact fact) {
    Account receivable = Account.of(Kind.RECEIVABLE, owner(fact.customer(), "sales"));
    Account revenue = Account.of(Kind.REVENUE, owner(fact.product(), "sales"));
    List<Posting> postings =
        switch (fact.kind()) {
          case SALE ->
              List.of(
                  Posting.debit(receivable, fact.amount()), Posting.credit(revenue, fact.amount()));
          // It is part of what the sale was for, and passed on.
          case TAX ->
              List.of(
                  Posting.debit(revenue, fact.amount()),
                  Posting.credit(Account.of(Kind.TAX, "sales"), fact.amount()));
          case REFUND, CREDIT, CHARGEBACK ->
              List.of(
                  Posting.debit(revenue, fact.amount()), Posting.credit(receivable, fact.amount()));
          case FEE, PROFIT -> List.of();
        };
    return postings.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Draft.post(
                new EventId("sales:" + fact.source(), fact.id()),
                fact.amount().currency(),
                fact.occurredAt(),
                postings));
  }

  /** A name as accounts allow it. */
  static String owner(String name, String otherwise) {
    String fit = name.replaceAll("[^A-Za-z0-9._:/@-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
    return fit.isEmpty() ? otherwise : fit;
  }

  /** The same postings from their texts. */
  static SortedMap<Account, Money> read(Map<String, String> texts) {
    var postings = new TreeMap<Account, Money>();
    texts.forEach((account, amount) -> postings.put(Account.parse(account), Money.parse(amount)));
    return postings;
  }
}
