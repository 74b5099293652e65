package dev.understudy.rollout;

import dev.understudy.json.Json;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** A rollout as JSON, as it is kept: what was written is read as the same. */
public final class RolloutJson {
  private RolloutJson() {}

  /** Writes all of it. */
  public static String write(RolloutState state) {
    ObjectNode node = Json.object();
    node.put("id", state.id());
    node.put("name", state.name());
    node.put("route", state.route());
    node.put("candidate", state.candidate());
    node.put("incumbent", state.incumbent());
    node.put("declared", state.declared());
    node.set("rules", RulesJson.write(state.rules()));
    node.put("stage", state.stage());
    node.put("status", state.status().word());
    node.put("clause", state.clause());
    node.put("started_at", state.startedAt().toString());
    node.put("stage_since", state.stageSince().toString());
    node.put("paused_at", state.pausedAt().toString());
    node.put("steps", state.steps());
    node.put("rehearsals", state.rehearsals());
    node.put("rehearsals_failed", state.rehearsalsFailed());
    node.put("spent_on", state.spending().day().toString());
    node.put("spent", state.spending().amount());
    node.set("evidence", EvidenceJson.write(state.evidence()));
    return Json.text(node);
  }

  /** Reads what {@link #write} wrote. */
  public static RolloutState read(String text) {
    ObjectNode node = Json.parseObject(text);
    Rules rules = RulesJson.read(node.path("rules"));
    return new RolloutState(
        node.path("id").asString(),
        node.path("name").asString(),
        node.path("route").asString(),
        node.path("candidate").asString(),
        node.path("incumbent").asString(),
        node.path("declared").asString(""),
        rules,
        node.path("stage").asInt(),
        RolloutState.Status.valueOf(
            node.path("status").asString().toUpperCase(Locale.ROOT).replace('-', '_')),
        node.path("clause").asString(""),
        Instant.parse(node.path("started_at").asString()),
        Instant.parse(node.path("stage_since").asString()),
        Instant.parse(node.path("paused_at").asString()),
        node.path("steps").asInt(),
        node.path("rehearsals").asLong(),
        node.path("rehearsals_failed").asLong(),
        spending(node),
        EvidenceJson.read(node.path("evidence"), rules));
  }

  /** What was written before there was such a thing has none. */
  private static Spending spending(ObjectNode node) {
    return node.has("spent_on")
        ? new Spending(
            LocalDate.parse(node.path("spent_on").asString()), node.path("spent").asDouble())
        : Spending.NONE;
  }
}
