package dev.understudy.statistics;

/**
 * Bets, outcome by outcome, that a mean is higher than assumed; whoever starts with 1 and comes to
 * 1/alpha was right but for a chance of alpha, at whatever moment one looks (Waudby-Smith and
 * Ramdas 2024, JRSS-B 86(1)). A value, so that it can be kept and taken up again.
 *
 * @param assumed the mean that is doubted, on the scale of 0 to 1
 * @param count outcomes so far
 * @param sum of the outcomes
 * @param squares of the outcomes, added up
 * @param logWealth natural logarithm of what the stake of 1 has become
 * @param mostLogWealth the highest it ever was
 */
public record BettingTest(
    double assumed,
    long count,
    double sum,
    double squares,
    double logWealth,
    double mostLogWealth) {

  /** No bet risks more than this part of what could be lost, so that one outcome never ruins. */
  private static final double STAKE_MAX = 0.75;

  /** So many imagined outcomes at the assumed mean keep the first bets small. */
  private static final double PRIOR_COUNT = 4;

  private static final double PRIOR_VARIANCE = 0.25;

  /** Doubts that the mean is at most {@code assumed}, which lies between 0 and 1. */
  public static BettingTest against(double assumed) {
    if (!(assumed > 0 && assumed < 1)) {
      throw new IllegalArgumentException("the assumed mean lies between 0 and 1: " + assumed);
    }
    return new BettingTest(assumed, 0, 0, 0, 0, 0);
  }

  /** After one more outcome, between 0 and 1. */
  public BettingTest after(double outcome) {
    if (!(outcome >= 0 && outcome <= 1)) {
      throw new IllegalArgumentException("an outcome lies between 0 and 1: " + outcome);
    }
    double wealth = logWealth + Math.log1p(bet() * (outcome - assumed));
    return new BettingTest(
        assumed,
        count + 1,
        sum + outcome,
        squares + outcome * outcome,
        wealth,
        Math.max(mostLogWealth, wealth));
  }

  /** What is set on the next outcome: near what would have grown fastest on those before. */
  private double bet() {
    double n = count + PRIOR_COUNT;
    double mean = (sum + PRIOR_COUNT * assumed) / n;
    double gain = mean - assumed;
    if (gain <= 0) {
      return 0;
    }
    // The imagined outcomes count for one in the variance: real ones are soon believed.
    double seen = count == 0 ? 0 : Math.max(0, squares - sum * sum / count);
    double variance = (seen + PRIOR_VARIANCE) / (count + 1);
    return Math.min(gain / (variance + gain * gain), STAKE_MAX / assumed);
  }

  /** Whether it is settled that the mean is higher. */
  public boolean isRejected(double alpha) {
    return mostLogWealth >= -Math.log(alpha);
  }

  /** A p-value that may be looked at after every outcome. */
  public double p() {
    return Math.min(1, Math.exp(-mostLogWealth));
  }
}
