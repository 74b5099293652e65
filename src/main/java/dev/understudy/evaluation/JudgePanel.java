package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Draws from a run's pairs what is to be known of its judges. */
final class JudgePanel {
  /** A judge that fails more of its questions is told of. */
  private static final double FAILURES_MAX = 0.05;

  private static final double CONSISTENCY_MIN = 0.7;
  private static final double CERTAIN = 0.05;

  private JudgePanel() {}

  static Optional<JudgeHealth.Panel> of(
      Suite suite, List<Pair> pairs, Map<String, Bench.Count> counts) {
    List<Duel> duels = pairs.stream().flatMap(p -> p.duels().stream()).toList();
    if (suite.judging().isEmpty() || (duels.isEmpty() && counts.isEmpty())) {
      return Optional.empty();
    }
    var each = new ArrayList<JudgeHealth>();
    for (String judge : suite.judging().get().targets()) {
      List<Ballot> ballots =
          duels.stream()
              .flatMap(d -> d.ballots().stream())
              .filter(b -> b.judge().equals(judge))
              .toList();
      Bench.Count count = counts.getOrDefault(judge, Bench.Count.NONE);
      each.add(
          new JudgeHealth(
              judge, count.asked(), count.failed(), count.reasons(), OrderHealth.of(ballots)));
    }
    return Optional.of(
        new JudgeHealth.Panel(
            each,
            duels.size(),
            (int) duels.stream().filter(Duel::isDisputed).count(),
            labels(suite, pairs),
            positionCorrected(duels)));
  }

  private static Optional<LabelHealth> labels(Suite suite, List<Pair> pairs) {
    var byCase = new HashMap<String, Pair>();
    pairs.forEach(pair -> byCase.put(pair.asked().id(), pair));
    var both = new ArrayList<LabelHealth.Both>();
    for (Judging.Label label : suite.judging().orElseThrow().labels()) {
      Pair pair = byCase.get(label.id());
      if (pair == null) {
        continue;
      }
      if (suite.isCompared() && label.side().isEmpty()) {
        pair.preference()
            .ifPresent(p ->
                both.add(new LabelHealth.Both(label.says(), winner(p), value(label.says()), p)));
      } else if (!suite.isCompared() && !label.side().isEmpty()) {
        passRate(pair, label.side())
            .ifPresent(rate ->
                both.add(
                    new LabelHealth.Both(
                        label.says(),
                        rate >= 0.5 ? "pass" : "fail",
                        label.says().equals("pass") ? 1 : 0,
                        rate)));
      }
    }
    double[] all =
        suite.isCompared()
            ? pairs.stream()
                .flatMap(p -> p.preference().stream())
                .mapToDouble(Double::doubleValue)
                .toArray()
            : pairs.stream()
                .flatMap(p -> List.of(p.candidate(), p.incumbent()).stream())
                .filter(Side.Judged.class::isInstance)
                .mapToDouble(side -> ((Side.Judged) side).passRate())
                .toArray();
    return LabelHealth.of(both, all, 1 - 2 * suite.alpha());
  }

  private static String winner(double preference) {
    return preference > 0.5 ? "candidate" : preference < 0.5 ? "incumbent" : "tie";
  }

  private static double value(String winner) {
    return switch (winner) {
      case "candidate" -> 1;
      case "incumbent" -> 0;
      default -> 0.5;
    };
  }

  private static Optional<Double> passRate(Pair pair, String side) {
    Side labelled = side.equals("candidate") ? pair.candidate() : pair.incumbent();
    return labelled instanceof Side.Judged judged
            && pair.asked().checks().stream().anyMatch(Check::needsJudge)
        ? Optional.of(judged.passRate())
        : Optional.empty();
  }

  /** With one order each: a logistic curve with one weight for the place and one for the model. */
  private static Optional<Double> positionCorrected(List<Duel> duels) {
    var figures = new ArrayList<double[]>();
    var chances = new ArrayList<Double>();
    for (Duel duel : duels) {
      for (Ballot ballot : duel.ballots()) {
        if (ballot.candidateFirst().isPresent() == ballot.incumbentFirst().isPresent()) {
          continue;
        }
        Optional<Double> said = ballot.preference();
        if (said.isPresent()) {
          figures.add(new double[] {ballot.candidateFirst().isPresent() ? 1 : -1, 1});
          chances.add(said.get());
        }
      }
    }
    if (figures.size() < LengthControl.PAIRS_MIN) {
      return Optional.empty();
    }
    var logit = new Logit(0, new double[] {0, 0}, new double[] {0.01, 0.01});
    double[] weights =
        logit.fit(
            figures.toArray(new double[0][]),
            chances.stream().mapToDouble(Double::doubleValue).toArray());
    return Optional.of(logit.chance(weights[1]));
  }

  static List<String> warnings(JudgeHealth.Panel panel) {
    var warnings = new ArrayList<String>();
    for (JudgeHealth judge : panel.each()) {
      if (judge.failed() > FAILURES_MAX * judge.asked()) {
        warnings.add(
            "judge %s said nothing that can be read in %d of %d questions"
                .formatted(judge.judge(), judge.failed(), judge.asked()));
      }
      judge
          .orders()
          .ifPresent(orders -> {
            if (orders.consistency() < CONSISTENCY_MIN) {
              warnings.add(
                  "judge %s kept its verdict in %d of %d pairs when they were swapped"
                      .formatted(judge.judge(), orders.consistent(), orders.usable()));
            }
            if (orders.p() < CERTAIN) {
              warnings.add(
                  String.format(
                      Locale.ROOT,
                      "judge %s looks at places: the answer shown first wins %d of %d, p %s",
                      judge.judge(),
                      orders.firstWins(),
                      orders.decided(),
                      ReportText.p(orders.p())));
            }
          });
    }
    int labels = panel.labels().map(LabelHealth::labels).orElse(0);
    if (labels < LabelHealth.LABELS_MIN) {
      warnings.add(
          labels == 0
              ? "the judges were not held against what people say: no labels"
              : "%d labels by people are too few to trust the judges by; %d are needed"
                  .formatted(labels, LabelHealth.LABELS_MIN));
    }
    return warnings;
  }
}
