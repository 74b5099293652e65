package dev.understudy.statistics;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Positive numbers, counted by their size in steps of two percent, so that the quantiles of very
 * many can be bounded at every moment at once (Howard and Ramdas 2022, Bernoulli 28(3)) in little
 * memory. Bounds are rounded outwards to the steps.
 *
 * <p>Counting is a logarithm and an addition. A bound takes some hundred microseconds: who looks
 * after each number asks again when there is a hundredth more of them.
 */
public final class QuantileCounts {
  private static final double STEP = Math.log(1.02);

  /** From about 1e-13 to 1e13: beyond it, numbers count as if they were there. */
  private static final int STEPS_MAX = 1_500;

  private final long[] counts = new long[2 * STEPS_MAX + 1];
  private long count;
  private int lowest = counts.length;
  private int highest = -1;

  /** Nothing was counted yet. */
  public QuantileCounts() {}

  /** Takes up what was counted before. */
  public static QuantileCounts of(Map<Integer, Long> steps) {
    var counts = new QuantileCounts();
    steps.forEach((step, many) -> counts.add(step + STEPS_MAX, many));
    return counts;
  }

  /** Counts a number; zero counts as very small. */
  public void add(double value) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException("a number of at least 0, not " + value);
    }
    double step = value == 0 ? -STEPS_MAX : Math.floor(Math.log(value) / STEP);
    add((int) Math.max(-STEPS_MAX, Math.min(STEPS_MAX, step)) + STEPS_MAX, 1);
  }

  private void add(int at, long many) {
    if (at < 0 || at >= counts.length || many <= 0) {
      throw new IllegalArgumentException("%d at step %d".formatted(many, at - STEPS_MAX));
    }
    counts[at] += many;
    count += many;
    lowest = Math.min(lowest, at);
    highest = Math.max(highest, at);
  }

  public long count() {
    return count;
  }

  /** How many there are of each step that has any. */
  public SortedMap<Integer, Long> steps() {
    var steps = new TreeMap<Integer, Long>();
    for (int at = lowest; at <= highest; at++) {
      if (counts[at] > 0) {
        steps.put(at - STEPS_MAX, counts[at]);
      }
    }
    return steps;
  }

  /** The quantile of those that were counted, to a step; 0 if there are none. */
  public double estimate(double probability) {
    return count == 0 ? 0 : middle(step((long) Math.ceil(probability * count) - 1));
  }

  /**
   * A number that the true quantile is ever below only with a chance of alpha; 0 while nothing
   * bounds it.
   *
   * @param bestCount when the bound is meant to be tightest
   */
  public double lower(double probability, double alpha, double bestCount) {
    double over = deviation(1 - probability, alpha, bestCount);
    long rank = (long) Math.ceil((probability - over) * count) - 1;
    return rank < 0 ? 0 : edge(step(rank));
  }

  /** Likewise one that it is ever above; infinite while nothing bounds it. */
  public double upper(double probability, double alpha, double bestCount) {
    double over = deviation(probability, alpha, bestCount);
    long rank = (long) Math.floor((probability + over) * count);
    return rank >= count ? Double.POSITIVE_INFINITY : edge(step(rank) + 1);
  }

  /** How far the share at or below a quantile may lie from its probability, to one side. */
  private double deviation(double below, double alpha, double bestCount) {
    if (count == 0) {
      return 1;
    }
    double unit = below * (1 - below);
    return Mixture.betaBinomialAbove(bestCount * unit, alpha, below, 1 - below)
            .bound(count * unit, alpha)
        / count;
  }

  /** The step in which the number of this rank lies, counted from 0. */
  private int step(long rank) {
    long seen = 0;
    for (int at = lowest; at <= highest; at++) {
      seen += counts[at];
      if (seen > rank) {
        return at;
      }
    }
    return highest;
  }

  private static double edge(int at) {
    return Math.exp((at - STEPS_MAX) * STEP);
  }

  private static double middle(int at) {
    return Math.exp((at - STEPS_MAX + 0.5) * STEP);
  }
}
