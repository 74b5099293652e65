package dev.understudy.protocol.gemini;

import dev.understudy.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts a function call's arguments together that arrive piece by piece.
 *
 * <p>Vertex AI sends them so when asked for {@code streamFunctionCallArguments}: each piece names
 * its place by a JSON path such as {@code $.items[0].name} and holds a value; pieces of one string
 * follow each other. Source: cloud.google.com/vertex-ai, "FunctionCall.partial_args".
 */
final class PartialArgs {
  /** The longest list that a path may reach into. */
  private static final int LIST_MAX = 10_000;

  private final ObjectNode root = Json.object();

  /** Whole arguments that came before or between pieces. */
  void whole(ObjectNode args) {
    root.setAll(args);
  }

  /**
   * One piece.
   *
   * @return whether its path and value were understood
   */
  boolean piece(ProtoFields piece) {
    List<String> path = steps(piece.text("jsonPath").orElse("$"));
    piece.ignore("willContinue");
    JsonNode value = value(piece);
    if (path.isEmpty() || value.isMissingNode()) {
      return false;
    }
    return put(root, path, 0, value);
  }

  String json() {
    return Json.text(root);
  }

  private static JsonNode value(ProtoFields piece) {
    for (String name : List.of("stringValue", "numberValue", "boolValue")) {
      var found = piece.raw(name);
      if (found.isPresent()) {
        return found.get();
      }
    }
    return piece.fields().node().has(piece.nameOf("nullValue"))
        ? Json.array().addNull().get(0)
        : Json.object().path("nothing");
  }

  private static boolean put(JsonNode holder, List<String> path, int at, JsonNode value) {
    String step = path.get(at);
    boolean last = at == path.size() - 1;
    if (step.startsWith("#")) {
      int index = Integer.parseInt(step.substring(1));
      if (!(holder instanceof ArrayNode array) || index > LIST_MAX) {
        return false;
      }
      while (array.size() <= index) {
        array.addNull();
      }
      array.set(
          index,
          last ? joined(array.get(index), value) : inner(array.get(index), path.get(at + 1)));
      return last || put(array.get(index), path, at + 1, value);
    }
    if (!(holder instanceof ObjectNode object)) {
      return false;
    }
    String name = step.substring(1);
    JsonNode there = object.path(name);
    object.set(name, last ? joined(there, value) : inner(there, path.get(at + 1)));
    return last || put(object.get(name), path, at + 1, value);
  }

  private static JsonNode joined(JsonNode before, JsonNode value) {
    return before.isString() && value.isString()
        ? Json.array().add(before.stringValue() + value.stringValue()).get(0)
        : value;
  }

  private static JsonNode inner(JsonNode there, String next) {
    if (there.isObject() || there.isArray()) {
      return there;
    }
    return next.startsWith("#") ? Json.array() : Json.object();
  }

  /** Names after a dot, positions after a {@code #}. */
  private static List<String> steps(String path) {
    var steps = new ArrayList<String>();
    int i = path.startsWith("$") ? 1 : 0;
    while (i < path.length()) {
      char c = path.charAt(i);
      if (c == '[') {
        int end = path.indexOf(']', i);
        if (end < 0) {
          return List.of();
        }
        String inside = path.substring(i + 1, end);
        boolean quoted =
            inside.length() >= 2 && (inside.startsWith("'") || inside.startsWith("\""));
        if (quoted) {
          steps.add("." + inside.substring(1, inside.length() - 1));
        } else if (inside.matches("\\d{1,6}")) {
          steps.add("#" + inside);
        } else {
          return List.of();
        }
        i = end + 1;
      } else {
        int begin = c == '.' ? i + 1 : i;
        int end = begin;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
          end++;
        }
        if (end > begin) {
          steps.add("." + path.substring(begin, end));
        }
        i = Math.max(end, i + 1);
      }
    }
    return steps;
  }
}
