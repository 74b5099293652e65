package dev.understudy.evaluation;

import dev.understudy.json.Json;
import dev.understudy.json.JsonPlaces;
import dev.understudy.json.Malformed;
import dev.understudy.text.CommaTable;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the files with cases that a suite names, each in the form that its name and lines tell. */
final class CaseFiles {
  private final Beside beside;
  private final CaseList cases;
  private final boolean leaveOut;
  private final LanguageRule languages;
  private final Problems problems;
  private final List<String> notes = new ArrayList<>();

  /**
   * Will read.
   *
   * @param leaveOut whether what is not understood of another tool is left out with a note
   * @param languages how IFEval's instructions tell a language
   */
  CaseFiles(
      Beside beside, CaseList cases, boolean leaveOut, LanguageRule languages, Problems problems) {
    this.beside = beside;
    this.cases = cases;
    this.leaveOut = leaveOut;
    this.languages = languages;
    this.problems = problems;
  }

  /** What was left aside, for a person. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  void read(Text said) {
    int cases = this.cases.size();
    int wrong = problems.total();
    String name = said.value();
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      beside.bytes(said).ifPresent(bytes -> promptfoo(beside.path(said), bytes));
    } else if (name.endsWith(".csv")) {
      beside.text(said).ifPresent(text -> table(beside.path(said).toString(), text));
    } else if (name.endsWith(".jsonl") || name.endsWith(".json")) {
      beside.text(said).ifPresent(text -> lines(beside.path(said), text));
    } else {
      problems.add(
          said.place(),
          "a file with cases ends in .jsonl (or .json, a line a case), .csv or, with promptfoo's, in .yaml");
    }
    if (this.cases.size() == cases && problems.total() == wrong) {
      problems.add(said.place(), beside.path(said) + " holds no case");
    }
  }

  private void promptfoo(Path path, byte[] bytes) {
    var promptfoo = new PromptfooFile(path, leaveOut, problems, beside::digest);
    for (PromptfooCases.Made made : promptfoo.read(bytes)) {
      cases.add(made.raw(), _ -> made.place());
    }
    notes.addAll(promptfoo.notes());
  }

  private void lines(Path path, String text) {
    Map<String, JsonNode> accepted = accepted(path);
    int number = 0;
    for (String line : text.split("\r?\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      int at = number;
      CaseList.Places places =
          pointer -> new Place(path.toString(), at, JsonPlaces.column(line, pointer));
      try {
        cases.add(raw(Json.parse(line), accepted), places);
      } catch (Malformed e) {
        problems.add(flaw(path, number, line), "not valid JSON: " + what(line, e));
      } catch (CaseLine.BadLine e) {
        problems.add(places.of(e.pointer()), String.valueOf(e.getMessage()));
      }
    }
  }

  /** In whichever of the known forms it is. */
  private CaseLine.Raw raw(JsonNode node, Map<String, JsonNode> accepted) throws CaseLine.BadLine {
    if (BerkeleyFile.isOne(node)) {
      return BerkeleyFile.read(
          node, Optional.ofNullable(accepted.get(node.path("id").asString(""))));
    }
    return InstructionFile.isOne(node)
        ? InstructionFile.read(node, languages)
        : CaseLine.read(node);
  }

  static Place flaw(Path path, int number, String line) {
    return new Place(
        path.toString(), number, JsonPlaces.flaw(line).map(JsonPlaces.Flaw::column).orElse(1));
  }

  static String what(String line, Malformed e) {
    return JsonPlaces.flaw(line).map(JsonPlaces.Flaw::what).orElse(String.valueOf(e.getMessage()));
  }

  /** The accepted answers that the Berkeley leaderboard keeps in a folder beside its cases. */
  private Map<String, JsonNode> accepted(Path path) {
    Path answers = path.resolveSibling("possible_answer").resolve(path.getFileName());
    if (!Files.exists(answers)) {
      return Map.of();
    }
    var all = new LinkedHashMap<String, JsonNode>();
    int number = 0;
    try {
      byte[] bytes = Files.readAllBytes(answers);
      beside.digest(bytes);
      for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          JsonNode node = Json.parse(line);
          all.put(node.path("id").asString(""), node);
        } catch (Malformed e) {
          problems.add(flaw(answers, number, line), "not valid JSON: " + what(line, e));
        }
      }
    } catch (IOException e) {
      problems.add(new Place(answers.toString(), 1, 1), "the file cannot be read");
    }
    return all;
  }

  private void table(String name, String text) {
    CommaTable.Read table = CommaTable.read(text);
    if (table.open().isPresent()) {
      CommaTable.Field open = table.open().get();
      problems.add(
          new Place(name, open.line(), open.column()), "a quote begins here that is never closed");
      return;
    }
    if (table.rows().isEmpty()) {
      return;
    }
    CommaTable.Row header = table.rows().getFirst();
    try {
      CaseTable.check(header.texts());
    } catch (CaseLine.BadLine e) {
      problems.add(place(name, header, header, e.pointer()), String.valueOf(e.getMessage()));
      return;
    }
    for (CommaTable.Row row : table.rows().subList(1, table.rows().size())) {
      CaseList.Places places = pointer -> place(name, header, row, pointer);
      try {
        cases.add(CaseTable.read(header.texts(), row.texts()), places);
      } catch (CaseLine.BadLine e) {
        problems.add(places.of(e.pointer()), String.valueOf(e.getMessage()));
      }
    }
  }

  /** Of the field under a column, or of the row. */
  private static Place place(
      String name, CommaTable.Row header, CommaTable.Row row, String pointer) {
    for (int i = 0; i < header.fields().size() && i < row.fields().size(); i++) {
      if (pointer.equals("/" + header.fields().get(i).text().strip())) {
        CommaTable.Field field = row.fields().get(i);
        return new Place(name, field.line(), field.column());
      }
    }
    CommaTable.Field first = row.fields().getFirst();
    return new Place(name, first.line(), first.column());
  }
}
