package dev.understudy.gain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How quality grows with the share of prompts that go to the strong model, in the order of a score
 * (RouteLLM, arXiv 2406.18665): the gap recovered (PGR) is 0 where all go to the cheap model and 1
 * where all go to the strong one.
 *
 * <p>Prompts of one score go together, as if by chance among them.
 */
public final class GainCurve {
  private final double[] shares;
  private final double[] recovered;

  private GainCurve(double[] shares, double[] recovered) {
    this.shares = shares;
    this.recovered = recovered;
  }

  /**
   * The curve of scores.
   *
   * @param scores one for each outcome; the highest goes to the strong model first
   * @throws IllegalArgumentException if the strong model is no better on the whole
   */
  public static GainCurve of(double[] scores, List<Outcome> outcomes) {
    double[] gains = outcomes.stream().mapToDouble(Outcome::gain).toArray();
    return of(scores, gains, IntStream.range(0, scores.length).toArray());
  }

  /**
   * The curve over some of the outcomes, some of them repeatedly.
   *
   * @param drawn their indexes
   */
  static GainCurve of(double[] scores, double[] gains, int[] drawn) {
    int[] order =
        IntStream.of(drawn)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .mapToInt(i -> i)
            .toArray();
    double total = 0;
    for (int i : order) {
      total += gains[i];
    }
    if (!(total > 0)) {
      throw new IllegalArgumentException("the strong model is no better over these outcomes");
    }
    double[] shares = new double[order.length + 1];
    double[] recovered = new double[order.length + 1];
    int points = 1;
    double sum = 0;
    for (int i = 0; i < order.length; i++) {
      sum += gains[order[i]];
      if (i + 1 == order.length || scores[order[i + 1]] != scores[order[i]]) {
        shares[points] = (i + 1.0) / order.length;
        recovered[points] = sum / total;
        points++;
      }
    }
    return new GainCurve(Arrays.copyOf(shares, points), Arrays.copyOf(recovered, points));
  }

  /** The area under it (APGR): 0.5 by chance; above 1 where the cheap model is right alone. */
  public double area() {
    double area = 0;
    for (int i = 1; i < shares.length; i++) {
      area += (shares[i] - shares[i - 1]) * (recovered[i] + recovered[i - 1]) / 2;
    }
    return area;
  }

  /**
   * The area as the paper's code takes it: at thresholds that let each tenth more go to the strong
   * model, straight between them.
   */
  public double areaByTenths() {
    double area = 0;
    for (int tenth = 1; tenth <= 10; tenth++) {
      area += (recoveredAt(tenth / 10.0) + recoveredAt((tenth - 1) / 10.0)) / 20;
    }
    return area;
  }

  /** The gap recovered where this share goes to the strong model. */
  public double recoveredAt(double share) {
    for (int i = 1; i < shares.length; i++) {
      if (share <= shares[i]) {
        double part = (share - shares[i - 1]) / (shares[i] - shares[i - 1]);
        return recovered[i - 1] + part * (recovered[i] - recovered[i - 1]);
      }
    }
    return recovered[recovered.length - 1];
  }

  /** The least share that recovers as much of the gap: CPT(50 %) is {@code shareFor(0.5)}. */
  public double shareFor(double gap) {
    for (int i = 1; i < shares.length; i++) {
      if (recovered[i] >= gap) {
        double rise = recovered[i] - recovered[i - 1];
        double part = rise <= 0 ? 1 : Math.max(0, (gap - recovered[i - 1]) / rise);
        return shares[i - 1] + part * (shares[i] - shares[i - 1]);
      }
    }
    return 1;
  }

  /**
   * Quality over money as RouterBench sums it up (AIQ, arXiv 2403.12031): the area under the hull
   * that never falls over all points of the curve, flat to the greatest cost, by that cost.
   *
   * @param cheapQuality the cheap model's mean score
   * @param strongQuality the strong model's mean score
   * @param cheapCost what a call of the cheap model costs, in any unit
   * @param strongCost what a call of the strong model costs, in the same unit
   */
  public double quality(
      double cheapQuality, double strongQuality, double cheapCost, double strongCost) {
    var points = new ArrayList<CostHull.Point>();
    for (int i = 0; i < shares.length; i++) {
      points.add(
          new CostHull.Point(
              cheapCost + shares[i] * (strongCost - cheapCost),
              cheapQuality + recovered[i] * (strongQuality - cheapQuality)));
    }
    return CostHull.of(points).average();
  }
}
