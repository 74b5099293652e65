package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Decision;
import dev.understudy.evaluation.Verdict.GateResult;
import dev.understudy.statistics.Proportions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Holds a candidate to the bounds on the true failure rate of slices, whatever the mean says. */
final class Gates {
  private Gates() {}

  /** What came of each gate, by the slice's name. */
  static List<GateResult> of(Suite suite, List<Pair> judged) {
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
}
