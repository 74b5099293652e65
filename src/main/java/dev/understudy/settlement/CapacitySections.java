package dev.understudy.settlement;

import static dev.understudy.settlement.Line.told;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.contract.Party;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import dev.understudy.settlement.Line.Item;
import dev.understudy.settlement.Phases.Phase;
import dev.understudy.settlement.Phases.Piece;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Capacity that is paid by the hour: what it cost, who used it, what was left unused. */
final class CapacitySections {
  /** What calls bear is divided this finely at the least. */
  private static final int DECIMALS = 6;

  private final Settler settler;

  CapacitySections(Settler settler) {
    this.settler = settler;
  }

  void add() throws IOException {
    Instant begin = Statement.begin(settler.period());
    Instant end = Statement.begin(settler.period().plusMonths(1));
    Map<String, List<Phase<CapacityClause>>> clauses =
        Phases.of(
            settler.contract(),
            version -> version.money().capacity(),
            CapacityClause::id,
            CapacityClause::window);
    for (List<Phase<CapacityClause>> phases : clauses.values()) {
      Instant before = Instant.MIN;
      for (Piece<CapacityClause> piece : Phases.pieces(settler.contract(), phases, end)) {
        if (!piece.from().isBefore(begin)) {
          settler.add(section(piece, before.equals(piece.from())));
        }
        before = piece.until();
      }
    }
  }

  private Section section(Piece<CapacityClause> piece, boolean follows) throws IOException {
    CapacityPurchase terms = piece.clause().terms();
    long hours = CapacityHours.begun(piece.from(), piece.until(), follows);
    Money purchase = terms.cost(hours);
    var lines = new ArrayList<Line>();
    lines.add(
        new Line(
            Item.PURCHASE,
            "%s %s for %d hours".formatted(terms.units().toPlainString(), terms.unit(), hours),
            Optional.of(terms.perUnitHour().amount()),
            Optional.of(terms.units().multiply(BigDecimal.valueOf(hours))),
            purchase,
            true));
    if (terms.throughput().isEmpty()) {
      settler.doubt(
          "%s does not say what one %s serves: nobody can tell how much was used"
              .formatted(piece.clause().id(), terms.unit()));
    } else {
      borne(piece, purchase, lines);
    }
    Money due = ShareSections.round(purchase, piece.version().rounding(), lines);
    Party host = piece.clause().host();
    return new Section(
        Section.Kind.CAPACITY,
        piece.clause().id(),
        piece.version().version(),
        piece.version().basis(piece.clause().id()).toString(),
        piece.version().parties().stream()
            .map(Party::id)
            .filter(id -> !id.equals(host.id()))
            .findFirst()
            .orElse(host.id()),
        host.id(),
        piece.from(),
        piece.until(),
        lines,
        due);
  }

  private void borne(Piece<CapacityClause> piece, Money purchase, List<Line> lines)
      throws IOException {
    Rounding stated = piece.version().rounding();
    var hours =
        new CapacityHours(
            piece.clause(), new Rounding(stated.mode(), Math.max(DECIMALS, stated.decimals())));
    settler.given().facts().sums(piece.from(), piece.until(), Facts.Grain.HOUR, hours::take);
    hours.close();
    lines.add(told(Item.USED, "used", hours.used()));
    lines.add(told(Item.UNUSED, "unused", purchase.minus(hours.used())));
    hours.borne().forEach((owner, amount) -> lines.add(told(Item.BORNE, owner, amount)));
    if (hours.over().signum() > 0) {
      lines.add(
          spill(
              "weighed tokens served beyond what was bought",
              hours.over(),
              Money.zero(purchase.currency())));
    }
    hours
        .spilled()
        .forEach((target, so) -> {
          var exchanged = new Exchanged(settler.given().fx());
          Money worth = so.worth(purchase.currency(), exchanged);
          lines.addAll(exchanged.lines());
          lines.add(
              spill(
                  "tokens that %s answered instead, paid on demand".formatted(target),
                  so.tokens(),
                  worth));
          so.unpriced()
              .forEach(item ->
                  settler.doubt(
                      "%s: %s of %s, which took what spilled, has no price"
                          .formatted(piece.clause().id(), item, target)));
        });
    if (hours.priced().signum() != 0) {
      settler.doubt(
          "%s: calls inside it also have prices by the token, so they are paid twice in the books: give its targets prices of 0"
              .formatted(piece.clause().id()));
    }
  }

  private static Line spill(String text, BigDecimal tokens, Money amount) {
    return new Line(Item.SPILL, text, Optional.empty(), Optional.of(tokens), amount, false);
  }
}
