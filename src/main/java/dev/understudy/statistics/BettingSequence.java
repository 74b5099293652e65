package dev.understudy.statistics;

/**
 * The interval of the mean of outcomes between 0 and 1 that holds at every moment at once: the
 * means against which nobody could have become rich by betting, on a grid (Waudby-Smith and Ramdas
 * 2024, JRSS-B 86(1), the hedged capital process with the predictable plug-in).
 */
public final class BettingSequence {
  private static final double TRUNCATION = 0.5;

  private final double alpha;
  private final double[] up;
  private final double[] down;
  private long count;
  private double sum;
  private double squaredErrors;
  private double variance = 0.25;
  private int lowest;
  private int highest;

  /**
   * @param alpha the chance that the interval is ever wrong
   * @param steps how fine the grid is; the interval's ends are off by one step at the most
   */
  public BettingSequence(double alpha, int steps) {
    if (!(alpha > 0 && alpha < 1) || steps < 2) {
      throw new IllegalArgumentException("alpha %s, %d steps".formatted(alpha, steps));
    }
    this.alpha = alpha;
    this.up = new double[steps + 1];
    this.down = new double[steps + 1];
    this.highest = steps;
  }

  /**
   * Takes up one more outcome.
   *
   * @throws IllegalArgumentException if it does not lie between 0 and 1
   */
  public void observe(double outcome) {
    if (!(outcome >= 0 && outcome <= 1)) {
      throw new IllegalArgumentException("an outcome lies between 0 and 1: " + outcome);
    }
    double t = count + 1;
    double bet = Math.sqrt(2 * Math.log(2 / alpha) / (variance * t * Math.log(t + 1)));
    int steps = up.length - 1;
    for (int i = lowest; i <= highest; i++) {
      double mean = (double) i / steps;
      double off = outcome - mean;
      up[i] += Math.log1p(Math.min(bet, TRUNCATION / mean) * off);
      down[i] += Math.log1p(-Math.min(bet, TRUNCATION / (1 - mean)) * off);
    }
    count++;
    sum += outcome;
    double estimate = (0.5 + sum) / (t + 1);
    squaredErrors += (outcome - estimate) * (outcome - estimate);
    variance = (0.25 + squaredErrors) / (t + 1);
    narrow();
  }

  /** What is ruled out stays ruled out: the running intersection is as sure as each interval. */
  private void narrow() {
    double rich = Math.log(2 / alpha);
    while (lowest < highest && Math.max(up[lowest], down[lowest]) >= rich) {
      lowest++;
    }
    while (highest > lowest && Math.max(up[highest], down[highest]) >= rich) {
      highest--;
    }
  }

  public long count() {
    return count;
  }

  public double mean() {
    return count == 0 ? 0.5 : sum / count;
  }

  /** Rounded outwards to the grid. */
  public Interval interval() {
    double steps = up.length - 1;
    return new Interval(Math.max(0, (lowest - 1) / steps), Math.min(1, (highest + 1) / steps));
  }
}
