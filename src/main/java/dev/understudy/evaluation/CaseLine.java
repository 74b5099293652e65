package dev.understudy.evaluation;

import dev.understudy.text.Nearness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * Reads a case from one line of JSON: our own form, or that of OpenAI's evals with {@code input}
 * and {@code ideal}.
 */
final class CaseLine {
  private static final List<String> KNOWN =
      List.of("id", "input", "messages", "tools", "slices", "cluster", "ideal", "checks");
  private static final List<String> OF_MESSAGES = List.of("role", "content");
  private static final List<String> OF_CHECKS =
      List.of("type", "value", "values", "tolerance", "threshold", "weight");

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

    private final String pointer;

    /**
     * A mistake.
     *
     * @param pointer the member that is wrong, as {@code /checks/0/type}; empty for the whole
     */
    BadLine(String pointer, String message) {
      super(message);
      this.pointer = pointer;
    }

    String pointer() {
      return pointer;
    }
  }

  static Raw read(JsonNode line) throws BadLine {
    if (!line.isObject()) {
      throw new BadLine("", "a case is a JSON object");
    }
    known(line, KNOWN, "");
    if (line.has("messages") && line.has("input")) {
      throw new BadLine("/messages", "a case has input or messages, not both");
    }
    return new Raw(
        name(line, "id"),
        turns(line),
        line.has("tools") ? line.get("tools").toString() : "",
        slices(line),
        name(line, "cluster"),
        texts(line, "ideal"),
        checks(line),
        List.of());
  }

  private static void known(JsonNode node, List<String> known, String pointer) throws BadLine {
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        throw new BadLine(
            pointer + "/" + name,
            "unknown field %s; known: %s%s"
                .formatted(
                    Nearness.quoted(name), String.join(", ", known), Nearness.hint(name, known)));
      }
    }
  }

  private static List<Turn> turns(JsonNode line) throws BadLine {
    String field = line.has("messages") ? "messages" : "input";
    JsonNode messages = line.path(field);
    if (messages.isMissingNode()) {
      throw new BadLine("", "a case has input or messages");
    }
    if (messages.isString()) {
      return List.of(new Turn("user", messages.asString()));
    }
    if (!messages.isArray()) {
      throw new BadLine("/" + field, field + " is a text, or a list of messages");
    }
    var turns = new ArrayList<Turn>();
    for (int i = 0; i < messages.size(); i++) {
      String pointer = "/%s/%d".formatted(field, i);
      if (!messages.get(i).isObject()) {
        throw new BadLine(pointer, "a message is an object with role and content");
      }
      known(messages.get(i), OF_MESSAGES, pointer);
      turns.add(
          new Turn(
              text(messages.get(i), "role", pointer), text(messages.get(i), "content", pointer)));
    }
    return turns;
  }

  private static Map<String, String> slices(JsonNode line) throws BadLine {
    JsonNode written = line.path("slices");
    if (written.isMissingNode()) {
      return Map.of();
    }
    if (!written.isObject()) {
      throw new BadLine("/slices", "slices is an object, a value for each dimension");
    }
    var slices = new LinkedHashMap<String, String>();
    for (var slice : written.properties()) {
      if (slice.getValue().isContainer() || slice.getValue().isNull()) {
        throw new BadLine("/slices/" + slice.getKey(), "the value of a slice is a text");
      }
      slices.put(slice.getKey(), slice.getValue().asString());
    }
    return slices;
  }

  private static List<CheckKinds.Written> checks(JsonNode line) throws BadLine {
    JsonNode written = line.path("checks");
    if (written.isMissingNode()) {
      return List.of();
    }
    if (!written.isArray()) {
      throw new BadLine("/checks", "checks is a list");
    }
    var checks = new ArrayList<CheckKinds.Written>();
    for (int i = 0; i < written.size(); i++) {
      checks.add(check(written.get(i), "/checks/" + i));
    }
    return checks;
  }

  private static CheckKinds.Written check(JsonNode check, String pointer) throws BadLine {
    if (!check.isObject()) {
      throw new BadLine(pointer, "a check is an object with a type");
    }
    known(check, OF_CHECKS, pointer);
    String type = text(check, "type", pointer);
    var values = new ArrayList<String>();
    if (check.has("value")) {
      values.addAll(value(type, check.get("value")));
    }
    values.addAll(texts(check, "values"));
    return new CheckKinds.Written(
        type,
        values,
        number(check, "tolerance", pointer),
        number(check, "threshold", pointer),
        number(check, "weight", pointer).orElse(1));
  }

  private static OptionalDouble number(JsonNode node, String field, String pointer) throws BadLine {
    if (!node.has(field)) {
      return OptionalDouble.empty();
    }
    if (!node.get(field).isNumber()) {
      throw new BadLine(pointer + "/" + field, field + " is a number");
    }
    return OptionalDouble.of(node.get(field).asDouble());
  }

  private static String text(JsonNode node, String field, String pointer) throws BadLine {
    JsonNode value = node.path(field);
    if (!value.isString()) {
      throw new BadLine(
          value.isMissingNode() ? pointer : pointer + "/" + field, field + " is a text");
    }
    return value.asString();
  }

  /** A name may be a number as well; empty if there is none. */
  private static String name(JsonNode node, String field) throws BadLine {
    JsonNode value = node.path(field);
    if (value.isMissingNode()) {
      return "";
    }
    if (!value.isString() && !value.isNumber()) {
      throw new BadLine("/" + field, field + " is a text");
    }
    return value.asString();
  }

  private static List<String> texts(JsonNode line, String field) {
    JsonNode node = line.path(field);
    return node.isMissingNode() || node.isNull() ? List.of() : texts(node);
  }

  /** What a check of this type is to find; a list is several values only where it takes several. */
  static List<String> value(String type, JsonNode node) {
    return CheckKinds.takesMany(type) || !node.isArray() ? texts(node) : List.of(node.toString());
  }

  /** One text or several; what is no text is meant as the JSON that it is. */
  static List<String> texts(JsonNode node) {
    if (!node.isArray()) {
      return List.of(node.isString() ? node.asString() : node.toString());
    }
    var all = new ArrayList<String>();
    node.forEach(item -> all.add(item.isString() ? item.asString() : item.toString()));
    return all;
  }
}
