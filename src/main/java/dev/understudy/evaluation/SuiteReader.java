package dev.understudy.evaluation;

import dev.understudy.evaluation.SuiteFile.CaseBlock;
import dev.understudy.evaluation.SuiteFile.CheckBlock;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.text.Decimal;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Makes a suite of a file, or says with line and column all that is wrong with it. */
public final class SuiteReader {
  /** More cases than this are not read. */
  public static final int CASES_MAX = 100_000;

  private static final int JUDGES_MAX = 9;
  private static final String CRITERIA =
      "The better answer is the one that helps who asked more: right, complete as far as it was"
          + " asked for, honest about what is not known, safe, in the form that was asked for, and"
          + " no longer than it need be.";

  private static final long FILE_BYTES_MAX = 256L << 20;
  private static final List<String> ROLES = List.of("system", "user", "assistant");
  private static final List<String> IDEALS =
      List.of(
          "equals", "iequals", "contains", "icontains", "starts-with", "numeric", "json-equals");

  private final Path file;
  private final Problems problems;
  private final List<Case> cases = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private List<Check> forAll = List.of();
  private Optional<String> system = Optional.empty();
  private String ideal = "contains";
  private Optional<Judging> judging = Optional.empty();
  private boolean compares;
  private boolean leaveOut;
  private final List<String> notes = new ArrayList<>();
  private final MessageDigest digest;

  private SuiteReader(Path file, Problems problems) {
    this.file = file;
    this.problems = problems;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /**
   * Reads a suite and the files with cases that it names, whose places are beside it.
   *
   * @return empty if there are problems
   * @throws IOException if the suite's own file cannot be read
   */
  public static Optional<Suite> read(Path file, Problems problems) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return YamlReader.read(SuiteFile.class, file.toString(), bytes, Map.of(), problems)
        .map(said -> {
          var reader = new SuiteReader(file, problems);
          reader.digest(bytes);
          return reader.suite(said);
        })
        .filter(suite -> problems.isEmpty());
  }

  private Suite suite(SuiteFile said) {
    said.ideal()
        .ifPresent(text -> {
          if (IDEALS.contains(text.value())) {
            ideal = text.value();
          } else {
            unknown(text, "ideal", IDEALS);
          }
        });
    system = said.system().map(Text::value);
    forAll = checks(said.checks());
    judging = said.judge().map(block -> judging(block, said.suite().place()));
    compares = said.metric().filter(m -> m.value().equals("preference")).isPresent();
    if (compares && judging.isEmpty()) {
      problems.add(
          said.metric().orElseThrow().place(),
          "metric preference wants somebody who prefers: write judge with its targets");
    }
    leaveOut =
        said.unsupported()
            .map(t -> oneOf(t, "unsupported", "refuse", "leave-out"))
            .orElse("refuse")
            .equals("leave-out");
    for (CaseBlock block : said.cases()) {
      add(block);
    }
    for (Text more : said.caseFiles()) {
      addFile(more);
    }
    if (cases.isEmpty() && problems.isEmpty()) {
      problems.add(said.suite().place(), "the suite has no case: write cases or case-files");
    }
    var gates = new LinkedHashMap<String, Suite.Gate>();
    for (var gate : said.gates().all()) {
      String name = gate.name().value();
      if (name.indexOf(':') < 1) {
        problems.add(gate.name().place(), "a gate is named dimension:value, as kind:safety");
      } else if (cases.stream().noneMatch(c -> c.isIn(name))) {
        problems.add(gate.name().place(), "no case is in the slice " + Nearness.quoted(name));
      }
      gates.put(
          name,
          new Suite.Gate(share(Optional.of(gate.value().failureRateMax()), 0, "failure-rate-max")));
    }
    return new Suite(
        said.suite().value(),
        said.metric().map(this::metric).orElse(Suite.Metric.PASS),
        share(Optional.of(said.margin()), 0, "margin"),
        share(said.alpha(), 0.05, "alpha"),
        share(said.power(), 0.8, "power"),
        bounded(said.repeats(), 1, 100, "repeats", said.suite().place()),
        share(said.failuresMax(), 0.05, "failures-max"),
        new Question.Sampling(
            said.temperature().map(t -> t.value().doubleValue()).orElse(-1.0),
            bounded(said.maxTokens(), 0, 1_000_000, "max-tokens", said.suite().place())),
        gates,
        cases,
        forAll,
        judging,
        HexFormat.of().formatHex(digest.digest()),
        notes);
  }

