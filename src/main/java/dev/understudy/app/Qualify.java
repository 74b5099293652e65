package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.evaluation.AnswerFile;
import dev.understudy.evaluation.AnswerStore;
import dev.understudy.evaluation.Costs;
import dev.understudy.evaluation.ReportJson;
import dev.understudy.evaluation.ReportText;
import dev.understudy.evaluation.Run;
import dev.understudy.evaluation.SigningKey;
import dev.understudy.evaluation.Standings;
import dev.understudy.evaluation.Suite;
import dev.understudy.evaluation.SuiteReader;
import dev.understudy.evaluation.Verdict;
import dev.understudy.gateway.HttpAsker;
import dev.understudy.json.Json;
import dev.understudy.routing.Plan;
import dev.understudy.text.Problems;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a suite to a candidate and an incumbent, and says whether the one may replace the other. */
@Command(
    name = "qualify",
    description = {
      "Put a suite to a candidate and an incumbent, and say whether the one may replace the other.",
      "Exit code: 0 qualified, 1 error, 2 usage, 3 rejected, 4 undecided."
    },
    mixinStandardHelpOptions = true,
    subcommands = {QualifyDiff.class, QualifyVerify.class},
    sortOptions = false)
final class Qualify implements Callable<Integer> {
  static final int REJECTED = 3;
  static final int UNDECIDED = 4;

  private static final int CANDIDATES_MAX = 20;

  private final Map<String, String> environment;

  @Parameters(arity = "0..1", paramLabel = "SUITE", description = "The suite's YAML file.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--candidate",
      paramLabel = "TARGET",
      description = "Who is to take over: vendor/model or a route; several are compared.")
  private List<String> candidates = List.of();

  @Option(names = "--incumbent", paramLabel = "TARGET", description = "Who serves today.")
  private String incumbent = "";

  @Option(
      names = "--gateway",
      paramLabel = "URL",
      description =
          "A gateway that runs, such as http://localhost:8080; its key is read from"
              + " UNDERSTUDY_API_KEY. Without it one is started for the run.")
  private Optional<URI> gateway = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings of the gateway that is started; understudy.yaml if it is there.")
  private Optional<Path> config = Optional.empty();

  @Option(names = "--data", paramLabel = "DIR", description = "Where runs are kept; ./data.")
  private Path data = Path.of("data");

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Questions under way at once, 1 to 256; 8.")
  private int concurrency = 8;

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N cases.")
  private int limit = SuiteReader.CASES_MAX;

  @Option(names = "--timeout", paramLabel = "S", description = "Seconds for one answer; 300.")
  private int timeout = 300;

  @Option(names = "--no-cache", description = "Ask again even what was answered before.")
  private boolean noCache;

  @Option(names = "--dry-run", description = "Say what would be asked and what it may show.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  Qualify(Map<String, String> environment) {
    this.environment = environment;
  }

  /** With what a subcommand reads from the environment: picocli could not hand that to it. */
  static CommandLine line(Map<String, String> environment) {
    return new CommandLine(new Qualify(environment))
        .addSubcommand("capture", new QualifyCapture(environment));
  }

