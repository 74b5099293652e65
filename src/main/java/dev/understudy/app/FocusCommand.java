package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.exchange.Facts;
import dev.understudy.ledger.LedgerStore;
import dev.understudy.settlement.focus.Billing;
import dev.understudy.settlement.focus.Checker;
import dev.understudy.settlement.focus.ContractBilling;
import dev.understudy.settlement.focus.CostAndUsage;
import dev.understudy.settlement.focus.Row;
import dev.understudy.settlement.focus.RowReader;
import dev.understudy.settlement.focus.RowWriter;
import dev.understudy.settlement.focus.RuleBook;
import dev.understudy.settlement.focus.RuleTable;
import dev.understudy.settlement.focus.SmallDatasets;
import dev.understudy.settlement.focus.Violation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes and checks costs in the FOCUS format. */
@Command(
    name = "focus",
    description = "Export costs in the FOCUS format, and check files in it.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class FocusCommand implements Runnable {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  FocusCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing required subcommand");
  }

  @Command(
      name = "check",
      description = {
        "Hold files against the requirements of the FOCUS specification.",
        "Each violation names the rule, the row and the column. Ends with 1 if a must is broken."
      })
  int check(
      @Parameters(
              arity = "1..*",
              paramLabel = "FILE",
              description = "CSV, or lines of JSON (.jsonl).")
          List<Path> files,
      @Option(
              names = "--version",
              paramLabel = "VERSION",
              defaultValue = "1.2",
              description = "Of the specification: 1.2 or 1.4. 1.2 unless said.")
          String version,
      @Option(
              names = "--dataset",
              paramLabel = "NAME",
              defaultValue = "cost-and-usage",
              description =
                  "cost-and-usage, and of 1.4 contract-commitment, invoice-detail, billing-period.")
          String dataset,
      @Option(
              names = "--supports",
              split = ",",
              paramLabel = "WORD",
              description =
                  "What the provider supports, such as commitments,regions: whose columns must then"
                      + " be there. all for everything.")
          Set<String> supports,
      @Option(
              names = "--excerpt",
              description = "The file is a part of a dataset: columns may be missing.")
          boolean excerpt,
      @Option(
              names = "--invoices",
              paramLabel = "FILE",
              description = "What is payable on each invoice, as a YAML file; rows must sum to it.")
          Optional<Path> invoices,
      @Option(
              names = "--max",
              paramLabel = "N",
              defaultValue = "100",
              description = "How many violations are printed; all are counted. 100 unless said.")
          int max,
      // Written out, since the usual options for help have a --version of their own.
      @Option(
              names = {"-h", "--help"},
              usageHelp = true,
              description = "Show this help.")
          boolean help) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int code = 0;
    try {
      RuleBook book = RuleBook.of(RuleBook.Dataset.of(version, dataset));
      if (max < 0) {
        throw new IllegalArgumentException("--max is at least 0, not " + max);
      }
      Set<String> supported = supports == null ? Set.of() : supports;
      if (supported.contains("all")) {
        supported = book.criteria();
      }
      for (String word : supported) {
        if (!book.criteria().contains(word)) {
          throw new IllegalArgumentException(
              "unknown word \"%s\" in --supports; known: all, %s"
                  .formatted(word, String.join(", ", book.criteria())));
        }
      }
      var options =
          new Checker.Options(
              supported,
              excerpt,
              invoices.isEmpty() ? Map.of() : BillingFile.read(invoices.get()).payable());
      for (Path file : files) {
        code = Math.max(code, check(file, book, options, max, out));
      }
    } catch (IOException | IllegalArgumentException e) {
      out.flush();
      err.println(e.getMessage());
      code = 2;
    }
    out.flush();
    err.flush();
    return code;
  }

  private static int check(
      Path file, RuleBook book, Checker.Options options, int max, PrintWriter out)
      throws IOException {
    try (RowReader rows =
        RowReader.of(Files.newBufferedReader(file), RowReader.isJson(file.toString()))) {
      var printed = new int[1];
      var checker =
          new Checker(
              book,
              options,
              rows.header(),
              violation -> {
                if (printed[0]++ < max) {
                  print(file, violation, out);
                }
              });
      for (Optional<Row> row = rows.next(); row.isPresent(); row = rows.next()) {
        checker.accept(row.get());
      }
      Checker.Report report = checker.finish();
      if (printed[0] > max) {
        out.println("%s: and %d more".formatted(file, printed[0] - max));
        report.broken().forEach((rule, times) -> out.println("  %s x %d".formatted(rule, times)));
      }
      report.notes().forEach(note -> out.println("%s: %s".formatted(file, note)));
      out.println(
          "%s: %s FOCUS %s %s: %d rows, %d musts broken, %d shoulds; %d rules looked at, %d do not apply"
              .formatted(
                  file,
                  report.conforms() ? "conforms to" : "does NOT conform to",
                  book.dataset().version(),
                  book.dataset().word(),
                  report.rows(),
                  report.must(),
                  report.should(),
                  report.asked(),
                  report.notAsked().size()));
      return report.conforms() ? 0 : 1;
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    } catch (MalformedInputException e) {
      throw new IOException(file + ": not UTF-8 text", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void print(Path file, Violation violation, PrintWriter out) {
    out.println(file + ": " + violation);
  }

  @Command(
      name = "export",
      description = {
        "Write costs and usage, or a dataset that goes with them, in the FOCUS format.",
        "What has no price is written with the cost 0 and its reason, and told on the error output."
      })
  int export(
      @Mixin Books.Where where,
      @Option(
              names = "--from",
              required = true,
              paramLabel = "DAY",
              description = "The first day or month, in UTC.")
          String from,
      @Option(names = "--to", paramLabel = "DAY", description = "The last day or month, in UTC.")
          Optional<String> to,
      @Option(
              names = "--until",
              hidden = true,
              paramLabel = "DAY",
              description = "First month, day or instant that is no longer meant.")
          Optional<String> until,
      @Option(
              names = "--contracts",
              paramLabel = "PATH",
              arity = "1..*",
              description =
                  "Files or folders with contracts under which capacity was bought and spend"
                      + " promised; those of the settings unless said.")
          List<Path> contracts,
      @Option(
              names = "--as",
              paramLabel = "PARTY",
              description = "Which party of contracts we are, where that is not clear by itself.")
          Optional<String> as,
      @Option(
              names = "--version",
              paramLabel = "VERSION",
              defaultValue = "1.2",
              description = "Of the specification: 1.2 or 1.4. 1.2 unless said.")
          String version,
      @Option(
              names = "--dataset",
              paramLabel = "NAME",
              defaultValue = "cost-and-usage",
              description =
                  "cost-and-usage, and of 1.4 contract-commitment, invoice-detail, billing-period.")
          String dataset,
      @Option(
              names = "--grain",
              paramLabel = "GRAIN",
              defaultValue = "day",
              description = "How long a row's charge period is: day or hour. day unless said.")
          String grain,
      @Option(
              names = "--format",
              paramLabel = "FORMAT",
              defaultValue = "csv",
              description = "csv or jsonl. csv unless said.")
          String format,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              description = "Where to; the standard output unless said. Appears when it is whole.")
          Optional<Path> output,
      @Option(
              names = {"-h", "--help"},
              usageHelp = true,
              description = "Show this help.")
          boolean help) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      if (output.filter(Files::isDirectory).isPresent()) {
        throw new IllegalArgumentException(
            "--output is a folder: %s; name a file in it".formatted(output.get()));
      }
      RuleBook.Dataset meant = RuleBook.Dataset.of(version, dataset);
      boolean json = word("--format", format, "csv", "jsonl").equals("jsonl");
      Facts.Grain length =
          word("--grain", grain, "day", "hour").equals("day") ? Facts.Grain.DAY : Facts.Grain.HOUR;
      Instant begins = Books.instant("--from", from);
      if (to.isPresent() == until.isPresent()) {
        throw new IllegalArgumentException(
            to.isPresent()
                ? "--to and --until say the same: give --to alone"
                : "--to is missing: the last day or month that is meant");
      }
      Instant ends =
          to.isPresent()
              ? Books.after("--to", to.get())
              : Books.instant("--until", until.orElseThrow());
      try (Books books = where.open(environment)) {
        ContractBilling.Taken bought =
            books.billing(books.contracts(contracts == null ? List.of() : contracts), as, ends);
        bought.notes().forEach(err::println);
        Billing billing = bought.billing();
        if (output.isEmpty()) {
          PrintWriter out = spec.commandLine().getOut();
          tell(
              export(books, billing, meant, begins, ends, length, new RowWriter(out, meant, json)),
              err);
          out.flush();
        } else {
          Path target = output.get().toAbsolutePath();
          Path part = target.resolveSibling(target.getFileName() + ".part");
          try (Writer out = Files.newBufferedWriter(part)) {
            tell(
                export(
                    books, billing, meant, begins, ends, length, new RowWriter(out, meant, json)),
                err);
          }
          Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      err.flush();
      return 0;
    } catch (BadSettings e) {
      e.lines().forEach(err::println);
    } catch (IOException | IllegalArgumentException e) {
      err.println(e.getMessage());
    }
    err.flush();
    return 1;
  }

  private static String word(String option, String said, String... known) {
    if (!List.of(known).contains(said)) {
      throw new IllegalArgumentException(
          "%s must be %s, not %s".formatted(option, String.join(" or ", known), said));
    }
    return said;
  }

  private static CostAndUsage.Written export(
      Books books,
      Billing billing,
      RuleBook.Dataset dataset,
      Instant from,
      Instant until,
      Facts.Grain grain,
      RowWriter rows)
      throws IOException {
    var small = new SmallDatasets(billing, books.parties(), Instant.now());
    switch (dataset) {
      case COST_AND_USAGE_1_2, COST_AND_USAGE_1_4 -> {
        return new CostAndUsage(
                billing, books.parties(), books.listPrices(), books.corrections(), Instant.now())
            .write(books.facts(), from, until, grain, rows);
      }
      case CONTRACT_COMMITMENT_1_4 -> small.contractCommitments(rows);
      case INVOICE_DETAIL_1_4 -> small.invoiceDetails(rows);
      case BILLING_PERIOD_1_4 -> {
        Map<String, Set<YearMonth>> months = new TreeMap<>();
        books
            .facts()
            .sums(
                from,
                until,
                Facts.Grain.DAY,
                sum ->
                    months
                        .computeIfAbsent(sum.group().vendor(), _ -> new TreeSet<>())
                        .add(YearMonth.from(sum.begins().atOffset(ZoneOffset.UTC))));
        Optional<Instant> closed = books.ledger().read(FocusCommand::closedUntil);
        small.billingPeriods(months, closed, rows);
      }
    }
    return new CostAndUsage.Written(0, 0, Map.of());
  }

  /** Until when the books of all currencies are closed: the earliest of them. */
  private static Optional<Instant> closedUntil(LedgerStore.Pages pages) {
    Optional<Instant> first = Optional.empty();
    for (Currency currency : pages.currencies()) {
      Optional<Instant> one = pages.closedUntil(currency);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      first = first.filter(other -> other.isBefore(one.get())).or(() -> one);
    }
    return first;
  }

  private static void tell(CostAndUsage.Written written, PrintWriter err) {
    if (written.suspense() > 0) {
      err.println(
          "%d of %d rows are in suspense: they have no price and are written with the cost 0"
              .formatted(written.suspense(), written.rows()));
    }
  }

  @Command(
      name = "rules",
      description = "Print every requirement of the specification, and how it is met.",
      mixinStandardHelpOptions = true)
  int rules() {
    PrintWriter out = spec.commandLine().getOut();
    RuleTable.all(RuleBook.of(RuleBook.Dataset.COST_AND_USAGE_1_2)).forEach(out::println);
    out.flush();
    return 0;
  }
}
