package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.evaluation.Verdict.Decision;
import dev.understudy.evaluation.Verdict.GateResult;
import dev.understudy.evaluation.Verdict.Ratio;
import dev.understudy.evaluation.Verdict.Slice;
import dev.understudy.statistics.Bootstrap;
import dev.understudy.statistics.ClusteredSample;
import dev.understudy.statistics.Interval;
import dev.understudy.statistics.ManyTests;
import dev.understudy.statistics.PairedOutcomes;
import dev.understudy.statistics.Planning;
import dev.understudy.statistics.Proportions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Comes from pairs to a verdict: paired non-inferiority against the suite's margin. */
public final class Judgement {
  /** Fewer pairs than this decide nothing in a slice. */
  static final int SLICE_PAIRS_MIN = 5;

  /** So many cases must be there before sameness of answers means anything. */
  private static final int SAMENESS_CASES_MIN = 10;

  /** A candidate that says the same to so many questions does not answer them. */
  private static final double SAMENESS_MAX = 0.8;

  /** Shorter answers may well be the same: labels, yes and no. */
  private static final int SAMENESS_WORDS_MIN = 3;

  private static final int DRAWS = 2_000;
  private static final long SEED = 20_240_611;

  private Judgement() {}

  /** Decides. */
  public static Verdict of(Suite suite, List<Pair> pairs) {
    List<Pair> judged =
        pairs.stream().filter(p -> p.difference(suite.metric()).isPresent()).toList();
    int failed = (int) pairs.stream().filter(p -> isUnjudged(p, Side.Reason.FAILED)).count();
    int cut = pairs.size() - judged.size() - failed;
    if (judged.isEmpty()) {
      return new Verdict(
          Decision.UNDECIDED,
          "no case was answered by both",
          nothing(),
          List.of(),
          List.of(),
          Optional.empty(),
          failed,
          cut,
          Optional.empty(),
          Optional.empty(),
          List.of());
    }
    Comparison all = compare(suite, judged);
    List<Slice> slices = slices(suite, judged);
    List<GateResult> gates = gates(suite, judged);
    List<String> warnings = warnings(suite, pairs, judged, failed, cut);
    var ruling = rule(suite, pairs.size(), all, slices, gates, failed, sameness(judged));
    return new Verdict(
        ruling.decision(),
        ruling.why(),
        all,
        slices,
        gates,
        ruling.decision() == Decision.UNDECIDED ? more(suite, judged, all) : Optional.empty(),
        failed,
        cut,
        ratio(judged, a -> a.millis()),
        ratio(judged, a -> a.outputTokens()),
        warnings);
  }

  private record Ruling(Decision decision, String why) {}

  private static Ruling rule(
      Suite suite,
      int asked,
      Comparison all,
      List<Slice> slices,
      List<GateResult> gates,
      int failed,
      Optional<String> sameness) {
    for (GateResult gate : gates) {
      if (gate.decision() == Decision.REJECTED) {
        return new Ruling(
            Decision.REJECTED,
            "%d of %d cases of %s failed, so its true failure rate is above %s"
                .formatted(
                    gate.failures(), gate.cases(), gate.slice(), percent(gate.failureRateMax())));
      }
    }
    if (all.interval().upper() < -suite.margin()) {
      return new Ruling(
          Decision.REJECTED,
          "it is worse by more than the margin of %s: by %s, at the least by %s"
              .formatted(
                  percent(suite.margin()),
                  percent(-all.difference()),
                  percent(-all.interval().upper())));
    }
    for (Slice slice : slices) {
      if (slice.adjustedP() < suite.alpha()) {
        return new Ruling(
            Decision.REJECTED,
            "it is worse by more than the margin in %s: by %s"
                .formatted(slice.name(), percent(-slice.comparison().difference())));
      }
    }
    if (failed > suite.failuresMax() * asked) {
      return new Ruling(
          Decision.UNDECIDED,
          "vendors failed %d of %d cases, more than the %s that the suite allows"
              .formatted(failed, asked, percent(suite.failuresMax())));
    }
    if (sameness.isPresent()) {
      return new Ruling(Decision.UNDECIDED, sameness.get());
    }
    if (!(all.interval().lower() > -suite.margin())) {
      return new Ruling(
          Decision.UNDECIDED,
          "it may be worse by %s, which the margin of %s does not allow"
              .formatted(percent(-all.interval().lower()), percent(suite.margin())));
    }
    for (GateResult gate : gates) {
      if (gate.decision() == Decision.UNDECIDED) {
        return new Ruling(
            Decision.UNDECIDED,
            "%d cases of %s without a doubt are too few to show a failure rate below %s"
                .formatted(gate.cases(), gate.slice(), percent(gate.failureRateMax())));
      }
    }
    return new Ruling(
        Decision.QUALIFIED,
        all.interval().lower() >= 0
            ? "it is not worse at all"
            : "it is worse by %s at the most, within the margin of %s"
                .formatted(percent(-all.interval().lower()), percent(suite.margin())));
  }

