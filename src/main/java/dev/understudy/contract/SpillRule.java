package dev.understudy.contract;

import dev.understudy.contract.MoneyTerms.CapacityClause;

/**
 * What of a capacity's calls may be answered elsewhere, while its window is open.
 *
 * @param capacity what was bought; it says what may spill
 * @param basis the clause
 */
public record SpillRule(CapacityClause capacity, Basis basis) {
  /** Whether a target answers from the capacity. */
  public boolean serves(String vendor, String kind, String model) {
    return capacity.serves(vendor, kind, model);
  }

  /** What was agreed of spilling. */
  public CapacityPurchase.Spill terms() {
    return capacity.terms().spill().orElseThrow();
  }

  /** Whether it may go to a target at all, as {@code vendor/model}. */
  public boolean leadsTo(String target) {
    return capacity.spillTargets().isEmpty() || capacity.spillTargets().contains(target);
  }

  /** Finds the meter of its calls: a new version of the same contract goes on with it. */
  String key() {
    return basis.contract() + " " + basis.clause();
  }
}
