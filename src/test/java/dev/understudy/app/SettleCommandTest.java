package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.store.Database;
import dev.understudy.store.SqlFacts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code understudy settle}, with the examples as people copy them. */
final class SettleCommandTest {
  private static final String CONTRACTS = "--contracts=examples/settlement/resale.yaml";
  private static final String TARIFFS = "--tariffs=examples/settlement/tariffs.yaml";

  /** Numbers are of the year in which they are given. */
  private static final String YEAR = "INV-" + Year.now(ZoneOffset.UTC);

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private Ran run(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--data=" + folder.resolve("data"));
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Commands.line(Map.of())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  private Ran settle(String... more) {
    var all = new ArrayList<>(List.of("settle", CONTRACTS, "--contract=resale"));
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  @Test
  void theExampleIsImportedSettledAndBookedOnce() throws IOException {
    assertThat(run("settle", "import", "--book", "examples/settlement/sales.csv").out())
        .contains("6 kept, 0 known already, 4 booked");
    assertThat(run("settle", "import", "--book", "examples/settlement/sales.csv").out())
        .contains("0 kept, 6 known already, 0 booked");

    Ran dry = settle("--period=2026-10", "--dry-run");
    assertThat(dry.out()).contains("revision 1, would be new").contains("2481.86 USD");
    assertThat(run("ledger", "balances").out()).doesNotContain("payable:maker");

    Ran ran = settle("--period=2026-10", "--out=" + folder.resolve("out"));
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("revision 1, new");
    assertThat(settle("--period=2026-10").out()).contains("revision 1, unchanged");
    assertThat(run("ledger", "balances").out())
        .contains("payable:maker                                    -3981.86 USD")
        .contains("receivable:globex                                4200.5 EUR");
    assertThat(run("ledger", "verify").code()).isZero();
    assertThat(folder.resolve("out/resale-2026-10-r1.pdf")).isNotEmptyFile();

    Path late = folder.resolve("late.csv");
    Files.writeString(
        late,
        "id,kind,time,amount,currency,channel,model\ns-9,sale,2026-10-31,100,USD,resale,gpt-5.1\n");
    assertThat(run("settle", "import", late.toString()).code()).isZero();
    assertThat(settle("--period=2026-10").out())
        .contains("revision 2, new")
        .contains("2501.86 USD");
  }

  @Test
  void aSaleForAContractThatIsNotThereIsToldWithItsLine() throws IOException {
    Path sales = folder.resolve("typed.csv");
    Files.writeString(
        sales,
        """
        id,kind,time,amount,currency,contract
        s-1,sale,2026-10-30,100,USD,resale
        s-2,sale,2026-10-30,100,USD,
        s-3,sale,2026-10-31,100,USD,resal
        s-4,sale,2026-10-31,100,USD,resal
        """);

    Ran ran = run("settle", "import", CONTRACTS, sales.toString());

    assertThat(ran.err())
        .isEqualTo(
            "warning: "
                + sales
                + ":4:1: there is no contract \"resal\"; known: resale; what is told for it counts"
                + " nowhere until there is\n");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("4 kept");
    assertThat(run("settle", "import", sales.toString()).err()).isEmpty();
  }

  @Test
  void mistakesAreToldInALineAndNothingIsKept() throws IOException {
    assertThat(settle("--period=2026-10").err()).contains("understudy.db does not exist");
    assertThat(folder.resolve("data")).doesNotExist();
    assertThat(run("settle", "import", "examples/settlement/sales.csv").code()).isZero();
    assertThat(settle("--period=2026-13").err())
        .isEqualTo("--period must be a month, such as 2026-10, or 2026-01..2026-10\n");
    Ran backwards = settle("--period=2026-10..2026-01");
    assertThat(backwards.code()).isEqualTo(1);
    assertThat(backwards.err()).isEqualTo("--period ends before it begins: 2026-10..2026-01\n");
    assertThat(settle("--period=2026-10..2126-10").err())
        .isEqualTo("--period is longer than 1200 months: 2026-10..2126-10\n");
    assertThat(run("settle", CONTRACTS, "--contract=resal", "--period=2026-10").err())
        .isEqualTo("there is no contract resal; known: resale\n");
    assertThat(run("settle", "--contracts=nowhere.yaml", "--contract=x", "--period=2026-10").err())
        .isEqualTo("nowhere.yaml: no such file\n");
    assertThat(settle("--period=2025-10").err()).contains("begins at 2026-01-01T00:00:00Z");
    assertThat(settle("--period=2026-10", "--as=them").err())
        .isEqualTo("them is no party of resale; its parties: us, maker\n");
    Path bad = folder.resolve("bad.csv");
    Files.writeString(
        bad, "id,kind,time,amount,currency\ns-1,sale,2026-10-01,5,USD\ns-2,sale,2026-10-01,5,\n");
    Ran ran = run("settle", "import", bad.toString());
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .isEqualTo(bad + ":3:1: currency is missing\n" + bad + ": nothing of it is kept\n");
    assertThat(settle("--period=2026-10", "--dry-run").out()).contains("2481.86 USD");
  }

  @Test
  void invoicesAreOfOneMonth() throws IOException {
    keep("acme", "100000", "0.00000125");

    Ran several = run("settle", "invoices", TARIFFS, "--period=2026-09..2026-10");

    assertThat(several.code()).isEqualTo(1);
    assertThat(several.err()).isEqualTo("--period must be a month, such as 2026-10\n");
    assertThat(several.out()).isEmpty();
  }

  @Test
  void theExamplesTariffsInvoiceCallsOnce() throws IOException {
    keep("acme", "100000", "0.00000125");
    keep("globex", "3000000", "0.00000125");

    Ran ran = run("settle", "invoices", TARIFFS, "--period=2026-10", "--out=" + folder);
    assertThat(ran.err()).isEmpty();
    // 0.125 times 1.15, and 0.0005 for the call, each rounded; 3 million at 2 euros.
    assertThat(ran.out())
        .contains(YEAR + "-00001  invoice  acme      0.14 USD  0.03 USD  0.17 USD  new")
        .contains(YEAR + "-00002  invoice  globex    6 EUR     0 EUR     6 EUR     new");
    assertThat(Files.readString(folder.resolve(YEAR + "-00002.html"))).contains("Hauptstraße 3");
    assertThat(run("settle", "invoices", TARIFFS, "--period=2026-10").out())
        .contains("issued before");

    assertThat(
            run(
                    "figures",
                    "--by=organisation,model",
                    "--from=2026-10",
                    "--to=2026-10",
                    "--format=csv")
                .out())
        .contains("acme,gpt-5.1,USD,100000,0,0.125,")
        .contains(",0.14425,0.01925\n")
        .contains("globex,gpt-5.1,EUR,0,0,0,0,,0,6,6\n");

    Ran credit =
        run(
            "settle",
            "credit",
            YEAR + "-00002",
            TARIFFS,
            "--id=t-1",
            "--amount=7 EUR",
            "--reason=an outage");
    assertThat(credit.err()).isEqualTo("7 EUR is more than invoice " + YEAR + "-00002 of 6 EUR\n");
  }

  private void keep(String organisation, String quantity, String price) throws IOException {
    Files.createDirectories(folder.resolve("data"));
    var many = new BigDecimal(quantity);
    var each = new BigDecimal(price);
    var leaves = new TreeMap<>(Map.of("input.text", many));
    try (Database database = Database.embedded(folder.resolve("data/understudy.db"))) {
      new SqlFacts(database)
          .keep(
              List.of(
                  new Fact(
                      "x-" + organisation,
                      0,
                      Instant.parse("2026-10-05T10:00:00Z"),
                      organisation,
                      "search",
                      "k",
                      Map.of(),
                      "smart",
                      Purpose.CALL,
                      "openai",
                      "openai",
                      "gpt-5.1",
                      "gpt-5.1-2025-11-13",
                      "env:KEY",
                      "",
                      "default",
                      Attempt.Outcome.ANSWERED,
                      false,
                      leaves,
                      Optional.of(
                          Cost.of(
                              List.of(
                                  new Cost.Line(
                                      "input.text",
                                      many,
                                      Optional.of(each),
                                      Money.of(each.multiply(many), Currencies.USD))),
                              List.of(),
                              Currencies.USD,
                              "list/openai/gpt-5.1")))));
    }
  }
}
