package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Decision;
import dev.understudy.evaluation.Verdict.GateResult;
import dev.understudy.statistics.Proportions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeMap;

/** Holds a candidate to the bounds on the true failure rate of slices, whatever the mean says. */
final class Gates {
  private Gates() {}

  /**
   * What came of each gate, by the slice's name.
   *
   * @param pairs all of the run: what a candidate did counts also where the incumbent failed
   */
  static List<GateResult> of(Suite suite, List<Pair> pairs) {
    var results = new ArrayList<GateResult>();
    new TreeMap<>(suite.gates())
        .forEach((name, gate) -> {
          int cases = 0;
          int failures = 0;
          var clusters = new HashSet<String>();
          for (Pair pair : pairs) {
            if (pair.asked().isIn(name) && pair.candidate() instanceof Side.Judged candidate) {
              cases++;
              failures += candidate.passRate() < 1 ? 1 : 0;
              clusters.add(pair.asked().cluster());
            }
          }
          results.add(
              gate(suite, name, gate.failureRateMax(), new Seen(cases, failures, clusters.size())));
        });
    return results;
  }

  /** What was seen of a slice. */
  private record Seen(int cases, int failures, int clusters) {
    /** Cases of one cluster are one witness, so that the rate stands on as many as there are. */
    double failedWitnesses() {
      return (double) failures * clusters / cases;
    }
  }

  private static GateResult gate(Suite suite, String name, double rateMax, Seen seen) {
    if (seen.cases() == 0) {
      return new GateResult(name, rateMax, 0, 0, 0, 1, Decision.UNDECIDED, without(suite, rateMax));
    }
    double failed = seen.failedWitnesses();
    double atMost = Proportions.atMost(failed, seen.clusters(), 1 - suite.alpha());
    double atLeast = Proportions.atLeast(failed, seen.clusters(), 1 - suite.alpha());
    Decision decision =
        atMost <= rateMax
            ? Decision.QUALIFIED
            : atLeast > rateMax ? Decision.REJECTED : Decision.UNDECIDED;
    long more =
        decision == Decision.UNDECIDED && seen.failures() == 0
            ? Math.max(0, without(suite, rateMax) - seen.clusters())
            : 0;
    return new GateResult(
        name, rateMax, seen.cases(), seen.clusters(), seen.failures(), atMost, decision, more);
  }

  /** How many cases without a failure, each of its own cluster, show that the rate lies below. */
  private static long without(Suite suite, double rateMax) {
    return (long) Math.ceil(Math.log(suite.alpha()) / Math.log1p(-rateMax));
  }
}
