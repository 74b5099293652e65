package dev.understudy.limits;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How much a scope uses of its limits, as this process knows it.
 *
 * @param scope its id
 * @param budgets in the order in which they are set
 */
public record Use(
    String scope,
    Optional<Level> requests,
    Optional<Level> tokens,
    Optional<Level> calls,
    List<Spent> budgets) {
  public Use {
    budgets = List.copyOf(budgets);
  }

  /**
   * One limit.
   *
   * @param used by all, as far as this process knows
   * @param share what this process may use of it
   */
  public record Level(long limit, long used, long share) {}

  /**
   * One budget in its present period, in billionths of its currency.
   *
   * @param budget as it is set, such as {@code 100USD/month}
   * @param spentNanos what this process has spent
   * @param reservedNanos what it holds for calls under way
   * @param elsewhereNanos what other replicas have spent or hold
   * @param forgivenNanos what was forgiven by starting the budget anew
   * @param leftNanos what is left
   * @param reset when it starts anew by itself
   */
  public record Spent(
      String budget,
      String currency,
      long spentNanos,
      long reservedNanos,
      long elsewhereNanos,
      long forgivenNanos,
      long leftNanos,
      Instant reset) {}
}
