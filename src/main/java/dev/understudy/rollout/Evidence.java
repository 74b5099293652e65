package dev.understudy.rollout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was seen of a rollout so far, by each of its guardrails. */
public final class Evidence {
  private final List<Scale> scales;
  private long calls;
  private long pairs;

  private Evidence(List<Scale> scales, long calls, long pairs) {
    this.scales = scales;
    this.calls = calls;
    this.pairs = pairs;
  }

  /** Nothing was seen yet. */
  public static Evidence none(Rules rules) {
    return new Evidence(rules.guardrails().stream().map(Scale::of).toList(), 0, 0);
  }

  static Evidence of(List<Scale> scales, long calls, long pairs) {
    return new Evidence(List.copyOf(scales), calls, pairs);
  }

  /** Of its own, so that the one before stays as it was. */
  Evidence copy() {
    return new Evidence(scales.stream().map(Scale::copy).toList(), calls, pairs);
  }

  List<Scale> scales() {
    return scales;
  }

  /** The callers' calls that the candidate was given since its stage began. */
  public long calls() {
    return calls;
  }

  /** The calls that were put to both since then. */
  public long pairs() {
    return pairs;
  }

  /** Takes one more observation in. */
  void add(Observation observation) {
    switch (observation) {
      case Observation.Served(Observation.Arm arm, Readings seen) -> {
        for (Scale scale : scales) {
          scale.served(arm, seen.of(scale.guardrail.metric()));
        }
        if (arm == Observation.Arm.CANDIDATE) {
          calls++;
        }
      }
      case Observation.Paired(Readings incumbent, Readings candidate) -> {
        for (Scale scale : scales) {
          Metric metric = scale.guardrail.metric();
          scale.paired(incumbent.of(metric), candidate.of(metric));
        }
        pairs++;
      }
      case Observation.Rehearsed _, Observation.Spent _ -> {}
    }
  }

  void beginStage() {
    scales.forEach(Scale::beginStage);
    calls = 0;
    pairs = 0;
  }

  boolean doesHarm(Rules rules) {
    for (Scale scale : scales) {
      if (scale.doesHarm(rules)) {
        return true;
      }
    }
    return false;
  }

  /** What each guardrail says now. */
  public List<Finding> findings(Rules rules) {
    var findings = new ArrayList<Finding>(scales.size());
    scales.forEach(scale -> findings.add(scale.finding(rules)));
    return findings;
  }

  /** How the two stand by each guardrail. */
  public Map<Metric, Weights> weights(Rules rules) {
    var weights = new LinkedHashMap<Metric, Weights>();
    scales.forEach(scale -> weights.put(scale.guardrail.metric(), scale.weights(rules.alpha())));
    return weights;
  }
}
