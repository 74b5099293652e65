package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.evaluation.Verdict.Decision;
import dev.understudy.evaluation.Verdict.GateResult;
import dev.understudy.evaluation.Verdict.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Comes from pairs to a verdict: paired non-inferiority against the suite's margin. */
public final class Judgement {
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
    return of(suite, pairs, counts, costs, LengthControl.of(rows(lengths(pairs))));
  }

  /**
   * Decides for several candidates of one suite, in their order; what is theirs together counts.
   */
  public static List<Verdict> all(Suite suite, List<Runner.Result> results, Costs costs) {
    if (results.size() == 1) {
      Runner.Result only = results.getFirst();
      return List.of(of(suite, only.pairs(), only.judges(), costs));
    }
    List<Optional<LengthControl>> lengths =
        JointLength.of(results.stream().map(result -> lengths(result.pairs())).toList());
    var verdicts = new ArrayList<Verdict>();
    for (int i = 0; i < results.size(); i++) {
      Runner.Result result = results.get(i);
      verdicts.add(of(suite, result.pairs(), result.judges(), costs, lengths.get(i)));
    }
    return verdicts;
  }

  private static Verdict of(
      Suite suite,
      List<Pair> pairs,
      Map<String, Bench.Count> counts,
      Costs costs,
      Optional<LengthControl> length) {
    List<Pair> judged =
        pairs.stream().filter(p -> p.difference(suite.metric()).isPresent()).toList();
    Uncounted uncounted = Uncounted.of(pairs, suite.metric());
    Optional<JudgeHealth.Panel> judges = JudgePanel.of(suite, pairs, counts);
    if (judged.isEmpty()) {
      return nothing(suite, pairs, uncounted, judges);
    }
    Comparison all = Comparisons.compare(suite, judged);
    List<Slice> slices = Comparisons.slices(suite, judged);
    List<GateResult> gates = Gates.of(suite, pairs);
    List<String> doubts = Doubts.of(suite, judged, all, judges);
    Ruling ruling = Ruling.of(suite, all, slices, gates, uncounted, doubts);
    var warnings = warnings(suite, pairs, uncounted);
    warnings.addAll(doubts);
    length.filter(LengthControl::isLarge).map(Judgement::lengthWarning).ifPresent(warnings::add);
    length.filter(LengthControl::isThroughout).map(Judgement::throughout).ifPresent(warnings::add);
    judges.ifPresent(panel -> warnings.addAll(JudgePanel.warnings(panel)));
    return new Verdict(
        ruling.decision(),
        ruling.why(),
        all,
        slices,
        gates,
        ruling.decision() == Decision.UNDECIDED
            ? MoreCases.of(suite, judged, all)
            : Optional.empty(),
        uncounted.failed(),
        uncounted.cut(),
        Ratios.of(judged, a -> a.millis()),
        Ratios.of(judged, a -> a.outputTokens()),
        uncounted.unjudged(),
        Ratios.costs(judged, costs),
        suite.isCompared()
            ? Optional.of(WinRate.of(pairs.stream().map(Pair::preference).toList()))
            : Optional.empty(),
        length,
        judges,
        warnings);
  }

  /** No case counts. */
  private static Verdict nothing(
      Suite suite, List<Pair> pairs, Uncounted uncounted, Optional<JudgeHealth.Panel> judges) {
    return new Verdict(
        Decision.UNDECIDED,
        uncounted.unjudged() > 0 ? "no case could be judged" : "no case was answered by both",
        Comparisons.nothing(),
        List.of(),
        List.of(),
        Optional.empty(),
        uncounted.failed(),
        uncounted.cut(),
        Optional.empty(),
        Optional.empty(),
        uncounted.unjudged(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        judges,
        warnings(suite, pairs, uncounted));
  }

  private static List<LengthControl.Row> rows(List<JointLength.Item> items) {
    return items.stream().map(JointLength.Item::row).toList();
  }

  private static List<JointLength.Item> lengths(List<Pair> pairs) {
    var rows = new ArrayList<JointLength.Item>();
    for (Pair pair : pairs) {
      if (pair.preference().isEmpty()) {
        continue;
      }
      for (Duel duel : pair.duels()) {
        duel.preference()
            .ifPresent(p ->
                rows.add(
                    new JointLength.Item(
                        pair.asked().id(),
                        new LengthControl.Row(p, duel.candidateLength(), duel.incumbentLength()))));
      }
    }
    return rows;
  }

  private static String lengthWarning(LengthControl length) {
    return "length moves the win rate: %s as judged, %s were both answers of one length"
        .formatted(percent(length.raw()), percent(length.controlled()));
  }

  private static String throughout(LengthControl length) {
    return String.format(
        Locale.ROOT,
        "one side's answers are longer nearly everywhere, %.0f characters against %.0f: what the win rate owes to that cannot be told from these pairs",
        Math.max(length.candidateLength(), length.incumbentLength()),
        Math.min(length.candidateLength(), length.incumbentLength()));
  }

  private static List<String> warnings(Suite suite, List<Pair> pairs, Uncounted uncounted) {
    var warnings = new ArrayList<String>(uncounted.warnings(pairs));
    if (suite.repeats() == 1 && suite.sampling().temperature() > 0.5) {
      warnings.add(
          "one answer each at temperature %s: repeats would make the difference surer"
              .formatted(suite.sampling().temperature()));
    }
    return warnings;
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
