package dev.understudy.app;

import dev.understudy.money.Money;
import dev.understudy.pricing.PriceBook;
import dev.understudy.settlement.InvoiceDesk.Issued;
import dev.understudy.settlement.InvoicePaper;
import dev.understudy.settlement.Invoicer;
import dev.understudy.settlement.StatementStore.Kind;
import dev.understudy.settlement.Tariff;
import dev.understudy.settlement.TariffReader;
import dev.understudy.settlement.Unsettled;
import dev.understudy.text.Days;
import dev.understudy.text.Problems;
import dev.understudy.text.YamlReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Issues the invoices of a month to own customers. */
@Command(
    name = "invoices",
    description =
        "Issue the invoices of a month by a file of tariffs, each once; what is heard of later"
            + " becomes a further invoice or a credit note.",
    mixinStandardHelpOptions = true)
final class InvoicesCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private StoreOptions where = new StoreOptions();

  @Option(
      names = "--tariffs",
      paramLabel = "FILE",
      required = true,
      description = "Who is invoiced, and how.")
  private Path tariffs = Path.of("tariffs.yaml");

  @Option(
      names = "--period",
      paramLabel = "MONTH",
      required = true,
      description = "Such as 2026-10.")
  private String period = "";

  @Option(names = "--customer", paramLabel = "NAME", description = "Only this one.")
  private Optional<String> customer = Optional.empty();

  @Option(names = "--dry-run", description = "Show them; number nothing and book nothing.")
  private boolean dryRun;

  @Option(names = "--out", paramLabel = "DIR", description = "Write HTML, PDF, CSV and JSON there.")
  private Optional<Path> out = Optional.empty();

  InvoicesCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter print = spec.commandLine().getOut();
    return SettlementDesks.work(
        spec,
        where,
        environment,
        false,
        desks -> {
          TariffReader.Tariffs read = read(tariffs);
          YearMonth month = month();
          List<Tariff> meant =
              read.all().stream()
                  .filter(t -> customer.isEmpty() || customer.get().equals(t.customer()))
                  .toList();
          if (meant.isEmpty()) {
            throw new Unsettled(
                "there is no such customer; known: "
                    + String.join(", ", read.all().stream().map(Tariff::customer).toList()));
          }
          var table = new Table("NUMBER", "KIND", "CUSTOMER", "NET", "TAX", "TOTAL", "STATE");
          var files = new ArrayList<Path>();
          int issued = 0;
          for (Tariff tariff : meant) {
            Invoicer.Tag tag = tag(tariff, tariffs);
            List<Issued> all =
                dryRun
                    ? List.of(desks.invoices().preview(tariff, month, tag))
                    : desks.invoices().issue(tariff, read.issuer(), month, tag);
            issued += all.size();
            for (Issued one : all) {
              table.row(
                  one.number(),
                  one.kind() == Kind.INVOICE ? "invoice" : "credit note",
                  tariff.customer(),
                  one.invoice().net().toString(),
                  one.invoice().tax().toString(),
                  one.invoice().total().toString(),
                  dryRun ? "dry run" : one.isNew() ? "new" : "issued before");
              if (out.isPresent()) {
                files.addAll(
                    InvoicePaper.write(
                        one, read.issuer(), tariff.name(), tariff.address(), out.get()));
              }
            }
            List<Issued> told =
                all.isEmpty() ? List.of(desks.invoices().preview(tariff, month, tag)) : all;
            told.stream()
                .flatMap(one -> one.doubts().stream())
                .distinct()
                .forEach(doubt -> print.println("note: " + doubt));
          }
          if (issued == 0) {
            print.println("nothing to invoice for " + month);
            return 0;
          }
          table.print(print);
          files.forEach(file -> print.println("  " + file));
          return 0;
        });
  }

  private YearMonth month() {
    try {
      return Days.month(period);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("--period must be a month, such as 2026-10", e);
    }
  }

  /** How a tariff prices attempts; its books stand beside the file of tariffs. */
  static Invoicer.Tag tag(Tariff tariff, Path tariffs) {
    if (!(tariff.basis() instanceof Tariff.Basis.Books(List<String> files))) {
      return fact -> fact.cost().orElseThrow();
    }
    var problems = new Problems();
    var books = new ArrayList<PriceBook>();
    for (String file : files) {
      // As it is written, or beside the tariffs.
      Path beside = tariffs.resolveSibling(file);
      PriceFiles.read(Files.exists(beside) ? beside : Path.of(file), problems)
          .ifPresent(books::add);
    }
    if (!problems.isEmpty()) {
      throw new Unsettled(String.join("\n", problems.lines()));
    }
    return ListWitness.tag(books);
  }

  static TariffReader.Tariffs read(Path file) throws IOException {
    var problems = new Problems();
    try (var in = Files.newInputStream(file)) {
      Optional<TariffReader.Tariffs> read =
          TariffReader.read(file.toString(), in.readNBytes(YamlReader.BYTES_MAX + 1), problems);
      return read.orElseThrow(() -> new Unsettled(String.join("\n", problems.lines())));
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    }
  }

  /** Gives back a part of an invoice. */
  @Command(
      name = "credit",
      description = "Give back a part of an invoice, for another reason than usage.",
      mixinStandardHelpOptions = true)
  static final class Credit implements Callable<Integer> {
    private final Map<String, String> environment;

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private StoreOptions where = new StoreOptions();

    @Option(
        names = "--tariffs",
        paramLabel = "FILE",
        required = true,
        description = "Who sends it.")
    private Path tariffs = Path.of("tariffs.yaml");

    @Parameters(paramLabel = "NUMBER", description = "Of the invoice.")
    private String number = "";

    @Option(
        names = "--id",
        paramLabel = "ID",
        required = true,
        description = "Names the wish, such as a ticket: told again, it is not granted again.")
    private String id = "";

    @Option(
        names = "--amount",
        paramLabel = "AMOUNT",
        required = true,
        description = "Tax included, such as \"119.00 EUR\".")
    private String amount = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    private String reason = "";

    @Option(
        names = "--out",
        paramLabel = "DIR",
        description = "Write HTML, PDF, CSV and JSON there.")
    private Optional<Path> out = Optional.empty();

    Credit(Map<String, String> environment) {
      this.environment = environment;
    }

    @Override
    public Integer call() {
      PrintWriter print = spec.commandLine().getOut();
      return SettlementDesks.work(
          spec,
          where,
          environment,
          false,
          desks -> {
            TariffReader.Tariffs read = read(tariffs);
            Issued issued =
                desks.invoices().credit(number, id, Money.parse(amount), reason, read.issuer());
            print.println(
                "%s of %s on %s, %s"
                    .formatted(
                        issued.number(),
                        issued.invoice().total(),
                        number,
                        issued.isNew() ? "new" : "granted before"));
            if (out.isPresent()) {
              String customer = issued.invoice().customer();
              Optional<Tariff> tariff =
                  read.all().stream().filter(t -> t.customer().equals(customer)).findFirst();
              for (Path file :
                  InvoicePaper.write(
                      issued,
                      read.issuer(),
                      tariff.map(Tariff::name).orElse(customer),
                      tariff.map(Tariff::address).orElse(List.of()),
                      out.get())) {
                print.println("  " + file);
              }
            }
            return 0;
          });
    }
  }
}
