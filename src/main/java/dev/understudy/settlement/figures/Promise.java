package dev.understudy.settlement.figures;

import dev.understudy.contract.Commitment;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Facts;
import dev.understudy.settlement.focus.Billing;
import java.util.function.Predicate;

/**
 * A commitment with what counts for it.
 *
 * @param where it is written: a contract's name and clause, or the billing file
 */
public record Promise(String id, String where, Predicate<Facts.Group> eligible, Commitment terms) {

  /** Of the billing file. */
  public static Promise of(Billing.Spend spend) {
    return new Promise(
        spend.id(),
        "billing file",
        group -> spend.eligible().covers(Subject.of(group)),
        spend.terms());
  }

  /** Of a contract: what its creditor serves, within the clause's scope. */
  public static Promise of(String contract, CommitmentClause clause) {
    return new Promise(
        clause.id(),
        contract,
        group ->
            clause.creditor().serves(group.vendor(), group.kind())
                && clause.eligible().matches(Subject.of(group)),
        clause.terms());
  }
}
