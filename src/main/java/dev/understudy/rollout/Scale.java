package dev.understudy.rollout;

import java.util.List;

/** What candidate and incumbent weigh by one guardrail, brought up to date call by call. */
abstract sealed class Scale permits MeanScale, QuantileScale {
  final Guardrail guardrail;
  private final Window window;

  Scale(Guardrail guardrail, Window window) {
    this.guardrail = guardrail;
    this.window = window;
  }

  static Scale of(Guardrail guardrail) {
    return guardrail.metric().isQuantile()
        ? new QuantileScale(guardrail)
        : new MeanScale(guardrail);
  }

  /** A call that was put to both. */
  final void paired(double incumbent, double candidate) {
    if (!Double.isNaN(candidate) && !Double.isNaN(incumbent)) {
      pair(incumbent, candidate);
      window.add(incumbent, candidate);
    } else if (!Double.isNaN(candidate) && guardrail.metric() != Metric.QUALITY) {
      window.add(candidate, candidate);
    }
  }

  /** A call that was put to one of them. */
  final void served(Observation.Arm arm, double value) {
    if (Double.isNaN(value) || guardrail.metric() == Metric.QUALITY) {
      return;
    }
    serve(arm, value);
    if (arm == Observation.Arm.CANDIDATE) {
      window.add(value, value);
    }
  }

  /** What happened before this stage no longer counts against the candidate. */
  final void beginStage() {
    window.clear();
    begin();
  }

  final Finding finding(Rules rules) {
    if (window.isBeyond()) {
      return new Finding(
          guardrail.metric(), isProven(rules.alpha()), Finding.State.BEYOND, window.clause());
    }
    boolean worse = isWorse(rules.harmAlpha());
    return new Finding(
        guardrail.metric(),
        isProven(rules.alpha()),
        worse ? Finding.State.WORSE : Finding.State.OPEN,
        clause(worse, rules));
  }

  /** Whether there is something to decide: cheap enough to be asked after every call. */
  final boolean doesHarm(Rules rules) {
    return window.isBeyond() || isWorse(rules.harmAlpha());
  }

  abstract boolean isProven(double alpha);

  abstract boolean isWorse(double alpha);

  abstract void pair(double incumbent, double candidate);

  abstract void serve(Observation.Arm arm, double value);

  abstract void begin();

  abstract Scale copy();

  abstract Weights weights(double alpha);

  abstract String clause(boolean worse, Rules rules);

  List<Double> window() {
    return window.values();
  }
}
