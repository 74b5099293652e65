package dev.understudy.statistics;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Draws a sample again and again from itself, to see how much a figure would have varied. */
public final class Bootstrap {
  private final int draws;
  private final long seed;

  /** What is computed from the items that were drawn, by their indexes, some of them repeatedly. */
  public interface Figure {
    double of(int[] drawn);
  }

  /**
   * Draws so often.
   *
   * @param draws how often; at least 1 000 for an interval that decides something
   * @param seed the same seed gives the same interval
   */
  public Bootstrap(int draws, long seed) {
    if (draws < 1) {
      throw new IllegalArgumentException("draws: " + draws);
    }
    this.draws = draws;
    this.seed = seed;
  }

  /**
   * The percentile interval of a figure.
   *
   * @param items how many there are; whole items or clusters, never parts of one
   */
  public Interval percentile(int items, double level, Figure figure) {
    double[] figures = figures(items, figure);
    double tail = (1 - level) / 2;
    return new Interval(quantile(figures, tail), quantile(figures, 1 - tail));
  }

  /** How much the figure varies over the draws. */
  public double standardError(int items, Figure figure) {
    return Math.sqrt(Sample.of(figures(items, figure)).variance());
  }

  private double[] figures(int items, Figure figure) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    double[] figures = new double[draws];
    int[] drawn = new int[items];
    for (int draw = 0; draw < draws; draw++) {
      for (int i = 0; i < items; i++) {
        drawn[i] = random.nextInt(items);
      }
      figures[draw] = figure.of(drawn);
    }
    Arrays.sort(figures);
    return figures;
  }

  /** Of sorted numbers, between neighbours in proportion. */
  static double quantile(double[] sorted, double probability) {
    double at = probability * (sorted.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
