package dev.understudy.rollout;

import dev.understudy.json.Json;
import dev.understudy.statistics.BettingTest;
import dev.understudy.statistics.QuantileCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Evidence as JSON, so that whoever reads it goes on exactly where it was written. */
final class EvidenceJson {
  private EvidenceJson() {}

  static ObjectNode write(Evidence evidence) {
    ObjectNode node = Json.object();
    node.put("calls", evidence.calls());
    node.put("pairs", evidence.pairs());
    ObjectNode scales = node.putObject("scales");
    for (Scale scale : evidence.scales()) {
      ObjectNode one = scales.putObject(scale.guardrail.metric().word());
      switch (scale) {
        case MeanScale means -> write(means.kept(), one);
        case QuantileScale quantiles -> write(quantiles.kept(), one);
      }
      if (!scale.window().isEmpty()) {
        ArrayNode window = one.putArray("window");
        scale.window().forEach(window::add);
      }
    }
    return node;
  }

  private static void write(MeanScale.Kept kept, ObjectNode one) {
    one.set("proof", test(kept.proof()));
    one.set("harm", test(kept.harm()));
    numbers(one.putArray("sums"), kept.sums());
    numbers(one.putArray("counts"), kept.counts());
    numbers(one.putArray("waiting"), kept.waiting());
    numbers(one.putArray("waiting_counts"), kept.waitingCounts());
  }

  private static ArrayNode test(BettingTest test) {
    ArrayNode node = Json.array();
    node.add(test.assumed()).add(test.count()).add(test.sum()).add(test.squares());
    return node.add(test.logWealth()).add(test.mostLogWealth());
  }

  private static void numbers(ArrayNode into, double[] values) {
    for (double value : values) {
      into.add(value);
    }
  }

  private static void numbers(ArrayNode into, long[] values) {
    for (long value : values) {
      into.add(value);
    }
  }

  private static void write(QuantileScale.Kept kept, ObjectNode one) {
    counts(one.putArray("whole"), kept.whole());
    counts(one.putArray("stage"), kept.ofStage());
    one.put("proven", kept.proven());
    one.put("worse", kept.worse());
  }

  private static void counts(ArrayNode into, List<QuantileCounts> both) {
    for (QuantileCounts counts : both) {
      ObjectNode one = into.addObject();
      counts.steps().forEach((step, many) -> one.put(Integer.toString(step), many.longValue()));
    }
  }

  static Evidence read(JsonNode node, Rules rules) {
    var scales = new ArrayList<Scale>();
    for (Guardrail guardrail : rules.guardrails()) {
      JsonNode one = node.path("scales").path(guardrail.metric().word());
      var window = new ArrayList<Double>();
      one.path("window").forEach(value -> window.add(value.asDouble()));
      scales.add(
          guardrail.metric().isQuantile()
              ? new QuantileScale(
                  guardrail,
                  new QuantileScale.Kept(
                      counts(one.path("whole")),
                      counts(one.path("stage")),
                      one.path("proven").asBoolean(),
                      one.path("worse").asBoolean(),
                      window))
              : new MeanScale(
                  guardrail,
                  new MeanScale.Kept(
                      test(one.path("proof")),
                      test(one.path("harm")),
                      doubles(one.path("sums")),
                      longs(one.path("counts")),
                      doubles(one.path("waiting")),
                      longs(one.path("waiting_counts")),
                      window)));
    }
    return Evidence.of(scales, node.path("calls").asLong(), node.path("pairs").asLong());
  }

  private static BettingTest test(JsonNode node) {
    return new BettingTest(
        node.path(0).asDouble(),
        node.path(1).asLong(),
        node.path(2).asDouble(),
        node.path(3).asDouble(),
        node.path(4).asDouble(),
        node.path(5).asDouble());
  }

  private static double[] doubles(JsonNode node) {
    return new double[] {node.path(0).asDouble(), node.path(1).asDouble()};
  }

  private static long[] longs(JsonNode node) {
    return new long[] {node.path(0).asLong(), node.path(1).asLong()};
  }

  private static List<QuantileCounts> counts(JsonNode node) {
    var both = new ArrayList<QuantileCounts>();
    for (int arm = 0; arm < 2; arm++) {
      var steps = new TreeMap<Integer, Long>();
      node.path(arm)
          .properties()
          .forEach(one -> steps.put(Integer.parseInt(one.getKey()), one.getValue().asLong()));
      both.add(QuantileCounts.of(steps));
    }
    return both;
  }
}
