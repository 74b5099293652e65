package dev.understudy.evaluation;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads cases from a configuration of promptfoo: each of its prompts filled with each test's
 * variables is a case, its assertions are the case's checks.
 */
final class PromptfooFile {
  /** Fields that say how promptfoo runs, not what is asked. */
  private static final Set<String> LEFT_ASIDE =
      Set.of(
          "$schema",
          "description",
          "tags",
          "providers",
          "targets",
          "sharing",
          "outputPath",
          "evaluateOptions",
          "commandLineOptions",
          "env",
          "metadata");

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

  /** Lists of one variable multiply: more cases than this of one test are a mistake. */
  private static final int COMBINATIONS_MAX = 10_000;

  private static final long BYTES_MAX = 64L << 20;

  private final Path file;
  private final boolean leaveOut;
  private final Problems problems;
  private final Consumer<byte[]> digest;
  private final Set<String> notes = new LinkedHashSet<>();
  private final List<Made> made = new ArrayList<>();
  private final Map<String, Tree> templates = new LinkedHashMap<>();

  /** A case and where it is written. */
  record Made(CaseLine.Raw raw, Place place) {}

  /** A prompt of the file, before it is filled. */
  private record Prompt(String label, String text, Place place) {}

  /** A test as one of the file's forms says it. */
  private record Test(Place place, Map<String, Tree> fields, boolean whole) {
    Optional<Tree> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }
  }

  /**
   * Will read.
   *
   * @param leaveOut whether assertions that are not known are left out, with a note; else they are
   *     problems
   * @param digest hears of every file that is read
   */
  PromptfooFile(Path file, boolean leaveOut, Problems problems, Consumer<byte[]> digest) {
    this.file = file;
    this.leaveOut = leaveOut;
    this.problems = problems;
    this.digest = digest;
  }

  /** What was left aside, for a person. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  List<Made> read(byte[] bytes) {
    Optional<Tree> tree = Tree.read(file.toString(), bytes, problems);
    if (tree.isEmpty() || !(tree.get() instanceof Tree.Block top)) {
      tree.ifPresent(t -> problems.add(t.place(), "a configuration of promptfoo is a block"));
      return List.of();
    }
    for (var field : top.fields().entrySet()) {
      String name = field.getKey();
      if (LEFT_ASIDE.contains(name)) {
        if (name.equals("providers") || name.equals("targets")) {
          note("providers are left aside: candidate and incumbent are named on the command line");
        }
      } else if (!List.of("prompts", "tests", "defaultTest", "assertionTemplates").contains(name)) {
        unknown(field.getValue().place(), name + " of a configuration");
      }
    }
    if (top.field("assertionTemplates").orElse(null) instanceof Tree.Block named) {
      templates.putAll(named.fields());
    }
    List<Prompt> prompts = prompts(top);
    Test byDefault =
        top.field("defaultTest")
            .flatMap(this::byDefault)
            .orElse(new Test(top.place(), Map.of(), true));
    List<Test> tests = top.field("tests").map(this::tests).orElse(List.of());
    if (tests.isEmpty() && problems.isEmpty()) {
      problems.add(top.place(), "the configuration has no tests");
    }
    for (int i = 0; i < tests.size(); i++) {
      test(tests.get(i), i + 1, byDefault, prompts);
    }
    return made;
  }

  private void note(String text) {
    notes.add(file.getFileName() + ": " + text);
  }

  private void unknown(Place place, String what) {
    if (leaveOut) {
      note("line %d: %s is left out".formatted(place.line(), what));
    } else {
      problems.add(place, what + " is not understood; unsupported: leave-out goes on without such");
    }
  }

  private List<Prompt> prompts(Tree.Block top) {
    Optional<Tree> said = top.field("prompts");
    if (said.isEmpty()) {
      problems.add(top.place(), "the configuration has no prompts");
      return List.of();
    }
    var prompts = new ArrayList<Prompt>();
    List<Tree> all = said.get() instanceof Tree.Items items ? items.all() : List.of(said.get());
    for (Tree one : all) {
      switch (one) {
        case Tree.Scalar scalar -> prompt(scalar.text(), "", scalar.place(), prompts);
        case Tree.Block block -> {
          String label = block.field("label").map(PromptfooFile::text).orElse("");
          Optional<Tree> text = block.field("raw").or(() -> block.field("id"));
          if (text.isPresent() && text.get() instanceof Tree.Scalar scalar) {
            prompt(scalar.text(), label, scalar.place(), prompts);
          } else {
            problems.add(block.place(), "a prompt has a text, as raw or as id: file://…");
          }
        }
        case Tree.Items items -> problems.add(items.place(), "a prompt is a text or a block");
      }
    }
    return prompts;
  }

  private void prompt(String said, String label, Place place, List<Prompt> into) {
    String name = label.isEmpty() ? "prompt " + (into.size() + 1) : label;
    if (!said.startsWith("file://") && !said.matches("[\\w./-]+\\.(txt|md|json)")) {
      into.add(new Prompt(name, said, place));
      return;
    }
    String path = said.replaceFirst("^file://", "");
    if (!path.matches(".*\\.(txt|md|json)")) {
      unknown(place, "a prompt from " + path + ", which is no .txt, .md or .json file,");
      return;
    }
    Optional<String> text = beside(path, place);
    if (text.isEmpty()) {
      return;
    }
    // Several prompts in one file stand between lines of three dashes.
    String[] parts =
        path.endsWith(".json") ? new String[] {text.get()} : text.get().split("(?m)^---\\s*$");
    for (String part : parts) {
      into.add(
          new Prompt(
              parts.length == 1 && !label.isEmpty() ? label : "prompt " + (into.size() + 1),
              part.strip(),
              place));
    }
  }

  private Optional<String> beside(String path, Place place) {
    if (path.contains("*")) {
      problems.add(place, "files by a pattern are not read; name each");
      return Optional.empty();
    }
    Path named = file.resolveSibling(path);
    try {
      if (Files.size(named) > BYTES_MAX) {
        problems.add(place, named + " is larger than " + BYTES_MAX + " bytes");
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(named);
      digest.accept(bytes);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      problems.add(place, named + " cannot be read");
      return Optional.empty();
    }
  }

  private Optional<Test> byDefault(Tree said) {
    if (said instanceof Tree.Scalar scalar && scalar.text().startsWith("file://")) {
      String path = scalar.text().substring("file://".length());
      return beside(path, scalar.place())
          .flatMap(text ->
              Tree.read(
                  file.resolveSibling(path).toString(),
                  text.getBytes(StandardCharsets.UTF_8),
                  problems))
          .flatMap(this::byDefault);
    }
    if (said instanceof Tree.Block block) {
      return Optional.of(checked(block));
    }
    problems.add(said.place(), "defaultTest is a block, or a file:// with one");
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
        unknown(field.getValue().place(), "a test with " + field.getKey());
        whole = false;
      }
    }
    if (block.field("options").orElse(null) instanceof Tree.Block options) {
      for (var field : options.fields().entrySet()) {
        if (List.of("provider", "rubricPrompt").contains(field.getKey())) {
          note(
              "options.%s is left aside: the suite names its judges, and they are asked our way"
                  .formatted(field.getKey()));
        } else if (!List.of("prefix", "suffix").contains(field.getKey())) {
          unknown(field.getValue().place(), "a test with options." + field.getKey());
          whole = false;
        }
      }
    }
    if (block.field("provider").or(() -> block.field("providers")).isPresent()) {
      note("the provider of a test is left aside: every case is put to both targets");
    }
    return new Test(block.place(), block.fields(), whole);
  }

  private static String option(Test test, Test byDefault, String name) {
    for (Test from : List.of(test, byDefault)) {
      if (from.field("options").orElse(null) instanceof Tree.Block options
          && options.field(name).isPresent()) {
        return text(options.field(name).get());
      }
    }
    return "";
  }

  private List<Test> tests(Tree said) {
    var tests = new ArrayList<Test>();
    List<Tree> all = said instanceof Tree.Items items ? items.all() : List.of(said);
    for (Tree one : all) {
      switch (one) {
        case Tree.Block block when block.field("path").isPresent() ->
            unknown(block.place(), "a generator of tests");
        case Tree.Block block -> tests.add(checked(block));
        case Tree.Scalar scalar ->
            tests.addAll(testsOf(scalar.text().replaceFirst("^file://", ""), scalar.place()));
        case Tree.Items items -> problems.add(items.place(), "a test is a block, or a file://");
      }
    }
    return tests;
  }

  private List<Test> testsOf(String path, Place place) {
    Optional<String> text = Optional.empty();
    if (path.matches(".*\\.(csv|jsonl|json|ya?ml)")) {
      text = beside(path, place);
    } else {
      unknown(place, "tests from " + path);
    }
    if (text.isEmpty()) {
      return List.of();
    }
    String name = file.resolveSibling(path).toString();
    if (path.endsWith(".csv")) {
      return table(name, text.get());
    }
    if (path.endsWith(".jsonl") || path.endsWith(".json")) {
      return lines(name, text.get(), path.endsWith(".jsonl"));
    }
    return Tree.read(name, text.get().getBytes(StandardCharsets.UTF_8), problems)
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
        problems.add(place, String.valueOf(e.getMessage()));
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
    List<List<String>> rows = dev.understudy.text.CommaTable.rows(text);
    List<String> header = rows.getFirst();
    for (int r = 1; r < rows.size(); r++) {
      List<String> row = rows.get(r);
      var place = new Place(name, r + 1, 1);
      if (row.size() != header.size()) {
        problems.add(place, "%d fields under %d columns".formatted(row.size(), header.size()));
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
            unknown(place, "column " + column);
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

  private void test(Test test, int number, Test byDefault, List<Prompt> prompts) {
    if (!test.whole() || !byDefault.whole()) {
      return;
    }
    List<Map<String, JsonNode>> combinations = combinations(test, byDefault);
    String name =
        test.field("description").map(PromptfooFile::text).orElse("test " + number).strip();
    String cluster = file.getFileName() + " test " + number;
    var slices = new LinkedHashMap<String, String>();
    for (Test from : List.of(byDefault, test)) {
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
        Map<String, JsonNode> values = combinations.get(c);
        var id = new StringBuilder("%s #%d %s".formatted(file.getFileName(), number, name));
        id.append(prompts.size() > 1 ? " / " + prompt.label() : "");
        id.append(combinations.size() > 1 ? " / " + (c + 1) : "");
        var into = new LinkedHashMap<>(slices);
        if (prompts.size() > 1) {
          into.put("prompt", prompt.label());
        }
        try {
          List<Turn> turns =
              turns(
                  Template.fill(
                      option(test, byDefault, "prefix")
                          + prompt.text()
                          + option(test, byDefault, "suffix"),
                      values));
          List<Check> checks = checks(test, byDefault, values);
          if (checks.isEmpty() && leaveOut && test.field("assert").isPresent()) {
            note(
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
          problems.add(test.place(), String.valueOf(e.getMessage()));
        }
      }
    }
  }

  /** A prompt that is a JSON list is a conversation. */
  private static List<Turn> turns(String text) {
    Optional<JsonNode> list =
        text.strip().startsWith("[")
            ? JsonText.parse(text).filter(JsonNode::isArray)
            : Optional.empty();
    if (list.isEmpty()) {
      return List.of(new Turn("user", text));
    }
    var turns = new ArrayList<Turn>();
    for (JsonNode message : list.get()) {
      JsonNode content = message.path("content");
      turns.add(
          new Turn(
              message.path("role").asString(""),
              content.isString() ? content.asString() : content.toString()));
    }
    return turns;
  }

  private List<Map<String, JsonNode>> combinations(Test test, Test byDefault) {
    var vars = new LinkedHashMap<String, Tree>();
    for (Test from : List.of(byDefault, test)) {
      Optional<Tree> said = from.field("vars");
      if (said.isPresent() && !(said.get() instanceof Tree.Block)) {
        unknown(said.get().place(), "a test with vars from a file");
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
        problems.add(
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
          unknown(scalar.place(), "a value that a program makes");
          yield StringNode.valueOf("");
        }
        yield StringNode.valueOf(beside(path, scalar.place()).orElse(""));
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

  private List<Check> checks(Test test, Test byDefault, Map<String, JsonNode> values)
      throws Template.BadTemplate {
    var checks = new ArrayList<Check>();
    for (Test from : List.of(test, byDefault)) {
      if (from.field("assert").orElse(null) instanceof Tree.Items asserts) {
        for (Tree said : asserts.all()) {
          check(said, values).ifPresent(checks::add);
        }
      } else {
        from.field("assert").ifPresent(a -> problems.add(a.place(), "assert is a list"));
      }
    }
    Optional<Tree> threshold = test.field("threshold").or(() -> byDefault.field("threshold"));
    if (threshold.isEmpty() || checks.isEmpty()) {
      return checks;
    }
    double least = number(threshold.get()).orElse(-1.0);
    if (!(least > 0 && least <= 1)) {
      problems.add(threshold.get().place(), "threshold lies above 0 and at most at 1");
      return checks;
    }
    return List.of(new Check("assertions", new CheckSet(checks, true), false, least, 1));
  }

  private Optional<Check> check(Tree said, Map<String, JsonNode> values)
      throws Template.BadTemplate {
    if (!(said instanceof Tree.Block written)) {
      problems.add(said.place(), "an assertion is a block with a type");
      return Optional.empty();
    }
    Tree.Block block = written;
    if (written.field("$ref").isPresent()) {
      String named = text(written.field("$ref").get()).replaceFirst("^#/assertionTemplates/", "");
      if (!(templates.get(named) instanceof Tree.Block template)) {
        problems.add(written.place(), "there is no assertion template " + Nearness.quoted(named));
        return Optional.empty();
      }
      var fields = new LinkedHashMap<>(template.fields());
      fields.putAll(written.fields());
      fields.remove("$ref");
      block = new Tree.Block(written.place(), fields);
    }
    String type = block.field("type").map(PromptfooFile::text).orElse("");
    if (type.isEmpty()) {
      problems.add(block.place(), "an assertion has a type");
      return Optional.empty();
    }
    for (String field : block.fields().keySet()) {
      if (List.of("provider", "description").contains(field)) {
        note(field + " of an assertion is left aside");
      } else if (!List.of("type", "value", "threshold", "weight", "metric", "assert")
          .contains(field)) {
        // Without it the assertion would say something else.
        unknown(block.place(), "an assertion with " + field);
        return Optional.empty();
      }
    }
    double weight = block.field("weight").flatMap(PromptfooFile::number).orElse(1.0);
    if (weight == 0) {
      note("assertions of weight 0 are left out: they decide nothing");
      return Optional.empty();
    }
    String metric = block.field("metric").map(PromptfooFile::text).orElse("");
    String name = metric.isEmpty() ? type : metric + ": " + type;
    Optional<Double> threshold = block.field("threshold").flatMap(PromptfooFile::number);
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
    var read = PromptfooCheck.of(type, wanted, threshold, name, weight);
    switch (read) {
      case PromptfooCheck.Read.Made(Check check, String note) -> {
        if (!note.isEmpty()) {
          note(note);
        }
        return Optional.of(check);
      }
      case PromptfooCheck.Read.Unknown _ ->
          unknown(block.place(), "the assertion " + Nearness.quoted(type));
      case PromptfooCheck.Read.Wrong(String why) -> problems.add(block.place(), type + ": " + why);
    }
    return Optional.empty();
  }

  private static String text(Tree tree) {
    return tree instanceof Tree.Scalar scalar ? scalar.text() : "";
  }

  private static Optional<Double> number(Tree tree) {
    return tree instanceof Tree.Scalar scalar
        ? Numbers.whole(scalar.text()).stream().boxed().findFirst()
        : Optional.empty();
  }
}
