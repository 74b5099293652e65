package dev.understudy.evaluation;

import dev.understudy.text.CommaTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads cases from a table with commas (RFC 4180): a column {@code input}, and where wanted {@code
 * id}, {@code ideal}, {@code cluster}, {@code system} and {@code slice:<dimension>}.
 */
final class CaseTable {
  private CaseTable() {}

  /** The rows of a table. */
  static List<List<String>> rows(String text) {
    return CommaTable.rows(text);
  }

  static CaseLine.Raw read(List<String> header, List<String> row) throws CaseLine.BadLine {
    if (row.size() != header.size()) {
      throw new CaseLine.BadLine("%d fields under %d columns".formatted(row.size(), header.size()));
    }
    Map<String, String> slices = new LinkedHashMap<>();
    var named = new LinkedHashMap<String, String>();
    for (int i = 0; i < header.size(); i++) {
      String column = header.get(i).strip();
      if (column.startsWith("slice:")) {
        slices.put(column.substring("slice:".length()), row.get(i));
      } else if (List.of("id", "input", "ideal", "cluster", "system").contains(column)) {
        named.put(column, row.get(i));
      } else {
        throw new CaseLine.BadLine(
            "unknown column \"%s\"; known: id, input, ideal, cluster, system, slice:<dimension>"
                .formatted(column));
      }
    }
    var turns = new ArrayList<Turn>();
    if (!named.getOrDefault("system", "").isEmpty()) {
      turns.add(new Turn("system", named.getOrDefault("system", "")));
    }
    if (named.getOrDefault("input", "").isEmpty()) {
      throw new CaseLine.BadLine("a case has an input");
    }
    turns.add(new Turn("user", named.getOrDefault("input", "")));
    String ideal = named.getOrDefault("ideal", "");
    return new CaseLine.Raw(
        named.getOrDefault("id", ""),
        turns,
        "",
        slices,
        named.getOrDefault("cluster", ""),
        ideal.isEmpty() ? List.of() : List.of(ideal),
        List.of(),
        List.of());
  }
}
