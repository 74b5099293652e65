package dev.understudy.app;

import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.settlement.Section;
import dev.understudy.settlement.SettlementDesk;
import dev.understudy.settlement.StatementFiles;
import dev.understudy.settlement.Unsettled;
import dev.understudy.settlement.We;
import dev.understudy.text.Days;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes the statement of a contract for a month, and books it. */
@Command(
    name = "settle",
    description =
        "Make the statement of a contract for a month, book it once, and write it to files.",
    mixinStandardHelpOptions = true)
final class SettleCommand implements Callable<Integer> {
  private static final int MONTHS_MAX = 1_200;

  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StoreOptions where = new StoreOptions();

  @Option(names = "--contract", paramLabel = "ID", description = "Which contract.")
  private Optional<String> contract = Optional.empty();

  @Option(
      names = "--contracts",
      paramLabel = "PATH",
      description = "Files of contracts, or folders of them; those of the settings.")
  private List<Path> contracts = new ArrayList<>();

  @Option(
      names = "--period",
      paramLabel = "MONTH",
      description = "Such as 2026-10, or two of them and what is between: 2026-01..2026-10.")
  private Optional<String> period = Optional.empty();

  @Option(names = "--dry-run", description = "Show it; keep nothing and book nothing.")
  private boolean dryRun;

  @Option(names = "--out", paramLabel = "DIR", description = "Write HTML, PDF, CSV and JSON there.")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--as",
      paramLabel = "PARTY",
      description = "The party that we are; the only one that serves nothing.")
  private Optional<String> we = Optional.empty();

  SettleCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  static CommandLine line(Map<String, String> environment) {
    return new CommandLine(new SettleCommand(environment))
        .addSubcommand(new SettleImport(environment))
        .addSubcommand(new SettleDue(environment))
        .addSubcommand(new InvoicesCommand(environment))
        .addSubcommand(new InvoicesCommand.Credit(environment));
  }

  @Override
  public Integer call() {
    String id = needed(contract, "--contract");
    String said = needed(period, "--period");
    PrintWriter print = spec.commandLine().getOut();
    return SettlementDesks.work(
        spec,
        where,
        environment,
        false,
        desks -> {
          List<YearMonth> months = months(said);
          ContractBook book = desks.contracts(contracts);
          Contract found =
              book.contract(id)
                  .orElseThrow(() ->
                      new Unsettled(
                          "there is no contract %s; known: %s"
                              .formatted(
                                  id,
                                  String.join(
                                      ", ",
                                      book.contracts().stream().map(Contract::id).toList()))));
          String self = We.of(found, we);
          if (self.isEmpty()) {
            print.println("none of the parties is known to be us (--as): nothing is booked");
          }
          for (YearMonth month : months) {
            SettlementDesk.Made made =
                dryRun
                    ? desks.settlement().preview(found, month, self)
                    : desks.settlement().settle(found, month, self);
            show(made, print);
            if (out.isPresent()) {
              for (Path file : StatementFiles.write(made, out.get())) {
                print.println("  " + file);
              }
            }
          }
          return 0;
        });
  }

  private void show(SettlementDesk.Made made, PrintWriter print) {
    String state =
        dryRun
            ? made.isNew() ? "would be new" : "as it was made"
            : made.isNew() ? "new" : "unchanged";
    print.println(
        "%s %s, revision %d, %s"
            .formatted(
                made.statement().contract(), made.statement().period(), made.revision(), state));
    var table = new Table("CLAUSE", "KIND", "VERSION", "FROM", "TO", "DUE");
    for (Section section : made.statement().sections()) {
      table.row(
          section.clause(),
          section.kind().word(),
          String.valueOf(section.version()),
          section.payer(),
          section.payee(),
          section.due().toString());
    }
    table.print(print);
    made.statement().events().forEach(event -> print.println("event: " + event));
    made.statement().doubts().forEach(doubt -> print.println("note: " + doubt));
  }

  private String needed(Optional<String> value, String name) {
    return value.orElseThrow(
        () -> new ParameterException(spec.commandLine(), "Missing required option: " + name));
  }

  private static List<YearMonth> months(String text) {
    YearMonth first;
    YearMonth last;
    try {
      int dots = text.indexOf("..");
      first = Days.month(dots < 0 ? text : text.substring(0, dots));
      last = dots < 0 ? first : Days.month(text.substring(dots + 2));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "--period must be a month, such as 2026-10, or 2026-01..2026-10", e);
    }
    long many = first.until(last, ChronoUnit.MONTHS) + 1;
    if (many < 1) {
      throw new IllegalArgumentException("--period ends before it begins: " + text);
    }
    if (many > MONTHS_MAX) {
      throw new IllegalArgumentException(
          "--period is longer than %d months: %s".formatted(MONTHS_MAX, text));
    }
    return Stream.iterate(first, month -> month.plusMonths(1)).limit(many).toList();
  }
}
