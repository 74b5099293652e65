package dev.understudy.app;

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
import dev.understudy.contract.Obligation;
import dev.understudy.contract.Obligations;
import dev.understudy.contract.Replay;
import dev.understudy.pricing.Prices;
import dev.understudy.text.Days;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.YamlReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

/** Checks and shows files with contracts; a running gateway is asked by the commands below it. */
@Command(
    name = "contracts",
    description = "Check and show contracts, and tell a gateway what happens under them.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class ContractsCommand implements Runnable {
  private static final int CALENDAR_DAYS_MAX = 3_650;

  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  ContractsCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The command with what is below it. */
  CommandLine withAll() {
    return new CommandLine(this)
        .addSubcommand(new ContractsState(environment))
        .addSubcommand(new ContractsEvidence(environment))
        .addSubcommand(new ContractsPath(environment))
        .addSubcommand(new ContractsTell(environment))
        .addSubcommand(new ContractsTrigger(environment))
        .addSubcommand(new ContractsRofr(environment));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

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
      @Option(
              names = "--days",
              paramLabel = "N",
              defaultValue = "90",
              description = "So many days; ${DEFAULT-VALUE}.")
          int days) {
    if (days < 1 || days > CALENDAR_DAYS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--days is 1 to %d, not %d".formatted(CALENDAR_DAYS_MAX, days));
    }
    var problems = new Problems();
    ContractBook book = read(files, problems);
    if (!problems.isEmpty()) {
      return fail(problems.lines());
    }
    Instant instant = at.map(this::instant).orElseGet(Instant::now);
    LocalDate from = instant.atZone(ZoneOffset.UTC).toLocalDate();
    ContractState state = ContractState.of(book, Map.of(), List.of(), instant);
    var table = new Table("DUE", "RAISED", "CLAUSE", "WHAT");
    for (Obligation one : Obligations.of(state, List.of(), from, from.plusDays(days))) {
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
          ? Days.moment(text)
          : Days.day(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          spec.commandLine(), "--at must be a day or an instant, such as 2026-08-31", e);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--at: " + e.getMessage(), e);
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
          new Place(file.toString(), 1, 1),
          e instanceof NoSuchFileException
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
}
