package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.ledger.ExchangeRate;
import dev.understudy.money.Currencies;
import dev.understudy.store.Database;
import dev.understudy.store.SqlSalesStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code understudy ledger}. */
final class LedgerCommandTest {
  private static final String LINE =
      """
      {"time":"2026-11-24T03:02:42.007Z","level":"info","event":"exchange","id":"%s","attempts":[\
      {"target":"openai/gpt-5.1","vendor":"openai","started_ms":0.2,"outcome":"unreached","usage":{"estimated":false,"violations":[]}},\
      {"target":"claude/claude-sonnet-4-5","vendor":"claude","kind":"anthropic","model":"claude-sonnet-4-5",\
      "started_ms":40.5,"outcome":"answered",\
      "usage":{"estimated":false,"violations":[%s]},\
      "cost":{"currency":"USD","total":%s,"lines":{"input.text":%s},"counted":0.5,\
      "unpriced":[{"item":"input.audio","quantity":3,"reason":"no price"}],"price":"list/anthropic/x@2025-09-29"}}]}
      """;

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private Ran run(String command, String... more) {
    var out = new StringWriter();
    var err = new StringWriter();
    var arguments = new ArrayList<String>();
    arguments.add("ledger");
    arguments.add(command);
    arguments.add("--data=" + folder.resolve("data"));
    arguments.addAll(List.of(more));
    int code =
        Commands.line(Map.of())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  private String log(String... lines) throws IOException {
    Path file = folder.resolve("exchanges.jsonl");
    Files.writeString(file, String.join("", lines));
    return file.toString();
  }

  @Test
  void linesOfTheLogAreBookedOnceHoweverOftenTheyAreRead() throws IOException {
    String file =
        log(
            LINE.formatted("a", "", "0.0544", "0.0544"),
            "{\"time\":\"2026-11-24T03:02:42.007Z\",\"event\":\"lines_dropped\",\"lines\":1}\n",
            LINE.formatted("b", "", "0.1", "0.1"),
            LINE.formatted("c", "\"input and output are not the total\"", "0.2", "0.2"));

    assertThat(run("import", file).out())
        .isEqualTo(
            "3 entries booked, 0 known already, 0 not booked, 0 lines not understood; 6 attempts kept\n");
    assertThat(run("import", file).out())
        .isEqualTo(
            "0 entries booked, 3 known already, 0 not booked, 0 lines not understood; 0 attempts kept\n");
    assertThat(run("balances").out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "payable:claude -1.5 USD", "usage:claude 0.1544 USD", "suspense:claude 1.3456 USD");
    Ran verified = run("verify");
    assertThat(verified.code()).isZero();
    assertThat(verified.out()).matches("USD: 3 entries, head [0-9a-f]{64}, sound\n");
  }

  @Test
  void whatLinesTellIsInFiguresAsItIsInTheLedger() throws IOException {
    run("import", log(LINE.formatted("a", "", "0.0544", "0.0544")));

    var out = new StringWriter();
    Commands.line(java.util.Map.of())
        .setOut(new PrintWriter(out))
        .execute(
            "figures",
            "--by=vendor",
            "--from=2026-11",
            "--to=2026-11",
            "--format=csv",
            "--data=" + folder.resolve("data"));

    assertThat(out.toString()).contains("claude,USD,").contains("0.0544").contains("0.4456");
  }

  @Test
  void aLineThatSaysSomethingElseThanBeforeIsAConflict() throws IOException {
    run("import", log(LINE.formatted("a", "", "0.0544", "0.0544")));

    Ran ran = run("import", log(LINE.formatted("a", "", "0.06", "0.06"), "not JSON\n"));

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out())
        .isEqualTo(
            "0 entries booked, 0 known already, 1 not booked, 1 lines not understood; 0 attempts kept\n");
    assertThat(ran.err())
        .contains("exchange a/1 is booked already, with another content")
        .contains("exchanges.jsonl:2: no line of the log: not JSON");
  }