  /** Compares over any cases that both answered. */
  static Comparison compare(Suite suite, List<Pair> judged) {
    double level = 1 - 2 * suite.alpha();
    var differences = new ArrayList<ClusteredSample.Value>();
    double candidate = 0;
    double incumbent = 0;
    long[] counts = new long[4];
    boolean binary = true;
    for (Pair pair : judged) {
      double c = ((Side.Judged) pair.candidate()).value(suite.metric());
      double i = ((Side.Judged) pair.incumbent()).value(suite.metric());
      candidate += c / judged.size();
      incumbent += i / judged.size();
      differences.add(new ClusteredSample.Value(pair.asked().cluster(), c - i));
      binary &= (c == 0 || c == 1) && (i == 0 || i == 1);
      if (binary) {
        counts[(c == 1 ? 0 : 2) + (i == 1 ? 0 : 1)]++;
      }
    }
    ClusteredSample sample = ClusteredSample.of(differences);
    boolean independent = sample.clusters() == sample.count();
    if (binary && independent) {
      // both, only candidate, only incumbent, neither
      var outcomes = new PairedOutcomes(counts[0], counts[1], counts[2], counts[3]);
      double above = outcomes.pAtLeast(-suite.margin());
      return new Comparison(
          judged.size(),
          sample.clusters(),
          candidate,
          incumbent,
          outcomes.difference(),
          outcomes.tango(level),
          above,
          1 - above,
          Optional.of(outcomes));
    }
    double above = sample.pAbove(-suite.margin());
    return new Comparison(
        judged.size(),
        sample.clusters(),
        candidate,
        incumbent,
        sample.mean(),
        sample.interval(level).within(-1, 1),
        above,
        1 - above,
        Optional.empty());
  }

  private static Comparison nothing() {
    return new Comparison(0, 0, 0, 0, 0, new Interval(-1, 1), 1, 1, Optional.empty());
  }

