package dev.understudy.gain;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.text.CommaTable;
import dev.understudy.text.Nearness;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads outcomes from JSON Lines or a table with commas: {@code prompt}, {@code cheap} and {@code
 * strong}, and where known {@code domain}, {@code cheap_cost} and {@code strong_cost}. {@code weak}
 * says the same as {@code cheap}. The items of a qualification's run are read as well: the
 * candidate is the cheap model there, the incumbent the strong one.
 */
public final class Outcomes {
  /** A longer file is not read. */
  public static final long BYTES_MAX = 512L << 20;

  private static final int PROBLEMS_MAX = 5;

  private static final List<String> COLUMNS =
      List.of("prompt", "cheap", "strong", "domain", "cheap_cost", "strong_cost");
  private static final Map<String, String> OTHER_NAMES =
      Map.of("weak", "cheap", "weak_cost", "cheap_cost");

  private Outcomes() {}

  /** What a file came to. */
  public record Read(List<Outcome> outcomes, int unjudged) {
    public Read {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** The outcomes of a file; what neither side was judged on is counted, not taken. */
  public static Read read(Path file) throws IOException, BadOutcomes {
    if (Files.isDirectory(file)) {
      throw new BadOutcomes(file + " is a folder: name one file of outcomes");
    }
    if (Files.size(file) > BYTES_MAX) {
      throw new BadOutcomes(
          "%s has %d bytes, and %d are read at the most"
              .formatted(file, Files.size(file), BYTES_MAX));
    }
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new BadOutcomes(file + " is not UTF-8");
    }
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    boolean table = file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    var reader = new Reader(file);
    if (table) {
      reader.table(CommaTable.read(plain));
    } else {
      reader.lines(plain.lines().toList());
    }
    if (!reader.problems.isEmpty()) {
      throw new BadOutcomes(String.join("\n", reader.problems));
    }
    if (reader.found.isEmpty()) {
      throw new BadOutcomes(file + " has no outcomes");
    }
    return new Read(reader.found, reader.unjudged);
  }

  /** Some elements of a list, by their places. */
  static <T> List<T> at(List<T> all, int[] places) {
    var some = new ArrayList<T>(places.length);
    for (int place : places) {
      some.add(all.get(place));
    }
    return some;
  }

  private static final class Reader {
    private final Path file;
    private final List<Outcome> found = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int unjudged;

    Reader(Path file) {
      this.file = file;
    }

    private void problem(int line, String what) {
      if (problems.size() < PROBLEMS_MAX) {
        problems.add("%s:%d: %s".formatted(file, line, what));
      }
    }

    void table(CommaTable.Read table) {
      List<CommaTable.Row> rows = table.rows();
      if (table.open().isPresent()) {
        problem(table.open().get().line(), "a quote opens in this row, and none closes it");
        return;
      }
      if (rows.isEmpty()) {
        return;
      }
      int first = line(rows.getFirst());
      List<String> header =
          rows.getFirst().texts().stream().map(name -> column(name.strip())).toList();
      for (String name : header) {
        if (!COLUMNS.contains(name)) {
          problem(
              first,
              "unknown column %s; known: %s%s"
                  .formatted(
                      Nearness.quoted(name),
                      String.join(", ", COLUMNS),
                      Nearness.hint(name, COLUMNS)));
          return;
        }
      }
      for (int i = 1; i < rows.size(); i++) {
        List<String> row = rows.get(i).texts();
        int line = line(rows.get(i));
        if (row.size() != header.size()) {
          problem(
              line,
              "row %d has %d fields under %d columns".formatted(i, row.size(), header.size()));
          continue;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (int k = 0; k < header.size(); k++) {
          if (fields.put(header.get(k), row.get(k)) != null) {
            problem(first, "the column " + header.get(k) + " is there twice");
            return;
          }
        }
        add(line, fields);
      }
    }

    private static int line(CommaTable.Row row) {
      return row.fields().getFirst().line();
    }

    void lines(List<String> lines) {
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).isBlank()) {
          continue;
        }
        ObjectNode node;
        try {
          node = Json.parseObject(lines.get(i));
        } catch (Malformed e) {
          // What stands on one line of the file is line 1 to the parser.
          problem(i + 1, String.valueOf(e.getMessage()).replace("at line 1, ", "at "));
          continue;
        }
        if (node.has("candidate") && node.has("incumbent")) {
          item(i + 1, node);
        } else {
          line(i + 1, node);
        }
      }
    }

