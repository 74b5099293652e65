package dev.understudy.settlement;

import dev.understudy.contract.Commitment;
import dev.understudy.contract.Commitment.Month;
import dev.understudy.contract.Commitment.Standing;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.contract.Span;
import dev.understudy.settlement.Line.Item;
import dev.understudy.settlement.Phases.Phase;
import dev.understudy.settlement.Phases.Piece;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was promised to be used: how much was, what floors add, what is missing at the end, and what
 * is left of what was paid ahead.
 */
final class CommitmentSections {
  private final Settler settler;

  CommitmentSections(Settler settler) {
    this.settler = settler;
  }

  void add() throws IOException {
    Map<String, List<Phase<CommitmentClause>>> clauses =
        Phases.of(
            settler.contract(),
            settler.contract()::promising,
            version -> version.money().commitments(),
            CommitmentClause::id,
            clause -> new Span(clause.terms().from(), Optional.of(after(clause.terms()))));
    for (List<Phase<CommitmentClause>> phases : clauses.values()) {
      add(phases);
    }
  }

  /** When nothing of it can be used any more. */
  private static Instant after(Commitment terms) {
    int months = terms.rollover().map(Commitment.Rollover::months).orElse(0);
    return terms.to().atZone(ZoneOffset.UTC).plusMonths(months).toInstant();
  }

  private void add(List<Phase<CommitmentClause>> phases) throws IOException {
    Instant end = Statement.begin(settler.period().plusMonths(1));
    List<Piece<CommitmentClause>> pieces = Phases.pieces(settler.contract(), phases, end);
    var course = new Course();
    for (int i = 0; i < pieces.size(); ) {
      YearMonth month = month(pieces.get(i).from());
      int next = i;
      while (next < pieces.size() && month(pieces.get(next).from()).equals(month)) {
        next++;
      }
      course.month(month, pieces.subList(i, next));
      i = next;
    }
  }

  private static YearMonth month(Instant at) {
    return YearMonth.from(at.atZone(ZoneOffset.UTC));
  }

  /** One commitment from its beginning on, month by month. */
  private final class Course {
    private Standing standing = Standing.START;
    private BigDecimal rolled = BigDecimal.ZERO;
    private BigDecimal ahead = BigDecimal.ZERO;

    /** What of the month is billed, in the commitment's unit. */
    private BigDecimal billed = BigDecimal.ZERO;

    void month(YearMonth month, List<Piece<CommitmentClause>> pieces) throws IOException {
      Piece<CommitmentClause> last = pieces.getLast();
      Commitment said = last.clause().terms();
      Commitment terms = said.inUnitHours(month.lengthOfMonth() * 24L);
      boolean shown = month.equals(settler.period());
      billed = BigDecimal.ZERO;
      var use = new CommitmentUse(settler, said);
      var later = new CommitmentUse(settler, said);
      for (Piece<CommitmentClause> piece : pieces) {
        Instant to = terms.to();
        use.read(piece, piece.from(), piece.until().isBefore(to) ? piece.until() : to, shown);
        later.read(piece, piece.from().isBefore(to) ? to : piece.from(), piece.until(), shown);
      }
      if (last.from().isBefore(terms.to())) {
        running(month, pieces, terms, use, shown);
      }
      rollover(last, terms, later, shown);
      if (said.prepay().isPresent()) {
        prepaid(pieces, terms, List.of(use, later), shown);
      }
    }

    private void running(
        YearMonth month,
        List<Piece<CommitmentClause>> pieces,
        Commitment terms,
        CommitmentUse use,
        boolean shown) {
      Piece<CommitmentClause> last = pieces.getLast();
      boolean whole =
          !terms.from().isAfter(Statement.begin(month))
              && !terms.to().isBefore(Statement.begin(month.plusMonths(1)));
      boolean ends = !terms.to().isAfter(last.until());
      Month came = (whole ? terms : terms.withoutFloor()).month(standing, use.counted(), ends);
      if (shown) {
        var lines = new CommitmentLines(settler, last, terms);
        write(lines, terms, came, use);
        settler.add(lines.section(pieces.getFirst().from()));
      }
      standing = came.after();
      rolled = rolled.add(came.rolled());
      billed = billed.add(came.trueUp()).add(came.due());
    }

