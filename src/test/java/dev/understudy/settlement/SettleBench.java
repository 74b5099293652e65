package dev.understudy.settlement;

import dev.understudy.contract.Contract;
import dev.understudy.contract.Contracts;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Purpose;
import dev.understudy.ledger.Ledger;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.store.Database;
import dev.understudy.store.SqlFacts;
import dev.understudy.store.SqlLedgerStore;
import dev.understudy.store.SqlSalesStore;
import dev.understudy.store.SqlStatementStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Measures a settlement over many attempts: {@code fill DIR COUNT SEED} puts attempts of one month
 * into a database, {@code settle DIR} settles and invoices it and says how long that took and how
 * much memory.
 */
public final class SettleBench {
  private static final YearMonth MONTH = YearMonth.parse("2026-10");
  private static final int AT_ONCE = 5_000;
  private static final int SALES = 100_000;
  private static final String[] MODELS = {"gpt-5.1", "gpt-5.1-mini", "gpt-x", "gpt-x-mini"};

  /**
   * A version of 15 October at 12:34:56: an hour is split, and its attempts are read one by one.
   */
  private static final String TERMS =
      """
      contract:
        id: resale
        version: %d
        parties:
          - {id: us, role: reseller}
          - {id: maker, role: vendor, vendors: [maker]}
        term: {from: %s}
        currency: USD
      revenue-share:
        - {id: rs-1, payer: us, payee: maker, deduct: [credits], tiers: [{to: 1000000, rate: 0.2}, {rate: %s}]}
      commitments:
        - {id: c-1, debtor: us, creditor: maker, kind: spend, amount: 90000000, unit: USD, floor-per-month: 1000, over: {from: 2026-01-01, to: 2027-01-01}}
      capacity:
        - {id: ptu-1, host: maker, models: [gpt-x], units: 1000, unit: PTU, price-per-unit-hour: 1, throughput: {input-tokens-per-minute: 2500, output-weight: 4}}
      """;