    private void line(int line, ObjectNode node) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (var member : node.properties()) {
        String name = column(member.getKey());
        if (!COLUMNS.contains(name)) {
          problem(
              line,
              "unknown member %s; known: %s%s"
                  .formatted(
                      Nearness.quoted(name),
                      String.join(", ", COLUMNS),
                      Nearness.hint(name, COLUMNS)));
          return;
        }
        JsonNode value = member.getValue();
        if (!value.isNull()) {
          fields.put(name, value.isString() ? value.asString() : value.toString());
        }
      }
      add(line, fields);
    }

    /** One line of a run's {@code items.jsonl}. */
    private void item(int line, ObjectNode node) {
      Optional<Double> cheap = judged(node.path("candidate"));
      Optional<Double> strong = judged(node.path("incumbent"));
      if (node.path("prompt").asString("").isEmpty()) {
        problem(line, "this item has no prompt: it was written before runs kept them");
        return;
      }
      if (cheap.isEmpty() || strong.isEmpty()) {
        unjudged++;
        return;
      }
      found.add(
          new Outcome(
              node.path("prompt").asString(),
              node.path("slices").path("domain").asString(""),
              cheap.get(),
              strong.get()));
    }

    private static Optional<Double> judged(JsonNode side) {
      JsonNode rate = side.path("pass_rate");
      return rate.isNumber() ? Optional.of(rate.asDouble()) : Optional.empty();
    }

    private static String column(String name) {
      return OTHER_NAMES.getOrDefault(name, name);
    }

    private void add(int line, Map<String, String> fields) {
      String prompt = fields.getOrDefault("prompt", "");
      if (prompt.isBlank()) {
        problem(line, "an outcome has a prompt");
        return;
      }
      double cheap = score(line, fields, "cheap");
      double strong = score(line, fields, "strong");
      String cheapSaid = fields.getOrDefault("cheap_cost", "").strip();
      String strongSaid = fields.getOrDefault("strong_cost", "").strip();
      if (cheapSaid.isEmpty() != strongSaid.isEmpty()) {
        problem(line, "the costs of both targets are known, or of neither");
        return;
      }
      boolean costed = !cheapSaid.isEmpty();
      double cheapCost = costed ? number(line, "cheap_cost", cheapSaid) : 0;
      double strongCost = costed ? number(line, "strong_cost", strongSaid) : 0;
      if (Double.isNaN(cheap + strong + cheapCost + strongCost)) {
        return;
      }
      if (cheapCost < 0 || strongCost < 0) {
        problem(line, "a cost is not less than 0");
        return;
      }
      found.add(
          new Outcome(
              prompt,
              fields.getOrDefault("domain", "").strip(),
              cheap,
              strong,
              costed ? Optional.of(new Outcome.Costs(cheapCost, strongCost)) : Optional.empty()));
    }

    private double score(int line, Map<String, String> fields, String name) {
      String said = fields.getOrDefault(name, "").strip();
      if (said.equalsIgnoreCase("true")) {
        return 1;
      }
      if (said.equalsIgnoreCase("false")) {
        return 0;
      }
      double value = said.isEmpty() ? Double.NaN : number(line, name, said);
      if (said.isEmpty()) {
        problem(line, "an outcome has a score " + name);
      } else if (value < 0 || value > 1) {
        problem(
            line,
            "the score %s is %s, and scores are from 0 to 1: divide them by the best there is"
                .formatted(name, Nearness.quoted(said)));
        return Double.NaN;
      }
      return value;
    }

    private double number(int line, String name, String said) {
      double value;
      try {
        value = Double.parseDouble(said.strip());
      } catch (NumberFormatException e) {
        value = Double.NaN;
      }
      if (Double.isNaN(value) || Double.isInfinite(value)) {
        problem(line, "%s is no number: %s".formatted(name, Nearness.quoted(said)));
        return Double.NaN;
      }
      return value;
    }
  }
}
