package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import dev.understudy.evaluation.Verdict.Ratio;
import dev.understudy.json.Json;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
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
    out.put("unjudged_pairs", verdict.unjudgedPairs());
    verdict.cost().ifPresent(ratio -> out.set("cost_ratio", ratio(ratio)));
    verdict.winRate().ifPresent(rate -> out.set("win_rate", winRate(rate)));
    verdict.length().ifPresent(length -> out.set("length", length(length)));
    verdict.judges().ifPresent(panel -> out.set("judges", judges(panel)));
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
          .put("clusters", gate.clusters())
          .put("failures", gate.failures())
          .put("failure_rate_at_most", gate.failureRateAtMost())
          .put("verdict", gate.decision().name().toLowerCase(Locale.ROOT))
          .put("more_cases", gate.moreCases());
    }
    var warnings = out.putArray("warnings");
    verdict.warnings().forEach(warnings::add);
    out.put("answers_asked", run.asked()).put("answers_kept", run.kept());
    out.put("suite_sha256", run.suite().hash());
    var spending = out.putArray("spending");
    for (Spending one : run.spending()) {
      ObjectNode node = spending.addObject();
      node.put("target", one.target())
          .put("asked", one.asked())
          .put("kept", one.kept())
          .put("input_tokens", one.inputTokens())
          .put("output_tokens", one.outputTokens())
          .put("unpriced", one.unpriced());
      ObjectNode paid = node.putObject("paid");
      one.paid().forEach((currency, money) -> paid.put(currency, money.amount().toPlainString()));
    }
    return out;
  }

  /** Several runs of one suite against one incumbent. */
  public static ObjectNode standings(Standings standings, ArrayNode reports) {
    ObjectNode out = Json.object();
    var places = out.putArray("standings");
    for (Standings.Place place : standings.places()) {
      places
          .addObject()
          .put("target", place.target())
          .put("strength", place.strength())
          .put("standard_error", place.standardError())
          .put("lower", place.interval().lower())
          .put("upper", place.interval().upper())
          .put("verdict", place.verdict());
    }
    out.set("runs", reports);
    return out;
  }

  private static ObjectNode winRate(WinRate rate) {
    return Json.object()
        .put("rate", rate.rate())
        .put("standard_error", rate.standardError())
        .put("wins", rate.wins())
        .put("losses", rate.losses())
        .put("ties", rate.ties())
        .put("silent", rate.silent());
  }

  private static ObjectNode length(LengthControl length) {
    return Json.object()
        .put("raw", length.raw())
        .put("controlled", length.controlled())
        .put("candidate_mean", length.candidateLength())
        .put("incumbent_mean", length.incumbentLength())
        .put("spearman", length.spearman());
  }

  private static ObjectNode judges(JudgeHealth.Panel panel) {
    ObjectNode out = Json.object();
    out.put("compared", panel.compared()).put("disputed", panel.disputed());
    panel.positionCorrected().ifPresent(rate -> out.put("position_corrected", rate));
    var each = out.putArray("each");
    for (JudgeHealth judge : panel.each()) {
      ObjectNode node = each.addObject();
      node.put("judge", judge.judge()).put("asked", judge.asked()).put("failed", judge.failed());
      var reasons = node.putArray("reasons");
      judge.reasons().forEach(reasons::add);
      judge
          .orders()
          .ifPresent(orders -> {
            ObjectNode of = node.putObject("orders");
            of.put("usable", orders.usable())
                .put("consistent", orders.consistent())
                .put("to_first", orders.toFirst())
                .put("to_second", orders.toSecond())
                .put("first_wins", orders.firstWins())
                .put("decided", orders.decided())
                .put("first_share_lower", orders.firstShare().lower())
                .put("first_share_upper", orders.firstShare().upper())
                .put("p", orders.p());
            kappa(of, orders.kappa());
          });
    }
    panel
        .labels()
        .ifPresent(labels -> {
          ObjectNode of = out.putObject("labels");
          of.put("count", labels.labels())
              .put("kappa_lower", labels.interval().lower())
              .put("kappa_upper", labels.interval().upper());
          kappa(of, labels.kappa());
          labels
              .corrected()
              .ifPresent(c ->
                  of.put("corrected", c.rate())
                      .put("corrected_lower", c.interval().lower())
                      .put("corrected_upper", c.interval().upper()));
        });
    return out;
  }

  /** JSON has no number for what is unknown. */
  private static void kappa(ObjectNode node, double kappa) {
    if (!Double.isNaN(kappa)) {
      node.put("kappa", kappa);
    }
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
    if (!pair.duels().isEmpty()) {
      pair.preference().ifPresent(p -> out.put("preference", p));
      var duels = out.putArray("duels");
      pair.duels().forEach(duel -> duels.add(duel(duel)));
    }
    return out;
  }

  private static ObjectNode duel(Duel duel) {
    ObjectNode out = Json.object();
    duel.preference().ifPresent(p -> out.put("preference", p));
    if (duel.candidateBaits() || duel.incumbentBaits()) {
      out.put("candidate_baits", duel.candidateBaits())
          .put("incumbent_baits", duel.incumbentBaits());
    }
    var ballots = out.putArray("ballots");
    for (Ballot ballot : duel.ballots()) {
      ObjectNode node = ballots.addObject().put("judge", ballot.judge());
      ballot.candidateFirst().ifPresent(heard -> heard(node, "candidate_first", heard));
      ballot.incumbentFirst().ifPresent(heard -> heard(node, "incumbent_first", heard));
    }
    return out;
  }

  private static void heard(ObjectNode node, String name, Heard heard) {
    switch (heard) {
      case Heard.Said(double value) -> node.put(name, value);
      case Heard.Nothing(String why) -> node.put(name, "failed: " + why);
    }
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
