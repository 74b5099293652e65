package dev.understudy.app;

import dev.understudy.admin.AdminClient;
import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.app.settings.SettingsSchema;
import dev.understudy.contract.Clauses;
import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractChecks;
import dev.understudy.contract.ContractReader;
import dev.understudy.contract.ContractState;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.Happening;
import dev.understudy.contract.Obligation;
import dev.understudy.contract.Obligations;
import dev.understudy.contract.Replay;
import dev.understudy.contract.SharePath;
import dev.understudy.json.Json;
import dev.understudy.pricing.Prices;
import dev.understudy.text.Problems;
import dev.understudy.text.YamlReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Checks and shows contracts, and tells a running gateway what happened under them. */
@Command(
    name = "contracts",
    description = "Check and show contracts, and tell a gateway what happens under them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class ContractsCommand implements Runnable {
  private static final int CALENDAR_DAYS = 90;

  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  ContractsCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The command with what is below it. */
  CommandLine withAll() {
    return new CommandLine(this)
        .addSubcommand(new State(environment))
        .addSubcommand(new Evidence(environment))
        .addSubcommand(new PathOf(environment))
        .addSubcommand(new Tell(environment))
        .addSubcommand(new Trigger(environment))
        .addSubcommand(new Rofr(environment));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  // --- files ---

  @Command(
      name = "check",
      description = "Check files with contracts, each alone and all together.",
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(arity = "1..*", paramLabel = "FILE") List<Path> files,
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description = "Settings whose vendors, models and routes they are to fit.")
          Optional<Path> config,
      @Option(
              names = "--data",
              paramLabel = "FOLDER",
              defaultValue = "data",
              description = "Folder in which an updated price list may be; ${DEFAULT-VALUE}.")
          Path data) {
    var problems = new Problems();
    ContractBook book = read(files, problems);
    if (!problems.isEmpty()) {
      return fail(problems.lines());
    }
    Instant now = Instant.now();
    List<String> notes = List.of();
    List<String> warnings = List.of();
    KnownNames known = KnownNames.shipped();
    KnownNames.Unknown unknown;
    try {
      if (config.isPresent()) {
        Settings settings = Settings.read(config.get(), environment);
        notes = ContractNotes.of(book, settings, now);
        Prices prices = new PriceFiles(settings.priceBooks(), data).read();
        warnings = PaidTwice.lines(book, settings, prices, now);
        known = KnownNames.of(settings, List.of(), () -> prices);
      }
      unknown = known.in(book, now);
    } catch (BadSettings e) {
      return fail(e.lines());
    } catch (IllegalArgumentException e) {
      return fail(List.of(String.valueOf(e.getMessage())));
    }
    if (!unknown.errors().isEmpty()) {
      return fail(unknown.errors());
    }
    for (Contract contract : book.contracts()) {
      for (ContractVersion version : contract.versions()) {
        out().println("%s: in force %s".formatted(version.name(), shown(contract, version)));
      }
    }
    unknown.warnings().forEach(warning -> out().println("warning: " + warning));
    warnings.forEach(warning -> out().println("warning: " + warning));
    notes.forEach(note -> out().println("note: " + note));
    out().flush();
    return 0;
  }

  private static String shown(Contract contract, ContractVersion version) {
    return contract.inForce(version).toString().replace("T00:00:00Z", "");
  }

  @Command(
      name = "replay",
      description = "Play a trace of calls and of what happened under contracts.",
      mixinStandardHelpOptions = true)
  int replay(
      @Parameters(index = "0", paramLabel = "TRACE") Path trace,
      @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILE") List<Path> files) {
    var problems = new Problems();
    ContractBook book = read(files, problems);
    if (!problems.isEmpty()) {
      return fail(problems.lines());
    }
    try {
      var table = new Table("CALL", "GOES TO", "BY", "KEPT OUT");
      for (Replay.Outcome one : Replay.read(Files.readAllBytes(trace)).under(book)) {
        table.row(
            one.call(),
            one.target().orElse("nobody"),
            one.basis(),
            String.join("; ", one.denied().values()));
      }
      table.print(out());
      out().flush();
      return 0;
    } catch (IOException e) {
      return fail(List.of("the trace " + trace + " cannot be read"));
    } catch (IllegalArgumentException e) {
      return fail(List.of(trace + ": " + e.getMessage()));
    }
  }

  @Command(
      name = "schema",
      description = "Print the JSON Schema of contracts, for editors.",
      mixinStandardHelpOptions = true)
  int schema() {
    out().print(SettingsSchema.contracts());
    out().flush();
    return 0;
  }

  @Command(
      name = "show",
      description = "Print the clauses of the version in force.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(arity = "1..*", paramLabel = "FILE") List<Path> files,
      @Option(names = "--at", paramLabel = "DAY", description = "As of a day; today.")
          Optional<String> at) {
    var problems = new Problems();
    ContractBook book = read(files, problems);
    if (!problems.isEmpty()) {
      return fail(problems.lines());
    }
    Instant instant = at.map(this::instant).orElseGet(Instant::now);
    List<ContractVersion> inForce = book.at(instant);
    if (inForce.isEmpty()) {
      return fail(List.of("no contract is in force at " + instant));
    }
    for (ContractVersion version : inForce) {
      out().println(version.name());
      Clauses.of(version).forEach((name, text) -> out().println("  %s: %s".formatted(name, text)));
    }
    out().flush();
    return 0;
  }

  @Command(
      name = "diff",
      description = "Print what differs between two versions.",
      mixinStandardHelpOptions = true)
  int diff(
      @Parameters(index = "0", paramLabel = "BEFORE") Path before,
      @Parameters(index = "1", paramLabel = "AFTER") Path after) {
    var problems = new Problems();
    Optional<ContractVersion> one = read(before, problems);
    Optional<ContractVersion> other = read(after, problems);
    if (one.isEmpty() || other.isEmpty()) {
      return fail(problems.lines());
    }
    Clauses.difference(one.get(), other.get()).forEach(out()::println);
    out().flush();
    return 0;
  }

  @Command(
      name = "calendar",
      description = "Print what is due; raised at 30, 14 and 7 days.",
      mixinStandardHelpOptions = true)
  int calendar(
      @Parameters(arity = "1..*", paramLabel = "FILE") List<Path> files,
      @Option(names = "--at", paramLabel = "DAY", description = "From a day on; today.")
          Optional<String> at,
      @Option(names = "--days", paramLabel = "N", description = "So many days; 90.")
          Optional<Integer> days) {
    var problems = new Problems();
    ContractBook book = read(files, problems);
    if (!problems.isEmpty()) {
      return fail(problems.lines());
    }
    Instant instant = at.map(this::instant).orElseGet(Instant::now);
    LocalDate from = instant.atZone(ZoneOffset.UTC).toLocalDate();
    ContractState state = ContractState.of(book, Map.of(), List.of(), instant);
    var table = new Table("DUE", "RAISED", "CLAUSE", "WHAT");
    for (Obligation one :
        Obligations.of(state, List.of(), from, from.plusDays(days.orElse(CALENDAR_DAYS)))) {
      table.row(
          one.due().toString(),
          one.raised(from).map(d -> d + " days").orElse(""),
          one.clause().toString(),
          one.what());
    }
    table.print(out());
    out().flush();
    return 0;
  }

  private Instant instant(String text) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          spec.commandLine(), "--at must be a day or an instant, such as 2026-08-31", e);
    }
  }

  private static ContractBook read(List<Path> files, Problems problems) {
    var versions = new ArrayList<ContractVersion>();
    for (Path file : files) {
      read(file, problems).ifPresent(versions::add);
    }
    var book = new ContractBook(versions);
    if (problems.isEmpty()) {
      ContractChecks.of(book, problems);
    }
    return book;
  }

  private static Optional<ContractVersion> read(Path file, Problems problems) {
    try (var in = Files.newInputStream(file)) {
      return ContractReader.read(
          file.toString(), in.readNBytes(YamlReader.BYTES_MAX + 1), problems);
    } catch (IOException e) {
      problems.add(
          new dev.understudy.text.Place(file.toString(), 1, 1),
          e instanceof java.nio.file.NoSuchFileException
              ? "there is no such file"
              : "the contract cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private int fail(List<String> lines) {
    PrintWriter err = spec.commandLine().getErr();
    lines.forEach(err::println);
    err.flush();
    return 1;
  }

  // --- a running gateway ---

  @Command(
      name = "state",
      description = "Show how contracts stand at a running gateway.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class State extends Asking {
    State(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      JsonNode page = gateway.get("/admin/contracts");
      if (json) {
        print(page);
        return;
      }
      for (JsonNode contract : page.path("contracts")) {
        out()
            .println(
                "%s: version %s is in force"
                    .formatted(
                        contract.path("contract").asString(),
                        contract.path("in_force").asString("none")));
        for (JsonNode trigger : contract.path("triggers")) {
          out()
              .println(
                  "  trigger %s: %s%s"
                      .formatted(
                          trigger.path("trigger").asString(),
                          trigger.path("phase").asString(),
                          waiting(trigger)));
        }
        for (JsonNode offer : contract.path("offers")) {
          out()
              .println(
                  "  offer %s of %s: %s, %s of %s units taken%s"
                      .formatted(
                          offer.path("offer").asString(),
                          offer.path("third").asString(),
                          offer.path("state").asString(),
                          offer.path("taken").asString(),
                          offer.path("units").asString(),
                          offer.has("expires")
                              ? ", expires " + offer.path("expires").asString()
                              : ""));
        }
      }
    }

    private static String waiting(JsonNode trigger) {
      var told = new ArrayList<String>();
      trigger.path("waiting_for_approval").forEach(one -> told.add(one.asString()));
      return told.isEmpty() ? "" : ", to be approved: " + String.join(", ", told);
    }
  }

  @Command(
      name = "evidence",
      description = "Show what happened under contracts, and whether its chain is whole.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class Evidence extends Asking {
    Evidence(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      JsonNode page = gateway.get("/admin/contracts/evidence");
      if (json) {
        print(page);
        return;
      }
      var table = new Table("NUMBER", "AT", "KIND", "CONTRACT", "CLAUSE", "TOLD BY", "DETAILS");
      for (JsonNode one : page.path("evidence")) {
        table.row(
            one.path("number").asString(),
            one.path("at").asString(),
            one.path("kind").asString(),
            one.path("contract").asString(),
            one.path("clause").asString(),
            one.path("told_by").asString(),
            Json.text(one.path("details")));
      }
      table.print(out());
      out()
          .println(
              page.path("whole").asBoolean()
                  ? "the chain is whole; head " + page.path("head").asString()
                  : "the chain is broken: " + page.path("fault").asString());
    }
  }

  @Command(
      name = "path",
      description = "Show where a share that moves by and by should be, and where it is.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class PathOf extends Asking {
    @Parameters(index = "0", paramLabel = "CONTRACT")
    private String contract = "";

    @Parameters(index = "1", paramLabel = "PATH")
    private String path = "";

    @Option(names = "--days", paramLabel = "N", description = "Traffic of so many days; 30.")
    private int days = 30;

    PathOf(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      JsonNode page =
          gateway.get(
              "/admin/contracts/%s/paths/%s?days=%d"
                  .formatted(AdminClient.segment(contract), AdminClient.segment(path), days));
      if (json) {
        print(page);
        return;
      }
      out()
          .println(
              "away from %s, %s: %s should be, over the last %d days %s; %s"
                  .formatted(
                      page.path("away_from").asString(),
                      page.path("binding").asBoolean() ? "a term" : "a goal",
                      percent(page),
                      days,
                      page.path("words").asString(),
                      state(page)));
      var table = new Table("UNTIL", "TARGET", "IS", "STATE");
      for (JsonNode point : page.path("course")) {
        table.row(
            point.path("until").asString().substring(0, 10),
            percent(point),
            point.path("words").asString(""),
            point.has("words") ? state(point) : "ahead");
      }
      table.print(out());
    }

    private static String percent(JsonNode point) {
      return SharePath.percent(new BigDecimal(point.path("target").asString()));
    }

    private static String state(JsonNode point) {
      return !point.has("behind")
          ? "not known"
          : point.path("behind").asBoolean() ? "behind" : "in time";
    }
  }

  /** Tells what happened; the details are {@code name=value}. */
  private abstract static class Telling extends Asking {
    @Option(names = "--at", paramLabel = "DAY", description = "When it happened; now.")
    private Optional<String> at = Optional.empty();

    Telling(Map<String, String> environment) {
      super(environment);
    }

    void tell(
        AdminClient gateway, String kind, String contract, String clause, List<String> details)
        throws AdminClient.NoAnswer {
      ObjectNode said = Json.object();
      said.put("kind", kind);
      said.put("contract", contract);
      said.put("clause", clause);
      at.ifPresent(day -> said.put("at", day));
      ObjectNode all = said.putObject("details");
      for (String detail : details) {
        int mark = detail.indexOf('=');
        if (mark < 1) {
          throw new ParameterException(line(), "say details as name=value, not " + detail);
        }
        all.put(detail.substring(0, mark), detail.substring(mark + 1));
      }
      JsonNode taken = gateway.send("POST", "/admin/contracts/evidence", said);
      if (json) {
        print(taken);
      } else {
        out()
            .println(
                "taken down as %s: %s"
                    .formatted(taken.path("number").asString(), taken.path("hash").asString()));
      }
    }
  }

  @Command(
      name = "tell",
      description = "Tell what happened: an outage, a launch, a takeover and the like.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class Tell extends Telling {
    @Parameters(index = "0", paramLabel = "KIND", description = "Such as outage or takeover.")
    private String kind = "";

    @Parameters(index = "1..*", paramLabel = "NAME=VALUE", description = "Such as vendor=azure.")
    private List<String> details = List.of();

    @Option(names = "--contract", paramLabel = "ID", description = "The contract it is about.")
    private String contract = "";

    @Option(names = "--clause", paramLabel = "ID", description = "The clause it is about.")
    private String clause = "";

    Tell(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      tell(gateway, kind, contract, clause, details);
    }
  }

  @Command(
      name = "rofr",
      description =
          "Follow an offer under a right of first refusal: offer, notice, answer, change, dispute,"
              + " settle.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class Rofr extends Telling {
    @Parameters(index = "0", paramLabel = "ACTION")
    private String action = "";

    @Parameters(index = "1", paramLabel = "CONTRACT")
    private String contract = "";

    @Parameters(index = "2", paramLabel = "CLAUSE")
    private String clause = "";

    @Parameters(
        index = "3..*",
        paramLabel = "NAME=VALUE",
        description = "Such as offer=o1 units=400 price=1.00 third=T targets=t/*.")
    private List<String> details = List.of();

    Rofr(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      if (!List.of("offer", "notice", "answer", "change", "dispute", "settle").contains(action)) {
        throw new ParameterException(
            line(),
            "unknown action " + action + "; known: offer, notice, answer, change, dispute, settle");
      }
      tell(gateway, action, contract, clause, details);
    }
  }

  @Command(
      name = "trigger",
      description =
          "Follow a trigger: dry-run, declare, metric, approve, verify, dispute, settle. What is"
              + " declared counts once another person approves it.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  private static final class Trigger extends Telling {
    @Parameters(index = "0", paramLabel = "ACTION")
    private String action = "";

    @Parameters(index = "1", paramLabel = "CONTRACT")
    private String contract = "";

    @Parameters(index = "2", paramLabel = "TRIGGER")
    private String trigger = "";

    @Parameters(
        index = "3..*",
        paramLabel = "NAME=VALUE",
        description = "Such as body=openai.board, or member=p1 vote=yes.")
    private List<String> details = List.of();

    @Option(names = "--days", paramLabel = "N", description = "For dry-run: of so many days; 7.")
    private int days = 7;

    Trigger(Map<String, String> environment) {
      super(environment);
    }

    @Override
    void ask(AdminClient gateway) throws AdminClient.NoAnswer {
      if (action.equals("dry-run")) {
        dryRun(gateway);
        return;
      }
      List<String> known = List.of("declare", "metric", "approve", "verify", "dispute", "settle");
      if (!known.contains(action) || Happening.Kind.of(action).isEmpty()) {
        throw new ParameterException(
            line(),
            "unknown action %s; known: dry-run, %s".formatted(action, String.join(", ", known)));
      }
      tell(gateway, action, contract, trigger, details);
    }

    private void dryRun(AdminClient gateway) throws AdminClient.NoAnswer {
      JsonNode page =
          gateway.get(
              "/admin/contracts/%s/triggers/%s/dry-run?days=%d"
                  .formatted(AdminClient.segment(contract), AdminClient.segment(trigger), days));
      if (json) {
        print(page);
        return;
      }
      out()
          .println(
              "%s attempts from %s to %s"
                  .formatted(
                      page.path("attempts").asString(),
                      page.path("from").asString(),
                      page.path("until").asString()));
      var table =
          new Table("ROUTE", "LOSES", "A DAY", "GOES TO", "PAID", "INSTEAD", "GAP/MIN", "QUALITY");
      for (JsonNode one : page.path("lost")) {
        table.row(
            one.path("route").asString(),
            one.path("target").asString(),
            one.path("per_day").asString(),
            one.path("substitute").asString("nobody"),
            paid(one.path("paid")),
            one.path("instead").asString("no price"),
            one.path("capacity_gap").asString(""),
            one.path("quality").asString());
      }
      if (page.path("lost").isEmpty()) {
        out().println("no traffic loses its target");
      } else {
        table.print(out());
      }
      list("clauses that change", page.path("difference"));
      list("statements that change", page.path("statements_changed"));
      list("notices due", page.path("notices_due"));
    }

    private static String paid(JsonNode byCurrency) {
      var amounts = new ArrayList<String>();
      byCurrency
          .properties()
          .forEach(one -> amounts.add(one.getValue().asString() + " " + one.getKey()));
      return amounts.isEmpty() ? "nothing" : String.join(", ", amounts);
    }

    private void list(String title, JsonNode lines) {
      out().println(lines.isEmpty() ? title + ": none" : title + ":");
      lines.forEach(one -> out().println("  " + one.asString()));
    }
  }
}
