package dev.understudy.limits;

/**
 * What an attempt may come to, or came to.
 *
 * @param tokens in and out
 * @param nanos money, in billionths of the tariff's currency
 */
public record Demand(long tokens, long nanos) {
  /** What costs nothing, such as a count of tokens: only the call itself counts. */
  public static final Demand NONE = new Demand(0, 0);

  /** More than any request can come to; sums of these stay far from overflowing. */
  private static final long MAX = 1_000_000_000_000L;

  public Demand {
    if (tokens < 0 || nanos < 0) {
      throw new IllegalArgumentException("a demand of %d tokens, %d".formatted(tokens, nanos));
    }
    tokens = Math.min(tokens, MAX);
    nanos = Math.min(nanos, MAX * 1_000_000);
  }
}
