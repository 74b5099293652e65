package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.evaluation.Answer;
import dev.understudy.evaluation.AnswerFile;
import dev.understudy.evaluation.AnswerStore;
import dev.understudy.evaluation.Costs;
import dev.understudy.evaluation.Judgement;
import dev.understudy.evaluation.Pair;
import dev.understudy.evaluation.Question;
import dev.understudy.evaluation.ReportHtml;
import dev.understudy.evaluation.ReportJson;
import dev.understudy.evaluation.ReportJunit;
import dev.understudy.evaluation.ReportText;
import dev.understudy.evaluation.Run;
import dev.understudy.evaluation.Runner;
import dev.understudy.evaluation.Suite;
import dev.understudy.evaluation.SuiteReader;
import dev.understudy.evaluation.Turn;
import dev.understudy.gateway.HttpAsker;
import dev.understudy.json.Json;
import dev.understudy.statistics.Planning;
import dev.understudy.text.Problems;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
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
    subcommands = QualifyDiff.class,
    sortOptions = false)
final class Qualify implements Callable<Integer> {
  static final int REJECTED = 3;
  static final int UNDECIDED = 4;

  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Discordant share that a plan assumes: between published pairs of near and of far models. */
  private static final double DISCORDANT = 0.15;

  private final Map<String, String> environment;

  @Parameters(arity = "0..1", paramLabel = "SUITE", description = "The suite's YAML file.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--candidate",
      paramLabel = "TARGET",
      description = "Who is to take over: vendor/model or a route.")
  private String candidate = "";

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

  @Override
  public Integer call() throws InterruptedException {
    // Not left to picocli: it would ask for them before the subcommand as well.
    if (file.isEmpty() || candidate.isEmpty() || incumbent.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "SUITE, --candidate TARGET and --incumbent TARGET are needed");
    }
    if (concurrency < 1 || concurrency > 256 || limit < 1 || timeout < 1 || timeout > 3_600) {
      throw new ParameterException(
          spec.commandLine(), "--concurrency is 1 to 256, --limit at least 1, --timeout 1 to 3600");
    }
    if (candidate.equals(incumbent)) {
      throw new ParameterException(
          spec.commandLine(), "candidate and incumbent are one and the same: " + candidate);
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
        AnswerStore store = noCache ? forgetful(answers) : answers;
        plan(suite, store).forEach(err::println);
        err.flush();
        if (dryRun) {
          return 0;
        }
        return run(suite, store);
      }
    } catch (BadSettings e) {
      e.lines().forEach(err::println);
    } catch (java.nio.file.NoSuchFileException e) {
      err.println("there is no file " + e.getFile());
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      err.println(e.getMessage());
    }
    err.flush();
    return 1;
  }

  /** Keeps what comes, and finds nothing. */
  private static AnswerStore forgetful(AnswerStore store) {
    return new AnswerStore() {
      @Override
      public Optional<Answer.Given> find(String key) {
        return Optional.empty();
      }

      @Override
      public void keep(String key, Answer.Given answer) {
        store.keep(key, answer);
      }
    };
  }

  private List<String> plan(Suite suite, AnswerStore store) {
    int cases = suite.cases().size();
    long kept = 0;
    long letters = 0;
    for (var asked : suite.cases()) {
      for (int repeat = 0; repeat < suite.repeats(); repeat++) {
        for (String target : List.of(candidate, incumbent)) {
          var question =
              new Question(target, asked.turns(), asked.toolsJson(), suite.sampling(), repeat);
          if (store.find(question.key()).isPresent()) {
            kept++;
          } else {
            letters += asked.turns().stream().map(Turn::text).mapToInt(String::length).sum();
          }
        }
      }
    }
    long questions = 2L * cases * suite.repeats();
    double power = Planning.power(DISCORDANT, suite.margin(), 0, suite.alpha(), cases);
    double needed =
        Planning.nonInferiority(DISCORDANT, suite.margin(), 0, suite.alpha(), suite.power());
    return List.of(
        "%s: %d cases, %d questions, %d of them answered before; about %d input tokens to pay for"
            .formatted(suite.name(), cases, questions, kept, letters / 4),
        String.format(
            Locale.ROOT,
            "an equal candidate would qualify with a chance of %.0f %% if %.0f %% of the cases tell"
                + " the two apart; %.0f %% take about %.0f cases",
            100 * power,
            100 * DISCORDANT,
            100 * suite.power(),
            Math.ceil(needed)));
  }

  private int run(Suite suite, AnswerStore store)
      throws IOException, BadSettings, InterruptedException {
    var asked = new AtomicInteger();
    var kept = new AtomicInteger();
    PrintWriter err = spec.commandLine().getErr();
    var bar = new ProgressLine(err, 2L * suite.cases().size() * suite.repeats());
    Runner.Progress progress =
        (before, question, answer) -> {
          (before ? kept : asked).incrementAndGet();
          bar.step(answer);
        };
    Runner.Result pairs;
    if (gateway.isPresent()) {
      pairs = ask(suite, store, gateway.get(), progress);
    } else {
      // Nobody else is to reach it: it is here for this run only.
      Settings settings = UsualSettings.read(config, environment).withPorts(0, 0);
      try (Running running =
          Running.start(settings, environment, OutputStream.nullOutputStream())) {
        URI door = URI.create("http://127.0.0.1:" + running.gateway().port());
        pairs = ask(suite, store, door, progress);
      }
    }
    bar.end();
    Instant now = Instant.now();
    var run =
        new Run(
            ID.format(now),
            now,
            suite,
            candidate,
            incumbent,
            pairs.pairs(),
            Judgement.of(suite, pairs.pairs(), pairs.judges(), Costs.UNKNOWN),
            asked.get(),
            kept.get());
    Path folder = write(run);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(ReportJson.report(run).toPrettyString());
    } else {
      ReportText.lines(run).forEach(out::println);
      out.println("report     " + folder.resolve("report.html"));
    }
    out.flush();
    return switch (run.verdict().decision()) {
      case QUALIFIED -> 0;
      case REJECTED -> REJECTED;
      case UNDECIDED -> UNDECIDED;
    };
  }

  private Runner.Result ask(Suite suite, AnswerStore store, URI door, Runner.Progress progress)
      throws InterruptedException {
    String key = environment.getOrDefault("UNDERSTUDY_API_KEY", "");
    var asker =
        new HttpAsker(
            door,
            key.isEmpty() ? Optional.empty() : Optional.of(new Secret(key)),
            Duration.ofSeconds(timeout));
    return new Runner(asker, store, concurrency, Costs.UNKNOWN, progress)
        .run(suite, candidate, incumbent);
  }

  private Path write(Run run) throws IOException {
    Path folder = data.resolve("qualify").resolve(run.id());
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.json"), ReportJson.report(run).toPrettyString());
    Files.writeString(folder.resolve("report.md"), ReportText.markdown(run));
    Files.writeString(folder.resolve("report.html"), ReportHtml.page(run));
    Files.writeString(folder.resolve("junit.xml"), ReportJunit.xml(run));
    try (var items = Files.newBufferedWriter(folder.resolve("items.jsonl"))) {
      for (Pair pair : run.pairs()) {
        items.write(Json.text(ReportJson.item(pair)));
        items.newLine();
      }
    }
    return folder;
  }
}
