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

  /** Whether a value lies in it, both ends included. */
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
}