  private SettleBench() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[1]);
    Files.createDirectories(folder);
    try (Database database = Database.embedded(folder.resolve("understudy.db"))) {
      if (arguments[0].equals("fill")) {
        fill(database, Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
      } else {
        settle(database);
      }
    }
  }

  private static void fill(Database database, int count, long seed) throws IOException {
    var facts = new SqlFacts(database);
    var random = new Random(seed);
    Instant from = Statement.begin(MONTH);
    long span = Duration.between(from, Statement.begin(MONTH.plusMonths(1))).toMillis();
    var batch = new ArrayList<Fact>();
    long begun = System.nanoTime();
    for (int i = 0; i < count; i++) {
      batch.add(fact(seed + "-" + i, from.plusMillis(span * i / count), random));
      if (batch.size() == AT_ONCE || i == count - 1) {
        facts.keep(batch);
        batch.clear();
      }
    }
    System.out.printf("filled %d in %.0f s%n", count, (System.nanoTime() - begun) / 1e9);
    if (seed == 1) {
      sales(new SqlSalesStore(database), random, from, span);
    }
  }

  private static void sales(SqlSalesStore sales, Random random, Instant from, long span)
      throws IOException {
    var all = new ArrayList<SalesFact>();
    for (int i = 0; i < SALES; i++) {
      boolean credit = i % 50 == 0;
      all.add(
          new SalesFact(
              "bench",
              "s-" + i,
              credit ? SalesFact.Kind.CREDIT : SalesFact.Kind.SALE,
              from.plusMillis(span * i / SALES),
              Money.of(BigDecimal.valueOf(1 + random.nextInt(9_999), 2), Currencies.USD),
              "",
              "",
              "assistant",
              "resale",
              MODELS[i % MODELS.length],
              "",
              "",
              "c-" + i % 300,
              ""));
    }
    sales.keep(all, List.of(), Instant.now());
  }

  private static Fact fact(String id, Instant at, Random random) {
    int who = random.nextInt(40);
    String model = MODELS[random.nextInt(MODELS.length)];
    var lines = new ArrayList<Cost.Line>();
    var leaves = new TreeMap<String, BigDecimal>();
    add("input.text", 200 + random.nextInt(4_000), "0.00000125", leaves, lines);
    add("output.text", 20 + random.nextInt(900), "0.00001", leaves, lines);
    if (random.nextInt(3) == 0) {
      add("input.text.read", 1_024 * (1 + random.nextInt(8)), "0.000000125", leaves, lines);
    }
    return new Fact(
        id,
        0,
        at,
        "org-" + who % 10,
        "team-" + who,
        "key-" + who,
        Map.of(),
        "smart",
        Purpose.CALL,
        random.nextInt(4) == 0 ? "other" : "maker",
        "openai",
        model,
        model + "-2026-01-01",
        "env:KEY",
        "us",
        "default",
        Attempt.Outcome.ANSWERED,
        false,
        leaves,
        Optional.of(Cost.of(lines, List.of(), Currencies.USD, "list/openai/" + model)));
  }

  private static void add(
      String item,
      int quantity,
      String price,
      Map<String, BigDecimal> leaves,
      List<Cost.Line> lines) {
    var many = BigDecimal.valueOf(quantity);
    var each = new BigDecimal(price);
    leaves.put(item, many);
    lines.add(
        new Cost.Line(
            item, many, Optional.of(each), Money.of(each.multiply(many), Currencies.USD)));
  }

  private static void settle(Database database) throws IOException {
    var contract =
        new Contract(
            "resale",
            List.of(
                Contracts.of(TERMS.formatted(1, "2026-01-01", "0.15")),
                Contracts.of(TERMS.formatted(2, "2026-10-15T12:34:56Z", "0.1"))));
    var sales = new SqlSalesStore(database);
    var store = new SqlStatementStore(database);
    var ledger = new Ledger(new SqlLedgerStore(database), InstantSource.system());
    var given =
        new Given(
            sales::each, new SqlFacts(database), new FxTable(sales.rates()), Given.ListPrices.NONE);
    // Beside the clock, what the processor was used: others may be on it.
    double before = cpu();
    long begun = System.nanoTime();
    SettlementDesk.Made made =
        new SettlementDesk(given, store, ledger, InstantSource.system())
            .settle(contract, MONTH, "us");
    double settled = (System.nanoTime() - begun) / 1e9;
    double settledCpu = cpu() - before;
    begun = System.nanoTime();
    Invoicer.Draft byTeam = Invoicer.invoice(tariff(BigDecimal.ZERO), MONTH, given, NONE);
    double invoiced = (System.nanoTime() - begun) / 1e9;
    begun = System.nanoTime();
    Invoicer.Draft byCall = Invoicer.invoice(tariff(new BigDecimal("0.0005")), MONTH, given, NONE);
    double oneByOne = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        "revision %d, due %s; invoices of %s and %s%n",
        made.revision(),
        made.statement().due().values(),
        byTeam.invoice().total(),
        byCall.invoice().total());
    System.out.printf(
        "settle %.1f s (%.1f s of CPU), invoice from sums %.1f s, invoice attempt by attempt %.1f s, at most %d MiB resident%n",
        settled, settledCpu, invoiced, oneByOne, residentMiB());
  }

  private static final Invoicer.Tag NONE = fact -> fact.cost().orElseThrow();

  private static Tariff tariff(BigDecimal plus) {
    return new Tariff(
        "org-1",
        "Org",
        List.of(),
        "org-1",
        Set.of(),
        Set.of(),
        Currencies.USD,
        Optional.empty(),
        Tariff.By.TEAM,
        new Tariff.Basis.CostPlus(new BigDecimal("1.15"), plus),
        "api",
        "");
  }

  private static double cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  private static long residentMiB() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1_024;
      }
    }
    return -1;
  }
}
