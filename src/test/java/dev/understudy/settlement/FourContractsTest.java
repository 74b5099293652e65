package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.Contracts;
import dev.understudy.contract.Replay;
import dev.understudy.json.Json;
import dev.understudy.money.Money;
import dev.understudy.settlement.Statement.Pair;
import dev.understudy.text.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The four versions of the Microsoft–OpenAI arrangement over the same sales, profits and usage. */
final class FourContractsTest {
  private static final YearMonth JUNE = YearMonth.parse("2026-06");
  private static final Pair TO_MICROSOFT = new Pair("openai", "microsoft");
  private static final Pair TO_OPENAI = new Pair("microsoft", "openai");

  private final Trade trade = new Trade();

  @BeforeEach
  void read() throws IOException {
    var problems = new Problems();
    Path file = Path.of("examples/contracts/trade.csv");
    trade.sales.addAll(
        SalesFile.read(
                file.toString(),
                Files.readAllBytes(file),
                "trade",
                Instant.parse("2026-11-01T00:00:00Z"),
                problems)
            .facts());
    assertThat(problems.lines()).isEmpty();
  }

  /**
   * The trace of calls as this version routes them: who answers a call serves 1 000 tokens of it,
   * at 2 USD each; who may not answer serves none.
   */
  private void replay(ContractBook book) throws IOException {
    byte[] trace = Files.readAllBytes(Path.of("examples/contracts/traffic.jsonl"));
    var times = new HashMap<String, String>();
    for (String line : new String(trace, StandardCharsets.UTF_8).lines().toList()) {
      JsonNode read = Json.parse(line);
      times.put(read.path("call").asString(""), read.path("at").asString(""));
    }
    for (Replay.Outcome call : Replay.read(trace).under(book)) {
      call.target()
          .ifPresent(target ->
              trade.facts.with(
                  times.get(call.call()), "openai/api", target, "input.text 1000 at 2 USD"));
    }
  }

  private Statement june(String letter) throws IOException {
    replay(new ContractBook(List.of(Contracts.example(letter))));
    return Settler.settle(
        new Contract("microsoft-openai", List.of(Contracts.example(letter))), JUNE, trade.given());
  }

  /** Of sales of 10 and 30 million, of which 2 were credited, after 1 million in April. */
  private static final List<String> OPENAIS_SHARE =
      List.of(
          "gross 40000000 USD",
          "deduction refunds 0 USD",
          "deduction credits -2000000 USD",
          "base 38000000 USD",
          "opening 1000000 USD",
          "tier 0.2 x 38000000 = 7600000 USD",
          "share 7600000 USD",
          "due 7600000 USD",
          "closing 39000000 USD",
          "closing 7800000 USD");

  /** Of what was resold for 5 million, after 5 and 7 in April. */
  private static final List<String> RESELLERS_SHARE =
      List.of(
          "gross 5000000 USD",
          "deduction refunds 0 USD",
          "deduction credits 0 USD",
          "base 5000000 USD",
          "opening 12000000 USD",
          "tier 0.2 x 5000000 = 1000000 USD",
          "share 1000000 USD",
          "due 1000000 USD",
          "closing 17000000 USD",
          "closing 3400000 USD");

  /** Of a profit of 20 billion 13 at 75 %, and of what is left of it 49 %. */
  private static final List<String> PROFITS =
      List.of(
          "profit 20000000000 USD",
          "opening 0 USD",
          "stage 13000000000 USD",
          "stage 1306666666.67 USD",
          "due 14306666666.67 USD",
          "closing 14306666666.67 USD");

  private static List<String> lines(Statement statement, String clause) {
    Section section =
        statement.sections().stream()
            .filter(one -> one.clause().equals(clause))
            .findFirst()
            .orElseThrow();
    return SettlerTest.lines(List.of(section));
  }

  private static List<String> clauses(Statement statement) {
    return statement.sections().stream()
        .map(one -> "%s v%d".formatted(one.clause(), one.version()))
        .toList();
  }

  @Test
  void versionASharesBothWaysAndPaysProfitsByStages() throws Exception {
    Statement a = june("a");

    assertThat(clauses(a)).containsExactly("rs-openai v1", "rs-microsoft v1", "profit-cap v1");
    assertThat(lines(a, "rs-openai")).isEqualTo(OPENAIS_SHARE);
    assertThat(lines(a, "rs-microsoft")).isEqualTo(RESELLERS_SHARE);
    assertThat(lines(a, "profit-cap")).isEqualTo(PROFITS);
    assertThat(a.due())
        .isEqualTo(Map.of(TO_MICROSOFT, usd("14314266666.67"), TO_OPENAI, usd("1000000")));
    assertThat(a.events()).isEmpty();
    assertThat(a.doubts()).isEmpty();
  }

  @Test
  void versionBChangesRightsNotMoney() throws Exception {
    Statement b = june("b");

    assertThat(clauses(b)).containsExactly("rs-openai v2", "rs-microsoft v2", "profit-cap v2");
    assertThat(lines(b, "rs-openai")).isEqualTo(OPENAIS_SHARE);
    assertThat(lines(b, "rs-microsoft")).isEqualTo(RESELLERS_SHARE);
    assertThat(lines(b, "profit-cap")).isEqualTo(PROFITS);
    assertThat(b.due())
        .isEqualTo(Map.of(TO_MICROSOFT, usd("14314266666.67"), TO_OPENAI, usd("1000000")));
    assertThat(b.events()).isEmpty();
    assertThat(b.doubts()).isEmpty();
  }