    private void rollover(
        Piece<CommitmentClause> last, Commitment terms, CommitmentUse later, boolean shown) {
      BigDecimal taken = rolled.min(later.counted());
      BigDecimal left = rolled.subtract(taken);
      boolean over = !last.from().isBefore(terms.to());
      boolean lapses = terms.rollover().isPresent() && !after(terms).isAfter(last.until());
      BigDecimal due = lapses ? left : BigDecimal.ZERO;
      if (shown && rolled.signum() > 0 && (over || lapses)) {
        var lines = new CommitmentLines(settler, last, terms);
        lines.all(later.exchanged());
        lines.told(Item.OPENING, "rolled over before", rolled);
        lines.told(Item.USED, "used of it", taken);
        lines.due(Item.SHORTFALL, "not used in time, billed", due);
        lines.told(Item.CLOSING, "rolled over still", left.subtract(due));
        settler.add(lines.section(last.from()));
      }
      rolled = left.subtract(due);
      billed = billed.add(due);
    }

    /** What was paid ahead pays for what is used and billed, until nothing of it is left. */
    private void prepaid(
        List<Piece<CommitmentClause>> pieces,
        Commitment terms,
        List<CommitmentUse> uses,
        boolean shown) {
      Piece<CommitmentClause> last = pieces.getLast();
      BigDecimal more = BigDecimal.ZERO;
      for (Piece<CommitmentClause> piece : pieces) {
        Instant at = piece.clause().terms().prepay().map(Commitment.Prepay::at).orElse(Instant.MAX);
        if (!at.isBefore(piece.from()) && at.isBefore(piece.until())) {
          more = more.add(piece.clause().terms().paidAhead().orElseThrow());
        }
      }
      BigDecimal all = ahead.add(more);
      BigDecimal paid =
          uses.stream().map(CommitmentUse::paid).reduce(BigDecimal.ZERO, BigDecimal::add);
      BigDecimal owed = billed.multiply(terms.price().orElse(BigDecimal.ONE)).add(paid);
      BigDecimal drawn = all.min(owed);
      boolean lapses = !after(terms).isAfter(last.until());
      BigDecimal lost = lapses ? all.subtract(drawn) : BigDecimal.ZERO;
      if (shown && all.signum() > 0) {
        var lines = new CommitmentLines(settler, last, terms);
        uses.forEach(use -> lines.all(use.exchangedToPay()));
        lines.toldMoney(Item.OPENING, "paid ahead before, and not used", ahead);
        if (more.signum() > 0) {
          lines.owed(Item.PREPAID, "paid ahead", more);
        }
        if (drawn.signum() > 0) {
          lines.owed(Item.DRAWN, "taken from it for what was used and billed", drawn.negate());
        }
        if (lost.signum() > 0) {
          lines.toldMoney(Item.FORFEITED, "paid ahead, not used in time and lost", lost);
        }
        lines.toldMoney(
            Item.CLOSING, "left of what was paid ahead", all.subtract(drawn).subtract(lost));
        settler.add(lines.section(pieces.getFirst().from()));
      }
      ahead = all.subtract(drawn).subtract(lost);
    }
  }

  private static void write(
      CommitmentLines lines, Commitment terms, Month came, CommitmentUse use) {
    lines.all(use.exchanged());
    lines.told(Item.COMMITTED, "committed in all", terms.amount());
    lines.told(
        Item.OPENING,
        "counted before",
        came.after().counted().subtract(came.used()).subtract(came.trueUp()));
    if (terms.kind() == Commitment.Kind.CAPACITY) {
      lines.told(Item.PURCHASE, "held", came.used());
      use.worked()
          .ifPresent(worked -> {
            lines.told(Item.USED, "used of what was held", worked);
            lines.told(Item.UNUSED, "unused of what was held", came.used().subtract(worked));
          });
      if (use.over().signum() > 0) {
        lines.counted(Item.SPILL, "weighed tokens served beyond what was held", use.over());
      }
    } else {
      lines.told(Item.USED, "used", came.used());
    }
    lines.due(Item.FLOOR, "up to the floor of the month", came.trueUp());
    lines.told(Item.REMAINING, "remaining", came.remaining());
    if (came.shortfall().signum() > 0) {
      lines.told(Item.SHORTFALL, "not used by the end", came.shortfall());
      lines.due(Item.SHORTFALL, "billed of it", came.due());
      lines.told(Item.ROLLED, "to be used afterwards", came.rolled());
      lines.told(Item.LOST, "lost", came.lost());
    }
  }
}
