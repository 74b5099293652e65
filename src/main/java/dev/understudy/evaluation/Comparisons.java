package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.evaluation.Verdict.Slice;
import dev.understudy.statistics.ClusteredSample;
import dev.understudy.statistics.Interval;
import dev.understudy.statistics.ManyTests;
import dev.understudy.statistics.PairedOutcomes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares two targets over pairs that both answered, all of them and slice by slice. */
final class Comparisons {
  /** Fewer pairs than this decide nothing in a slice. */
  static final int SLICE_PAIRS_MIN = 5;

  /** Fewer clusters unlike the others than this say too little of how much clusters vary. */
  private static final int DISTINCT_MIN = 5;

  /** What is smaller comes of the machine's rounding, and is no difference. */
  private static final double ROUNDING = 1e-9;

  private Comparisons() {}

  /** Compares over any cases that both answered. */
  static Comparison compare(Suite suite, List<Pair> judged) {
    double level = 1 - 2 * suite.alpha();
    var differences = new ArrayList<ClusteredSample.Value>();
    double candidate = 0;
    double incumbent = 0;
    for (Pair pair : judged) {
      Pair.Values values = pair.values(suite.metric()).orElseThrow();
      candidate += values.candidate() / judged.size();
      incumbent += values.incumbent() / judged.size();
      differences.add(
          new ClusteredSample.Value(
              pair.asked().cluster(), values.candidate() - values.incumbent()));
    }
    ClusteredSample sample = ClusteredSample.of(differences);
    Optional<PairedOutcomes> counted =
        sample.clusters() == sample.count() ? outcomes(suite, judged) : Optional.empty();
    if (counted.isPresent()) {
      PairedOutcomes outcomes = counted.get();
      // A preference counts wins less losses twice as far as it lies from a half.
      double scale = suite.isCompared() ? 2 : 1;
      double above = outcomes.pAtLeast(Math.max(-1, -suite.margin() * scale));
      Interval interval = outcomes.tango(level);
      return new Comparison(
          judged.size(),
          sample.clusters(),
          candidate,
          incumbent,
          outcomes.difference() / scale,
          new Interval(interval.lower() / scale, interval.upper() / scale),
          above,
          1 - above,
          counted);
    }
    Bounds bounds = bounds(suite, sample, distinct(differences));
    return new Comparison(
        judged.size(),
        sample.clusters(),
        candidate,
        incumbent,
        sample.mean(),
        bounds.interval(),
        bounds.nonInferiorityP(),
        bounds.inferiorityP(),
        Optional.empty());
  }

  /** What is shown of a difference: an interval, and two chances that go with it. */
  private record Bounds(Interval interval, double nonInferiorityP, double inferiorityP) {
    /** No more than either of the two shows. */
    Bounds and(Bounds other) {
      return new Bounds(
          new Interval(
              Math.min(interval.lower(), other.interval.lower()),
              Math.max(interval.upper(), other.interval.upper())),
          Math.max(nonInferiorityP, other.nonInferiorityP),
          Math.max(inferiorityP, other.inferiorityP));
    }
  }

  /** By Student's t, and no surer than so few different clusters can make anybody. */
  private static Bounds bounds(Suite suite, ClusteredSample sample, int distinct) {
    double most = suite.isCompared() ? 0.5 : 1;
    if (sample.standardError() < ROUNDING) {
      return alike(suite, sample, most);
    }
    var byT =
        new Bounds(
            sample.interval(1 - 2 * suite.alpha()).within(-most, most),
            sample.pAbove(-suite.margin()),
            sample.pBelow(-suite.margin()));
    return distinct < DISTINCT_MIN ? byT.and(alike(suite, sample, most)) : byT;
  }

  /** How many clusters are unlike the commonest: those alone tell how much clusters vary. */
  private static int distinct(List<ClusteredSample.Value> differences) {
    Map<String, double[]> sums = new LinkedHashMap<>();
    for (ClusteredSample.Value value : differences) {
      double[] sum = sums.computeIfAbsent(value.cluster(), name -> new double[2]);
      sum[0] += value.score();
      sum[1]++;
    }
    Map<Long, Integer> counts = new HashMap<>();
    int commonest = 0;
    for (double[] sum : sums.values()) {
      commonest =
          Math.max(
              commonest, counts.merge(Math.round(sum[0] / sum[1] / ROUNDING), 1, Integer::sum));
    }
    return sums.size() - commonest;
  }

  /** Counts, where every pair is won, lost or even. */
  private static Optional<PairedOutcomes> outcomes(Suite suite, List<Pair> judged) {
    long[] counts = new long[4];
    for (Pair pair : judged) {
      Pair.Values values = pair.values(suite.metric()).orElseThrow();
      double c = values.candidate();
      double i = suite.isCompared() ? 1 - c : values.incumbent();
      boolean tie = suite.isCompared() && c == 0.5;
      if (!tie && ((c != 0 && c != 1) || (i != 0 && i != 1))) {
        return Optional.empty();
      }
      counts[tie ? 0 : (c == 1 ? 0 : 2) + (i == 1 ? 0 : 1)]++;
    }
    // both, only candidate, only incumbent, neither
    return Optional.of(new PairedOutcomes(counts[0], counts[1], counts[2], counts[3]));
  }

  /**
   * Where (nearly) every cluster shows the very same difference: that so many others would not is
   * excluded only as far as the rule of three goes.
   */
  private static Bounds alike(Suite suite, ClusteredSample sample, double most) {
    int clusters = sample.clusters();
    double others = 1 - Math.pow(suite.alpha(), 1.0 / clusters);
    double mean = sample.mean();
    double fall = (mean + suite.margin()) / (mean + most);
    double rise = (-suite.margin() - mean) / (most - mean);
    return new Bounds(
        new Interval(mean - others * (mean + most), mean + others * (most - mean)),
        fall > 0 ? Math.pow(Math.max(0, 1 - fall), clusters) : 1,
        rise > 0 ? Math.pow(Math.max(0, 1 - rise), clusters) : 1);
  }

  static Comparison nothing() {
    return new Comparison(0, 0, 0, 0, 0, new Interval(-1, 1), 1, 1, Optional.empty());
  }

  static List<Slice> slices(Suite suite, List<Pair> judged) {
    Map<String, List<Pair>> parts = new TreeMap<>();
    for (Pair pair : judged) {
      pair.asked()
          .slices()
          .forEach((dimension, value) ->
              parts.computeIfAbsent(dimension + ":" + value, name -> new ArrayList<>()).add(pair));
    }
    Map<String, Comparison> compared = new LinkedHashMap<>();
    parts.forEach((name, part) -> {
      if (part.size() >= SLICE_PAIRS_MIN) {
        compared.put(name, compare(suite, part));
      }
    });
    List<String> names = List.copyOf(compared.keySet());
    List<Double> adjusted =
        ManyTests.holm(compared.values().stream().map(Comparison::inferiorityP).toList());
    var slices = new ArrayList<Slice>();
    for (int i = 0; i < names.size(); i++) {
      Comparison comparison = compared.get(names.get(i));
      if (comparison != null) {
        slices.add(new Slice(names.get(i), comparison, adjusted.get(i)));
      }
    }
    slices.sort(Comparator.comparingDouble(s -> s.comparison().difference()));
    return slices;
  }
}
