package dev.understudy.capacity;

/**
 * What calls to one target usually come to, learned from those that are over.
 *
 * @param tokensPerByte input tokens for each byte of a request's body
 * @param cachedShare the share of input tokens that comes from the vendor's cache
 * @param outputP95 output tokens that one call in twenty exceeds; 0 while none is over
 */
record Habits(double tokensPerByte, double cachedShare, double outputP95) {
  /** Four bytes a token, nothing cached, no answer seen yet. */
  static final Habits NEW = new Habits(0.25, 0, 0);

  /** What an answer is thought to come to before any was seen. */
  private static final long OUTPUT_AT_FIRST = 1_000;

  /** How much the latest call counts in an average. */
  private static final double WEIGHT = 0.1;

  /** The size of a step towards the quantile, as a share of it. */
  private static final double STEP = 0.2;

  private static final double QUANTILE = 0.95;

  /**
   * What a call is thought to come to.
   *
   * @param bodyBytes the size of its request
   * @param maxTokens the bound it sets on the answer; 0 if it sets none
   * @param holdsMax whether the vendor counts that bound until it knows better
   */
  Load estimate(long bodyBytes, long maxTokens, boolean holdsMax) {
    long input = Math.max(1, (long) Math.ceil(bodyBytes * tokensPerByte));
    long usual = outputP95 > 0 ? (long) Math.ceil(outputP95) : OUTPUT_AT_FIRST;
    long output = maxTokens <= 0 ? usual : holdsMax ? maxTokens : Math.min(maxTokens, usual);
    return new Load(input, (long) (input * cachedShare), output);
  }

  Habits after(long bodyBytes, Load actual) {
    double perByte = tokensPerByte;
    double share = cachedShare;
    if (bodyBytes > 0 && actual.input() > 0) {
      double seen = Math.min(1, Math.max(0.001, (double) actual.input() / bodyBytes));
      perByte += WEIGHT * (seen - perByte);
      share += WEIGHT * ((double) actual.cached() / actual.input() - share);
    }
    return new Habits(perByte, share, quantile(actual.output()));
  }

  /** Steps up rarely and far, down often and little, so that it settles at the quantile. */
  private double quantile(long output) {
    if (outputP95 == 0) {
      return Math.max(1, output);
    }
    double factor = output > outputP95 ? 1 + STEP * QUANTILE : 1 - STEP * (1 - QUANTILE);
    return Math.min(10_000_000, Math.max(1, outputP95 * factor));
  }
}
