package dev.understudy.evaluation;

import dev.understudy.evaluation.SuiteFile.CaseBlock;
import dev.understudy.evaluation.SuiteFile.CheckBlock;
import dev.understudy.json.Json;
import dev.understudy.text.Anything;
import dev.understudy.text.Decimal;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Makes a suite of a file, or says with line and column all that is wrong with it. */
public final class SuiteReader {
  /** More cases than this are not read. */
  public static final int CASES_MAX = 100_000;

  private static final List<String> IDEALS =
      List.of(
          "equals",
          "iequals",
          "contains",
          "icontains",
          "starts-with",
          "fuzzy-match",
          "numeric",
          "json-equals");
  private static final List<String> METRICS = List.of("pass", "score", "preference");
  private static final List<String> LANGUAGES = List.of("published", "lenient");
  private static final List<String> UNSUPPORTED = List.of("refuse", "leave-out");

  private final Path file;
  private final Problems problems;
  private final Beside beside;

  private SuiteReader(Path file, Problems problems) {
    this.file = file;
    this.problems = problems;
    this.beside = new Beside(file, problems);
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
          reader.beside.digest(bytes);
          return reader.suite(said);
        })
        .filter(suite -> problems.isEmpty());
  }

  private Suite suite(SuiteFile said) {
    Suite.Metric metric = metric(said);
    Optional<Judging> judging =
        said.judge().map(block -> new JudgeReader(beside, problems).read(block));
    if (metric == Suite.Metric.PREFERENCE && judging.isEmpty()) {
      problems.add(
          said.metric().map(Text::place).orElse(place(said)),
          "metric preference wants somebody who prefers: write judge with its targets");
    }
    var common = checks(said.checks());
    var cases =
        new CaseList(
            new CaseList.Usual(
                said.system().map(Text::value),
                oneOf(said.ideal(), "ideal", "contains", IDEALS),
                common,
                !said.checks().isEmpty(),
                judging.isPresent(),
                metric == Suite.Metric.PREFERENCE),
            problems);
    said.cases().forEach(block -> add(block, cases));
    boolean leaveOut =
        oneOf(said.unsupported(), "unsupported", "refuse", UNSUPPORTED).equals("leave-out");
    boolean lenient =
        oneOf(said.languages(), "languages", "published", LANGUAGES).equals("lenient");
    var files =
        new CaseFiles(
            beside,
            cases,
            leaveOut,
            lenient ? LanguageRule.LENIENT : LanguageRule.PUBLISHED,
            problems);
    said.caseFiles().forEach(files::read);
    if (cases.all().isEmpty() && problems.isEmpty()) {
      problems.add(place(said), "the suite has no case: write cases or case-files");
    }
    said.temperature()
        .filter(t -> t.value().signum() < 0)
        .ifPresent(t -> problems.add(t.place(), "temperature is 0 or more"));
    return new Suite(
        said.suite().value(),
        metric,
        share(Optional.of(said.margin()), 0, "margin"),
        share(said.alpha(), 0.05, "alpha"),
        share(said.power(), 0.8, "power"),
        bounded(said.repeats(), 1, 100, "repeats", place(said)),
        share(said.failuresMax(), 0.05, "failures-max"),
        new Question.Sampling(
            said.temperature().map(t -> t.value().doubleValue()).orElse(-1.0),
            bounded(said.maxTokens(), 0, 1_000_000, "max-tokens", place(said))),
        gates(said, cases.all()),
        cases.all(),
        common,
        judging,
        beside.hash(),
        Stream.concat(files.notes().stream(), cases.notes().stream()).toList());
  }

  private static Place place(SuiteFile said) {
    return said.suite().place();
  }

  /** A margin is in points of something: without saying of what, nothing was declared. */
  private Suite.Metric metric(SuiteFile said) {
    if (said.metric().isEmpty()) {
      problems.add(
          said.margin().place(),
          "a margin of what? write metric: pass (share of cases whose checks all pass), score (mean"
              + " of the checks) or preference (of judges)");
      return Suite.Metric.PASS;
    }
    return switch (oneOf(said.metric(), "metric", "pass", METRICS)) {
      case "score" -> Suite.Metric.SCORE;
      case "preference" -> Suite.Metric.PREFERENCE;
      default -> Suite.Metric.PASS;
    };
  }

  private String oneOf(Optional<Text> said, String what, String otherwise, List<String> known) {
    if (said.isEmpty() || known.contains(said.get().value())) {
      return said.map(Text::value).orElse(otherwise);
    }
    problems.add(
        said.get().place(),
        "unknown %s %s; known: %s%s"
            .formatted(
                what,
                Nearness.quoted(said.get().value()),
                String.join(", ", known),
                Nearness.hint(said.get().value(), known)));
    return otherwise;
  }

  private Map<String, Suite.Gate> gates(SuiteFile said, List<Case> cases) {
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
    return gates;
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
      block
          .value()
          .map(value -> CaseLine.value(block.type().value(), Json.parse(value.json())))
          .ifPresent(values::addAll);
      block.values().forEach(value -> values.addAll(texts(value)));
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

  /** One text, or several; a number, a schema or the like as the JSON that it is. */
  private static List<String> texts(Anything said) {
    return CaseLine.texts(Json.parse(said.json()));
  }

  private static OptionalDouble number(Optional<Decimal> said) {
    return said.map(d -> OptionalDouble.of(d.value().doubleValue())).orElse(OptionalDouble.empty());
  }

  private void add(CaseBlock block, CaseList cases) {
    Place place =
        block
            .id()
            .or(block::input)
            .map(Text::place)
            .orElseGet(() ->
                block.messages().isEmpty()
                    ? new Place(file.toString(), 1, 1)
                    : block.messages().getFirst().role().place());
    if (block.input().isPresent() && !block.messages().isEmpty()) {
      problems.add(place, "a case has input or messages, not both");
    }
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
            block.ideal().map(SuiteReader::texts).orElse(List.of()),
            List.of(),
            List.of());
    cases.add(
        raw,
        checks(block.checks()),
        !block.checks().isEmpty(),
        pointer ->
            pointer.equals("/ideal") ? block.ideal().map(Anything::place).orElse(place) : place);
  }
}
