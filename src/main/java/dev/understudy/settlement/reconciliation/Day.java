package dev.understudy.settlement.reconciliation;

import dev.understudy.money.Money;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * One day, three ways: billed less ours is what the findings sum to.
 *
 * @param ours what our records come to at our prices
 * @param reported what the vendor's replies said they cost; empty where they said nothing
 * @param billed what the bill says
 */
public record Day(
    LocalDate day, Money ours, Optional<Money> reported, Money billed, List<Finding> findings) {
  public Day {
    findings = List.copyOf(findings);
    Money sum = Money.zero(ours.currency());
    for (Finding finding : findings) {
      sum = sum.plus(finding.amount());
    }
    if (!billed.minus(ours).equals(sum)) {
      throw new IllegalArgumentException(
          "the findings of %s come to %s, and the difference is %s"
              .formatted(day, sum, billed.minus(ours)));
    }
  }

  /** What nobody can explain, too much and too little together: they do not make up for another. */
  public Money unexplained() {
    Money sum = Money.zero(ours.currency());
    for (Finding finding : findings) {
      if (!finding.isExplained()) {
        Money amount = finding.amount();
        sum = sum.plus(amount.sign() < 0 ? amount.negate() : amount);
      }
    }
    return sum;
  }

  public boolean isExplained() {
    return findings.stream().allMatch(Finding::isExplained);
  }
}
