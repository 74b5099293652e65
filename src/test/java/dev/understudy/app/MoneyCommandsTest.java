package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.settlement.focus.MemoryFacts;
import dev.understudy.store.Database;
import dev.understudy.store.SqlFacts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports, reconciliation and figures as their user runs them, on a database with calls. */
class MoneyCommandsTest {
  @TempDir private Path data;

  @BeforeEach
  void callsAreThere() throws IOException {
    try (Database database = Database.embedded(data.resolve(Running.DATABASE))) {
      new SqlFacts(database)
          .keep(
              List.of(
                  MemoryFacts.call(
                      "2026-10-02T12:00:00Z",
                      "openai",
                      "gpt-5.1",
                      "input.text 1000000 0.00000125",
                      "output.text 200000 0.00001")));
    }
  }

  /** What a command says, with its code in front. */
  private String said(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data.toString()));
    return run(all);
  }

  private static String run(List<String> arguments) {
    var text = new StringWriter();
    var line = Commands.line(Map.of(), arguments.toArray(String[]::new));
    line.setOut(new PrintWriter(text)).setErr(new PrintWriter(text));
    int code = line.execute(arguments.toArray(String[]::new));
    return code + "\n" + text;
  }

  @Test
  void anExportPassesTheCheck() throws IOException {
    Path file = data.resolve("costs.csv");

    assertThat(said("focus", "export", "--from", "2026-10", "--to", "2026-10", "-o", "" + file))
        .isEqualTo("0\n");
    assertThat(run(List.of("focus", "check", "" + file)))
        .startsWith("0\n")
        .contains("conforms to FOCUS 1.2 cost-and-usage: 2 rows, 0 musts broken, 0 shoulds");
    String whole = Files.readString(file);
    for (String[] span : new String[][] {{"--to", "2026-10-31"}, {"--until", "2026-11"}}) {
      assertThat(said("focus", "export", "--from", "2026-10-01", span[0], span[1], "-o", "" + file))
          .isEqualTo("0\n");
      assertThat(file).hasContent(whole);
    }
    assertThat(said("focus", "export", "--from", "2026-10")).startsWith("1\n--to is missing");
    assertThat(said("focus", "export", "--from", "2026-10", "--to", "soon"))
        .startsWith("1\n--to must be the last day or month");
    assertThat(said("focus", "export", "--from", "2026-11", "--to", "2026-09", "-o", "" + file))
        .startsWith("1\n")
        .contains("whole days in UTC");
    assertThat(run(List.of("focus", "rules")).lines()).hasSize(622);
  }

  @Test
  void aBillIsReconciledAndItsCodeSaysWhetherAllIsExplained() throws IOException {
    Path bill = data.resolve("bill.csv");
    String head = "day,line_item,amount,quantity\n2026-10-02,\"gpt-5.1, input\",1.25,1000000\n";
    Files.writeString(bill, head + "2026-10-02,\"gpt-5.1, output\",2,200000\n");
    String[] command = {
      "reconcile",
      "--vendor",
      "openai",
      "--from",
      "2026-10-02",
      "--to",
      "2026-10-02",
      "--bill",
      "" + bill
    };
    assertThat(said(command)).startsWith("0\n").contains("3.25 USD");
    String[] month = command.clone();
    month[4] = "2026-10";
    month[6] = "2026-10";
    assertThat(said(month)).contains("2026-10-02").contains("3.25 USD");

    Files.writeString(bill, head + "2026-10-02,\"gpt-5.1, output\",2.5,200000\n");
    assertThat(said(command)).startsWith("1\n").contains("UNEXPLAINED").contains("0.5 USD");

    Files.writeString(bill, head + "2026-10-02,\"gpt-5.1 batch, output\",1,200000\n");
    var posting = new ArrayList<>(List.of(command));
    posting.add("--post");
    assertThat(said(posting.toArray(String[]::new)))
        .startsWith("0\n")
        .contains("1 corrections booked");
    assertThat(said(posting.toArray(String[]::new))).contains("0 corrections booked");

    String[] mistyped = command.clone();
    mistyped[2] = "opnai";
    assertThat(said(mistyped)).startsWith("2\n").contains("no vendor \"opnai\"", "near: openai");

    Files.delete(bill);
    assertThat(said(command)).startsWith("2\n").contains("no such file");
  }

  @Test
  void hoursOnABillAreExplainedByTheContractTheyWereBoughtUnder() throws IOException {
    Path bill = data.resolve("bill.csv");
    Files.writeString(
        bill,
        """
        day,line_item,amount,quantity
        2026-10-02,"gpt-5.1, input",1.25,1000000
        2026-10-02,"gpt-5.1, output",2,200000
        2026-10-02,PTU hours,2400,2400
        """);
    Path contract = data.resolve("hosting.yaml");
    Files.writeString(
        contract,
        """
        contract:
          id: hosting
          version: 1
          parties:
            - {id: us, role: customer}
            - {id: host, role: host, vendors: [openai]}
          term: {from: 2026-10-01}
          currency: USD
        capacity:
          - {id: ptu, host: host, models: [o3], units: 100, unit: PTU, price-per-unit-hour: 1.00,
             window: {from: 2026-10-01, to: 2027-10-01}}
        """);
    String[] command = {
      "reconcile",
      "--vendor",
      "openai",
      "--from",
      "2026-10-02",
      "--to",
      "2026-10-02",
      "--bill",
      "" + bill
    };
    assertThat(said(command)).startsWith("1\n").contains("--contracts");

    var with = new ArrayList<>(List.of(command));
    with.addAll(List.of("--contracts", "" + contract));
    // Also where nobody can tell how much of it was used, since no throughput was agreed.
    assertThat(said(with.toArray(String[]::new)))
        .startsWith("0\n")
        .contains("bought capacity", "24 hours of 100 PTU at 1 USD (hosting/ptu)", "2403.25 USD");

    Files.writeString(bill, Files.readString(bill).replace("2400,2400", "2500,2500"));
    assertThat(said(with.toArray(String[]::new)))
        .startsWith("1\n")
        .contains("the vendor counts 2500 PTU-hours, bought were 2400")
        .doesNotContain("its hours are not here");
  }

  @Test
  void figuresAreTables() throws IOException {
    String[] command = {
      "figures", "--by", "developer,team", "--from", "2026-10-01", "--to", "2026-10-31"
    };
    assertThat(said(command))
        .startsWith("0\n")
        .contains("OpenAI")
        .contains("blue")
        .contains("3.25 USD");
    assertThat(said("figures", "--by", "colour")).startsWith("1\n").contains("unknown \"colour\"");
    Files.writeString(
        data.resolve("billing.yaml"),
        "commitments: [{id: pre, vendor: openai, amount: 10 USD, from: 2026-10-01, to: 2027-10-01}]\n");
    assertThat(said("figures", "--commitments", "--format", "json"))
        .startsWith("0\n")
        .contains("\"used\":\"3.25\"");
  }

  @Test
  void capacityOfContractsIsInCostsAndFigures() throws IOException {
    Path contract = data.resolve("hosting.yaml");
    Files.writeString(
        contract,
        """
        contract:
          id: hosting
          version: 1
          parties: [{id: us, role: customer}, {id: host, role: host, vendors: [openai]}]
          term: {from: 2026-10-01, to: 2027-10-01}
          currency: USD
        capacity:
          - {id: ptu, host: host, models: ["gpt-*"], units: 2, unit: PTU, price-per-unit-hour: 0.50,
             window: {from: 2026-10-01, to: 2027-10-01},
             throughput: {input-tokens-per-minute: 1000000, output-weight: 4}}
        """);
    Path file = data.resolve("costs.csv");
    String[] october = {"--from", "2026-10", "--to", "2026-10", "--contracts", "" + contract};
    var export = new ArrayList<>(List.of("focus", "export", "-o", "" + file));
    export.addAll(List.of(october));
    assertThat(said(export.toArray(String[]::new))).isEqualTo("0\n");
    assertThat(Files.readString(file)).contains("hosting/ptu").contains("PTU-Hours");
    assertThat(run(List.of("focus", "check", "" + file))).startsWith("0\n");

    var figures = new ArrayList<>(List.of("figures", "--commitments", "--format", "json"));
    figures.addAll(List.of(october));
    assertThat(said(figures.toArray(String[]::new)))
        .startsWith("0\n")
        // 1.8 M weighed tokens of the 120 M that an hour serves, at one dollar an hour.
        .contains("\"hours\":744,\"currency\":\"USD\",\"cost\":\"744\",\"used\":\"0.015\"");
    figures.addAll(List.of("--as", "host"));
    assertThat(said(figures.toArray(String[]::new))).contains("\"capacity\":[]");
  }

  @Test
  void withoutRecordsItIsSaidWhereTheyWereLookedFor() throws IOException {
    Files.delete(data.resolve(Running.DATABASE));

    assertThat(said("figures"))
        .startsWith("1\n")
        .contains("there are no records")
        .contains("understudy.db");
  }
}
