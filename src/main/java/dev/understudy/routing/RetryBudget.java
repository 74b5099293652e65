package dev.understudy.routing;

/**
 * How many tries a route may make that burden who suffers already: a share of its calls, with some
 * saved up. A bucket of tokens, as a value.
 *
 * @param tokens those that are left, in thousandths
 */
public record RetryBudget(long tokens) {
  private static final long THOUSAND = 1_000;

  public static RetryBudget full(Retry retry) {
    return new RetryBudget(retry.burst() * THOUSAND);
  }

  /** After a call has begun. */
  public RetryBudget earned(Retry retry) {
    long more = Math.min(retry.burst() * THOUSAND, tokens + Math.round(retry.share() * THOUSAND));
    return more == tokens ? this : new RetryBudget(more);
  }

  /** Whether a try can be paid for. */
  public boolean affords() {
    return tokens >= THOUSAND;
  }

  /**
   * After a try.
   *
   * @throws IllegalStateException if it cannot be paid for
   */
  public RetryBudget spent() {
    if (!affords()) {
      throw new IllegalStateException("the budget is spent");
    }
    return new RetryBudget(tokens - THOUSAND);
  }
}
