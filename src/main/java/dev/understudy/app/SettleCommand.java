package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractDesk;
import dev.understudy.ledger.Ledger;
import dev.understudy.settlement.FxTable;
import dev.understudy.settlement.Given;
import dev.understudy.settlement.InvoiceDesk;
import dev.understudy.settlement.SalesFile;
import dev.understudy.settlement.SalesStore;
import dev.understudy.settlement.Section;
import dev.understudy.settlement.SettlementDesk;
import dev.understudy.settlement.StatementFiles;
import dev.understudy.settlement.Unsettled;
import dev.understudy.settlement.We;
import dev.understudy.store.Database;
import dev.understudy.store.SqlEvidenceStore;
import dev.understudy.store.SqlFacts;
import dev.understudy.store.SqlLedgerStore;
import dev.understudy.store.SqlSalesStore;
import dev.understudy.store.SqlStatementStore;
import dev.understudy.text.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
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
        .addSubcommand(new Import(environment))
        .addSubcommand(new Due(environment))
        .addSubcommand(new InvoicesCommand(environment))
        .addSubcommand(new InvoicesCommand.Credit(environment));
  }

  @Override
  public Integer call() {
    String id = needed(contract, "--contract");
    String said = needed(period, "--period");
    PrintWriter print = spec.commandLine().getOut();
    return Desks.work(
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

  static List<YearMonth> months(String text) {
    try {
      int dots = text.indexOf("..");
      YearMonth first = YearMonth.parse(dots < 0 ? text : text.substring(0, dots));
      YearMonth last = dots < 0 ? first : YearMonth.parse(text.substring(dots + 2));
      var months = new ArrayList<YearMonth>();
      for (YearMonth month = first;
          !month.isAfter(last) && months.size() < MONTHS_MAX;
          month = month.plusMonths(1)) {
        months.add(month);
      }
      return months;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "--period must be a month, such as 2026-10, or 2026-01..2026-10", e);
    }
  }

  /** Everything that settles, over one database. */
  record Desks(
      SalesStore sales,
      Ledger ledger,
      SettlementDesk settlement,
      InvoiceDesk invoices,
      Optional<Settings> settings,
      Database database) {

    /**
     * The contracts of files, else of the settings, with the versions that triggers have made.
     *
     * @throws IOException if they cannot be read
     */
    ContractBook contracts(List<Path> files) throws IOException {
      if (files.isEmpty() && settings.map(s -> s.contracts().isEmpty()).orElse(true)) {
        throw new IOException(
            "there are no contracts: name their files in the settings (contracts) or by --contracts");
      }
      ContractBook agreed =
          files.isEmpty() ? settings.orElseThrow().contracts() : ContractFiles.read(files);
      var desk =
          new ContractDesk(
              agreed,
              settings.map(s -> Contracting.kinds(s.vendors())).orElse(Map.of()),
              new SqlEvidenceStore(database),
              InstantSource.system());
      desk.refresh();
      return desk.state().book();
    }

    /** What is done with them. */
    @FunctionalInterface
    interface Work {
      int with(Desks desks) throws IOException;
    }

    static Desks over(Database database, Given.ListPrices list, Optional<Settings> settings)
        throws IOException {
      var sales = new SqlSalesStore(database);
      var statements = new SqlStatementStore(database);
      var ledger = new Ledger(new SqlLedgerStore(database), InstantSource.system());
      var given = new Given(sales::each, new SqlFacts(database), new FxTable(sales.rates()), list);
      return new Desks(
          sales,
          ledger,
          new SettlementDesk(given, statements, ledger, InstantSource.system()),
          new InvoiceDesk(given, sales, statements, ledger, InstantSource.system()),
          settings,
          database);
    }

    /** Opens, works, and tells what went wrong; ends the command with 1 if anything did. */
    static int work(
        CommandSpec spec,
        StoreOptions where,
        Map<String, String> environment,
        boolean make,
        Work work) {
      PrintWriter err = spec.commandLine().getErr();
      try (Database database =
          make ? where.openOrMake(environment) : where.open(environment, LedgerCommand.MISSING)) {
        Optional<Settings> settings = where.readSettings(environment);
        List<Path> books = settings.map(Settings::priceBooks).orElse(List.of());
        int code =
            work.with(
                over(
                    database,
                    ListWitness.lists(new PriceFiles(books, where.data()).read()),
                    settings));
        spec.commandLine().getOut().flush();
        err.flush();
        return code;
      } catch (BadSettings e) {
        e.lines().forEach(err::println);
      } catch (IOException | Unsettled | IllegalArgumentException e) {
        spec.commandLine().getOut().flush();
        err.println(e.getMessage());
      }
      err.flush();
      return 1;
    }
  }

  /** Keeps sales and rates of exchange from files. */
  @Command(
      name = "import",
      description =
          "Keep sales, credit notes, taxes, profits and rates of exchange from files, each once;"
              + " of a file with a mistake nothing is kept.",
      mixinStandardHelpOptions = true)
  static final class Import implements Callable<Integer> {
    private final Map<String, String> environment;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private StoreOptions where = new StoreOptions();

    @Option(
        names = "--source",
        paramLabel = "NAME",
        description = "Who tells facts that do not say so themselves; import.")
    private String source = "import";

    @Option(
        names = "--book",
        description = "Book the sales on our accounts too: receivables, revenue, tax.")
    private boolean book;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "CSV, or lines of JSON.")
    private List<Path> files = new ArrayList<>();

    Import(Map<String, String> environment) {
      this.environment = environment;
    }

    @Override
    public Integer call() {
      return Desks.work(
          spec,
          where,
          environment,
          true,
          desks -> {
            int code = 0;
            for (Path file : files) {
              code = Math.max(code, keep(file, desks));
            }
            return code;
          });
    }

    private int keep(Path file, Desks desks) throws IOException {
      PrintWriter err = spec.commandLine().getErr();
      byte[] bytes;
      try (var in = Files.newInputStream(file)) {
        bytes = in.readNBytes(SalesFile.BYTES_MAX + 1);
      } catch (NoSuchFileException e) {
        throw new IOException(file + ": no such file", e);
      }
      var now = InstantSource.system().instant();
      var problems = new Problems();
      SalesFile.Content content = SalesFile.read(file.toString(), bytes, source, now, problems);
      if (!problems.isEmpty()) {
        problems.lines().forEach(err::println);
        err.println(file + ": nothing of it is kept");
        return 1;
      }
      SalesStore.Kept kept = desks.sales().keep(content.facts(), content.rates(), now);
      if (!kept.conflicts().isEmpty()) {
        kept.conflicts().forEach(conflict -> err.println(file + ": " + conflict));
        err.println(file + ": nothing of it is kept");
        return 1;
      }
      int booked = book ? SettlementDesk.book(content.facts(), desks.ledger()) : 0;
      spec.commandLine()
          .getOut()
          .println(
              "%s: %d kept, %d known already%s"
                  .formatted(
                      file,
                      kept.kept(),
                      kept.known(),
                      book ? ", %d booked".formatted(booked) : ""));
      return 0;
    }
  }

  /** Does once what the schedule does. */
  @Command(
      name = "due",
      description =
          "Settle every contract for the months that are over, and issue invoices: what the"
              + " schedule of a running gateway does, once.",
      mixinStandardHelpOptions = true)
  static final class Due implements Callable<Integer> {
    private final Map<String, String> environment;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private StoreOptions where = new StoreOptions();

    @Option(
        names = "--contracts",
        paramLabel = "PATH",
        description = "Files of contracts, or folders of them; those of the settings.")
    private List<Path> contracts = new ArrayList<>();

    @Option(names = "--as", paramLabel = "PARTY", description = "The party that we are.")
    private Optional<String> we = Optional.empty();

    @Option(names = "--tariffs", paramLabel = "FILE", description = "Who is invoiced, and how.")
    private Optional<Path> tariffs = Optional.empty();

    @Option(
        names = "--months",
        paramLabel = "COUNT",
        description = "How many months that are over are looked at again; 12.")
    private int months = 12;

    @Option(names = "--out", paramLabel = "DIR", description = "Where files go; DATA/settlement.")
    private Optional<Path> out = Optional.empty();

    Due(Map<String, String> environment) {
      this.environment = environment;
    }

    @Override
    public Integer call() {
      return Desks.work(
          spec,
          where,
          environment,
          false,
          desks -> {
            ContractBook book = desks.contracts(contracts);
            var terms =
                new SettlementJob.Terms(
                    1,
                    Math.clamp(months, 1, SettlementJob.MONTHS_MAX),
                    we,
                    out.orElse(where.data().resolve("settlement")),
                    tariffs);
            SettlementJob.Done done =
                SettlementJob.run(terms, book, desks, InstantSource.system().instant());
            done.made().forEach(spec.commandLine().getOut()::println);
            done.failed().forEach(spec.commandLine().getErr()::println);
            if (done.made().isEmpty() && done.failed().isEmpty()) {
              spec.commandLine().getOut().println("nothing new");
            }
            return done.failed().isEmpty() ? 0 : 1;
          });
    }
  }
}