  private Judging judging(SuiteFile.JudgeBlock block, Place place) {
    Place at = block.targets().isEmpty() ? place : block.targets().getFirst().place();
    if (block.targets().isEmpty()) {
      problems.add(at, "judge has no targets: name at least one vendor/model or route");
    }
    if (block.targets().size() > JUDGES_MAX) {
      problems.add(at, "more than %d judges".formatted(JUDGES_MAX));
    }
    var targets = new LinkedHashSet<String>();
    for (Text target : block.targets()) {
      if (!targets.add(target.value())) {
        problems.add(target.place(), "this judge is there twice");
      }
    }
    String form =
        block.answer().map(t -> oneOf(t, "answer", "json", "tagged", "token")).orElse("json");
    int scale = bounded(block.scale(), 5, 100, "scale", at);
    if (scale < 2 || (form.equals("token") && scale > 9)) {
      problems.add(
          at, form.equals("token") ? "scale is 2 to 9 for one token" : "scale is 2 to 100");
    }
    return new Judging(
        List.copyOf(targets),
        Judging.Form.valueOf(form.toUpperCase(Locale.ROOT)),
        Math.max(2, scale),
        block.orders().map(t -> oneOf(t, "orders", "both", "one")).orElse("both").equals("both"),
        block
            .panel()
            .map(t -> oneOf(t, "panel", "majority", "mean"))
            .orElse("majority")
            .equals("majority"),
        block.criteria().map(Text::value).orElse(CRITERIA),
        bounded(block.maxTokens(), 1_000, 100_000, "max-tokens", at),
        block.labels().map(this::labels).orElse(List.of()));
  }

  private String oneOf(Text said, String what, String... known) {
    if (!List.of(known).contains(said.value())) {
      unknown(said, what, List.of(known));
      return known[0];
    }
    return said.value();
  }

