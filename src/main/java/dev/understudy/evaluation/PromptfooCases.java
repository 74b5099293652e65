package dev.understudy.evaluation;

import dev.understudy.json.Json;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Makes cases of prompts and tests: each combination of variables is one, its assertions are the
 * checks.
 */
final class PromptfooCases {
  /** Lists of one variable multiply: more cases than this of one test are a mistake. */
  private static final int COMBINATIONS_MAX = 10_000;

  private final PromptfooFolder folder;
  private final Map<String, Tree> templates;
  private final List<Made> made = new ArrayList<>();

  /**
   * Will make cases.
   *
   * @param templates assertions that others refer to, by name
   */
  PromptfooCases(PromptfooFolder folder, Map<String, Tree> templates) {
    this.folder = folder;
    this.templates = templates;
  }

  /** A case and where it is written. */
  record Made(CaseLine.Raw raw, Place place) {}

  /** A prompt of the file, before it is filled. */
  record Prompt(String label, String text, Place place) {}

  List<Made> made() {
    return made;
  }

  /** Each prompt filled with each combination of a test's variables. */
  void test(
      PromptfooTests.Test test, int number, PromptfooTests.Test byDefault, List<Prompt> prompts) {
    if (!test.whole() || !byDefault.whole()) {
      return;
    }
    List<Map<String, JsonNode>> combinations = combinations(test, byDefault);
    String name =
        test.field("description").map(PromptfooFolder::text).orElse("test " + number).strip();
    String cluster = folder.file().getFileName() + " test " + number;
    var slices = new LinkedHashMap<String, String>();
    for (PromptfooTests.Test from : List.of(byDefault, test)) {
      if (from.field("metadata").orElse(null) instanceof Tree.Block metadata) {
        metadata
            .fields()
            .forEach((key, value) -> {
              if (value instanceof Tree.Scalar scalar && !scalar.text().isBlank()) {
                slices.put(key, scalar.text());
              }
            });
      }
    }
    for (Prompt prompt : prompts) {
      for (int c = 0; c < combinations.size(); c++) {
        var id =
            new StringBuilder("%s #%d %s".formatted(folder.file().getFileName(), number, name));
        id.append(prompts.size() > 1 ? " / " + prompt.label() : "");
        id.append(combinations.size() > 1 ? " / " + (c + 1) : "");
        var into = new LinkedHashMap<>(slices);
        if (prompts.size() > 1) {
          into.put("prompt", prompt.label());
        }
        try {
          Map<String, JsonNode> values = Template.resolved(combinations.get(c));
          List<Turn> turns =
              PromptfooPrompt.turns(
                  option(test, byDefault, "prefix")
                      + prompt.text()
                      + option(test, byDefault, "suffix"),
                  values);
          List<Check> checks = checks(test, byDefault, values);
          if (checks.isEmpty() && folder.leavesOut() && test.field("assert").isPresent()) {
            folder.note(
                "line %d: the test is left out, of whose assertions none is left"
                    .formatted(test.place().line()));
            continue;
          }
          made.add(
              new Made(
                  new CaseLine.Raw(
                      id.toString(), turns, "", into, cluster, List.of(), List.of(), checks),
                  test.place()));
        } catch (Template.BadTemplate e) {
          folder.problems().add(test.place(), String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private static String option(
      PromptfooTests.Test test, PromptfooTests.Test byDefault, String name) {
    for (PromptfooTests.Test from : List.of(test, byDefault)) {
      if (from.field("options").orElse(null) instanceof Tree.Block options
          && options.field(name).isPresent()) {
        return PromptfooFolder.text(options.field(name).get());
      }
    }
    return "";
  }

  private List<Map<String, JsonNode>> combinations(
      PromptfooTests.Test test, PromptfooTests.Test byDefault) {
    var vars = new LinkedHashMap<String, Tree>();
    for (PromptfooTests.Test from : List.of(byDefault, test)) {
      Optional<Tree> said = from.field("vars");
      if (said.isPresent() && !(said.get() instanceof Tree.Block)) {
        folder.unknown(said.get().place(), "a test with vars from a file");
        return List.of();
      }
      said.ifPresent(block -> vars.putAll(((Tree.Block) block).fields()));
    }
    List<Map<String, JsonNode>> all = List.of(Map.of());
    for (var variable : vars.entrySet()) {
      List<JsonNode> values = new ArrayList<>();
      if (variable.getValue() instanceof Tree.Items items) {
        items.all().forEach(item -> values.add(value(item)));
      } else {
        values.add(value(variable.getValue()));
      }
      var more = new ArrayList<Map<String, JsonNode>>();
      for (Map<String, JsonNode> before : all) {
        for (JsonNode value : values) {
          var one = new LinkedHashMap<>(before);
          one.put(variable.getKey(), value);
          more.add(one);
        }
      }
      if (more.size() > COMBINATIONS_MAX) {
        folder
            .problems()
            .add(
                test.place(), "more than %d combinations of variables".formatted(COMBINATIONS_MAX));
        return List.of();
      }
      all = more;
    }
    return all;
  }

  /** A value with texts from files in it. */
  private JsonNode value(Tree said) {
    return switch (said) {
      case Tree.Block block -> {
        ObjectNode out = Json.object();
        block.fields().forEach((name, value) -> out.set(name, value(value)));
        yield out;
      }
      case Tree.Items items -> {
        ArrayNode out = Json.array();
        items.all().forEach(item -> out.add(value(item)));
        yield out;
      }
      case Tree.Scalar scalar when scalar.text().startsWith("file://") -> {
        String path = scalar.text().substring("file://".length());
        if (path.matches(".*\\.(js|ts|mjs|py|cjs)(:.*)?")) {
          folder.unknown(scalar.place(), "a value that a program makes");
          yield StringNode.valueOf("");
        }
        // The line feed that editors end a file with is no part of what it says.
        yield StringNode.valueOf(folder.beside(path, scalar.place()).orElse("").strip());
      }
      case Tree.Scalar scalar ->
          switch (scalar.kind()) {
            case TEXT -> StringNode.valueOf(scalar.text());
            case NOTHING -> StringNode.valueOf("");
            case NUMBER, FLAG ->
                JsonText.parse(scalar.text()).orElse(StringNode.valueOf(scalar.text()));
          };
    };
  }

  private List<Check> checks(
      PromptfooTests.Test test, PromptfooTests.Test byDefault, Map<String, JsonNode> values)
      throws Template.BadTemplate {
    var checks = new ArrayList<Check>();
    for (PromptfooTests.Test from : List.of(test, byDefault)) {
      if (from.field("assert").orElse(null) instanceof Tree.Items asserts) {
        for (Tree said : asserts.all()) {
          check(said, values).ifPresent(checks::add);
        }
      } else {
        from.field("assert").ifPresent(a -> folder.problems().add(a.place(), "assert is a list"));
      }
    }
    Optional<Tree> threshold = test.field("threshold").or(() -> byDefault.field("threshold"));
    if (threshold.isEmpty() || checks.isEmpty()) {
      return checks;
    }
    double least = PromptfooFolder.number(threshold.get()).orElse(-1.0);
    if (!(least > 0 && least <= 1)) {
      folder.problems().add(threshold.get().place(), "threshold lies above 0 and at most at 1");
      return checks;
    }
    return List.of(new Check("assertions", new CheckSet(checks, true), false, least, 1));
  }

  private Optional<Check> check(Tree said, Map<String, JsonNode> values)
      throws Template.BadTemplate {
    if (!(said instanceof Tree.Block written)) {
      folder.problems().add(said.place(), "an assertion is a block with a type");
      return Optional.empty();
    }
    Tree.Block block = written;
    if (written.field("$ref").isPresent()) {
      String named =
          PromptfooFolder.text(written.field("$ref").get())
              .replaceFirst("^#/assertionTemplates/", "");
      if (!(templates.get(named) instanceof Tree.Block template)) {
        folder
            .problems()
            .add(written.place(), "there is no assertion template " + Nearness.quoted(named));
        return Optional.empty();
      }
      var fields = new LinkedHashMap<>(template.fields());
      fields.putAll(written.fields());
      fields.remove("$ref");
      block = new Tree.Block(written.place(), fields);
    }
    String type = block.field("type").map(PromptfooFolder::text).orElse("");
    if (type.isEmpty()) {
      folder.problems().add(block.place(), "an assertion has a type");
      return Optional.empty();
    }
    for (String field : block.fields().keySet()) {
      if (List.of("provider", "description").contains(field)) {
        folder.note(field + " of an assertion is left aside");
      } else if (!List.of("type", "value", "threshold", "weight", "metric", "assert")
          .contains(field)) {
        // Without it the assertion would say something else.
        folder.unknown(block.place(), "an assertion with " + field);
        return Optional.empty();
      }
    }
    double weight = block.field("weight").flatMap(PromptfooFolder::number).orElse(1.0);
    if (weight == 0) {
      folder.note("assertions of weight 0 are left out: they decide nothing");
      return Optional.empty();
    }
    String metric = block.field("metric").map(PromptfooFolder::text).orElse("");
    String name = metric.isEmpty() ? type : metric + ": " + type;
    Optional<Double> threshold = block.field("threshold").flatMap(PromptfooFolder::number);
    if (type.equals("assert-set")) {
      var inner = new ArrayList<Check>();
      if (block.field("assert").orElse(null) instanceof Tree.Items items) {
        for (Tree one : items.all()) {
          check(one, values).ifPresent(inner::add);
        }
      }
      if (inner.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          new Check(
              name,
              new CheckSet(inner, threshold.isPresent()),
              false,
              threshold.orElse(1.0),
              weight));
    }
    var wanted = new ArrayList<String>();
    Optional<Tree> value = block.field("value");
    if (value.isPresent()) {
      List<Tree> all =
          value.get() instanceof Tree.Items items && PromptfooCheck.takesMany(type)
              ? items.all()
              : List.of(value.get());
      for (Tree one : all) {
        JsonNode node = value(one);
        wanted.add(Template.fill(node.isString() ? node.asString() : Json.text(node), values));
      }
    }
    boolean structured = value.isPresent() && !(value.get() instanceof Tree.Scalar);
    var read = PromptfooCheck.of(type, wanted, structured, threshold, name, weight);
    switch (read) {
      case PromptfooCheck.Read.Made(Check check, String note) -> {
        if (!note.isEmpty()) {
          folder.note(note);
        }
        return Optional.of(check);
      }
      case PromptfooCheck.Read.Unknown _ ->
          folder.unknown(block.place(), "the assertion " + Nearness.quoted(type));
      case PromptfooCheck.Read.Wrong(String why) ->
          folder.problems().add(block.place(), type + ": " + why);
    }
    return Optional.empty();
  }
}
