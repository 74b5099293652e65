package dev.understudy.settlement;

import static dev.understudy.settlement.Line.added;
import static dev.understudy.settlement.Line.told;

import dev.understudy.contract.MoneyTerms.ShareClause;
import dev.understudy.contract.RevenueShare;
import dev.understudy.contract.RevenueShare.Deduction;
import dev.understudy.contract.RevenueShare.Standing;
import dev.understudy.contract.RevenueShare.Step;
import dev.understudy.contract.Subject;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import dev.understudy.settlement.Line.Item;
import dev.understudy.settlement.Phases.Phase;
import dev.understudy.settlement.Phases.Piece;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Shares of revenue: what was sold, less deductions, by tiers of what was sold before. */
final class ShareSections {
  private final Settler settler;

  ShareSections(Settler settler) {
    this.settler = settler;
  }

  void add() throws IOException {
    Map<String, List<Phase<ShareClause>>> clauses =
        Phases.of(
            settler.contract(),
            version -> version.money().shares(),
            ShareClause::id,
            ShareClause::window);
    for (List<Phase<ShareClause>> phases : clauses.values()) {
      add(phases);
    }
  }

  private void add(List<Phase<ShareClause>> phases) throws IOException {
    Instant begin = Statement.begin(settler.period());
    Instant end = Statement.begin(settler.period().plusMonths(1));
    Standing standing = Standing.START;
    int year = -1;
    for (Piece<ShareClause> piece : Phases.pieces(settler.contract(), phases, end)) {
      RevenueShare terms = piece.clause().terms();
      for (; year >= 0 && year < piece.year(); year++) {
        standing = terms.newYear(standing);
      }
      year = piece.year();
      Instant yearBegins = Phases.anniversary(settler.contract(), year);
      boolean endsYear =
          piece.until().equals(Phases.anniversary(settler.contract(), year + 1))
              && !phases.getFirst().span().from().isAfter(yearBegins);
      boolean shown = !piece.from().isBefore(begin);
      var sold = new Sold(piece, shown);
      settler.given().sales().each(piece.from(), piece.until(), sold::take);
      Step step = terms.step(standing, sold.base(), endsYear);
      if (shown) {
        settler.add(section(piece, standing, sold, step));
        if (step.capReached()) {
          settler.event("%s: the cap is reached".formatted(piece.clause().id()));
        }
      }
      standing = step.after();
    }
  }

  private static Section section(Piece<ShareClause> piece, Standing before, Sold sold, Step step) {
    ShareClause clause = piece.clause();
    RevenueShare terms = clause.terms();
    var lines = new ArrayList<Line>();
    lines.addAll(sold.exchanged.lines());
    lines.add(told(Item.GROSS, "gross sales", terms.money(sold.gross)));
    for (Map.Entry<Deduction, BigDecimal> one : sold.deducted.entrySet()) {
      String word = one.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      lines.add(told(Item.DEDUCTION, word, terms.money(one.getValue().negate())));
    }
    lines.add(told(Item.BASE, "base of the share", terms.money(step.base())));
    lines.add(told(Item.OPENING, "base before", terms.money(before.cumulative())));
    for (RevenueShare.Slice slice : step.slices()) {
      lines.add(
          new Line(
              Item.TIER,
              slice.base().signum() == 0 ? "what went before, at the new rate" : "tier",
              Optional.of(slice.rate()),
              Optional.of(slice.base()),
              terms.money(slice.share()),
              true));
    }
    lines.add(told(Item.SHARE, "share", terms.money(step.share())));
    maybe(Item.CAP, "not owed, beyond the cap", step.notOwed().negate(), terms, lines);
    maybe(Item.RECOUPED, "recouped of guarantees", step.recouped().negate(), terms, lines);
    maybe(Item.GUARANTEE, "up to the guarantee of the year", step.trueUp(), terms, lines);
    Money due = round(terms.money(step.owed()), piece.version().rounding(), lines);
    lines.add(told(Item.CLOSING, "base so far", terms.money(step.after().cumulative())));
    lines.add(told(Item.CLOSING, "owed so far, exactly", terms.money(step.after().owed())));
    if (step.after().advance().signum() != 0) {
      lines.add(
          told(Item.CLOSING, "guarantees to be recouped", terms.money(step.after().advance())));
    }
    return new Section(
        Section.Kind.SHARE,
        clause.id(),
        piece.version().version(),
        piece.version().basis(clause.id()).toString(),
        clause.payer().id(),
        clause.payee().id(),
        piece.from(),
        piece.until(),
        lines,
        due);
  }

