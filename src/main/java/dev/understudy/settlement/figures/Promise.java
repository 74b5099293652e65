package dev.understudy.settlement.figures;

import dev.understudy.contract.Commitment;
import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.contract.Span;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Facts;
import dev.understudy.settlement.focus.Billing;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A commitment with what counts for it.
 *
 * @param where it is written: a contract's name and clause, or the billing file
 * @param held capacity that counts for it, where capacity was promised
 */
public record Promise(
    String id, String where, Predicate<Facts.Group> eligible, Commitment terms, List<Held> held) {

  /** Units that are held for a span. */
  public record Held(Span span, BigDecimal units) {
    /** Units times hours within a span. */
    BigDecimal within(Instant from, Instant until) {
      return span.within(new Span(from, Optional.of(until)))
          .map(both -> Duration.between(both.from(), both.to().orElse(until)))
          .map(time -> units.multiply(BigDecimal.valueOf(time.toMinutes())))
          .map(minutes -> minutes.divide(BigDecimal.valueOf(60), MathContext.DECIMAL64))
          .orElse(BigDecimal.ZERO);
    }
  }

  public Promise {
    held = List.copyOf(held);
  }

  /** One for which no capacity counts. */
  public Promise(String id, String where, Predicate<Facts.Group> eligible, Commitment terms) {
    this(id, where, eligible, terms, List.of());
  }

  /** Of the billing file. */
  public static Promise of(Billing.Spend spend) {
    return new Promise(
        spend.id(),
        "billing file",
        group -> spend.eligible().covers(Subject.of(group)),
        spend.terms());
  }

  /** Of a version in force: what its creditor serves, within the clause's scope. */
  public static Promise of(Contract contract, ContractVersion version, CommitmentClause clause) {
    var held = new ArrayList<Held>();
    for (ContractVersion one : contract.versions()) {
      for (CapacityClause bought : one.money().capacity()) {
        if (clause.counts(bought)) {
          bought
              .window()
              .within(contract.inForce(one))
              .ifPresent(span -> held.add(new Held(span, bought.terms().units())));
        }
      }
    }
    return new Promise(
        clause.id(),
        version.name(),
        group ->
            clause.creditor().serves(group.vendor(), group.kind())
                && clause.eligible().matches(Subject.of(group)),
        clause.terms(),
        held);
  }
}
