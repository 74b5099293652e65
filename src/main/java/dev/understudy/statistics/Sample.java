package dev.understudy.statistics;

/**
 * The mean of independent numbers.
 *
 * @param variance of the numbers, with n - 1 below; 0 for one number
 */
public record Sample(int count, double mean, double variance) {
  /**
   * Of these numbers.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Sample of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("a sample has at least one value");
    }
    double mean = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      double off = values[i] - mean;
      mean += off / (i + 1);
      squares += off * (values[i] - mean);
    }
    return new Sample(values.length, mean, values.length == 1 ? 0 : squares / (values.length - 1));
  }

  /** Of the mean. */
  public double standardError() {
    return Math.sqrt(variance / count);
  }

  /** The mean's interval by Student's t; without end for one number. */
  public Interval interval(double level) {
    if (count < 2) {
      return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    double t = Curves.tQuantile(1 - (1 - level) / 2, count - 1);
    return Interval.around(mean, t * standardError());
  }
}
