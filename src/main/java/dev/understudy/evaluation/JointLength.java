package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Length control over several candidates at once: what makes a case easy or hard is the same for
 * all of them, so that it can be told apart from length, which one candidate's answers alone do not
 * allow (Dubois et al. 2024, arXiv 2404.04475).
 *
 * <p>The logistic scale of a preference is {@code weight * gap + ease of the case + merit of the
 * candidate}: one weight for all, near that of published fits; eases with a ridge of 0.25; merits
 * free. It is climbed one group of figures after the other, and each case's ease is taken with what
 * is not known of it.
 */
final class JointLength {
  private static final int ROUNDS_MAX = 100;
  private static final double NEAR = 1e-6;

  /** Of the eases beforehand: a ridge of 0.25. */
  private static final double VARIANCE = 4;

  /** Of the merits beforehand: as good as none. */
  private static final double LOOSE = 0.01;

  private final List<List<Item>> candidates;
  private final double[][] gaps;
  private final int[][] cases;
  private final double[] ease;
  private final double[] doubt;
  private final double[] merit;
  private double weight = LengthControl.USUAL_WEIGHT;

  /** One judged pair of a case. */
  record Item(String id, LengthControl.Row row) {}

  private JointLength(List<List<Item>> candidates, double[][] gaps) {
    this.candidates = candidates;
    this.gaps = gaps;
    this.cases = new int[candidates.size()][];
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (int m = 0; m < cases.length; m++) {
      cases[m] =
          candidates.get(m).stream()
              .mapToInt(item -> numbers.computeIfAbsent(item.id(), _ -> numbers.size()))
              .toArray();
    }
    this.ease = new double[numbers.size()];
    this.doubt = new double[numbers.size()];
    this.merit = new double[cases.length];
  }

  /**
   * One for each candidate, in their order; empty for those of whom too few pairs are there, or
   * whose answers all differ alike.
   */
  static List<Optional<LengthControl>> of(List<List<Item>> candidates) {
    var fit = new ArrayList<List<Item>>();
    var gaps = new ArrayList<double[]>();
    for (List<Item> items : candidates) {
      double[] gap = LengthControl.gaps(rows(items));
      if (items.size() >= LengthControl.PAIRS_MIN && gap.length > 0) {
        fit.add(items);
        gaps.add(gap);
      }
    }
    var joint = new JointLength(fit, gaps.toArray(new double[0][]));
    joint.climb();
    var all = new ArrayList<Optional<LengthControl>>();
    for (List<Item> items : candidates) {
      int at = fit.indexOf(items);
      all.add(at < 0 ? Optional.empty() : Optional.of(joint.control(at)));
    }
    return all;
  }

  private static List<LengthControl.Row> rows(List<Item> items) {
    return items.stream().map(Item::row).toList();
  }

  private void climb() {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      double moved = eases();
      moved = Math.max(moved, merits());
      if (moved < NEAR) {
        return;
      }
    }
  }

  /** One step for each case's ease, and how far it is from being known. */
  private double eases() {
    double[] slope = new double[ease.length];
    double[] information = new double[ease.length];
    for (int m = 0; m < cases.length; m++) {
      for (int i = 0; i < cases[m].length; i++) {
        int at = cases[m][i];
        double chance = Logit.chance(weight * gaps[m][i] + ease[at] + merit[m], 0);
        slope[at] += preference(m, i) - chance;
        information[at] += chance * (1 - chance);
      }
    }
    double most = 0;
    for (int at = 0; at < ease.length; at++) {
      double curve = information[at] + 1 / VARIANCE;
      double step = Math.clamp((slope[at] - ease[at] / VARIANCE) / curve, -2, 2);
      ease[at] += step;
      doubt[at] = Math.sqrt(1 / curve);
      most = Math.max(most, Math.abs(step));
    }
    return most;
  }

  /** One step for each candidate's merit, and one for the weight of length. */
  private double merits() {
    double pull = 1 / (LengthControl.USUAL_SPREAD * LengthControl.USUAL_SPREAD);
    double weightSlope = -pull * (weight - LengthControl.USUAL_WEIGHT);
    double weightCurve = pull;
    double most = 0;
    for (int m = 0; m < cases.length; m++) {
      double slope = -LOOSE * merit[m];
      double curve = LOOSE;
      for (int i = 0; i < cases[m].length; i++) {
        int at = cases[m][i];
        double sum = weight * gaps[m][i] + ease[at] + merit[m];
        double off = preference(m, i) - Logit.chance(sum, doubt[at]);
        double steep = Logit.slope(sum, doubt[at]);
        slope += off;
        curve += steep;
        weightSlope += off * gaps[m][i];
        weightCurve += steep * gaps[m][i] * gaps[m][i];
      }
      double step = Math.clamp(slope / curve, -1, 1);
      merit[m] += step;
      most = Math.max(most, Math.abs(step));
    }
    double step = Math.clamp(weightSlope / weightCurve, -0.5, 0.5);
    weight += step;
    return Math.max(most, Math.abs(step));
  }

  private double preference(int candidate, int item) {
    return candidates.get(candidate).get(item).row().preference();
  }

  private LengthControl control(int candidate) {
    double sum = 0;
    for (int at : cases[candidate]) {
      sum += Logit.chance(ease[at] + merit[candidate], doubt[at]);
    }
    List<LengthControl.Row> rows = rows(candidates.get(candidate));
    return LengthControl.made(
        rows,
        rows.stream().mapToDouble(LengthControl.Row::preference).toArray(),
        sum / rows.size(),
        weight);
  }
}
