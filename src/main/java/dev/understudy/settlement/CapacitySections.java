package dev.understudy.settlement;

import static dev.understudy.settlement.Line.told;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.CapacityPurchase.Throughput;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
      for (Piece<CapacityClause> piece : Phases.pieces(settler.contract(), phases, end)) {
        if (!piece.from().isBefore(begin)) {
          settler.add(section(piece));
        }
      }
    }
  }

  private Section section(Piece<CapacityClause> piece) throws IOException {
    CapacityPurchase terms = piece.clause().terms();
    Duration span = Duration.between(piece.from(), piece.until());
    long hours = span.toHours() + (span.equals(Duration.ofHours(span.toHours())) ? 0 : 1);
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
      borne(piece, terms, purchase, lines);
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

  private void borne(
      Piece<CapacityClause> piece, CapacityPurchase terms, Money purchase, List<Line> lines)
      throws IOException {
    var hours = new Hours(piece, terms);
    settler.given().facts().sums(piece.from(), piece.until(), Facts.Grain.HOUR, hours::take);
    hours.close();
    Money used = hours.used;
    lines.add(told(Item.USED, "used", used));
    lines.add(told(Item.UNUSED, "unused", purchase.minus(used)));
    hours.borne.forEach((owner, amount) -> lines.add(told(Item.BORNE, owner, amount)));
    if (hours.over.signum() > 0) {
      lines.add(
          new Line(
              Item.SPILL,
              "weighed tokens served beyond what was bought",
              Optional.empty(),
              Optional.of(hours.over),
              Money.zero(purchase.currency()),
              false));
    }
  }

  /** Adds up hour by hour; sums come in the order of their hours. */
  private static final class Hours {
    private final Piece<CapacityClause> piece;
    private final CapacityPurchase terms;
    private final Throughput throughput;
    private final Rounding rounding;
    private final Map<String, BigDecimal> weights = new TreeMap<>();
    private final Map<String, Money> borne = new TreeMap<>();
    private Instant hour = Instant.MIN;
    private Money used;
    private BigDecimal over = BigDecimal.ZERO;

    Hours(Piece<CapacityClause> piece, CapacityPurchase terms) {
      this.piece = piece;
      this.terms = terms;
      this.throughput = terms.throughput().orElseThrow();
      Rounding stated = piece.version().rounding();
      this.rounding = new Rounding(stated.mode(), Math.max(DECIMALS, stated.decimals()));
      this.used = Money.zero(terms.perUnitHour().currency());
    }

    void take(Facts.Sum one) {
      Facts.Group group = one.group();
      if (!piece.clause().serves(group.vendor(), group.kind(), group.model())) {
        return;
      }
      if (!one.begins().equals(hour)) {
        close();
        hour = one.begins();
      }
      weights.merge(
          group.organisation() + "/" + group.team(),
          throughput.weigh(one.item(), one.quantity()),
          BigDecimal::add);
    }

    void close() {
      if (weights.isEmpty()) {
        return;
      }
      var owners = List.copyOf(weights.keySet());
      CapacityPurchase.Hour came = terms.hour(List.copyOf(weights.values()), rounding);
      for (int i = 0; i < owners.size(); i++) {
        borne.merge(owners.get(i), came.shares().get(i), Money::plus);
      }
      used = used.plus(came.used());
      over = over.add(came.over());
      weights.clear();
    }
  }
}
