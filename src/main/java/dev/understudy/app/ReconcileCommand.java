package dev.understudy.app;

import dev.understudy.admin.VendorBills;
import dev.understudy.app.settings.BadSettings;
import dev.understudy.json.Json;
import dev.understudy.ledger.Draft;
import dev.understudy.ledger.Ledger;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.focus.Billing;
import dev.understudy.settlement.focus.ContractBilling;
import dev.understudy.settlement.reconciliation.Adjustments;
import dev.understudy.settlement.reconciliation.BillReader;
import dev.understudy.settlement.reconciliation.Day;
import dev.understudy.settlement.reconciliation.Finding;
import dev.understudy.settlement.reconciliation.Match;
import dev.understudy.settlement.reconciliation.PriceVersions;
import dev.understudy.settlement.reconciliation.Report;
import dev.understudy.settlement.reconciliation.VendorBill;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Holds our records against a vendor's bill. */
@Command(
    name = "reconcile",
    description = {
      "Hold our records, what replies said they cost, and a vendor's bill against each other.",
      "Ends with 0 if every difference is explained, with 1 if one is not, with 2 on an error."
    },
    mixinStandardHelpOptions = true)
final class ReconcileCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private Books.Where where = new Books.Where();

  @Option(
      names = "--vendor",
      required = true,
      paramLabel = "NAME",
      description = "The vendor in the settings, such as openai.")
  private String vendor = "";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "DAY",
      description = "The first day or month.")
  private String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DAY",
      description = "The last day or month.")
  private String to = "";

  @Option(
      names = "--bill",
      arity = "1..*",
      paramLabel = "FILE",
      description = "The bill: pages of the vendor's cost and usage API, a FOCUS or a plain table.")
  private List<Path> bills = List.of();

  @Option(
      names = "--fetch",
      description =
          "Fetch costs and usage with an admin key: OPENAI_ADMIN_KEY or ANTHROPIC_ADMIN_KEY.")
  private boolean fetch;

  @Option(
      names = "--api",
      paramLabel = "URL",
      description = "Where the vendor's API is, if not at its usual address.")
  private Optional<String> api = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, json or html. table unless said.")
  private String format = "table";

  @Option(
      names = "--post",
      description = "Book what the bill corrects: estimates, what had no price, other prices.")
  private boolean post;

  @Option(
      names = "--contracts",
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "Files or folders with contracts under which capacity was bought; those of the settings"
              + " unless said.")
  private List<Path> contracts = List.of();

  @Option(
      names = "--as",
      paramLabel = "PARTY",
      description = "Which party of contracts we are, where that is not clear by itself.")
  private Optional<String> as = Optional.empty();

  ReconcileCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int code = 2;
    try {
      if (!List.of("table", "json", "html").contains(format)) {
        throw new IllegalArgumentException("--format must be table, json or html, not " + format);
      }
      LocalDate first = day(Books.instant("--from", from));
      LocalDate last = day(Books.after("--to", to)).minusDays(1);
      if (last.isBefore(first)) {
        throw new IllegalArgumentException("--to is before --from");
      }
      try (Books books = where.open(environment)) {
        String kind = books.vendorKind(vendor, books.facts(), first, last);
        VendorBill bill = bill(kind, first, last);
        ContractBilling.Taken taken =
            books.billing(
                books.contracts(contracts),
                as,
                last.plusMonths(1).atStartOfDay().toInstant(ZoneOffset.UTC));
        List<Day> days =
            Match.of(
                books.facts(),
                vendor,
                first,
                last,
                bill,
                new PriceVersions(books.prices(), vendor, kind),
                Currencies.USD,
                begun(taken.bought()));
        print(days, out);
        if (post) {
          var ledger = new Ledger(books.ledger(), InstantSource.system());
          List<Draft> booked = new Adjustments(ledger, books.ledger()).book(vendor, days);
          err.println("%d corrections booked".formatted(booked.size()));
        }
        code = days.stream().allMatch(Day::isExplained) ? 0 : 1;
        if (code == 1) {
          // What is left out of contracts may be what is missing here; hours whose use nobody can
          // measure are left out elsewhere, and are here.
          taken.notes().stream()
              .filter(note ->
                  taken.bought().stream().noneMatch(one -> note.startsWith(one.id() + ": ")))
              .forEach(err::println);
        }
      }
    } catch (BadSettings e) {
      e.lines().forEach(err::println);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      err.println(e.getMessage());
    }
    out.flush();
    err.flush();
    return code;
  }

  /** Hours to come are on no bill. */
  private static List<Billing.Capacity> begun(List<Billing.Capacity> bought) {
    Instant now = Instant.now();
    return bought.stream().flatMap(one -> one.begunBy(now).stream()).toList();
  }

  /** The day on which an instant of {@link Books} begins. */
  private static LocalDate day(Instant midnight) {
    return midnight.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private VendorBill bill(String kind, LocalDate first, LocalDate last) throws IOException {
    var documents = new ArrayList<VendorBill.Document>();
    for (Path file : bills) {
      try (var in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(BillReader.BYTES_MAX + 1);
        if (bytes.length > BillReader.BYTES_MAX) {
          throw new IOException(
              "%s is larger than %d bytes; give it in parts".formatted(file, BillReader.BYTES_MAX));
        }
        documents.add(BillReader.read(file.toString(), bytes));
      } catch (NoSuchFileException e) {
        throw new IOException(file + ": no such file", e);
      }
    }
    if (fetch) {
      String name = kind.toUpperCase(Locale.ROOT).replace('-', '_') + "_ADMIN_KEY";
      String key = environment.getOrDefault(name, "").strip();
      if (key.isEmpty()) {
        throw new IOException("there is no admin key to fetch with: set " + name);
      }
      URI base = URI.create(api.orElse(VendorBills.HOSTS.getOrDefault(kind, "https://invalid")));
      documents.addAll(new VendorBills(kind, base, new Secret(key)).fetch(first, last));
    }
    if (documents.isEmpty()) {
      throw new IllegalArgumentException("there is no bill: give files with --bill, or --fetch");
    }
    return VendorBill.of(documents);
  }

  private void print(List<Day> days, PrintWriter out) {
    switch (format) {
      case "json" -> out.println(Json.text(Report.json(vendor, days)));
      case "html" -> out.print(Report.html(vendor, days));
      default -> table(days, out);
    }
  }

  private static void table(List<Day> days, PrintWriter out) {
    var table = new Table("DAY", "OURS", "REPORTED", "BILLED", "DIFFERENCE", "UNEXPLAINED");
    for (Day day : days) {
      table.row(
          day.day().toString(),
          day.ours().toString(),
          day.reported().map(Money::toString).orElse(""),
          day.billed().toString(),
          day.billed().minus(day.ours()).toString(),
          day.isExplained() ? "" : day.unexplained().toString());
    }
    table.print(out);
    boolean found = days.stream().anyMatch(day -> !day.findings().isEmpty());
    if (found) {
      out.println();
      var findings = new Table("DAY", "WHY", "LINE", "AMOUNT", "EVIDENCE");
      for (Day day : days) {
        for (Finding finding : day.findings()) {
          findings.row(
              day.day().toString(),
              finding.isExplained() ? finding.kind().words() : "UNEXPLAINED",
              finding.line(),
              finding.amount().toString(),
              finding.text());
        }
      }
      findings.print(out);
    }
  }
}