  @Test
  void versionCHasNoProfitsButAPromiseOf250BillionForAzure() throws Exception {
    Statement c = june("c");

    assertThat(clauses(c)).containsExactly("rs-openai v3", "rs-microsoft v3", "azure-250 v3");
    assertThat(lines(c, "rs-openai")).isEqualTo(OPENAIS_SHARE);
    assertThat(lines(c, "rs-microsoft")).isEqualTo(RESELLERS_SHARE);
    // Of the nine calls of June Azure answers c01, c03 and c08, and nobody may answer two.
    assertThat(lines(c, "azure-250"))
        .containsExactly(
            "committed 250000000000 USD",
            "opening 0 USD",
            "used 6000 USD",
            "remaining 249999994000 USD",
            "due 0 USD");
    assertThat(c.due()).isEqualTo(Map.of(TO_MICROSOFT, usd("7600000"), TO_OPENAI, usd("1000000")));
    // Four of the seven that were answered went elsewhere; a year and a half of five have gone.
    assertThat(c.events())
        .containsExactly(
            "elsewhere-2030: 22.4 % is to be away from microsoft, a goal; 57.1 % of the tokens, in"
                + " time");
    assertThat(c.doubts()).isEmpty();
  }

  @Test
  void versionDEndsTheResellersShareAndCapsTheOther() throws Exception {
    Statement d = june("d");

    assertThat(clauses(d)).containsExactly("rs-openai v4", "azure-250 v4");
    assertThat(lines(d, "rs-openai")).isEqualTo(OPENAIS_SHARE);
    // What is not bound to Azure any more goes elsewhere: c01 and c08 are left.
    assertThat(lines(d, "azure-250"))
        .containsExactly(
            "committed 250000000000 USD",
            "opening 0 USD",
            "used 4000 USD",
            "remaining 249999996000 USD",
            "due 0 USD");
    assertThat(d.due()).isEqualTo(Map.of(TO_MICROSOFT, usd("7600000")));
    assertThat(d.events())
        .containsExactly(
            "elsewhere-2030: 22.4 % is to be away from microsoft, a goal; 77.8 % of the tokens, in"
                + " time");
    assertThat(d.doubts()).isEmpty();
    assertThat(
            Contracts.example("d").money().shares().getFirst().terms().cap().orElseThrow().amount())
        .isEqualByComparingTo("38000000000");
  }

  @Test
  void versionDsCapCutsTheShareOffAtItsLastCent() throws Exception {
    // A fifth of 190 billion is the cap of 38: 189.96 after the trade of April and June.
    trade.fact("2026-07-01 sale 189961000000 USD", "openai", "api", "gpt-5.1");
    trade.fact("2026-08-01 sale 100 USD", "openai", "api", "gpt-5.1");
    var contract = new Contract("microsoft-openai", List.of(Contracts.example("d")));

    Statement july = Settler.settle(contract, YearMonth.parse("2026-07"), trade.given());
    Statement august = Settler.settle(contract, YearMonth.parse("2026-08"), trade.given());

    assertThat(july.due()).isEqualTo(Map.of(TO_MICROSOFT, usd("37992200000")));
    assertThat(august.due()).isEmpty();
    assertThat(lines(august, "rs-openai")).contains("cap -20 USD");
  }

  /** After the panel's verdict of 15 October 2027 there is a share in no version that had one. */
  @Test
  void theTriggerEndsTheSharesOfItsVersionFromItsInstantOn() throws Exception {
    for (String month : List.of("2027-08", "2027-09", "2027-10", "2027-11")) {
      trade.fact(month + "-20 sale 100 USD", "openai", "api", "gpt-9");
    }
    assertThat(shared("a")).containsExactly("2027-08 20 USD");
    assertThat(shared("b")).containsExactly("2027-08 20 USD");
    assertThat(shared("c")).containsExactly("2027-08 20 USD", "2027-09 20 USD");
    assertThat(shared("d"))
        .containsExactly("2027-08 20 USD", "2027-09 20 USD", "2027-10 20 USD", "2027-11 20 USD");
  }

  /** What is due to Microsoft in the months of the trigger, as the trace tells of it. */
  private List<String> shared(String letter) throws IOException {
    Contract contract =
        Replay.read(Files.readAllBytes(Path.of("examples/contracts/traffic.jsonl")))
            .state(
                new ContractBook(List.of(Contracts.example(letter))),
                Instant.parse("2027-12-01T00:00:00Z"))
            .book()
            .contract("microsoft-openai")
            .orElseThrow();
    var shares = new ArrayList<String>();
    for (String month : List.of("2027-08", "2027-09", "2027-10", "2027-11")) {
      Money due =
          Settler.settle(contract, YearMonth.parse(month), trade.given()).due().get(TO_MICROSOFT);
      if (due != null) {
        shares.add(month + " " + due);
      }
    }
    return shares;
  }

  @Test
  void asOneContractEachMonthIsSettledByTheVersionsInForce() throws Exception {
    var contract =
        new Contract(
            "microsoft-openai",
            List.of(
                Contracts.example("a"),
                Contracts.example("b"),
                Contracts.example("c"),
                Contracts.example("d")));

    Statement april = Settler.settle(contract, YearMonth.parse("2026-04"), trade.given());
    Statement june = Settler.settle(contract, JUNE, trade.given());

    // What was resold a millisecond before version D is shared; what was resold with it is not.
    assertThat(april.due())
        .isEqualTo(Map.of(TO_MICROSOFT, usd("200000"), TO_OPENAI, usd("1000000")));
    assertThat(april.sections())
        .filteredOn(s -> s.clause().equals("rs-openai"))
        .extracting(Section::version)
        .containsExactly(3, 4);
    assertThat(june.due()).isEqualTo(Map.of(TO_MICROSOFT, usd("7600000")));
  }

  private static Money usd(String amount) {
    return Money.parse(amount + " USD");
  }
}
