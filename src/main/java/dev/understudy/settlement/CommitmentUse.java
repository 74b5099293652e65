package dev.understudy.settlement;

import dev.understudy.contract.Commitment;
import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.contract.Span;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.Consumption.Part;
import dev.understudy.settlement.Phases.Phase;
import dev.understudy.settlement.Phases.Piece;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What counts for a commitment in a piece of time: what was spent or used, or what capacity was
 * held, and what of it is paid for already.
 */
final class CommitmentUse {
  private final Settler settler;
  private final Commitment terms;
  private final Exchanged exchanged;
  private final Exchanged exchangedToPay;
  private BigDecimal counted = BigDecimal.ZERO;
  private BigDecimal paid = BigDecimal.ZERO;
  private BigDecimal worked = BigDecimal.ZERO;
  private BigDecimal over = BigDecimal.ZERO;
  private final List<Phase<CapacityClause>> inside;
  private boolean isUseKnown = true;

  CommitmentUse(Settler settler, Commitment terms) {
    this.settler = settler;
    this.terms = terms;
    this.exchanged = new Exchanged(settler.given().fx());
    this.exchangedToPay = new Exchanged(settler.given().fx());
    this.inside = capacity().values().stream().flatMap(List::stream).toList();
  }

  /** What counts, in the commitment's unit; of capacity the units times the hours it was held. */
  BigDecimal counted() {
    return counted;
  }

  /**
   * What was, or is to be, paid for what counts by other lines and calls, in the contract's money.
   */
  BigDecimal paid() {
    return paid;
  }

  /** What of {@link #counted} was exchanged. */
  List<Line> exchanged() {
    return exchanged.lines();
  }

  /** What of {@link #paid} was exchanged. */
  List<Line> exchangedToPay() {
    return exchangedToPay.lines();
  }

  /** Of capacity that was held, the units times hours that were used; empty if nobody can tell. */
  Optional<BigDecimal> worked() {
    return isUseKnown ? Optional.of(worked) : Optional.empty();
  }

  /** Of capacity, the weighed tokens that were served beyond it. */
  BigDecimal over() {
    return over;
  }

  /**
   * Adds what counts within a piece.
   *
   * @param closely whether it is also to be told how capacity was used
   */
  void read(Piece<CommitmentClause> piece, Instant from, Instant until, boolean closely)
      throws IOException {
    if (!from.isBefore(until)) {
      return;
    }
    if (terms.kind() == Commitment.Kind.CAPACITY) {
      held(piece, new Span(from, Optional.of(until)), closely);
      return;
    }
    CommitmentClause clause = piece.clause();
    Predicate<Subject> wanted =
        subject ->
            clause.creditor().serves(subject.vendor(), subject.kind())
                && clause.eligible().matches(subject);
    var all = new Consumption(settler.given(), from, until, wanted);
    boolean listed =
        terms.kind() == Commitment.Kind.SPEND && terms.counts() == Commitment.Counts.LIST;
    // Sums know nothing of the tags of keys.
    if (clause.eligible().isOfTags()) {
      all.singly(listed, part -> count(piece, part));
    } else if (listed) {
      all.listed(part -> count(piece, part));
    } else {
      all.summed(inside.isEmpty() ? Facts.Grain.DAY : Facts.Grain.HOUR, part -> count(piece, part));
    }
  }

  /** What capacity of the same contract serves is paid by its hours, whatever its tokens cost. */
  private boolean isInside(Facts.Sum one) {
    return one.isOfTokens()
        && inside.stream()
            .anyMatch(bought ->
                !one.begins().isBefore(bought.span().from().truncatedTo(ChronoUnit.HOURS))
                    && !bought.span().isOver(one.begins())
                    && Inside.serves(bought.clause(), one.group()));
  }

  private void count(Piece<CommitmentClause> piece, Part part) {
    Facts.Sum one = part.sum();
    boolean byTheToken = !isInside(one);
    if (one.priced() && byTheToken && terms.prepay().isPresent()) {
      paid = paid.add(in(piece.version().currency(), one.amount(), one, exchangedToPay));
    }
    counted =
        counted.add(
            switch (terms.kind()) {
              case SPEND -> byTheToken ? spent(piece, part) : BigDecimal.ZERO;
              case USAGE -> one.isOfTokens() ? one.quantity() : BigDecimal.ZERO;
              case CAPACITY -> BigDecimal.ZERO;
            });
  }

  private BigDecimal spent(Piece<CommitmentClause> piece, Part part) {
    Facts.Sum one = part.sum();
    Currency unit = Currencies.of(terms.unit());
    return switch (terms.counts()) {
      case CONTRACTED -> {
        if (!one.priced()) {
          settler.doubt(
              "%s: %s of %s has no price and does not count until it has"
                  .formatted(piece.clause().id(), one.item(), one.group().model()));
          yield BigDecimal.ZERO;
        }
        yield in(unit, one.amount(), one, exchanged);
      }
      case LIST ->
          in(
              unit,
              part.listed()
                  .orElseThrow(() ->
                      new Unsettled(
                          "%s counts at list prices, and no list has one for %s of %s"
                              .formatted(piece.clause().id(), one.item(), one.group().model())))
                  .times(one.quantity()),
              one,
              exchanged);
    };
  }

  private static BigDecimal in(
      Currency currency, Money amount, Facts.Sum one, Exchanged exchanged) {
    LocalDate day = one.begins().atZone(ZoneOffset.UTC).toLocalDate();
    return exchanged.in(currency, amount, day).amount();
  }

  // --- capacity ---

  private void held(Piece<CommitmentClause> piece, Span span, boolean closely) throws IOException {
    for (List<Phase<CapacityClause>> phases : capacity().values()) {
      Instant before = Instant.MIN;
      for (Phase<CapacityClause> phase : phases) {
        CapacityClause bought = phase.clause();
        Optional<Span> both = phase.span().within(span);
        if (both.isPresent() && piece.clause().counts(bought)) {
          boolean follows =
              before.equals(both.get().from()) || phase.span().from().isBefore(span.from());
          held(bought, both.get().from(), both.get().to().orElseThrow(), follows, closely);
        }
        before = phase.span().to().orElse(Instant.MAX);
      }
    }
  }

  private Map<String, List<Phase<CapacityClause>>> capacity() {
    return Phases.of(
        settler.contract(),
        version -> version.money().capacity(),
        CapacityClause::id,
        CapacityClause::window);
  }

  private void held(
      CapacityClause bought, Instant from, Instant until, boolean follows, boolean closely)
      throws IOException {
    long hours = CapacityHours.begun(from, until, follows);
    counted = counted.add(bought.terms().units().multiply(BigDecimal.valueOf(hours)));
    paid = paid.add(bought.terms().cost(hours).amount());
    if (!closely || bought.terms().throughput().isEmpty()) {
      isUseKnown = false;
      return;
    }
    var use = new CapacityHours(bought, CapacityHours.FINE);
    settler.given().facts().sums(from, until, Facts.Grain.HOUR, use::take);
    use.close();
    worked = worked.add(use.unitHours());
    over = over.add(use.over());
  }
}
