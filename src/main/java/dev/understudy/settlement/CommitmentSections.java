package dev.understudy.settlement;

import static dev.understudy.settlement.Line.added;
import static dev.understudy.settlement.Line.told;

import dev.understudy.contract.Commitment;
import dev.understudy.contract.Commitment.Month;
import dev.understudy.contract.Commitment.Standing;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.contract.Span;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.Line.Item;
import dev.understudy.settlement.Phases.Phase;
import dev.understudy.settlement.Phases.Piece;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was promised to be used: how much was, what floors add, what is missing at the end. */
final class CommitmentSections {
  private final Settler settler;

  CommitmentSections(Settler settler) {
    this.settler = settler;
  }

  void add() throws IOException {
    Map<String, List<Phase<CommitmentClause>>> clauses =
        Phases.of(
            settler.contract(),
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
    Standing standing = Standing.START;
    BigDecimal rolled = BigDecimal.ZERO;
    for (int i = 0; i < pieces.size(); ) {
      YearMonth month = month(pieces.get(i).from());
      int next = i;
      while (next < pieces.size() && month(pieces.get(next).from()).equals(month)) {
        next++;
      }
      List<Piece<CommitmentClause>> ofMonth = pieces.subList(i, next);
      i = next;
      Piece<CommitmentClause> last = ofMonth.getLast();
      Commitment terms = last.clause().terms();
      if (!isMeasured(terms)) {
        if (month.equals(settler.period())) {
          settler.doubt(
              "%s is a commitment of %s, which nobody measures here: it is not settled"
                  .formatted(last.clause().id(), terms.unit()));
        }
        continue;
      }
      var used = new Used(terms);
      for (Piece<CommitmentClause> piece : ofMonth) {
        used.read(piece, piece.from(), earlier(piece.until(), terms.to()));
      }
      boolean shown = month.equals(settler.period());
      boolean over = !last.from().isBefore(terms.to());
      if (!over) {
        boolean whole =
            !terms.from().isAfter(Statement.begin(month))
                && !terms.to().isBefore(Statement.begin(month.plusMonths(1)));
        boolean ends = !terms.to().isAfter(last.until());
        Month came = (whole ? terms : terms.withoutFloor()).month(standing, used.sum, ends);
        if (shown) {
          settler.add(section(last, ofMonth.getFirst().from(), terms, came));
        }
        standing = came.after();
        rolled = rolled.add(came.rolled());
      }
      var later = new Used(terms);
      for (Piece<CommitmentClause> piece : ofMonth) {
        Instant from = piece.from().isBefore(terms.to()) ? terms.to() : piece.from();
        later.read(piece, from, piece.until());
      }
      BigDecimal taken = rolled.min(later.sum);
      boolean lapses = !after(terms).isAfter(last.until());
      if (over || (lapses && terms.rollover().isPresent())) {
        BigDecimal left = rolled.subtract(taken);
        if (shown && rolled.signum() > 0) {
          settler.add(rolled(last, rolled, taken, lapses ? left : BigDecimal.ZERO));
        }
        rolled = lapses ? BigDecimal.ZERO : left;
      } else {
        rolled = rolled.subtract(taken);
      }
    }
  }

  private static YearMonth month(Instant at) {
    return YearMonth.from(at.atZone(ZoneOffset.UTC));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static boolean isMeasured(Commitment terms) {
    return switch (terms.kind()) {
      case SPEND -> true;
      case USAGE -> terms.unit().equals("Tokens");
      case CAPACITY -> false;
    };
  }

  private Section section(
      Piece<CommitmentClause> piece, Instant from, Commitment terms, Month came) {
    var lines = new Lines(terms);
    lines.told(Item.COMMITTED, "committed in all", terms.amount());
    lines.told(
        Item.OPENING,
        "counted before",
        came.after().counted().subtract(came.used()).subtract(came.trueUp()));
    lines.told(Item.USED, "used", came.used());
    lines.due(Item.FLOOR, "up to the floor of the month", came.trueUp());
    lines.told(Item.REMAINING, "remaining", came.remaining());
    if (came.shortfall().signum() > 0) {
      lines.told(Item.SHORTFALL, "not used by the end", came.shortfall());
      lines.due(Item.SHORTFALL, "billed of it", came.due());
      lines.told(Item.ROLLED, "to be used afterwards", came.rolled());
      lines.told(Item.LOST, "lost", came.lost());
    }
    return lines.section(piece, from);
  }

  private Section rolled(
      Piece<CommitmentClause> piece, BigDecimal before, BigDecimal used, BigDecimal due) {
    var lines = new Lines(piece.clause().terms());
    lines.told(Item.OPENING, "rolled over before", before);
    lines.told(Item.USED, "used of it", used);
    lines.due(Item.SHORTFALL, "not used in time, billed", due);
    lines.told(Item.CLOSING, "rolled over still", before.subtract(used).subtract(due));
    return lines.section(piece, piece.from());
  }

  /** Lines of a commitment, which is of money or of something else. */
  private final class Lines {
    private final Commitment terms;
    private final Currency currency = settler.contract().versions().getFirst().currency();
    private final List<Line> lines = new ArrayList<>();

    Lines(Commitment terms) {
      this.terms = terms;
    }

    void told(Item item, String text, BigDecimal amount) {
      lines.add(
          terms.kind() == Commitment.Kind.SPEND
              ? Line.told(item, text, money(amount))
              : new Line(
                  item,
                  text + ", in " + terms.unit(),
                  Optional.empty(),
                  Optional.of(amount),
                  Money.zero(currency),
                  false));
    }

    void due(Item item, String text, BigDecimal amount) {
      if (amount.signum() == 0) {
        return;
      }
      if (terms.kind() == Commitment.Kind.SPEND) {
        lines.add(added(item, text, money(amount)));
      } else {
        // What a token that was not used costs is not in the clause.
        told(item, text, amount);
        settler.doubt(
            "a commitment of %s falls short by %s; the contract does not say what one costs"
                .formatted(terms.unit(), amount.toPlainString()));
      }
    }

    private Money money(BigDecimal amount) {
      return Money.of(amount, Currencies.of(terms.unit()));
    }

    Section section(Piece<CommitmentClause> piece, Instant from) {
      Money exact = Money.zero(currency);
      for (Line line : lines) {
        exact = line.adds() ? exact.plus(inContract(line.amount(), piece)) : exact;
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

    private Money inContract(Money amount, Piece<CommitmentClause> piece) {
      if (!amount.currency().equals(currency)) {
        throw new Unsettled(
            "%s is a commitment in %s under a contract in %s; write it in the contract's currency"
                .formatted(piece.clause().id(), terms.unit(), currency));
      }
      return amount;
    }
  }

  /** What was used of a commitment. */
  private final class Used {
    private final Commitment terms;
    private BigDecimal sum = BigDecimal.ZERO;

    Used(Commitment terms) {
      this.terms = terms;
    }

    void read(Piece<CommitmentClause> piece, Instant from, Instant until) throws IOException {
      if (from.isBefore(until)) {
        settler
            .given()
            .facts()
            .sums(from, until, Facts.Grain.DAY, one -> sum = sum.add(of(piece, one)));
      }
    }

    private BigDecimal of(Piece<CommitmentClause> piece, Facts.Sum one) {
      Facts.Group group = one.group();
      if (one.item().isEmpty()
          || !piece.clause().creditor().serves(group.vendor(), group.kind())
          || !piece.clause().eligible().matches(Subject.of(group))) {
        return BigDecimal.ZERO;
      }
      return switch (terms.kind()) {
        case SPEND -> spent(piece, one);
        case USAGE ->
            one.item().startsWith("input.") || one.item().startsWith("output.")
                ? one.quantity()
                : BigDecimal.ZERO;
        case CAPACITY -> BigDecimal.ZERO;
      };
    }

    private BigDecimal spent(Piece<CommitmentClause> piece, Facts.Sum one) {
      if (!one.priced()) {
        settler.doubt(
            "%s: %s of %s has no price and does not count until it has"
                .formatted(piece.clause().id(), one.item(), one.group().model()));
        return BigDecimal.ZERO;
      }
      Money amount =
          switch (terms.counts()) {
            case CONTRACTED -> one.amount();
            case LIST ->
                settler
                    .given()
                    .list()
                    .each(one)
                    .map(each -> each.times(one.quantity()))
                    .orElseThrow(() ->
                        new Unsettled(
                            "%s counts at list prices, and no list has one for %s of %s"
                                .formatted(piece.clause().id(), one.item(), one.group().model())));
          };
      return settler
          .given()
          .fx()
          .in(
              Currencies.of(terms.unit()),
              amount,
              one.begins().atZone(ZoneOffset.UTC).toLocalDate())
          .amount();
    }
  }
}
