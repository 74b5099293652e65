package dev.understudy.evaluation;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.text.CommaTable;
import dev.understudy.text.Place;
import dev.understudy.text.Tree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads the tests of a configuration of promptfoo, in place or from files of YAML, JSON, JSON Lines
 * and tables.
 */
final class PromptfooTests {
  private static final Set<String> TEST_FIELDS =
      Set.of(
          "description",
          "vars",
          "assert",
          "threshold",
          "metadata",
          "options",
          "provider",
          "providers",
          "disableCacheRead");

  private final PromptfooFolder folder;

  PromptfooTests(PromptfooFolder folder) {
    this.folder = folder;
  }

  /** A test as one of the file's forms says it. */
  record Test(Place place, Map<String, Tree> fields, boolean whole) {
    Optional<Tree> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }
  }

  /** The test that all others begin with. */
  Optional<Test> byDefault(Tree said) {
    if (said instanceof Tree.Scalar scalar && scalar.text().startsWith("file://")) {
      String path = scalar.text().substring("file://".length());
      return folder
          .beside(path, scalar.place())
          .flatMap(text ->
              Tree.read(
                  folder.file().resolveSibling(path).toString(),
                  text.getBytes(StandardCharsets.UTF_8),
                  folder.problems()))
          .flatMap(this::byDefault);
    }
    if (said instanceof Tree.Block block) {
      return Optional.of(checked(block));
    }
    folder.problems().add(said.place(), "defaultTest is a block, or a file:// with one");
    return Optional.empty();
  }

  /**
   * A test with what is known of it; one with something that is not known would ask or demand
   * something else without it, and is left out whole.
   */
  private Test checked(Tree.Block block) {
    boolean whole = true;
    for (var field : block.fields().entrySet()) {
      if (!TEST_FIELDS.contains(field.getKey())) {
        folder.unknown(field.getValue().place(), "a test with " + field.getKey());
        whole = false;
      }
    }
    if (block.field("options").orElse(null) instanceof Tree.Block options) {
      for (var field : options.fields().entrySet()) {
        if (List.of("provider", "rubricPrompt").contains(field.getKey())) {
          folder.note(
              "options.%s is left aside: the suite names its judges, and they are asked our way"
                  .formatted(field.getKey()));
        } else if (!List.of("prefix", "suffix").contains(field.getKey())) {
          folder.unknown(field.getValue().place(), "a test with options." + field.getKey());
          whole = false;
        }
      }
    }
    if (block.field("provider").or(() -> block.field("providers")).isPresent()) {
      folder.note("the provider of a test is left aside: every case is put to both targets");
    }
    return new Test(block.place(), block.fields(), whole);
  }

  /** All tests of the file, in whichever forms they stand. */
  List<Test> tests(Tree said) {
    var tests = new ArrayList<Test>();
    List<Tree> all = said instanceof Tree.Items items ? items.all() : List.of(said);
    for (Tree one : all) {
      switch (one) {
        case Tree.Block block when block.field("path").isPresent() ->
            folder.unknown(block.place(), "a generator of tests");
        case Tree.Block block -> tests.add(checked(block));
        case Tree.Scalar scalar ->
            tests.addAll(testsOf(scalar.text().replaceFirst("^file://", ""), scalar.place()));
        case Tree.Items items ->
            folder.problems().add(items.place(), "a test is a block, or a file://");
      }
    }
    return tests;
  }

  private List<Test> testsOf(String path, Place place) {
    Optional<String> text = Optional.empty();
    if (path.matches(".*\\.(csv|jsonl|json|ya?ml)")) {
      text = folder.beside(path, place);
    } else {
      folder.unknown(place, "tests from " + path);
    }
    if (text.isEmpty()) {
      return List.of();
    }
    String name = folder.file().resolveSibling(path).toString();
    if (path.endsWith(".csv")) {
      return table(name, text.get());
    }
    if (path.endsWith(".jsonl") || path.endsWith(".json")) {
      return lines(name, text.get(), path.endsWith(".jsonl"));
    }
    return Tree.read(name, text.get().getBytes(StandardCharsets.UTF_8), folder.problems())
        .map(this::tests)
        .orElse(List.of());
  }

  private List<Test> lines(String name, String text, boolean each) {
    var tests = new ArrayList<Test>();
    int number = 0;
    for (String line : each ? text.split("\n", -1) : new String[] {text}) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      var place = new Place(name, number, 1);
      try {
        tests.addAll(tests(tree(Json.parse(line), place)));
      } catch (Malformed e) {
        if (each) {
          folder
              .problems()
              .add(
                  CaseFiles.flaw(Path.of(name), number, line),
                  "not valid JSON: " + CaseFiles.what(line, e));
        } else {
          folder.problems().add(place, String.valueOf(e.getMessage()));
        }
      }
    }
    return tests;
  }

  private static Tree tree(JsonNode node, Place place) {
    if (node.isObject()) {
      var fields = new LinkedHashMap<String, Tree>();
      node.properties().forEach(e -> fields.put(e.getKey(), tree(e.getValue(), place)));
      return new Tree.Block(place, fields);
    }
    if (node.isArray()) {
      var all = new ArrayList<Tree>();
      node.forEach(item -> all.add(tree(item, place)));
      return new Tree.Items(place, all);
    }
    return new Tree.Scalar(
        place,
        node.isString() ? node.asString() : node.toString(),
        node.isString()
            ? Tree.Kind.TEXT
            : node.isNumber()
                ? Tree.Kind.NUMBER
                : node.isBoolean() ? Tree.Kind.FLAG : Tree.Kind.NOTHING);
  }

  /** A table has a column for each variable, and some whose names begin with two underscores. */
  private List<Test> table(String name, String text) {
    var tests = new ArrayList<Test>();
    CommaTable.Read read = CommaTable.read(text);
    if (read.open().isPresent() || read.rows().isEmpty()) {
      Place place =
          read.open()
              .map(open -> new Place(name, open.line(), open.column()))
              .orElse(new Place(name, 1, 1));
      folder
          .problems()
          .add(
              place,
              read.open().isPresent()
                  ? "a quote begins here that is never closed"
                  : "the table has no row");
      return tests;
    }
    List<String> header = read.rows().getFirst().texts();
    for (CommaTable.Row written : read.rows().subList(1, read.rows().size())) {
      List<String> row = written.texts();
      CommaTable.Field first = written.fields().getFirst();
      var place = new Place(name, first.line(), first.column());
      if (row.size() != header.size()) {
        folder
            .problems()
            .add(place, "%d fields under %d columns".formatted(row.size(), header.size()));
        continue;
      }
      var fields = new LinkedHashMap<String, Tree>();
      var vars = new LinkedHashMap<String, Tree>();
      var asserts = new ArrayList<Tree>();
      var metadata = new LinkedHashMap<String, Tree>();
      for (int c = 0; c < header.size(); c++) {
        String column = header.get(c).strip();
        var value = new Tree.Scalar(place, row.get(c), Tree.Kind.TEXT);
        if (column.matches("__expected[0-9]*")) {
          if (!value.text().isBlank()) {
            asserts.add(PromptfooCheck.expected(value));
          }
        } else if (column.equals("__description") || column.equals("__threshold")) {
          if (!value.text().isBlank()) {
            fields.put(column.substring(2), value);
          }
        } else if (column.startsWith("__metadata:")) {
          metadata.put(column.substring("__metadata:".length()), value);
        } else if (column.startsWith("__")) {
          if (!value.text().isBlank()) {
            folder.unknown(place, "column " + column);
          }
        } else {
          vars.put(column, value);
        }
      }
      fields.put("vars", new Tree.Block(place, vars));
      fields.put("metadata", new Tree.Block(place, metadata));
      if (!asserts.isEmpty()) {
        fields.put("assert", new Tree.Items(place, asserts));
      }
      tests.add(new Test(place, fields, true));
    }
    return tests;
  }
}