  private static List<Slice> slices(Suite suite, List<Pair> judged) {
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

  private static List<GateResult> gates(Suite suite, List<Pair> judged) {
    var results = new ArrayList<GateResult>();
    new TreeMap<>(suite.gates())
        .forEach((name, gate) -> {
          int cases = 0;
          int failures = 0;
          for (Pair pair : judged) {
            if (pair.asked().isIn(name)) {
              cases++;
              failures += ((Side.Judged) pair.candidate()).passRate() < 1 ? 1 : 0;
            }
          }
          results.add(gate(suite, name, gate.failureRateMax(), cases, failures));
        });
    return results;
  }

  private static GateResult gate(
      Suite suite, String name, double rateMax, int cases, int failures) {
    if (cases == 0) {
      return new GateResult(name, rateMax, 0, 0, 1, Decision.UNDECIDED, without(suite, rateMax));
    }
    double atMost = Proportions.atMost(failures, cases, 1 - suite.alpha());
    double atLeast = Proportions.clopperPearson(failures, cases, 1 - 2 * suite.alpha()).lower();
    Decision decision =
        atMost <= rateMax
            ? Decision.QUALIFIED
            : atLeast > rateMax ? Decision.REJECTED : Decision.UNDECIDED;
    long more =
        decision == Decision.UNDECIDED && failures == 0
            ? Math.max(0, without(suite, rateMax) - cases)
            : 0;
    return new GateResult(name, rateMax, cases, failures, atMost, decision, more);
  }

  /** How many cases without a failure show that the rate lies below. */
  private static long without(Suite suite, double rateMax) {
    return (long) Math.ceil(Math.log(suite.alpha()) / Math.log1p(-rateMax));
  }

  private static Optional<Long> more(Suite suite, List<Pair> judged, Comparison all) {
    double squares = 0;
    for (Pair pair : judged) {
      double off = pair.difference(suite.metric()).orElseThrow() - all.difference();
      squares += off * off;
    }
    double variance = squares / Math.max(1, judged.size() - 1);
    if (variance == 0) {
      return alike(suite, judged.size(), all);
    }
    double room =
        all.difference() > -suite.margin()
            ? all.difference()
            : -2 * suite.margin() - all.difference();
    double needed =
        Planning.nonInferiority(variance, suite.margin(), room, suite.alpha(), suite.power());
    if (Double.isInfinite(needed) || needed > 1e9) {
      return Optional.empty();
    }
    long more = (long) Math.ceil(needed) - judged.size();
    return more > 0 ? Optional.of(more) : Optional.empty();
  }

  /** Nothing told the two apart so far: how many such cases the score interval wants. */
  private static Optional<Long> alike(Suite suite, int pairs, Comparison all) {
    if (all.outcomes().isEmpty() || all.difference() != 0) {
      return Optional.empty();
    }
    double needed = Planning.alike(suite.margin(), suite.alpha());
    return needed > pairs ? Optional.of((long) Math.ceil(needed) - pairs) : Optional.empty();
  }

  private static List<String> warnings(
      Suite suite, List<Pair> pairs, List<Pair> judged, int failed, int cut) {
    var warnings = new ArrayList<String>();
    if (failed > 0) {
      warnings.add(
          "%d of %d cases were failed by a vendor and count for nobody"
              .formatted(failed, pairs.size()));
    }
    if (cut > 0) {
      warnings.add(
          "%d of %d cases have an answer that was cut by a limit on its length and count for nobody; a higher max-tokens lets them count"
              .formatted(cut, pairs.size()));
    }
    sameness(judged).ifPresent(warnings::add);
    if (suite.repeats() == 1 && suite.sampling().temperature() > 0.5) {
      warnings.add(
          "one answer each at temperature %s: repeats would make the difference surer"
              .formatted(suite.sampling().temperature()));
    }
    return warnings;
  }

  /** A candidate that says the same whatever it is asked, where the incumbent does not. */
  private static Optional<String> sameness(List<Pair> judged) {
    var questions = new HashSet<List<Turn>>();
    judged.forEach(pair -> questions.add(pair.asked().turns()));
    if (questions.size() < SAMENESS_CASES_MIN) {
      return Optional.empty();
    }
    double candidate = commonest(judged, Pair::candidate);
    double incumbent = commonest(judged, Pair::incumbent);
    return candidate > SAMENESS_MAX && candidate > 2 * incumbent
        ? Optional.of(
            "the candidate says one and the same to %s of the questions, the incumbent to %s: it may not answer them at all"
                .formatted(percent(candidate), percent(incumbent)))
        : Optional.empty();
  }

  private static double commonest(List<Pair> judged, Function<Pair, Side> side) {
    var seen = new HashMap<String, Integer>();
    int answers = 0;
    for (Pair pair : judged) {
      for (Answer.Given answer : ((Side.Judged) side.apply(pair)).answers()) {
        List<String> words = Similarity.words(answer.text());
        if (words.size() >= SAMENESS_WORDS_MIN) {
          seen.merge(String.join(" ", words) + answer.calls(), 1, Integer::sum);
        }
        answers++;
      }
    }
    int most = seen.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return answers == 0 ? 0 : (double) most / answers;
  }

  private static boolean isUnjudged(Pair pair, Side.Reason reason) {
    return (pair.candidate() instanceof Side.Unjudged c && c.reason() == reason)
        || (pair.incumbent() instanceof Side.Unjudged i && i.reason() == reason);
  }

  private static Optional<Ratio> ratio(List<Pair> judged, ToDoubleFunction<Answer.Given> figure) {
    double[] candidate = means(judged, Pair::candidate, figure);
    double[] incumbent = means(judged, Pair::incumbent, figure);
    double below = Arrays.stream(incumbent).sum();
    if (below <= 0 || Arrays.stream(candidate).sum() <= 0) {
      return Optional.empty();
    }
    Bootstrap.Figure quotient =
        drawn -> {
          double above = 0;
          double under = 0;
          for (int i : drawn) {
            above += candidate[i];
            under += incumbent[i];
          }
          return under == 0 ? Double.MAX_VALUE : above / under;
        };
    return Optional.of(
        new Ratio(
            Arrays.stream(candidate).sum() / below,
            new Bootstrap(DRAWS, SEED).percentile(candidate.length, 0.95, quotient)));
  }

  private static double[] means(
      List<Pair> judged, Function<Pair, Side> side, ToDoubleFunction<Answer.Given> figure) {
    return judged.stream()
        .mapToDouble(pair ->
            ((Side.Judged) side.apply(pair))
                .answers().stream().mapToDouble(figure).average().orElse(0))
        .toArray();
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
