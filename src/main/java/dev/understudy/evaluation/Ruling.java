package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.evaluation.Verdict.Decision;
import dev.understudy.evaluation.Verdict.GateResult;
import dev.understudy.evaluation.Verdict.Slice;
import java.util.List;
import java.util.Optional;

/** The decision, and the clause that it rests on: the first that applies. */
record Ruling(Decision decision, String why) {

  static Ruling of(
      Suite suite,
      Comparison all,
      List<Slice> slices,
      List<GateResult> gates,
      Uncounted uncounted,
      List<String> doubts) {
    // What a gate has seen fail has failed, however many other cases are missing.
    return refusedByGate(gates)
        .or(() -> uncounted.tooMany(suite).map(Ruling::undecided))
        .or(() -> worse(suite, all, slices))
        .or(() -> doubts.stream().findFirst().map(Ruling::undecided))
        .or(() -> open(suite, all, gates))
        .orElseGet(() ->
            new Ruling(
                Decision.QUALIFIED,
                all.interval().lower() >= 0
                    ? "it is not worse at all"
                    : "it is worse by %s at the most, within the margin of %s"
                        .formatted(
                            Judgement.percent(-all.interval().lower()),
                            Judgement.percent(suite.margin()))));
  }

  private static Ruling undecided(String why) {
    return new Ruling(Decision.UNDECIDED, why);
  }

  private static Optional<Ruling> refusedByGate(List<GateResult> gates) {
    return gates.stream()
        .filter(gate -> gate.decision() == Decision.REJECTED)
        .findFirst()
        .map(gate ->
            new Ruling(
                Decision.REJECTED,
                "%d of %d cases of %s failed, so its true failure rate is above %s"
                    .formatted(
                        gate.failures(),
                        gate.cases(),
                        gate.slice(),
                        Judgement.percent(gate.failureRateMax()))));
  }

  private static Optional<Ruling> worse(Suite suite, Comparison all, List<Slice> slices) {
    if (all.interval().upper() < -suite.margin()) {
      return Optional.of(
          new Ruling(
              Decision.REJECTED,
              "it is worse by more than the margin of %s: by %s, at the least by %s"
                  .formatted(
                      Judgement.percent(suite.margin()),
                      Judgement.percent(-all.difference()),
                      Judgement.percent(-all.interval().upper()))));
    }
    return slices.stream()
        .filter(slice -> slice.adjustedP() < suite.alpha())
        .findFirst()
        .map(slice ->
            new Ruling(
                Decision.REJECTED,
                "it is worse by more than the margin in %s: by %s"
                    .formatted(slice.name(), Judgement.percent(-slice.comparison().difference()))));
  }

  /** What is not shown yet. */
  private static Optional<Ruling> open(Suite suite, Comparison all, List<GateResult> gates) {
    if (!(all.interval().lower() > -suite.margin())) {
      return Optional.of(
          undecided(
              "it may be worse by %s, which the margin of %s does not allow"
                  .formatted(
                      Judgement.percent(-all.interval().lower()),
                      Judgement.percent(suite.margin()))));
    }
    return gates.stream()
        .filter(gate -> gate.decision() == Decision.UNDECIDED)
        .findFirst()
        .map(gate ->
            undecided(
                "%d failures in %d cases%s of %s do not show a failure rate below %s"
                    .formatted(
                        gate.failures(),
                        gate.cases(),
                        gate.clusters() < gate.cases()
                            ? " of %d clusters".formatted(gate.clusters())
                            : "",
                        gate.slice(),
                        Judgement.percent(gate.failureRateMax()))));
  }
}
