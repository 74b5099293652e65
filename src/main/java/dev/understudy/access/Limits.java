package dev.understudy.access;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How much a scope may use. What is empty is not limited.
 *
 * @param requestsPerMinute calls, whatever becomes of them
 * @param tokensPerMinute tokens in and out, cached ones included
 * @param concurrentCalls calls at the same time
 * @param budgets money, at most one budget for each period
 */
public record Limits(
    OptionalLong requestsPerMinute,
    OptionalLong tokensPerMinute,
    OptionalInt concurrentCalls,
    List<Budget> budgets) {
  public static final Limits NONE =
      new Limits(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty(), List.of());

  /** Beyond this a rate is no limit, and sums of it would not fit. */
  public static final long RATE_MAX = 1_000_000_000_000L;

  public Limits {
    check("requests per minute", requestsPerMinute);
    check("tokens per minute", tokensPerMinute);
    if (concurrentCalls.isPresent()) {
      check("concurrent calls", OptionalLong.of(concurrentCalls.getAsInt()));
    }
    budgets = List.copyOf(budgets);
    Set<Period> periods = new HashSet<>();
    for (Budget budget : budgets) {
      if (!periods.add(budget.period())) {
        throw new IllegalArgumentException(
            "there are two budgets by the " + budget.period().text() + "; one is needed");
      }
    }
  }

  private static void check(String what, OptionalLong limit) {
    if (limit.isPresent() && (limit.getAsLong() < 1 || limit.getAsLong() > RATE_MAX)) {
      throw new IllegalArgumentException(
          "a limit of %d %s is not from 1 to %d".formatted(limit.getAsLong(), what, RATE_MAX));
    }
  }

  /** Whether nothing is limited. */
  public boolean isEmpty() {
    return requestsPerMinute.isEmpty()
        && tokensPerMinute.isEmpty()
        && concurrentCalls.isEmpty()
        && budgets.isEmpty();
  }
}
