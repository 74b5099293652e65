package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.Contract;
import dev.understudy.contract.Contracts;
import dev.understudy.money.Money;
import dev.understudy.settlement.Statement.Pair;
import dev.understudy.text.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
    trade
        .facts
        .with("2026-06-05T10:00:00Z", "openai/api", "azure/gpt-5.1", "input.text 40000 at 2 USD")
        .with("2026-06-05T10:00:00Z", "openai/api", "openai/gpt-5.1", "input.text 9000 at 2 USD");
  }

  private Statement june(String letter) throws IOException {
    return Settler.settle(
        new Contract("microsoft-openai", List.of(Contracts.example(letter))), JUNE, trade.given());
  }

  @Test
  void versionASharesBothWaysAndPaysProfitsByStages() throws Exception {
    Statement a = june("a");

    // 20 % of 10 + 30 - 2 million, and of a profit of 20 billion: 13 at 75 %, the rest at 49 %.
    assertThat(a.due())
        .isEqualTo(Map.of(TO_MICROSOFT, usd("14314266666.67"), TO_OPENAI, usd("1000000")));
    assertThat(a.sections())
        .extracting(Section::clause)
        .containsExactly("rs-openai", "rs-microsoft", "profit-cap");
    assertThat(a.sections())
        .extracting(Section::due)
        .containsExactly(usd("7600000"), usd("1000000"), usd("14306666666.67"));
  }

  @Test
  void versionBChangesRightsNotMoney() throws Exception {
    assertThat(june("b").due()).isEqualTo(june("a").due());
  }

  @Test
  void versionCHasNoProfitsButAPromiseOf250BillionForAzure() throws Exception {
    Statement c = june("c");

    assertThat(c.due()).isEqualTo(Map.of(TO_MICROSOFT, usd("7600000"), TO_OPENAI, usd("1000000")));
    assertThat(SettlerTest.lines(c))
        .contains("committed 250000000000 USD", "used 80000 USD", "remaining 249999920000 USD");
    // Of 49 000 tokens 9 000 were not served on Azure; a year and a half of five have gone.
    assertThat(c.events())
        .containsExactly(
            "elsewhere-2030: 22.4 % is to be away from microsoft, a goal; 18.4 % of the tokens, behind");
  }

  @Test
  void versionDEndsTheResellersShareAndCapsTheOther() throws Exception {
    Statement d = june("d");

    assertThat(d.due()).isEqualTo(Map.of(TO_MICROSOFT, usd("7600000")));
    assertThat(d.sections()).extracting(Section::clause).containsExactly("rs-openai", "azure-250");
    assertThat(
            Contracts.example("d").money().shares().getFirst().terms().cap().orElseThrow().amount())
        .isEqualByComparingTo("38000000000");
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
