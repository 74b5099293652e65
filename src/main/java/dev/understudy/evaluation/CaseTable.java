package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads cases from a table with commas (RFC 4180): a column {@code input}, and where wanted {@code
 * id}, {@code ideal}, {@code cluster}, {@code system} and {@code slice:<dimension>}.
 */
final class CaseTable {
  private static final String SLICE = "slice:";
  private static final List<String> COLUMNS = List.of("id", "input", "ideal", "cluster", "system");

  private CaseTable() {}

  /** Whether the columns can be used. */
  static void check(List<String> header) throws CaseLine.BadLine {
    var seen = new HashSet<String>();
    for (String written : header) {
      String column = written.strip();
      if (!COLUMNS.contains(column)
          && !(column.startsWith(SLICE) && column.length() > SLICE.length())) {
        throw new CaseLine.BadLine(
            "/" + column,
            "unknown column \"%s\"; known: %s, slice:<dimension>"
                .formatted(column, String.join(", ", COLUMNS)));
      }
      if (!seen.add(column)) {
        throw new CaseLine.BadLine("", "the column \"%s\" is there twice".formatted(column));
      }
    }
    if (!seen.contains("input")) {
      throw new CaseLine.BadLine("", "there is no column input");
    }
  }

  /** A row under columns that can be used. */
  static CaseLine.Raw read(List<String> header, List<String> row) throws CaseLine.BadLine {
    if (row.size() != header.size()) {
      throw new CaseLine.BadLine(
          "", "%d fields under %d columns".formatted(row.size(), header.size()));
    }
    Map<String, String> slices = new LinkedHashMap<>();
    var named = new LinkedHashMap<String, String>();
    for (int i = 0; i < header.size(); i++) {
      String column = header.get(i).strip();
      if (column.startsWith(SLICE)) {
        slices.put(column.substring(SLICE.length()), row.get(i));
      } else {
        named.put(column, row.get(i));
      }
    }
    var turns = new ArrayList<Turn>();
    if (!named.getOrDefault("system", "").isEmpty()) {
      turns.add(new Turn("system", named.getOrDefault("system", "")));
    }
    if (named.getOrDefault("input", "").isEmpty()) {
      throw new CaseLine.BadLine("/input", "a case has an input");
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
