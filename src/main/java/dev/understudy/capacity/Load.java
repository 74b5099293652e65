package dev.understudy.capacity;

/**
 * What a call takes, or is thought to take.
 *
 * @param input all tokens that go in
 * @param cached those of them that the vendor reads from its cache
 * @param output tokens that come out
 */
public record Load(long input, long cached, long output) {
  /** No tokens. */
  public static final Load NONE = new Load(0, 0, 0);

  public Load {
    input = Math.max(0, input);
    cached = Math.min(Math.max(0, cached), input);
    output = Math.max(0, output);
  }

  /** What it counts in one dimension. */
  double in(Dimension dimension, Terms terms) {
    return switch (dimension) {
      case REQUESTS, REQUESTS_DAY -> 1;
      case INPUT_TOKENS -> weighted(terms.burn().cached());
      case OUTPUT_TOKENS -> output;
      case TOKENS, TOKENS_DAY, TOKENS_MONTH -> weighted(terms.burn());
      case PROVISIONED -> terms.provisioned().map(bought -> weighted(bought.burn())).orElse(0.0);
    };
  }

  private double weighted(Burn burn) {
    return weighted(burn.cached()) + output * burn.output();
  }

  private double weighted(double cachedWeight) {
    return input - cached + cached * cachedWeight;
  }
}