  @Test
  void tamperingIsFoundByVerify() throws Exception {
    run("import", log(LINE.formatted("a", "", "0.0544", "0.0544")));
    change("UPDATE ledger_entries SET postings = replace(postings, '0.0544', '0.9544')");

    Ran ran = run("verify");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out())
        .contains("NOT sound")
        .contains(
            "entry 1 is not what was booked: exchange a/1 does not balance: debits and credits"
                + " differ by 0.9 USD");
    change("UPDATE ledger_entries SET postings = replace(postings, '0.9544', '0.0544')");
    assertThat(run("verify").out()).contains("sound").doesNotContain("NOT");
    change("UPDATE ledger_entries SET notes = replace(notes, 'claude', 'gemini')");
    assertThat(run("verify").out())
        .contains("entry 1 (exchange a/1) is not what was booked: its hash differs");
  }

  @Test
  void anEndThatWasCutOffShowsByTheHeadThatWasKept() throws Exception {
    run("import", log(LINE.formatted("a", "", "0.0544", "0.0544")));
    Path database = folder.resolve("data/understudy.db");
    Path before = Files.copy(database, folder.resolve("before.db"));
    run("import", log(LINE.formatted("b", "", "0.1", "0.1")));
    String head = run("verify").out().replaceFirst("(?s).*head ([0-9a-f]{64}).*", "$1");
    assertThat(run("verify", "--head", head).code()).isZero();

    // Without its last entry, what is left is a sound chain.
    Files.copy(before, database, StandardCopyOption.REPLACE_EXISTING);

    assertThat(run("verify").code()).isZero();
    Ran ran = run("verify", "--head", head);
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("head " + head + " is in no chain");
    assertThat(run("verify", "--head", "tomorrow").err()).contains("64 hexadecimal digits");
  }

  private void change(String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/understudy.db"));
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  @Test
  void aPeriodIsClosedAndWhatIsLateIsACorrection() throws IOException {
    run("import", log(LINE.formatted("a", "", "0.0544", "0.0544")));

    assertThat(run("close", "--currency=USD", "--until=2026-11-25").out())
        .isEqualTo("USD is closed until 2026-11-25T00:00:00Z\n");
    assertThat(run("close", "--currency=USD", "--until=2026-11-24").err())
        .contains("is not opened again");
    assertThat(run("close", "--currency=USD", "--until=tomorrow").err()).contains("2026-12-01");
    assertThat(run("close", "--currency=XXY", "--until=2026-11-25").err())
        .contains("unknown currency");
  }

  @Test
  void anAmountIsMovedIntoAnotherCurrencyAtTheRateOfItsDayWithItsSource() throws IOException {
    run(
        "import",
        log(
            LINE.formatted("a", "", "7.77", "7.77")
                .replace("USD", "EUR")
                .replace("0.5,", "7.77,")));
    rate("2026-11-20", "1.08337");
    String[] exchange = {
      "--id=nov", "--account=payable:claude", "--amount=-7.77 EUR", "--to=USD", "--day=2026-11-22"
    };

    Ran ran = run("exchange", exchange);

    // 7.77 x 1.08337 = 8.4177849, at the rate of Friday the 20th on Sunday the 22nd.
    String line =
        "payable:claude: -7.77 EUR is -8.42 USD, at 1 EUR = 1.08337 USD of 2026-11-20 (ECB)";
    assertThat(ran.out()).as(ran.err()).isEqualTo(line + "\n");
    assertThat(run("exchange", exchange).out()).isEqualTo(line + ", known already\n");
    assertThat(run("balances").out().lines().map(l -> l.replaceAll(" +", " ")))
        .contains(
            "usage:claude 7.77 EUR",
            "exchange:USD -7.77 EUR",
            "payable:claude -8.42 USD",
            "exchange:EUR 8.4177849 USD",
            "rounding:USD 0.0022151 USD")
        .noneMatch(l -> l.startsWith("payable:claude") && l.endsWith("EUR"));
    assertThat(run("verify").code()).isZero();
  }

  @Test
  void anExchangeThatCannotBeIsToldAndNoSideOfItIsBooked() throws IOException {
    run("import", log(LINE.formatted("a", "", "7.77", "7.77").replace("USD", "EUR")));
    rate("2026-11-20", "1.08337");
    String first = "--account=payable:claude";
    run("exchange", "--id=nov", first, "--amount=-1 EUR", "--to=USD", "--day=2026-11-20");
    String before = run("balances").out();

    assertThat(told("nov", "-2 EUR", "USD", "2026-11-20"))
        .contains("exchange-of-currency nov/EUR is booked already, with another content");
    assertThat(told("x", "-1 EUR", "USD", "2026-11-28"))
        .contains("no rate of exchange from EUR to USD for 2026-11-28, or for the 7 days before");
    assertThat(told("x", "-1 EUR", "GBP", "2026-11-20"))
        .contains("no rate of exchange from EUR to GBP for 2026-11-20");
    assertThat(told("x", "-1 EUR", "USD", "yesterday"))
        .contains("--day must be a day, such as 2026-12-01");
    assertThat(told("x", "-1 EUR", "USd", "2026-11-20")).contains("unknown currency \"USd\"");
    assertThat(run("balances").out()).isEqualTo(before);
  }

  private String told(String id, String amount, String to, String day) {
    Ran ran =
        run(
            "exchange",
            "--id=" + id,
            "--account=payable:claude",
            "--amount=" + amount,
            "--to=" + to,
            "--day=" + day);
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    return ran.err();
  }

  private void rate(String day, String rate) throws IOException {
    try (Database database = Database.embedded(folder.resolve("data/understudy.db"))) {
      new SqlSalesStore(database)
          .keep(
              List.of(),
              List.of(
                  new ExchangeRate(
                      Currencies.of("EUR"),
                      Currencies.USD,
                      new BigDecimal(rate),
                      LocalDate.parse(day),
                      "ECB")),
              Instant.parse("2026-11-27T00:00:00Z"));
    }
  }

  @Test
  void whereThereIsNoLedgerThatIsSaid() {
    Ran ran = run("verify");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("there is no ledger").contains("understudy.db does not exist");
    assertThat(run("import", folder.resolve("none").toString()).err()).contains("no such file");
  }
}
