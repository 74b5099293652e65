package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * Reads a case from one line of JSON: our own form, or that of OpenAI's evals with {@code input}
 * and {@code ideal}.
 */
final class CaseLine {
  private static final List<String> KNOWN =
      List.of("id", "input", "messages", "tools", "slices", "cluster", "ideal", "checks");

  private CaseLine() {}

  /**
   * A case as a file holds it, before it is checked.
   *
   * @param made checks that the file's own form stands for
   */
  record Raw(
      String id,
      List<Turn> turns,
      String toolsJson,
      Map<String, String> slices,
      String cluster,
      List<String> ideal,
      List<CheckKinds.Written> checks,
      List<Check> made) {}

  /** Something about a line that cannot be used; for a person. */
  static final class BadLine extends Exception {
    private static final long serialVersionUID = 1L;

    BadLine(String message) {
      super(message);
    }
  }

  static Raw read(JsonNode line) throws BadLine {
    if (!line.isObject()) {
      throw new BadLine("a case is a JSON object");
    }
    for (String name : line.propertyNames()) {
      if (!KNOWN.contains(name)) {
        throw new BadLine(
            "unknown field \"%s\"; known: %s".formatted(name, String.join(", ", KNOWN)));
      }
    }
    var turns = new ArrayList<Turn>();
    JsonNode messages = line.has("messages") ? line.get("messages") : line.get("input");
    if (messages == null) {
      throw new BadLine("a case has input or messages");
    }
    if (messages.isString()) {
      turns.add(new Turn("user", messages.asString()));
    } else if (messages.isArray()) {
      for (JsonNode message : messages) {
        turns.add(new Turn(text(message, "role"), text(message, "content")));
      }
    } else {
      throw new BadLine("input is a text, or a list of messages");
    }
    var slices = new LinkedHashMap<String, String>();
    if (line.has("slices")) {
      for (var slice : line.get("slices").properties()) {
        slices.put(slice.getKey(), slice.getValue().asString());
      }
    }
    var checks = new ArrayList<CheckKinds.Written>();
    if (line.has("checks")) {
      for (JsonNode check : line.get("checks")) {
        checks.add(check(check));
      }
    }
    return new Raw(
        line.has("id") ? line.get("id").asString() : "",
        turns,
        line.has("tools") ? line.get("tools").toString() : "",
        slices,
        line.has("cluster") ? line.get("cluster").asString() : "",
        texts(line.get("ideal")),
        checks,
        List.of());
  }

  private static CheckKinds.Written check(JsonNode check) throws BadLine {
    var values = new ArrayList<String>();
    for (String field : List.of("value", "values")) {
      if (check.has(field)) {
        values.addAll(texts(check.get(field)));
      }
    }
    return new CheckKinds.Written(
        text(check, "type"),
        values,
        number(check, "tolerance"),
        number(check, "threshold"),
        number(check, "weight").orElse(1));
  }

  private static OptionalDouble number(JsonNode node, String field) {
    return node.has(field) && node.get(field).isNumber()
        ? OptionalDouble.of(node.get(field).asDouble())
        : OptionalDouble.empty();
  }

  private static String text(JsonNode node, String field) throws BadLine {
    return Optional.ofNullable(node.get(field))
        .filter(JsonNode::isString)
        .map(JsonNode::asString)
        .orElseThrow(() -> new BadLine(field + " is a text"));
  }

  private static List<String> texts(@org.jspecify.annotations.Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return List.of();
    }
    if (!node.isArray()) {
      return List.of(node.isString() ? node.asString() : node.toString());
    }
    var all = new ArrayList<String>();
    node.forEach(item -> all.add(item.isString() ? item.asString() : item.toString()));
    return all;
  }
}
