package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.evaluation.Verdict.Ratio;
import dev.understudy.json.Json;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** A run for programs: its report, and a line for each case. */
public final class ReportJson {
  private ReportJson() {}

  public static ObjectNode report(Run run) {
    Verdict verdict = run.verdict();
    ObjectNode out = Json.object();
    out.put("run", run.id())
        .put("at", run.at().toString())
        .put("suite", run.suite().name())
        .put("candidate", run.candidate())
        .put("incumbent", run.incumbent())
        .put("metric", run.suite().metric().name().toLowerCase(Locale.ROOT))
        .put("margin", run.suite().margin())
        .put("alpha", run.suite().alpha())
        .put("repeats", run.suite().repeats())
        .put("verdict", verdict.decision().name().toLowerCase(Locale.ROOT))
        .put("why", verdict.why());
    out.set("comparison", comparison(verdict.comparison()));
    verdict.moreCases().ifPresent(more -> out.put("more_cases", more));
    out.put("failed_pairs", verdict.failedPairs()).put("cut_pairs", verdict.cutPairs());
    verdict.latency().ifPresent(ratio -> out.set("latency_ratio", ratio(ratio)));
    verdict.outputTokens().ifPresent(ratio -> out.set("output_tokens_ratio", ratio(ratio)));
    var slices = out.putArray("slices");
    for (Verdict.Slice slice : verdict.slices()) {
      ObjectNode node = comparison(slice.comparison());
      node.put("name", slice.name()).put("adjusted_p", slice.adjustedP());
      slices.add(node);
    }
    var gates = out.putArray("gates");
    for (Verdict.GateResult gate : verdict.gates()) {
      gates
          .addObject()
          .put("slice", gate.slice())
          .put("failure_rate_max", gate.failureRateMax())
          .put("cases", gate.cases())
          .put("failures", gate.failures())
          .put("failure_rate_at_most", gate.failureRateAtMost())
          .put("verdict", gate.decision().name().toLowerCase(Locale.ROOT))
          .put("more_cases", gate.moreCases());
    }
    var warnings = out.putArray("warnings");
    verdict.warnings().forEach(warnings::add);
    out.put("answers_asked", run.asked()).put("answers_kept", run.kept());
    return out;
  }

  private static ObjectNode comparison(Comparison comparison) {
    ObjectNode node = Json.object();
    node.put("pairs", comparison.pairs())
        .put("clusters", comparison.clusters())
        .put("candidate", comparison.candidate())
        .put("incumbent", comparison.incumbent())
        .put("difference", comparison.difference())
        .put("lower", finite(comparison.interval().lower()))
        .put("upper", finite(comparison.interval().upper()))
        .put("non_inferiority_p", comparison.nonInferiorityP());
    comparison
        .outcomes()
        .ifPresent(o ->
            node.put("both", o.both())
                .put("only_candidate", o.onlyCandidate())
                .put("only_incumbent", o.onlyIncumbent())
                .put("neither", o.neither())
                .put("mcnemar_exact_p", o.exactP()));
    return node;
  }

  private static ObjectNode ratio(Ratio ratio) {
    return Json.object()
        .put("ratio", ratio.ratio())
        .put("lower", finite(ratio.interval().lower()))
        .put("upper", finite(ratio.interval().upper()));
  }

  private static double finite(double value) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value));
  }

  /** One case with both sides' answers. */
  public static ObjectNode item(Pair pair) {
    ObjectNode out = Json.object();
    out.put("id", pair.asked().id()).put("cluster", pair.asked().cluster());
    // What was asked last: what a router learns from.
    out.put("prompt", pair.asked().turns().getLast().text());
    ObjectNode slices = out.putObject("slices");
    pair.asked().slices().forEach(slices::put);
    pair.flip().ifPresent(flip -> out.put("flip", flip.name().toLowerCase(Locale.ROOT)));
    out.set("candidate", side(pair.candidate()));
    out.set("incumbent", side(pair.incumbent()));
    return out;
  }

  private static ObjectNode side(Side side) {
    ObjectNode out = Json.object();
    switch (side) {
      case Side.Unjudged(Side.Reason reason, String message) ->
          out.put("unjudged", reason.name().toLowerCase(Locale.ROOT)).put("message", message);
      case Side.Judged judged -> {
        out.put("pass_rate", judged.passRate()).put("score", judged.score());
        var failed = out.putArray("failed");
        judged.failed().forEach(failed::add);
        var answers = out.putArray("answers");
        for (Answer.Given answer : judged.answers()) {
          ObjectNode node = answers.addObject();
          node.put("text", answer.text());
          var calls = node.putArray("tool_calls");
          for (Answer.Call call : answer.calls()) {
            calls.addObject().put("name", call.tool()).put("arguments", call.argumentsJson());
          }
          node.put("input_tokens", answer.inputTokens())
              .put("output_tokens", answer.outputTokens())
              .put("millis", answer.millis())
              .put("exchange", answer.exchange());
        }
      }
    }
    return out;
  }
}