  /** What people said, a line of JSON each. */
  private List<Judging.Label> labels(Text said) {
    var labels = new ArrayList<Judging.Label>();
    Path path = file.resolveSibling(said.value());
    Optional<String> text = contents(said, path);
    int number = 0;
    for (String line : text.orElse("").split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        labels.add(LabelLine.read(Json.parse(line)));
      } catch (Malformed | CaseLine.BadLine e) {
        problems.add(new Place(path.toString(), number, 1), String.valueOf(e.getMessage()));
      }
    }
    return labels;
  }

  /** A file beside the suite, which counts as part of it. */
  private Optional<String> contents(Text said, Path path) {
    try {
      if (Files.size(path) > FILE_BYTES_MAX) {
        problems.add(said.place(), path + " is larger than " + FILE_BYTES_MAX + " bytes");
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(path);
      digest(bytes);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      problems.add(said.place(), path + " cannot be read");
      return Optional.empty();
    }
  }

  private void digest(byte[] bytes) {
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private Suite.Metric metric(Text said) {
    return switch (said.value()) {
      case "pass" -> Suite.Metric.PASS;
      case "score" -> Suite.Metric.SCORE;
      case "preference" -> Suite.Metric.PREFERENCE;
      default -> {
        unknown(said, "metric", List.of("pass", "score", "preference"));
        yield Suite.Metric.PASS;
      }
    };
  }

  private void unknown(Text said, String what, List<String> known) {
    problems.add(
        said.place(),
        "unknown %s %s; known: %s"
            .formatted(what, Nearness.quoted(said.value()), String.join(", ", known)));
  }

  private double share(Optional<Decimal> said, double otherwise, String name) {
    if (said.isEmpty()) {
      return otherwise;
    }
    double value = said.get().value().doubleValue();
    if (!(value > 0 && value < 1)) {
      problems.add(said.get().place(), name + " lies between 0 and 1, both left out, such as 0.05");
    }
    return value;
  }

  private int bounded(Optional<Integer> said, int otherwise, int most, String name, Place place) {
    int value = said.orElse(otherwise);
    if (value < (said.isPresent() ? 1 : 0) || value > most) {
      problems.add(place, "%s lies between 1 and %d".formatted(name, most));
    }
    return value;
  }

  private List<Check> checks(List<CheckBlock> blocks) {
    var checks = new ArrayList<Check>();
    for (CheckBlock block : blocks) {
      var values = new ArrayList<String>();
      block.value().ifPresent(value -> values.add(value.value()));
      block.values().forEach(value -> values.add(value.value()));
      CheckKinds.of(
              new CheckKinds.Written(
                  block.type().value(),
                  values,
                  number(block.tolerance()),
                  number(block.threshold()),
                  number(block.weight()).orElse(1)),
              message -> problems.add(block.type().place(), message))
          .ifPresent(checks::add);
    }
    return checks;
  }

  private static OptionalDouble number(Optional<Decimal> said) {
    return said.map(d -> OptionalDouble.of(d.value().doubleValue())).orElse(OptionalDouble.empty());
  }

  private void add(CaseBlock block) {
    Place place =
        block
            .id()
            .or(block::input)
            .map(Text::place)
            .orElseGet(() ->
                block.messages().isEmpty()
                    ? new Place(file.toString(), 1, 1)
                    : block.messages().getFirst().role().place());
    var turns = new ArrayList<Turn>();
    block.messages().forEach(m -> turns.add(new Turn(m.role().value(), m.content().value())));
    block.input().ifPresent(input -> turns.add(new Turn("user", input.value())));
    Map<String, String> slices = new LinkedHashMap<>();
    block.slices().all().forEach(s -> slices.put(s.name().value(), s.value().value()));
    var raw =
        new CaseLine.Raw(
            block.id().map(Text::value).orElse(""),
            turns,
            block.tools().map(Text::value).orElse(""),
            slices,
            block.cluster().map(Text::value).orElse(""),
            block.ideal().stream().map(Text::value).toList(),
            List.of(),
            List.of());
    add(raw, checks(block.checks()), place);
  }

  private void add(CaseLine.Raw raw, List<Check> own, Place place) {
    if (cases.size() >= CASES_MAX) {
      problems.add(place, "more than " + CASES_MAX + " cases");
      return;
    }
    String id = raw.id().isEmpty() ? "case-" + (cases.size() + 1) : raw.id();
    if (!ids.add(id)) {
      problems.add(place, "two cases have the id " + Nearness.quoted(id));
    }
    var turns = new ArrayList<Turn>();
    if (system.isPresent() && raw.turns().stream().noneMatch(t -> t.role().equals("system"))) {
      turns.add(new Turn("system", system.get()));
    }
    turns.addAll(raw.turns());
    if (turns.isEmpty() || !turns.getLast().role().equals("user")) {
      problems.add(place, "the last message of a case is by the user");
    }
    for (Turn turn : turns) {
      if (!ROLES.contains(turn.role())) {
        problems.add(
            place,
            "unknown role %s; known: %s"
                .formatted(Nearness.quoted(turn.role()), String.join(", ", ROLES)));
      }
    }
    if (!raw.toolsJson().isEmpty()
        && JsonText.parse(raw.toolsJson()).filter(node -> node.isArray()).isEmpty()) {
      problems.add(place, "tools is a JSON array, as the Chat protocol lists them");
    }
    var checks = new ArrayList<>(own);
    checks.addAll(raw.made());
    checks.addAll(forAll);
    if (!raw.ideal().isEmpty()) {
      String type = ideal.endsWith("contains") && raw.ideal().size() > 1 ? ideal + "-any" : ideal;
      CheckKinds.of(
              new CheckKinds.Written(
                  type, raw.ideal(), OptionalDouble.empty(), OptionalDouble.empty(), 1),
              message -> problems.add(place, "ideal: " + message))
          .ifPresent(checks::add);
    }
    if (judging.isEmpty() && checks.stream().anyMatch(Check::needsJudge)) {
      problems.add(place, "nobody grades by the rubric: write judge with its targets");
    }
    if (checks.isEmpty() && !compares && problems.isEmpty()) {
      problems.add(place, "nothing says what a good answer is: write checks or ideal");
    }
    cases.add(
        new Case(
            id,
            turns,
            raw.toolsJson(),
            checks,
            raw.slices(),
            raw.cluster().isEmpty() ? "case " + id : raw.cluster()));
  }

  private void addFile(Text said) {
    Path path = file.resolveSibling(said.value());
    if (said.value().endsWith(".yaml") || said.value().endsWith(".yml")) {
      addPromptfoo(said, path);
      return;
    }
    Optional<String> contents = contents(said, path);
    if (contents.isEmpty()) {
      return;
    }
    String text = contents.get();
    if (said.value().endsWith(".csv")) {
      addTable(path.toString(), text);
    } else if (said.value().endsWith(".jsonl")) {
      addLines(path, text);
    } else {
      problems.add(
          said.place(), "a file with cases ends in .jsonl, .csv or, with promptfoo's, in .yaml");
    }
  }

  private void addPromptfoo(Text said, Path path) {
    try {
      byte[] bytes = Files.readAllBytes(path);
      digest(bytes);
      var promptfoo = new PromptfooFile(path, leaveOut, problems, this::digest);
      for (PromptfooFile.Made made : promptfoo.read(bytes)) {
        add(made.raw(), List.of(), made.place());
      }
      notes.addAll(promptfoo.notes());
    } catch (IOException e) {
      problems.add(said.place(), path + " cannot be read");
    }
  }

  private void addLines(Path path, String text) {
    Map<String, JsonNode> accepted = accepted(path);
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      var place = new Place(path.toString(), number, 1);
      try {
        JsonNode node = Json.parse(line);
        if (BerkeleyFile.isOne(node)) {
          var answer = Optional.ofNullable(accepted.get(node.path("id").asString("")));
          addRaw(BerkeleyFile.read(node, answer), place);
        } else if (InstructionFile.isOne(node)) {
          addRaw(InstructionFile.read(node), place);
        } else {
          addRaw(CaseLine.read(node), place);
        }
      } catch (Malformed | CaseLine.BadLine e) {
        problems.add(place, String.valueOf(e.getMessage()));
      }
    }
  }

  /** The accepted answers that the Berkeley leaderboard keeps in a folder beside its cases. */
  private Map<String, JsonNode> accepted(Path path) {
    Path beside = path.resolveSibling("possible_answer").resolve(path.getFileName());
    if (!Files.exists(beside)) {
      return Map.of();
    }
    var answers = new LinkedHashMap<String, JsonNode>();
    int number = 0;
    try {
      byte[] bytes = Files.readAllBytes(beside);
      digest(bytes);
      for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
        number++;
        if (!line.isBlank()) {
          JsonNode node = Json.parse(line);
          answers.put(node.path("id").asString(""), node);
        }
      }
    } catch (IOException e) {
      problems.add(new Place(beside.toString(), 1, 1), "the file cannot be read");
    } catch (Malformed e) {
      problems.add(new Place(beside.toString(), number, 1), String.valueOf(e.getMessage()));
    }
    return answers;
  }

  private void addTable(String name, String text) {
    List<List<String>> rows = CaseTable.rows(text);
    for (int i = 1; i < rows.size(); i++) {
      var place = new Place(name, i + 1, 1);
      try {
        addRaw(CaseTable.read(rows.getFirst(), rows.get(i)), place);
      } catch (CaseLine.BadLine e) {
        problems.add(place, String.valueOf(e.getMessage()));
      }
    }
  }

  private void addRaw(CaseLine.Raw raw, Place place) {
    var own = new ArrayList<Check>();
    for (CheckKinds.Written written : raw.checks()) {
      CheckKinds.of(written, message -> problems.add(place, message)).ifPresent(own::add);
    }
    add(raw, own, place);
  }
}
