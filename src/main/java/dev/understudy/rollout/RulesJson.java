package dev.understudy.rollout;

import dev.understudy.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rules as JSON, as they are kept and shown. */
public final class RulesJson {
  private RulesJson() {}

  /** Writes them. */
  public static ObjectNode write(Rules rules) {
    ObjectNode node = Json.object();
    ArrayNode stages = node.putArray("stages");
    rules.stages().forEach(stages::add);
    ArrayNode guardrails = node.putArray("guardrails");
    for (Guardrail guardrail : rules.guardrails()) {
      ObjectNode one = guardrails.addObject();
      one.put("metric", guardrail.metric().word());
      one.put("margin", guardrail.margin());
      one.put("tolerates", guardrail.tolerates());
      one.put("quantile", guardrail.quantile());
      guardrail.limit().ifPresent(limit -> one.put("limit", limit));
      one.put("window", guardrail.window());
    }
    node.put("alpha", rules.alpha());
    node.put("unproven_max", rules.unprovenMax());
    node.put("calls_min", rules.callsMin());
    node.put("stage_seconds_min", rules.stageTimeMin().toMillis() / 1e3);
    node.put("approval", rules.approval().name().toLowerCase(Locale.ROOT));
    node.put("sticky", rules.stickiness().name().toLowerCase(Locale.ROOT));
    node.put("shadow", rules.shadow());
    node.put("rehearsal", rules.rehearsal());
    node.put("copies_at_once", rules.copies().atOnce());
    node.put("copies_waiting", rules.copies().waiting());
    node.put("copies_cost_per_day", rules.copies().costPerDay());
    return node;
  }

  /** Reads what {@link #write} wrote. */
  static Rules read(JsonNode node) {
    var stages = new ArrayList<Double>();
    node.path("stages").forEach(stage -> stages.add(stage.asDouble()));
    var guardrails = new ArrayList<Guardrail>();
    for (JsonNode one : node.path("guardrails")) {
      guardrails.add(
          new Guardrail(
              Metric.of(one.path("metric").asString("")).orElseThrow(),
              one.path("margin").asDouble(),
              one.path("tolerates").asDouble(),
              one.path("quantile").asDouble(),
              one.has("limit")
                  ? OptionalDouble.of(one.path("limit").asDouble())
                  : OptionalDouble.empty(),
              one.path("window").asInt()));
    }
    return new Rules(
        stages,
        guardrails,
        node.path("alpha").asDouble(),
        node.path("unproven_max").asDouble(),
        node.path("calls_min").asInt(),
        Duration.ofMillis(Math.round(1e3 * node.path("stage_seconds_min").asDouble())),
        Rules.Approval.valueOf(node.path("approval").asString("").toUpperCase(Locale.ROOT)),
        Rules.Stickiness.valueOf(node.path("sticky").asString("").toUpperCase(Locale.ROOT)),
        node.path("shadow").asDouble(),
        node.path("rehearsal").asDouble(),
        new Rules.Copies(
            node.path("copies_at_once").asInt(),
            node.path("copies_waiting").asInt(),
            node.path("copies_cost_per_day").asDouble()));
  }
}
