package dev.understudy.evaluation;

import dev.understudy.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads cases of the Berkeley Function Calling Leaderboard and the accepted answers beside them.
 */
final class BerkeleyFile {
  private static final Map<String, String> SCHEMA_TYPES =
      Map.of("dict", "object", "float", "number", "tuple", "array", "any", "string");

  private BerkeleyFile() {}

  static boolean isOne(JsonNode line) {
    return line.has("question") && line.has("function");
  }

  /**
   * One case.
   *
   * @param accepted its line of {@code possible_answer}
   */
  static CaseLine.Raw read(JsonNode line, Optional<JsonNode> accepted) throws CaseLine.BadLine {
    var turns = new ArrayList<Turn>();
    if (!line.get("question").isArray() || !line.get("question").path(0).isArray()) {
      throw new CaseLine.BadLine("/question", "question is a list of lists of messages");
    }
    if (!line.get("function").isArray()) {
      throw new CaseLine.BadLine("/function", "function is a list of functions");
    }
    for (int i = 0; i < line.get("function").size(); i++) {
      if (line.get("function").get(i).path("name").asString("").isEmpty()) {
        throw new CaseLine.BadLine("/function/" + i, "a function has a name");
      }
    }
    if (line.get("question").size() != 1) {
      throw new CaseLine.BadLine("/question", "cases of several turns are not read");
    }
    for (JsonNode message : line.get("question").get(0)) {
      turns.add(new Turn(message.path("role").asString(""), message.path("content").asString("")));
    }
    var functions = new ArrayList<JsonNode>();
    line.get("function").forEach(functions::add);
    var wanted = new ArrayList<JsonNode>();
    accepted.ifPresent(answer -> answer.path("ground_truth").forEach(wanted::add));
    String id = line.path("id").asString("");
    String category = id.replaceAll("_[0-9].*$", "");
    known(category, accepted.isPresent());
    return new CaseLine.Raw(
        id,
        turns,
        tools(functions),
        Map.of("category", category),
        "",
        List.of(),
        List.of(),
        List.of(
            new Check(
                "function-calls",
                new Scorer.Functions(new FunctionCalls(functions), List.copyOf(wanted)),
                false,
                1,
                1)));
  }

  /**
   * That no call is right is said by the category alone, and never by an answer that is missing.
   */
  private static void known(String category, boolean hasAnswer) throws CaseLine.BadLine {
    if (category.contains("java")) {
      throw new CaseLine.BadLine(
          "/id",
          "cases of %s are compared by another language's rules, and not read".formatted(category));
    }
    if (!hasAnswer && !category.endsWith("irrelevance")) {
      throw new CaseLine.BadLine(
          "/id",
          category.endsWith("relevance")
              ? "cases in which any call is right are not read"
              : "its accepted calls are missing: they stand in a file of the same name in the folder"
                  + " possible_answer beside it");
    }
  }

  /** The functions as the Chat protocol offers them, types in the words of JSON Schema. */
  private static String tools(List<JsonNode> functions) {
    var tools = Json.array();
    for (JsonNode function : functions) {
      ObjectNode tool = tools.addObject().put("type", "function").putObject("function");
      tool.put("name", FunctionCalls.wireName(function.path("name").asString("")));
      tool.put("description", function.path("description").asString(""));
      tool.set("parameters", schema(function.path("parameters")));
    }
    return tools.toString();
  }

  private static JsonNode schema(JsonNode described) {
    if (described.isArray()) {
      var list = Json.array();
      described.forEach(item -> list.add(schema(item)));
      return list;
    }
    if (!described.isObject()) {
      return described;
    }
    ObjectNode schema = Json.object();
    for (var member : described.properties()) {
      JsonNode value = member.getValue();
      schema.set(
          member.getKey(),
          member.getKey().equals("type") && value.isString()
              ? StringNode.valueOf(SCHEMA_TYPES.getOrDefault(value.asString(), value.asString()))
              : schema(value));
    }
    return schema;
  }
}