  @Override
  public Integer call() throws InterruptedException {
    // Not left to picocli: it would ask for them before the subcommand as well.
    if (file.isEmpty() || candidates.isEmpty() || incumbent.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "SUITE, --candidate TARGET and --incumbent TARGET are needed");
    }
    if (concurrency < 1 || concurrency > 256 || limit < 1 || timeout < 1 || timeout > 3_600) {
      throw new ParameterException(
          spec.commandLine(), "--concurrency is 1 to 256, --limit at least 1, --timeout 1 to 3600");
    }
    if (candidates.contains(incumbent)) {
      throw new ParameterException(
          spec.commandLine(), "candidate and incumbent are one and the same: " + incumbent);
    }
    if (Set.copyOf(candidates).size() < candidates.size() || candidates.size() > CANDIDATES_MAX) {
      throw new ParameterException(
          spec.commandLine(),
          "each candidate is named once, and at most %d of them".formatted(CANDIDATES_MAX));
    }
    if (gateway.isPresent() && !isAddress(gateway.get())) {
      throw new ParameterException(
          spec.commandLine(), "--gateway must be an address such as http://localhost:8080");
    }
    PrintWriter err = spec.commandLine().getErr();
    try {
      var problems = new Problems();
      Optional<Suite> read = SuiteReader.read(file.get(), problems);
      if (read.isEmpty()) {
        problems.lines().forEach(err::println);
        err.flush();
        return 1;
      }
      Suite suite = read.get().first(limit);
      try (var answers = new AnswerFile(data.resolve("qualify").resolve("answers.jsonl"))) {
        Settings settings = UsualSettings.read(config, environment);
        Plan routes = QualifyTargets.plan(settings);
        AnswerStore told =
            answers.behind(
                gateway.isPresent()
                    ? name -> "through " + gateway.get()
                    : name -> Behind.text(name, routes, settings.vendors()));
        AnswerStore store = noCache ? told.forgetful() : told;
        Costs costs =
            new BookCosts(
                new PriceFiles(settings.priceBooks(), data).read(),
                settings.vendors(),
                InstantSource.system());
        var targets = new QualifyTargets(routes, suite, candidates, incumbent, costs);
        Costs usual = (name, in, out) -> costs.of(targets.first(name), in, out);
        var plan = new QualifyPlan(suite, candidates, incumbent, store, usual);
        plan.lines().forEach(err::println);
        gateway.ifPresent(url ->
            err.println(
                "note: costs are by the price books here; those of the gateway at %s may differ"
                    .formatted(url)));
        candidates.stream()
            .flatMap(candidate -> targets.partial(candidate).stream())
            .distinct()
            .forEach(warning -> err.println("warning: " + warning));
        targets.warnings().forEach(err::println);
        // Routes may also stand in a shared database, which only a gateway that runs has read.
        List<String> objections =
            targets.objections(gateway.isEmpty() && settings.store().isEmpty());
        objections.forEach(err::println);
        err.flush();
        if (!objections.isEmpty()) {
          return 1;
        }
        return dryRun ? 0 : run(suite, store, settings, costs, plan, targets);
      }
    } catch (BadSettings e) {
      e.lines().forEach(err::println);
    } catch (NoSuchFileException e) {
      err.println("there is no file " + e.getFile());
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      err.println(e.getMessage());
    }
    err.flush();
    return 1;
  }

  private static boolean isAddress(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null;
  }

  private int run(
      Suite suite,
      AnswerStore store,
      Settings usual,
      Costs costs,
      QualifyPlan plan,
      QualifyTargets targets)
      throws IOException, BadSettings, InterruptedException {
    var bar = new ProgressLine(spec.commandLine().getErr(), plan.questions(), costs);
    var run =
        new QualifyRun(
            suite,
            candidates,
            incumbent,
            // The incumbent's answers to the first candidate's run serve the others too.
            noCache ? store.remembering() : store,
            costs,
            targets,
            concurrency,
            bar);
    List<Run> runs;
    if (gateway.isPresent()) {
      runs = run.ask(asker(gateway.get()), true);
    } else {
      // Nobody else is to reach it: it is here for this run only.
      Settings settings = usual.withPorts(0, 0);
      // What has no price is told before and in the report; an operator's alarms would stand there
      // once more, between the lines of the progress.
      Logger alarms = Logger.getLogger("dev.understudy.prices");
      Level before = alarms.getLevel();
      alarms.setLevel(Level.OFF);
      try (Running running =
          Running.start(settings, environment, OutputStream.nullOutputStream())) {
        URI door = URI.create("http://127.0.0.1:" + running.gateway().port());
        runs = run.ask(asker(door), false);
      } finally {
        alarms.setLevel(before);
      }
    }
    bar.end();
    report(runs);
    if (runs.stream().anyMatch(r -> r.verdict().decision() == Verdict.Decision.QUALIFIED)) {
      return 0;
    }
    return runs.stream().allMatch(r -> r.verdict().decision() == Verdict.Decision.REJECTED)
        ? REJECTED
        : UNDECIDED;
  }

  private HttpAsker asker(URI door) {
    String key = environment.getOrDefault("UNDERSTUDY_API_KEY", "");
    return new HttpAsker(
        door,
        key.isEmpty() ? Optional.empty() : Optional.of(new Secret(key)),
        Duration.ofSeconds(timeout));
  }

  private void report(List<Run> runs) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    SigningKey key = SigningKey.in(data.resolve("qualify"));
    Optional<Standings> standings =
        runs.size() > 1 ? Optional.of(Standings.of(runs)) : Optional.empty();
    var reports = Json.array();
    for (Run run : runs) {
      Path folder = RunFolder.write(data.resolve("qualify"), run, key);
      reports.add(ReportJson.report(run));
      if (!json) {
        ReportText.lines(run).forEach(out::println);
        out.println("report     " + folder.resolve("report.html"));
        if (runs.size() > 1) {
          out.println();
        }
      }
    }
    if (json) {
      out.println(
          runs.size() == 1
              ? reports.get(0).toPrettyString()
              : ReportJson.standings(standings.orElseThrow(), reports).toPrettyString());
    } else {
      standings.ifPresent(s -> s.lines().forEach(out::println));
    }
    out.flush();
  }
}
