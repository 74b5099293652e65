package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.evaluation.Verdict.Decision;
import dev.understudy.evaluation.Verdict.GateResult;
import dev.understudy.evaluation.Verdict.Ratio;
import dev.understudy.evaluation.Verdict.Slice;
import dev.understudy.money.Money;
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
import java.util.Currency;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Comes from pairs to a verdict: paired non-inferiority against the suite's margin. */
public final class Judgement {
  /** Fewer pairs than this decide nothing in a slice. */
  static final int SLICE_PAIRS_MIN = 5;

  /** So many cases must be there before sameness of answers means anything. */
  private static final int SAMENESS_CASES_MIN = 10;

  /** A candidate that says the same to so many questions does not answer them. */
  private static final double SAMENESS_MAX = 0.8;

  /** So many answers with text for a judge are no chance. */
  private static final int BAITS_MIN = 3;

  private static final double BAITS_SHARE = 0.02;

  private static final int DRAWS = 2_000;
  private static final long SEED = 20_240_611;

  private Judgement() {}

  /** Decides, where nothing is known of judges and prices. */
  public static Verdict of(Suite suite, List<Pair> pairs) {
    return of(suite, pairs, Map.of(), Costs.UNKNOWN);
  }

  /**
   * Decides.
   *
   * @param counts how each judge did
   */
  public static Verdict of(
      Suite suite, List<Pair> pairs, Map<String, Bench.Count> counts, Costs costs) {
    List<Pair> judged =
        pairs.stream().filter(p -> p.difference(suite.metric()).isPresent()).toList();
    int failed = (int) pairs.stream().filter(p -> isUnjudged(p, Side.Reason.FAILED)).count();
    int cut =
        (int)
            pairs.stream()
                .filter(p -> isUnjudged(p, Side.Reason.CUT) && !isUnjudged(p, Side.Reason.FAILED))
                .count();
    int unjudged = pairs.size() - judged.size() - failed - cut;
    Optional<JudgeHealth.Panel> judges = JudgePanel.of(suite, pairs, counts);
    if (judged.isEmpty()) {
      var warnings = new ArrayList<String>(warnings(suite, pairs, failed, cut));
      unjudged(pairs, unjudged).ifPresent(warnings::add);
      return new Verdict(
          Decision.UNDECIDED,
          unjudged > 0 ? "no case could be judged" : "no case was answered by both",
          nothing(),
          List.of(),
          List.of(),
          Optional.empty(),
          failed,
          cut,
          Optional.empty(),
          Optional.empty(),
          unjudged,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          judges,
          warnings);
    }
    Comparison all = compare(suite, judged);
    List<Slice> slices = slices(suite, judged);
    List<GateResult> gates = gates(suite, judged);
    Optional<WinRate> winRate =
        suite.isCompared()
            ? Optional.of(WinRate.of(pairs.stream().map(Pair::preference).toList()))
            : Optional.empty();
    Optional<LengthControl> length = LengthControl.of(lengths(judged));
    List<String> doubts = new ArrayList<>();
    sameness(judged).ifPresent(doubts::add);
    baits(judged).ifPresent(doubts::add);
    judges.flatMap(panel -> doubt(suite, panel)).ifPresent(doubts::add);
    var ruling =
        rule(
            suite, pairs.size(), all, slices, gates, failed, unjudged, doubts.stream().findFirst());
    var warnings = new ArrayList<String>(warnings(suite, pairs, failed, cut));
    warnings.addAll(doubts);
    unjudged(pairs, unjudged).ifPresent(warnings::add);
    length.filter(LengthControl::isLarge).map(Judgement::lengthWarning).ifPresent(warnings::add);
    judges.ifPresent(panel -> warnings.addAll(JudgePanel.warnings(panel)));
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
        unjudged,
        costs(judged, costs),
        winRate,
        length,
        judges,
        warnings);
  }

  /** With what one of them said, so that nobody has to look for it in the cases. */
  private static Optional<String> failed(List<Pair> pairs, int failed) {
    return pairs.stream()
        .flatMap(pair ->
            Stream.concat(
                failure("candidate", pair.candidate()).stream(),
                failure("incumbent", pair.incumbent()).stream()))
        .findFirst()
        .map(said ->
            "%d of %d cases were failed by a vendor and count for nobody, as the %s"
                .formatted(failed, pairs.size(), said));
  }

  private static Optional<String> failure(String who, Side side) {
    return side instanceof Side.Unjudged(Side.Reason reason, String message)
            && reason == Side.Reason.FAILED
        ? Optional.of(who + "'s: " + message)
        : Optional.empty();
  }

  private static Optional<String> unjudged(List<Pair> pairs, int unjudged) {
    if (unjudged == 0) {
      return Optional.empty();
    }
    String why = "";
    for (Pair pair : pairs) {
      for (Side side : List.of(pair.candidate(), pair.incumbent())) {
        if (side instanceof Side.Unjudged(Side.Reason reason, String message)
            && reason == Side.Reason.JUDGE) {
          why = message;
        }
      }
      for (Duel duel : pair.duels()) {
        if (duel.preference().isEmpty()) {
          why = duel.silence();
        }
      }
    }
    return Optional.of(
        "%d of %d cases could not be judged and count for nobody, as: %s"
            .formatted(unjudged, pairs.size(), why));
  }

  private static List<LengthControl.Row> lengths(List<Pair> judged) {
    var rows = new ArrayList<LengthControl.Row>();
    for (Pair pair : judged) {
      for (Duel duel : pair.duels()) {
        duel.preference()
            .ifPresent(p ->
                rows.add(new LengthControl.Row(p, duel.candidateLength(), duel.incumbentLength())));
      }
    }
    return rows;
  }

  private static String lengthWarning(LengthControl length) {
    return "length moves the win rate: %s as judged, %s were both answers of one length"
        .formatted(percent(length.raw()), percent(length.controlled()));
  }

  /** A judge known to disagree with people, or a rate that their correction takes below. */
  private static Optional<String> doubt(Suite suite, JudgeHealth.Panel panel) {
    Optional<LabelHealth> labels = panel.labels();
    if (labels.filter(LabelHealth::isBelowGate).isPresent()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the judges do not agree with people: kappa %.2f over %d labels, and %.1f is needed",
              labels.get().kappa(),
              labels.get().labels(),
              LabelHealth.KAPPA_MIN));
    }
    if (suite.isCompared()
        && labels.isPresent()
        && labels.get().labels() >= LabelHealth.LABELS_MIN
        && labels.get().corrected().isPresent()
        && labels.get().corrected().get().interval().lower() <= 0.5 - suite.margin()) {
      return Optional.of(
          "corrected by what people said, the win rate may be as low as "
              + percent(labels.get().corrected().get().interval().lower()));
    }
    return Optional.empty();
  }

  /** A candidate that speaks to whoever judges it. */
  private static Optional<String> baits(List<Pair> judged) {
    int candidate = 0;
    int incumbent = 0;
    int answers = 0;
    for (Pair pair : judged) {
      List<Turn> asked = pair.asked().turns();
      answers += ((Side.Judged) pair.candidate()).answers().size();
      if (!pair.duels().isEmpty()) {
        // The judges' bench has looked already.
        candidate += (int) pair.duels().stream().filter(Duel::candidateBaits).count();
        incumbent += (int) pair.duels().stream().filter(Duel::incumbentBaits).count();
        continue;
      }
      for (Answer.Given answer : ((Side.Judged) pair.candidate()).answers()) {
        candidate += Bait.isIn(answer, asked) ? 1 : 0;
      }
      for (Answer.Given answer : ((Side.Judged) pair.incumbent()).answers()) {
        incumbent += Bait.isIn(answer, asked) ? 1 : 0;
      }
    }
    return candidate - incumbent >= BAITS_MIN && candidate > BAITS_SHARE * answers
        ? Optional.of(
            "%d of the candidate's %d answers hold text that is aimed at a judge, %d of the incumbent's"
                .formatted(candidate, answers, incumbent))
        : Optional.empty();
  }

  private record Ruling(Decision decision, String why) {}

  private static Ruling rule(
      Suite suite,
      int asked,
      Comparison all,
      List<Slice> slices,
      List<GateResult> gates,
      int failed,
      int unjudged,
      Optional<String> doubt) {
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
    if (unjudged > suite.failuresMax() * asked) {
      return new Ruling(
          Decision.UNDECIDED,
          "%d of %d cases could not be judged, more than the %s that the suite allows"
              .formatted(unjudged, asked, percent(suite.failuresMax())));
    }
    if (doubt.isPresent()) {
      return new Ruling(Decision.UNDECIDED, doubt.get());
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
    double scale = suite.isCompared() ? 2 : 1;
    if (suite.margin() * scale >= 1) {
      return Optional.empty();
    }
    double needed = Planning.alike(suite.margin() * scale, suite.alpha());
    return needed > pairs ? Optional.of((long) Math.ceil(needed) - pairs) : Optional.empty();
  }

  private static List<String> warnings(Suite suite, List<Pair> pairs, int failed, int cut) {
    var warnings = new ArrayList<String>();
    failed(pairs, failed).ifPresent(warnings::add);
    if (cut > 0) {
      warnings.add(
          "%d of %d cases have an answer that was cut by a limit on its length and count for nobody; a higher max-tokens lets them count"
              .formatted(cut, pairs.size()));
    }
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
            "the candidate says one and the same, or nearly so, to %s of the questions, the incumbent to %s: it may not answer them at all"
                .formatted(percent(candidate), percent(incumbent)))
        : Optional.empty();
  }

  private static double commonest(List<Pair> judged, Function<Pair, Side> side) {
    var said = new ArrayList<String>();
    for (Pair pair : judged) {
      ((Side.Judged) side.apply(pair)).answers().forEach(answer -> said.add(answer.shown()));
    }
    return Sameness.of(said);
  }

  private static boolean isUnjudged(Pair pair, Side.Reason reason) {
    return (pair.candidate() instanceof Side.Unjudged c && c.reason() == reason)
        || (pair.incumbent() instanceof Side.Unjudged i && i.reason() == reason);
  }

  private static Optional<Ratio> ratio(List<Pair> judged, ToDoubleFunction<Answer.Given> figure) {
    return quotient(means(judged, Pair::candidate, figure), means(judged, Pair::incumbent, figure));
  }

  /** Only where every answer has a price, all in one currency. */
  private static Optional<Ratio> costs(List<Pair> judged, Costs costs) {
    var currencies = new HashSet<Currency>();
    for (Pair pair : judged) {
      for (Side side : List.of(pair.candidate(), pair.incumbent())) {
        for (Answer.Given answer : ((Side.Judged) side).answers()) {
          Optional<Money> cost = costs.of(answer);
          if (cost.isEmpty()) {
            return Optional.empty();
          }
          currencies.add(cost.get().currency());
        }
      }
    }
    return currencies.size() == 1
        ? ratio(judged, a -> costs.of(a).map(m -> m.amount().doubleValue()).orElse(0.0))
        : Optional.empty();
  }

  private static Optional<Ratio> quotient(double[] candidate, double[] incumbent) {
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
