package dev.understudy.money;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Shares an amount out by weights so that the shares add up to it. */
public final class Allocation {
  private static final int SHARES_MAX = 1_000_000;

  private Allocation() {}

  /**
   * Shares by largest remainder: each gets its part cut to so many decimals, and what is left over
   * goes out in smallest units to those who lost most, among equals to the first.
   *
   * @param weights none negative, not all zero
   * @param decimals of the shares; the total may have no more
   */
  public static List<Money> byLargestRemainder(
      Money total, List<BigDecimal> weights, int decimals) {
    BigDecimal sum = BigDecimal.ZERO;
    for (BigDecimal weight : weights) {
      if (weight.signum() < 0) {
        throw new IllegalArgumentException("a weight is negative: " + weight);
      }
      sum = sum.add(weight);
    }
    if (sum.signum() == 0 || weights.size() > SHARES_MAX) {
      throw new IllegalArgumentException(
          "%s cannot be shared out among %d weights that sum to %s"
              .formatted(total, weights.size(), sum));
    }
    if (total.amount().scale() > decimals) {
      throw new IllegalArgumentException(
          "%s has more than the %d decimals of its shares; round it first"
              .formatted(total, decimals));
    }
    var down = new Rounding(RoundingMode.DOWN, decimals);
    var shares = new ArrayList<BigDecimal>();
    // What each lost, times the sum of weights: exact, where the quotient itself might not end.
    var lost = new ArrayList<BigDecimal>();
    BigDecimal given = BigDecimal.ZERO;
    for (BigDecimal weight : weights) {
      BigDecimal exact = total.amount().multiply(weight);
      BigDecimal share = down.divide(exact, sum);
      shares.add(share);
      lost.add(exact.subtract(share.multiply(sum)).abs());
      given = given.add(share);
    }
    BigDecimal left = total.amount().subtract(given);
    BigDecimal unit = BigDecimal.ONE.movePointLeft(decimals);
    BigDecimal step = left.signum() < 0 ? unit.negate() : unit;
    int units = left.abs().divideToIntegralValue(unit).intValueExact();
    IntStream.range(0, shares.size())
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> lost.get(i)).reversed())
        .limit(units)
        .forEach(i -> shares.set(i, shares.get(i).add(step)));
    return shares.stream().map(share -> Money.of(share, total.currency())).toList();
  }
}