  private static void maybe(
      Item item, String text, BigDecimal amount, RevenueShare terms, List<Line> lines) {
    if (amount.signum() != 0) {
      lines.add(added(item, text, terms.money(amount)));
    }
  }

  /** The rounded amount; what it differs by becomes a line. */
  static Money round(Money exact, Rounding rounding, List<Line> lines) {
    Rounding.Rounded rounded = rounding.round(exact);
    if (!rounded.difference().isZero()) {
      lines.add(added(Item.ROUNDING, "rounding", rounded.difference().negate()));
    }
    lines.add(told(Item.DUE, "due", rounded.money()));
    return rounded.money();
  }

  /** What was sold in a piece of time, in the contract's currency. */
  private final class Sold {
    private final Piece<ShareClause> piece;
    private final boolean shown;
    private BigDecimal gross = BigDecimal.ZERO;
    private final Map<Deduction, BigDecimal> deducted = new EnumMap<>(Deduction.class);
    private final Exchanged exchanged = new Exchanged(settler.given().fx());
    private long unclear;

    Sold(Piece<ShareClause> piece, boolean shown) {
      this.piece = piece;
      this.shown = shown;
      piece.clause().terms().deductions().forEach(one -> deducted.put(one, BigDecimal.ZERO));
    }

    void take(SalesFact fact) {
      Optional<Deduction> deduction = deduction(fact.kind());
      boolean isSale = fact.kind() == SalesFact.Kind.SALE;
      if ((!isSale && deduction.filter(deducted::containsKey).isEmpty()) || !isMeant(fact)) {
        return;
      }
      BigDecimal worth = worth(fact);
      if (isSale) {
        gross = gross.add(worth);
      } else {
        deducted.merge(deduction.orElseThrow(), worth, BigDecimal::add);
      }
    }

    private boolean isMeant(SalesFact fact) {
      ShareClause clause = piece.clause();
      if (!(fact.contract().isEmpty() || fact.contract().equals(settler.contract().id()))
          || !(fact.seller().isEmpty() || fact.seller().equals(clause.payer().id()))) {
        return false;
      }
      Subject subject =
          Subject.sale(
              fact.product(),
              fact.channel(),
              fact.model(),
              fact.region(),
              fact.segment(),
              fact.customer());
      if (clause.scope().matchesSurely(subject)) {
        return true;
      }
      if (shown && clause.scope().matches(subject) && unclear++ == 0) {
        settler.doubt(
            "%s: %s of %s does not say enough of what was sold to tell whether it counts; it and others like it are left out"
                .formatted(clause.id(), fact.id(), fact.source()));
      }
      return false;
    }

    /** Deductions are exchanged as what they are: taken away. */
    private BigDecimal worth(SalesFact fact) {
      boolean isSale = fact.kind() == SalesFact.Kind.SALE;
      Money worth =
          exchanged.in(
              piece.clause().terms().currency(),
              isSale ? fact.amount() : fact.amount().negate(),
              fact.occurredAt().atZone(ZoneOffset.UTC).toLocalDate());
      return (isSale ? worth : worth.negate()).amount();
    }

    BigDecimal base() {
      return deducted.values().stream().reduce(gross, BigDecimal::subtract);
    }

    private static Optional<Deduction> deduction(SalesFact.Kind kind) {
      return switch (kind) {
        case SALE, PROFIT -> Optional.empty();
        case TAX -> Optional.of(Deduction.TAX);
        case REFUND -> Optional.of(Deduction.REFUNDS);
        case CREDIT -> Optional.of(Deduction.CREDITS);
        case CHARGEBACK -> Optional.of(Deduction.CHARGEBACKS);
        case FEE -> Optional.of(Deduction.THIRD_PARTY_FEES);
      };
    }
  }
}
