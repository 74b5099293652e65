package dev.understudy.evaluation;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Reads what a person said of answers from one line of JSON: {@code id} and {@code winner} of a
 * pair, or {@code id}, {@code side} and {@code pass} of one answer.
 */
final class LabelLine {
  private static final List<String> KNOWN = List.of("id", "winner", "side", "pass");
  private static final List<String> WINNERS = List.of("candidate", "incumbent", "tie");

  private LabelLine() {}

  static Judging.Label read(JsonNode line) throws CaseLine.BadLine {
    if (!line.isObject() || !line.path("id").isString()) {
      throw new CaseLine.BadLine("", "a label is a JSON object with the id of a case");
    }
    for (String name : line.propertyNames()) {
      if (!KNOWN.contains(name)) {
        throw new CaseLine.BadLine(
            "/" + name,
            "unknown field \"%s\"; known: %s".formatted(name, String.join(", ", KNOWN)));
      }
    }
    String id = line.get("id").asString();
    if (line.has("winner") && !line.has("pass") && !line.has("side")) {
      String winner = line.get("winner").asString("");
      if (WINNERS.contains(winner)) {
        return new Judging.Label(id, "", winner);
      }
      throw new CaseLine.BadLine("/winner", "winner is candidate, incumbent or tie");
    }
    if (line.path("pass").isBoolean()
        && List.of("candidate", "incumbent").contains(line.path("side").asString(""))
        && !line.has("winner")) {
      return new Judging.Label(
          id, line.get("side").asString(), line.get("pass").asBoolean() ? "pass" : "fail");
    }
    throw new CaseLine.BadLine(
        "", "a label has a winner, or a side, candidate or incumbent, and pass, true or false");
  }
}
