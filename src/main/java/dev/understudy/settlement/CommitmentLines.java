package dev.understudy.settlement;

import static dev.understudy.settlement.Line.added;

import dev.understudy.contract.Commitment;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.Line.Item;
import dev.understudy.settlement.Phases.Piece;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** The lines of a commitment's section, which are of money or of something else. */
final class CommitmentLines {
  private final Settler settler;
  private final Piece<CommitmentClause> piece;
  private final Commitment terms;
  private final Currency currency;
  private final List<Line> lines = new ArrayList<>();

  /**
   * Of the last piece of a month.
   *
   * @param terms what is counted in, which of capacity is units times hours
   */
  CommitmentLines(Settler settler, Piece<CommitmentClause> piece, Commitment terms) {
    this.settler = settler;
    this.piece = piece;
    this.terms = terms;
    this.currency = piece.version().currency();
    boolean money = terms.kind() == Commitment.Kind.SPEND;
    if (money && !Currencies.of(terms.unit()).equals(currency)) {
      throw new Unsettled(
          "%s is a commitment in %s under a contract in %s; write it in the contract's currency"
              .formatted(piece.clause().id(), terms.unit(), currency));
    }
  }

  /** Lines that are made already. */
  void all(List<Line> made) {
    lines.addAll(made);
  }

  /** A line that tells how much, in the commitment's unit. */
  void told(Item item, String text, BigDecimal amount) {
    lines.add(
        terms.kind() == Commitment.Kind.SPEND
            ? Line.told(item, text, money(amount))
            : quantity(item, text + ", in " + terms.unit(), amount));
  }

  /** A line that tells a number of something else. */
  void counted(Item item, String text, BigDecimal count) {
    lines.add(quantity(item, text, count));
  }

  private Line quantity(Item item, String text, BigDecimal count) {
    return new Line(item, text, Optional.empty(), Optional.of(count), Money.zero(currency), false);
  }

  /** What is owed for so much, at the price of what was not used; nothing for nothing. */
  void due(Item item, String text, BigDecimal amount) {
    if (amount.signum() == 0) {
      return;
    }
    if (terms.kind() == Commitment.Kind.SPEND) {
      lines.add(added(item, text, money(amount)));
    } else if (terms.price().isPresent()) {
      BigDecimal price = terms.price().get();
      lines.add(
          new Line(
              item,
              text + ", in " + terms.unit(),
              terms.price(),
              Optional.of(amount),
              money(amount.multiply(price)),
              true));
    } else {
      told(item, text, amount);
      settler.doubt(
          "%s falls short by %s %s; the contract does not say what one costs (price)"
              .formatted(piece.clause().id(), amount.toPlainString(), terms.unit()));
    }
  }

  /** A line of money that is part of what is due. */
  void owed(Item item, String text, BigDecimal amount) {
    lines.add(added(item, text, money(amount)));
  }

  /** A line of money that tells something. */
  void toldMoney(Item item, String text, BigDecimal amount) {
    lines.add(Line.told(item, text, money(amount)));
  }

  private Money money(BigDecimal amount) {
    return Money.of(amount, currency);
  }

  /** The section they make. */
  Section section(Instant from) {
    Money exact = Money.zero(currency);
    for (Line line : lines) {
      exact = line.adds() ? exact.plus(line.amount()) : exact;
    }
    Money due = ShareSections.round(exact, piece.version().rounding(), lines);
    return new Section(
        Section.Kind.COMMITMENT,
        piece.clause().id(),
        piece.version().version(),
        piece.version().basis(piece.clause().id()).toString(),
        piece.clause().debtor().id(),
        piece.clause().creditor().id(),
        from,
        piece.until(),
        lines,
        due);
  }
}
