package dev.understudy.app;

import dev.understudy.app.settings.BadSettings;
import dev.understudy.contract.ContractBook;
import dev.understudy.json.Json;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import dev.understudy.pricing.PriceBook;
import dev.understudy.pricing.Prices;
import dev.understudy.settlement.Tariff;
import dev.understudy.settlement.figures.BurnDown;
import dev.understudy.settlement.figures.CapacityUse;
import dev.understudy.settlement.figures.Figure;
import dev.understudy.settlement.figures.FiguresReport;
import dev.understudy.settlement.figures.Revenue;
import dev.understudy.settlement.figures.TariffRevenue;
import dev.understudy.settlement.focus.ContractBilling;
import dev.understudy.settlement.focus.ListPrices;
import dev.understudy.text.Days;
import dev.understudy.text.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what was spent, on whom and for whom, and how far commitments are used. */
@Command(
    name = "figures",
    description = {
      "Print spend, list price, revenue and margin by vendor, developer, host, model, route, team, …",
      "or, with --commitments, how far commitments and capacity are used, and where that leads."
    },
    mixinStandardHelpOptions = true)
final class FiguresCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private Books.Where where = new Books.Where();

  @Option(
      names = "--by",
      paramLabel = "WORDS",
      defaultValue = "vendor",
      description =
          "Such as vendor,model; of vendor, developer, host, model, route, organisation, team, key,"
              + " purpose, region, tier, item, day, month; or tag:NAME alone. vendor unless said.")
  private String by = "vendor";

  @Option(
      names = "--from",
      paramLabel = "DAY",
      description = "The first day or month, in UTC; the first of this month unless said.")
  private Optional<String> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "DAY",
      description = "The last day or month, in UTC; today unless said.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, csv or json. table unless said.")
  private String format = "table";

  @Option(names = "--commitments", description = "Commitments and capacity instead of spend.")
  private boolean commitments;

  @Option(
      names = "--contracts",
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "Files or folders with contracts whose commitments and capacity are meant too; those of"
              + " the settings unless said.")
  private List<Path> contracts = List.of();

  @Option(
      names = "--tariffs",
      paramLabel = "FILE",
      description =
          "What customers are charged: revenue and margin by that, instead of by what was invoiced"
              + " and booked.")
  private Optional<Path> tariffs = Optional.empty();

  @Option(
      names = "--as",
      paramLabel = "PARTY",
      description = "Which party of contracts we are, where that is not clear by itself.")
  private Optional<String> as = Optional.empty();

  FiguresCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int code = 1;
    try {
      if (!List.of("table", "csv", "json").contains(format)) {
        throw new IllegalArgumentException("--format must be table, csv or json, not " + format);
      }
      LocalDate today = LocalDate.now(ZoneOffset.UTC);
      Instant begins = Days.begin("--from", from.orElse(today.withDayOfMonth(1).toString()));
      Instant ends = Days.end("--to", to.orElse(today.toString()));
      try (Books books = where.open(environment)) {
        ContractBook book = books.contracts(contracts);
        FiguresDesk.Sold sold =
            tariffs.isPresent()
                ? new FiguresDesk.Sold.ByTariffs(revenue(tariffs.get()))
                : new FiguresDesk.Sold.ByLedger(books.sold());
        var desk =
            new FiguresDesk(
                books::facts,
                books::parties,
                books::listPrices,
                () -> sold,
                (of, horizon) -> {
                  ContractBilling.Taken taken = books.billing(of, as, horizon);
                  taken.notes().forEach(err::println);
                  return taken.billing();
                },
                () -> book,
                InstantSource.system());
        if (commitments) {
          commitments(desk.commitments(Instant.now()), desk.capacity(begins, ends), out);
        } else {
          print(desk.figures(begins, ends, by), begins, ends, out);
        }
      }
      code = 0;
    } catch (BadSettings e) {
      e.lines().forEach(err::println);
    } catch (IOException | IllegalArgumentException e) {
      err.println(e.getMessage());
    }
    out.flush();
    err.flush();
    return code;
  }

  private static Revenue revenue(Path file) throws IOException {
    var problems = new Problems();
    List<Tariff> tariffs = Books.tariffs(file).all();
    Map<String, ListPrices> own = new HashMap<>();
    for (Tariff tariff : tariffs) {
      if (tariff.basis() instanceof Tariff.Basis.Books(List<String> files)) {
        var all = new ArrayList<PriceBook>();
        for (String book : files) {
          Path beside = file.resolveSibling(book);
          PriceFiles.read(Files.exists(beside) ? beside : Path.of(book), problems)
              .ifPresent(all::add);
        }
        own.put(tariff.customer(), ListPrices.ofAll(new Prices(all)));
      }
    }
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems.lines()));
    }
    return new TariffRevenue(tariffs, own);
  }

  private void print(List<Figure> figures, Instant begins, Instant ends, PrintWriter out) {
    switch (format) {
      case "json" -> out.println(Json.text(FiguresReport.json(figures, by, begins, ends)));
      case "csv" -> out.print(FiguresReport.csv(figures, by));
      default -> table(figures, out);
    }
  }

  private void table(List<Figure> figures, PrintWriter out) {
    var heads = new ArrayList<String>();
    for (String word : FiguresReport.dimensions(by)) {
      heads.add(word.toUpperCase(Locale.ROOT));
    }
    heads.addAll(
        List.of("INPUT", "OUTPUT", "SPEND", "LIST", "OF LIST", "SUSPENSE", "REVENUE", "MARGIN"));
    var table = new Table(heads.toArray(String[]::new));
    Map<String, BigDecimal> totals = new TreeMap<>();
    Map<String, BigDecimal> suspense = new TreeMap<>();
    for (Figure figure : figures) {
      var cells = new ArrayList<>(figure.names());
      Currency currency = figure.currency();
      totals.merge(currency.getCurrencyCode(), figure.spend(), BigDecimal::add);
      suspense.merge(currency.getCurrencyCode(), figure.suspense(), BigDecimal::add);
      cells.add(figure.input().toPlainString());
      cells.add(figure.output().toPlainString());
      cells.add(shown(figure.spend(), currency));
      cells.add(shown(figure.list(), currency));
      cells.add(figure.againstList().map(FiguresCommand::percent).orElse(""));
      cells.add(figure.suspense().signum() == 0 ? "" : shown(figure.suspense(), currency));
      cells.add(figure.revenue().map(sum -> shown(sum, currency)).orElse(""));
      cells.add(figure.margin().map(sum -> shown(sum, currency)).orElse(""));
      table.row(cells.toArray(String[]::new));
    }
    table.print(out);
    totals.forEach((code, sum) -> {
      Currency currency = Currencies.of(code);
      BigDecimal open = suspense.getOrDefault(code, BigDecimal.ZERO);
      out.println(
          "total %s%s"
              .formatted(
                  shown(sum, currency),
                  open.signum() == 0 ? "" : ", and in suspense " + shown(open, currency)));
    });
  }

  /** With the decimals of a statement; below one unit of them all are shown. */
  private static String shown(BigDecimal amount, Currency currency) {
    int decimals = Currencies.decimals(currency) + 2;
    Money rounded =
        new Rounding(RoundingMode.HALF_EVEN, decimals).round(Money.of(amount, currency)).money();
    return rounded.isZero() ? Money.of(amount, currency).toString() : rounded.toString();
  }

  private static String percent(BigDecimal share) {
    return share.movePointRight(2).setScale(1, RoundingMode.HALF_EVEN).toPlainString() + " %";
  }

  private void commitments(List<BurnDown> promises, List<CapacityUse> capacity, PrintWriter out) {
    if (format.equals("json")) {
      out.println(Json.text(FiguresReport.json(promises, capacity)));
      return;
    }
    if (format.equals("csv")) {
      throw new IllegalArgumentException("--commitments has no csv; take json");
    }
    var table =
        new Table(
            "COMMITMENT",
            "WHERE",
            "AMOUNT",
            "USED",
            "FLOORS",
            "LEFT",
            "DAYS",
            "A DAY",
            "FORECAST",
            "SHORTFALL",
            "PRESSURE",
            "RISK");
    for (BurnDown one : promises) {
      String unit = " " + one.terms().unit();
      table.row(
          one.promise().id(),
          one.promise().where(),
          plain(one.terms().amount()) + unit,
          plain(one.used()),
          plain(one.floors()),
          plain(one.remaining()),
          Long.toString(one.daysLeft()),
          plain(one.perDay()),
          plain(one.forecast()),
          plain(one.shortfall()),
          one.pressure().map(FiguresCommand::plain).orElse("no use"),
          FiguresReport.risk(one.risk()));
    }
    table.print(out);
    if (!capacity.isEmpty()) {
      out.println();
      var hours =
          new Table(
              "CAPACITY",
              "VENDOR",
              "HOURS",
              "COST",
              "USED",
              "UNUSED",
              "BY THE TOKEN",
              "UTILISATION",
              "BREAK-EVEN");
      for (CapacityUse one : capacity) {
        hours.row(
            one.capacity().id(),
            one.capacity().eligible().vendor(),
            Long.toString(one.hours()),
            one.cost().toString(),
            one.used().toString(),
            one.cost().minus(one.used()).toString(),
            one.value().toString(),
            percent(one.utilisation()),
            one.breakEven().map(FiguresCommand::percent).orElse(""));
      }
      hours.print(out);
    }
  }

  private static String plain(BigDecimal number) {
    BigDecimal shown = number.setScale(4, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return shown.signum() == 0 ? "0" : shown.toPlainString();
  }
}
