package dev.understudy.settlement;

import static dev.understudy.settlement.Line.told;

import dev.understudy.contract.MoneyTerms.ProfitClause;
import dev.understudy.contract.Party;
import dev.understudy.contract.ProfitParticipation;
import dev.understudy.contract.ProfitParticipation.Payment;
import dev.understudy.contract.Span;
import dev.understudy.money.Money;
import dev.understudy.settlement.Line.Item;
import dev.understudy.settlement.Phases.Phase;
import dev.understudy.settlement.Phases.Piece;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shares of profits: by stages of what was paid before, to a cap. */
final class ProfitSections {
  private final Settler settler;

  ProfitSections(Settler settler) {
    this.settler = settler;
  }

  void add() throws IOException {
    Map<String, List<Phase<ProfitClause>>> clauses =
        Phases.of(
            settler.contract(),
            version -> version.money().profits(),
            ProfitClause::id,
            _ -> Span.ALWAYS);
    for (List<Phase<ProfitClause>> phases : clauses.values()) {
      add(phases);
    }
  }

  private void add(List<Phase<ProfitClause>> phases) throws IOException {
    Instant begin = Statement.begin(settler.period());
    Instant end = Statement.begin(settler.period().plusMonths(1));
    BigDecimal paid = BigDecimal.ZERO;
    for (Piece<ProfitClause> piece : Phases.pieces(settler.contract(), phases, end)) {
      ProfitParticipation terms = piece.clause().terms();
      var profit = new Profit(terms, piece.clause().holder().id());
      settler.given().sales().each(piece.from(), piece.until(), profit::take);
      Payment payment = terms.pay(paid, profit.amount, piece.year(), piece.version().rounding());
      boolean shown = !piece.from().isBefore(begin);
      if (shown && profit.told) {
        settler.add(section(piece, paid, profit, payment));
        if (payment.capReached()) {
          settler.event(
              "%s: %s".formatted(piece.clause().id(), terms.onCap().orElse("the cap is reached")));
        }
      }
      paid = payment.cumulative();
    }
  }

  private Section section(
      Piece<ProfitClause> piece, BigDecimal before, Profit profit, Payment payment) {
    ProfitParticipation terms = piece.clause().terms();
    var currency = terms.currency();
    var lines = new ArrayList<Line>();
    lines.addAll(profit.exchanged.lines());
    lines.add(told(Item.PROFIT, "profit to be distributed", Money.of(profit.amount, currency)));
    lines.add(told(Item.OPENING, "paid before", Money.of(before, currency)));
    for (ProfitParticipation.Slice slice : payment.slices()) {
      lines.add(
          new Line(
              Item.STAGE,
              "stage",
              Optional.of(slice.rate()),
              Optional.empty(),
              Money.of(slice.paid(), currency),
              true));
    }
    if (payment.beyond().signum() != 0) {
      lines.add(told(Item.BEYOND, "profit beyond the cap", Money.of(payment.beyond(), currency)));
    }
    Money due = Money.of(payment.paid(), currency);
    lines.add(told(Item.DUE, "due", due));
    lines.add(told(Item.CLOSING, "paid so far", Money.of(payment.cumulative(), currency)));
    return new Section(
        Section.Kind.PROFIT,
        piece.clause().id(),
        piece.version().version(),
        piece.version().basis(piece.clause().id()).toString(),
        profit.seller,
        piece.clause().holder().id(),
        piece.from(),
        piece.until(),
        lines,
        due);
  }

  /** The profits of a piece of time. */
  private final class Profit {
    private final ProfitParticipation terms;
    private final String holder;
    private final Exchanged exchanged = new Exchanged(settler.given().fx());
    private BigDecimal amount = BigDecimal.ZERO;
    private String seller;
    private boolean told;

    Profit(ProfitParticipation terms, String holder) {
      this.terms = terms;
      this.holder = holder;
      this.seller =
          settler.contract().versions().getLast().parties().stream()
              .map(Party::id)
              .filter(id -> !id.equals(holder))
              .findFirst()
              .orElse(holder);
    }

    void take(SalesFact fact) {
      boolean meant =
          fact.kind() == SalesFact.Kind.PROFIT
              && (fact.contract().isEmpty() || fact.contract().equals(settler.contract().id()))
              && !fact.seller().equals(holder)
              && (fact.seller().isEmpty() || isParty(fact.seller()));
      if (!meant) {
        return;
      }
      told = true;
      seller = fact.seller().isEmpty() ? seller : fact.seller();
      amount =
          amount.add(
              exchanged
                  .in(
                      terms.currency(),
                      fact.amount(),
                      fact.occurredAt().atZone(ZoneOffset.UTC).toLocalDate())
                  .amount());
    }

    private boolean isParty(String id) {
      return settler.contract().versions().stream().anyMatch(v -> v.party(id).isPresent());
    }
  }
}
