package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.json.Json;
import dev.understudy.rollout.Shares;
import dev.understudy.rollout.Simulation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Begins, shows and steers rollouts at a running gateway. */
@Command(
    name = "rollout",
    description = "Step a candidate in on a route: shadow, then a growing share, or back.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class RolloutCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private RolloutCommand() {}

  /** The command with what is below it. */
  static CommandLine line(Map<String, String> environment) {
    return new CommandLine(new RolloutCommand())
        .addSubcommand(new Listing(environment))
        .addSubcommand(new Status(environment))
        .addSubcommand(new Start(environment))
        .addSubcommand(
            "pause",
            wish(
                environment,
                "pause",
                "Hold it: the candidate keeps its share, and nothing is decided."))
        .addSubcommand("resume", wish(environment, "resume", "Let one that is paused go on."))
        .addSubcommand(
            "approve", wish(environment, "approve", "Say yes to the step that it waits for."))
        .addSubcommand("advance", wish(environment, "advance", "Step up now, on your word alone."))
        .addSubcommand(
            "rollback",
            wish(
                environment,
                "rollback",
                "Step back now; of a promoted one: the old incumbent serves again."))
        .addSubcommand(
            "abort",
            wish(environment, "abort", "End it without a judgement; the old incumbent serves."))
        .addSubcommand(new Simulate());
  }

  private static CommandLine wish(Map<String, String> environment, String wish, String meaning) {
    var line = new CommandLine(new Wish(environment, wish));
    line.getCommandSpec().usageMessage().description(meaning);
    return line;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "say which: list, status, …");
  }

  private static String path(String name) {
    return "/admin/rollouts/" + AdminClient.segment(name);
  }

  @Command(
      name = "list",
      description = "List all rollouts.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class Listing extends Asking {
    Listing(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      JsonNode page = gateway.get("/admin/rollouts");
      if (json) {
        print(page);
        return;
      }
      if (page.path("rollouts").isEmpty()) {
        out().println("no rollout has begun; declare one under rollouts, then rollout start NAME");
        return;
      }
      var table = new Table("NAME", "ROUTE", "CANDIDATE", "STATUS", "STAGE", "WHY");
      for (JsonNode one : page.path("rollouts")) {
        table.row(
            one.path("name").asString(""),
            one.path("route").asString(""),
            one.path("candidate").asString(""),
            one.path("status").asString(""),
            one.path("stage").asString(""),
            one.path("clause").asString(""));
      }
      table.print(out());
    }
  }

  @Command(
      name = "status",
      description = "Show how a rollout stands, by each guardrail, and the steps it made.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class Status extends Asking {
    @Parameters(paramLabel = "NAME", description = "The rollout's name.")
    private String name = "";

    @Option(names = "--evidence", description = "Show what each step rested on.")
    private boolean evidence;

    Status(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      JsonNode page = gateway.get(path(name));
      if (json) {
        print(page);
      } else {
        show(page, out());
        if (evidence) {
          showEvidence(page, out());
        }
      }
    }
  }

  private static void showEvidence(JsonNode page, PrintWriter out) {
    for (JsonNode one : page.path("steps")) {
      out.println();
      out.println(
          "step %s, %s, at %s rested on"
              .formatted(
                  one.path("number").asString(""),
                  one.path("kind").asString(""),
                  one.path("at").asString("")));
      one.path("evidence").asString("").lines().forEach(line -> out.println("  " + line));
    }
  }

  private static void show(JsonNode page, PrintWriter out) {
    out.println(
        "%s: %s in the place of %s on route %s"
            .formatted(
                page.path("name").asString(""),
                page.path("candidate").asString(""),
                page.path("incumbent").asString(""),
                page.path("route").asString("")));
    out.println(
        "%s, %s, %d calls and %d pairs in this stage: %s"
            .formatted(
                page.path("status").asString(""),
                page.path("stage").asString(""),
                page.path("calls").asLong(0),
                page.path("pairs").asLong(0),
                page.path("clause").asString("")));
    if (page.has("rehearsals")) {
      out.println(
          "the old incumbent was rehearsed %d times and failed %d of them"
              .formatted(
                  page.path("rehearsals").asLong(0), page.path("rehearsals_failed").asLong(0)));
    }
    JsonNode copies = page.path("copies");
    out.println(
        "copies by this gateway: %d made, %d without room; %d pairs not read in time, %d not judged"
            .formatted(
                copies.path("made_by_this_gateway").asLong(0),
                copies.path("without_room_on_this_gateway").asLong(0),
                copies.path("unread_by_this_gateway").asLong(0),
                copies.path("unjudged_by_this_gateway").asLong(0)));
    out.println();
    var table = new Table("GUARDRAIL", "WITHIN MARGIN", "HARM", "EVIDENCE");
    for (JsonNode one : page.path("guardrails")) {
      table.row(
          one.path("metric").asString(""),
          one.path("within_margin").asBoolean(false) ? "shown" : "open",
          one.path("state").asString("").equals("open") ? "none shown" : "shown",
          one.path("clause").asString(""));
    }
    table.print(out);
    out.println();
    var steps = new Table("STEP", "AT", "WHAT", "SHARE", "BY", "WHY");
    for (JsonNode one : page.path("steps")) {
      steps.row(
          one.path("number").asString(""),
          one.path("at").asString(""),
          one.path("kind").asString(""),
          "%s to %s".formatted(stage(one.path("from")), stage(one.path("to"))),
          one.path("by").asString(""),
          one.path("clause").asString(""));
    }
    steps.print(out);
  }

  private static String stage(JsonNode share) {
    return Shares.stage(share.asDouble(0));
  }

  @Command(
      name = "start",
      description = "Begin a rollout that the settings declare, or that a file does.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class Start extends Asking {
    @Parameters(paramLabel = "NAME", description = "The rollout's name.")
    private String name = "";

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "YAML or JSON with the fields of one rollout; else the settings declare it.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--by", paramLabel = "WHO", description = "Who begins it; it is kept.")
    private String by = "";

    Start(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      byte[] text = new byte[0];
      if (file.isPresent()) {
        try {
          text = Files.readAllBytes(file.get());
        } catch (IOException e) {
          throw new IllegalArgumentException(file.get() + " cannot be read", e);
        }
        if (text.length == 0) {
          throw new IllegalArgumentException(file.get() + " is empty");
        }
      }
      var asked = new StringBuilder(path(name));
      // The gateway names the file where its text is wrong.
      asked.append("?file=").append(AdminClient.segment(file.map(Path::toString).orElse("")));
      asked.append("&by=").append(AdminClient.segment(by));
      JsonNode page = gateway.send("POST", asked.toString(), "application/yaml", text);
      if (json) {
        print(page);
      } else {
        show(page, out());
      }
    }
  }

  @Command(mixinStandardHelpOptions = true, sortOptions = false)
  private static final class Wish extends Asking {
    private final String wish;

    @Parameters(paramLabel = "NAME", description = "The rollout's name.")
    private String name = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is kept.")
    private String reason = "";

    @Option(names = "--by", paramLabel = "WHO", description = "Who wishes it; it is kept.")
    private String by = "";

    Wish(Map<String, String> environment, String wish) {
      super(environment);
      this.wish = wish;
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      ObjectNode body = Json.object();
      if (!reason.isBlank()) {
        body.put("reason", reason);
      }
      if (!by.isBlank()) {
        body.put("by", by);
      }
      JsonNode page = gateway.send("POST", path(name) + "/" + wish, body);
      if (json) {
        print(page);
      } else {
        show(page, out());
      }
    }
  }

  @Command(
      name = "simulate",
      description = {
        "Show what rules would do to candidates of which the truth is known.",
        "Each rule looks after each call."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class Simulate implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--margin",
        paramLabel = "SHARE",
        description = "How much worse a candidate may be; 0.03.")
    private double margin = 0.03;

    @Option(
        names = "--alpha",
        paramLabel = "SHARE",
        description = "The accepted chance of a wrong step; 0.05.")
    private double alpha = 0.05;

    @Option(names = "--streams", paramLabel = "N", description = "How many are drawn; 10000.")
    private int streams = 10_000;

    @Option(names = "--calls", paramLabel = "N", description = "How long each is; 10000.")
    private int calls = 10_000;

    @Option(names = "--seed", paramLabel = "N", description = "The same gives the same; 1.")
    private long seed = 1;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw a picture of it.")
    private Optional<Path> svg = Optional.empty();

    @Override
    public Integer call() throws IOException {
      if (streams < 1 || calls < 1 || !(alpha > 0 && alpha < 0.5) || !(margin > 0 && margin < 1)) {
        throw new CommandLine.ParameterException(
            spec.commandLine(),
            "streams and calls are at least 1, alpha from 0 to 0.5, margin from 0 to 1");
      }
      double[] losses = {0, 0.02, margin, 0.05, 0.1};
      List<Simulation.Outcome> all =
          new Simulation(streams, calls, margin, alpha, seed)
              .run(Arrays.stream(losses).sorted().distinct().toArray());
      PrintWriter out = spec.commandLine().getOut();
      out.println("| true loss | rule | rolled back | at call | promoted | at call |");
      out.println("| ---: | --- | ---: | ---: | ---: | ---: |");
      for (Simulation.Outcome one : all) {
        out.println(
            "| %s points | %s | %s | %s | %s | %s |"
                .formatted(
                    number(100 * one.loss()),
                    one.rule().text(),
                    percent(one.rolledBack()),
                    median(one.medianRollBack()),
                    percent(one.promoted()),
                    median(one.medianPromotion())));
      }
      if (svg.isPresent()) {
        Files.writeString(svg.get(), SimulationPicture.svg(all, alpha, margin, calls));
      }
      return 0;
    }

    private static String number(double value) {
      return value == Math.rint(value)
          ? "%.0f".formatted(value)
          : String.format(Locale.ROOT, "%.1f", value);
    }

    private static String percent(double share) {
      return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String median(int call) {
      return call == 0 ? "" : Integer.toString(call);
    }
  }
}
