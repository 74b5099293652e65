package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads cases of IFEval: a prompt, and a check for each of its instructions. */
final class InstructionFile {
  private InstructionFile() {}

  static boolean isOne(JsonNode line) {
    return line.has("prompt") && line.has("instruction_id_list");
  }

  static CaseLine.Raw read(JsonNode line) throws CaseLine.BadLine {
    var checks = new ArrayList<Check>();
    var kinds = new LinkedHashSet<String>();
    JsonNode ids = line.get("instruction_id_list");
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i).asString("");
      String pointer = "/instruction_id_list/" + i;
      Instruction instruction =
          Instruction.of(id, line.path("kwargs").path(i))
              .orElseThrow(() -> new CaseLine.BadLine(pointer, "unknown instruction " + id));
      kinds.add(id.replaceFirst("^en:", "").replaceFirst(":.*$", ""));
      checks.add(
          new Check(id.replaceFirst("^en:", ""), new Scorer.Follows(instruction), false, 1, 1));
    }
    return new CaseLine.Raw(
        "ifeval-" + line.path("key").asString(""),
        List.of(new Turn("user", line.get("prompt").asString(""))),
        "",
        kinds.size() == 1
            ? Map.of("instruction", kinds.getFirst())
            : Map.of("instruction", "several"),
        "",
        List.of(),
        List.of(),
        checks);
  }
}
