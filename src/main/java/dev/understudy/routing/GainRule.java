package dev.understudy.routing;

import dev.understudy.gain.GainModel;

/**
 * Which of two targets a request goes to: the strong one where its estimated gain exceeds a
 * threshold, else the cheap one.
 *
 * @param threshold a gain, -1 to 1 or beyond for all or none; not a number where it follows from
 *     prices
 * @param valuePerPoint what a hundredth of quality is worth on one request, in the currency of the
 *     prices; not a number where the threshold is fixed
 * @param thresholdMax the highest threshold that was proven: with a lower one more goes to the
 *     strong target
 */
public record GainRule(
    GainModel model,
    Target cheap,
    Target strong,
    double threshold,
    double valuePerPoint,
    double thresholdMax) {
  private static final double POINTS = 100;

  public GainRule {
    if (Double.isNaN(threshold) == Double.isNaN(valuePerPoint)) {
      throw new IllegalArgumentException("a threshold is either fixed or follows from prices");
    }
    if (valuePerPoint <= 0) {
      throw new IllegalArgumentException("a point of quality is worth more than nothing");
    }
  }

  /** Who is asked first, and why in a clause for the record. */
  public record Choice(Target first, String why) {}

  /**
   * Decides.
   *
   * @param gain what is expected of the strong target; not a number if that is not known
   * @param cheapPrice what the request costs there; not a number if that is not known
   * @param strongPrice likewise
   */
  public Choice choose(double gain, double cheapPrice, double strongPrice) {
    if (Double.isNaN(gain)) {
      return new Choice(strong, "gain: not known, so the strong target");
    }
    double wanted = threshold;
    String by = "";
    if (Double.isNaN(threshold)) {
      wanted = (strongPrice - cheapPrice) / (POINTS * valuePerPoint);
      by = " at these prices";
      if (Double.isNaN(wanted)) {
        return new Choice(strong, "gain: %.3f expected, but a price is not known".formatted(gain));
      }
    }
    if (wanted > thresholdMax) {
      wanted = thresholdMax;
      by = ", the highest that is proven";
    }
    return gain > wanted
        ? new Choice(strong, "gain: %.3f expected, above %.3f%s".formatted(gain, wanted, by))
        : new Choice(cheap, "gain: %.3f expected, not above %.3f%s".formatted(gain, wanted, by));
  }
}
