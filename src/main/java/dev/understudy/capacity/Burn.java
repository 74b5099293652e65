package dev.understudy.capacity;

/**
 * How a vendor turns a call's tokens into what it counts against its limits.
 *
 * @param output how often an output token counts; Bedrock counts those of Claude five times
 * @param cached how much of an input token counts that was read from the vendor's cache, 0 to 1
 * @param holdsMax whether the vendor sets all of {@code max_tokens} aside until the answer is there
 */
public record Burn(double output, double cached, boolean holdsMax) {
  /** Every token once. */
  public static final Burn PLAIN = new Burn(1, 1, false);

  private static final double WEIGHT_MAX = 1_000;

  public Burn {
    if (!(output >= 0 && output <= WEIGHT_MAX) || !(cached >= 0 && cached <= 1)) {
      throw new IllegalArgumentException(
          "output tokens may weigh 0 to %.0f, cached ones 0 to 1".formatted(WEIGHT_MAX));
    }
  }
}
