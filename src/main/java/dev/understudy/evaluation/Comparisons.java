package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.evaluation.Verdict.Slice;
import dev.understudy.statistics.ClusteredSample;
import dev.understudy.statistics.Interval;
import dev.understudy.statistics.ManyTests;
import dev.understudy.statistics.PairedOutcomes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares two targets over pairs that both answered, all of them and slice by slice. */
final class Comparisons {
  /** Fewer pairs than this decide nothing in a slice. */
  static final int SLICE_PAIRS_MIN = 5;

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
    double most = suite.isCompared() ? 0.5 : 1;
    if (sample.standardError() == 0) {
      return alikeEverywhere(suite, sample, candidate, incumbent, most);
    }
    double above = sample.pAbove(-suite.margin());
    return new Comparison(
        judged.size(),
        sample.clusters(),
        candidate,
        incumbent,
        sample.mean(),
        sample.interval(level).within(-most, most),
        above,
        1 - above,
        Optional.empty());
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
   * Every cluster shows the very same difference: that so many others would not is excluded only as
   * far as the rule of three goes.
   */
  private static Comparison alikeEverywhere(
      Suite suite, ClusteredSample sample, double candidate, double incumbent, double most) {
    int clusters = sample.clusters();
    double others = 1 - Math.pow(suite.alpha(), 1.0 / clusters);
    double mean = sample.mean();
    var interval = new Interval(mean - others * (mean + most), mean + others * (most - mean));
    double fall = (mean + suite.margin()) / (mean + most);
    double rise = (-suite.margin() - mean) / (most - mean);
    return new Comparison(
        sample.count(),
        clusters,
        candidate,
        incumbent,
        mean,
        interval,
        fall > 0 ? Math.pow(Math.max(0, 1 - fall), clusters) : 1,
        rise > 0 ? Math.pow(Math.max(0, 1 - rise), clusters) : 1,
        Optional.empty());
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
