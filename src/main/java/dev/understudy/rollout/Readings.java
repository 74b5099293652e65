package dev.understudy.rollout;

/**
 * What one answer, or its failing, came to by each metric; NaN where that is not known.
 *
 * @param error 1 for a failure, 0 for an answer
 * @param refusal 1 for a refusal, else 0
 * @param misformed 1 if it is not in the form that was asked for, else 0
 * @param quality from 0 to 1
 * @param millis to its end
 * @param firstMillis to its first byte
 * @param cost in the currency of the price books
 */
public record Readings(
    double error,
    double refusal,
    double misformed,
    double quality,
    double millis,
    double firstMillis,
    double cost) {

  /** The target failed to answer; how its answer would have been is not known. */
  public static final Readings FAILED =
      new Readings(1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  public Readings {
    error = known(error, 1);
    refusal = known(refusal, 1);
    misformed = known(misformed, 1);
    quality = known(quality, 1);
    millis = known(millis, Double.MAX_VALUE);
    firstMillis = known(firstMillis, Double.MAX_VALUE);
    cost = known(cost, Double.MAX_VALUE);
  }

  /** What lies outside its bounds is nonsense, and counts for nobody. */
  private static double known(double value, double most) {
    return value >= 0 && value <= most ? value : Double.NaN;
  }

  /** The same with a quality. */
  public Readings withQuality(double judged) {
    return new Readings(error, refusal, misformed, judged, millis, firstMillis, cost);
  }

  /**
   * The same where nobody has read what was said: that a vendor marks no refusal does not say that
   * there was none.
   */
  public Readings unread() {
    return new Readings(error, Double.NaN, Double.NaN, Double.NaN, millis, firstMillis, cost);
  }

  double of(Metric metric) {
    return switch (metric) {
      case ERRORS -> error;
      case REFUSALS -> refusal;
      case FORMAT -> misformed;
      case QUALITY -> quality;
      case LATENCY -> millis;
      case FIRST_TOKEN -> firstMillis;
      case COST -> cost;
    };
  }
}
