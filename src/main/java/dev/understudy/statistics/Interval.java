package dev.understudy.statistics;

/** A range that holds an unknown value with a stated confidence. */
public record Interval(double lower, double upper) {
  public Interval {
    if (Double.isNaN(lower) || Double.isNaN(upper) || lower > upper) {
      throw new IllegalArgumentException("no interval: " + lower + " to " + upper);
    }
  }

  public static Interval around(double center, double halfWidth) {
    return new Interval(center - halfWidth, center + halfWidth);
  }

  public boolean contains(double value) {
    return lower <= value && value <= upper;
  }

  public double width() {
    return upper - lower;
  }

  /** The part of it between two bounds that a value cannot leave. */
  public Interval within(double least, double most) {
    return new Interval(
        Math.min(Math.max(lower, least), most), Math.max(Math.min(upper, most), least));
  }

  /** The values that lie in both; empty intervals do not exist, so the nearer ends meet. */
  public Interval intersect(Interval other) {
    double low = Math.max(lower, other.lower);
    double high = Math.min(upper, other.upper);
    return low <= high ? new Interval(low, high) : new Interval(high, low);
  }

  public Interval negate() {
    return new Interval(-upper, -lower);
  }
}
