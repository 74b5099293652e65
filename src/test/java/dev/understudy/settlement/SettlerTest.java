package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.Contracts;
import dev.understudy.exchange.Attempt;
import dev.understudy.money.Money;
import dev.understudy.settlement.Line.Item;
import dev.understudy.settlement.Statement.Pair;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class SettlerTest {
  private final Trade trade = new Trade();

  private static final String SHARE =
      """
      revenue-share:
        - id: rs-1
          payer: us
          payee: maker
          deduct: [tax, credits]
          tiers: [{to: 10000000, rate: 0.20}, {to: 30000000, rate: 0.15}, {rate: 0.10}]
      """;

  @Test
  void nineThousandLessThreeHundredAreSharedLineByLine() throws Exception {
    trade.fact("2026-10-05 sale 9000 USD").fact("2026-10-07 credit 300 USD");

    Statement statement =
        trade.settle(
            "2026-10",
            Contracts.resale(
                1,
                "2026-01-01",
                SHARE.replace(
                    "{to: 10000000, rate: 0.20}, {to: 30000000, rate: 0.15}, {rate: 0.10}",
                    "{rate: 0.20}")));

    assertThat(lines(statement))
        .containsExactly(
            "gross 9000 USD",
            "deduction tax 0 USD",
            "deduction credits -300 USD",
            "base 8700 USD",
            "opening 0 USD",
            "tier 0.2 x 8700 = 1740 USD",
            "share 1740 USD",
            "due 1740 USD",
            "closing 8700 USD",
            "closing 1740 USD");
    assertThat(statement.due()).isEqualTo(Map.of(new Pair("us", "maker"), usd("1740")));
  }

  @Test
  void theWorkedQuartersAsMonthsOfAStatement() throws Exception {
    String capped = SHARE + "    cap: {amount: 3000000}\n";
    trade
        .fact("2026-01-10 sale 4000000 USD")
        .fact("2026-02-10 sale 5000000 USD")
        .fact("2026-03-10 sale 6000000 USD")
        .fact("2026-03-11 credit 500000 USD")
        .fact("2026-04-10 sale 3000000 USD");
    ContractVersion version = Contracts.resale(1, "2026-01-01", capped);

    var due = new ArrayList<Money>();
    for (String month : List.of("2026-01", "2026-02", "2026-03", "2026-04")) {
      due.addAll(trade.settle(month, version).due().values());
    }

    assertThat(due).containsExactly(usd("800000"), usd("1000000"), usd("875000"), usd("325000"));
    Statement april = trade.settle("2026-04", version);
    assertThat(lines(april)).contains("cap -125000 USD", "tier 0.15 x 3000000 = 450000 USD");
    assertThat(april.events()).containsExactly("rs-1: the cap is reached");
    assertThat(trade.settle("2026-05", version).due()).isEmpty();
  }

  @Test
  void aLateSaleChangesItsMonthAndTheTiersOfThoseAfter() throws Exception {
    trade.fact("2026-01-10 sale 9000000 USD").fact("2026-02-10 sale 1000000 USD");
    ContractVersion version = Contracts.resale(1, "2026-01-01", SHARE);
    assertThat(trade.settle("2026-02", version).due().values()).containsExactly(usd("200000"));

    trade.fact("2026-01-31T23:59:59.999Z sale 1000000 USD");

    assertThat(trade.settle("2026-01", version).due().values()).containsExactly(usd("2000000"));
    assertThat(trade.settle("2026-02", version).due().values()).containsExactly(usd("150000"));
  }

  @Test
  void aNewVersionSplitsAMonthExactlyAtItsInstant() throws Exception {
    trade.fact("2026-10-15T11:59:59.999Z sale 100 USD").fact("2026-10-15T12:00:00Z sale 100 USD");
    String flat = "revenue-share:\n  - {id: rs-1, payer: us, payee: maker, tiers: [{rate: %s}]}\n";

    Statement statement =
        trade.settle(
            "2026-10",
            Contracts.resale(1, "2026-01-01", flat.formatted("0.2")),
            Contracts.resale(2, "2026-10-15T12:00:00Z", flat.formatted("0.1")));

    assertThat(statement.sections()).hasSize(2);
    assertThat(statement.sections()).extracting(Section::version).containsExactly(1, 2);
    assertThat(statement.sections()).extracting(Section::due).containsExactly(usd("20"), usd("10"));
    assertThat(lines(statement)).contains("opening 100 USD");
  }

  @Test
  void aGuaranteeFallsDueAtTheEndOfTheContractYear() throws Exception {
    String guaranteed = SHARE + "    minimum-guarantee: {amount: 1200000}\n";
    trade.fact("2026-05-10 sale 3000000 USD").fact("2027-04-10 sale 10000000 USD");
    ContractVersion version = Contracts.resale(1, "2026-03-15", guaranteed);

    assertThat(trade.settle("2026-05", version).due().values()).containsExactly(usd("600000"));
    Statement march = trade.settle("2027-03", version);
    assertThat(lines(march)).contains("guarantee 600000 USD");
    assertThat(march.due().values()).containsExactly(usd("600000"));
    // 1 850 000 of which 600 000 were paid as a guarantee: the tiers run over the lifetime.
    assertThat(lines(trade.settle("2027-04", version))).contains("recouped -600000 USD");
  }

  @Test
  void salesInAnotherCurrencyCountAtTheRateOfTheirDayAndSayWhichThatWas() throws Exception {
    trade
        .rate("2026-10-02", "EUR", "1.1")
        .rate("2026-10-09", "EUR", "1.2")
        .fact("2026-10-04 sale 100 EUR")
        .fact("2026-10-09 sale 100 EUR")
        .fact("2026-10-09 credit 10 EUR");
    Statement statement = trade.settle("2026-10", Contracts.resale(1, "2026-01-01", SHARE));

    assertThat(lines(statement))
        .contains(
            "fx 100 EUR at the rate of 2026-10-02 (ECB) 110 USD",
            "fx 90 EUR at the rate of 2026-10-09 (ECB) 108 USD",
            "gross 230 USD",
            "base 218 USD");
    trade.fact("2026-10-25 sale 100 EUR");
    assertThatThrownBy(() -> trade.settle("2026-10", Contracts.resale(1, "2026-01-01", SHARE)))
        .isInstanceOf(Unsettled.class)
        .hasMessageStartingWith("no rate of exchange from EUR to USD for 2026-10-25");
  }

  @Test
  void everyKindOfClauseSaysWhatItExchangedAtWhichRateOfWhichDayByWhom() throws Exception {
    trade
        .rate("2026-10-02", "EUR", "1.1")
        .rate("2026-10-09", "EUR", "1.2")
        .fact("2026-10-09 profit 100 EUR", "maker");
    // Of the 4th, a Sunday, there is no rate but Friday's.
    trade.facts.with("2026-10-04T10:00:00Z", "a/b", "maker/n", "input.text 50 at 2 EUR");
    trade.facts.with("2026-10-09T10:00:00Z", "a/b", "maker/n", "input.text 100 at 1 EUR");
    trade.facts.with("2026-10-09T10:05:00Z", "a/b", "maker/m", "input.text 100 at 0 USD");
    trade.facts.with("2026-10-09T10:10:00Z", "a/b", "other/m", "input.text 10 at 1 EUR");
    trade.facts.with("2026-10-09T10:20:00Z", "a/b", "maker/m", Attempt.Outcome.BROKEN);
    String terms =
        """
        profit-participation:
          - {id: p-1, holder: us, stages: [{rate: 0.5}]}
        commitments:
          - {id: c-1, debtor: us, creditor: maker, kind: spend, amount: 1000, unit: USD, prepay: {percent: 50, at: 2026-10-01}, over: {from: 2026-10-01, to: 2026-12-01}}
        capacity:
          - {id: ptu-1, host: maker, models: [m], units: 1, unit: PTU, price-per-unit-hour: 1.00, throughput: {input-tokens-per-minute: 2500, output-weight: 4}, spill-over: {to: [other/m]}}
        sla: {availability: 0.999, credits: [{below: 0.999, percent: 10}]}
        """;

    Statement statement = trade.settle("2026-10", Contracts.resale(1, "2026-10-01", terms));

    List<String> both =
        List.of(
            "fx 100 EUR at the rate of 2026-10-02 (ECB) 110 USD",
            "fx 100 EUR at the rate of 2026-10-09 (ECB) 120 USD");
    var exchanged = new LinkedHashMap<String, List<String>>();
    for (Section section : statement.sections()) {
      exchanged
          .computeIfAbsent(section.clause(), _ -> new ArrayList<>())
          .addAll(lines(List.of(section)).stream().filter(l -> l.startsWith("fx ")).toList());
    }
    assertThat(exchanged)
        .containsEntry("p-1", both.subList(1, 2))
        // Once where it is counted, once where what was paid ahead pays for it.
        .containsEntry("c-1", Stream.of(both, both).flatMap(List::stream).toList())
        .containsEntry("sla", both)
        .containsEntry("ptu-1", List.of("fx 10 EUR at the rate of 2026-10-09 (ECB) 12 USD"));
    assertThat(lines(statement)).contains("used 230 USD", "drawn -230 USD", "spill 12 USD");
  }

  @Test
  void roundingIsALineOfItsOwn() throws Exception {
    trade.fact("2026-10-05 sale 0.33 USD");

    Statement statement = trade.settle("2026-10", Contracts.resale(1, "2026-01-01", SHARE));

    assertThat(lines(statement)).contains("share 0.066 USD", "rounding 0.004 USD", "due 0.07 USD");
  }

  @Test
  void salesOfOtherSellersAndOtherChannelsDoNotCountAndUnclearOnesAreTold() throws Exception {
    trade
        .fact("2026-10-05 sale 100 USD", "us", "api")
        .fact("2026-10-05 sale 100 USD", "maker", "api")
        .fact("2026-10-05 sale 100 USD", "us", "app")
        .fact("2026-10-05 sale 100 USD", "us", "");
    String scoped = SHARE + "    scope: {channels: [api]}\n";

    Statement statement = trade.settle("2026-10", Contracts.resale(1, "2026-01-01", scoped));

    assertThat(statement.due().values()).containsExactly(usd("20"));
    assertThat(statement.doubts())
        .containsExactly(
            "rs-1: f-3 of test does not say enough of what was sold to tell whether it counts; it"
                + " and others like it are left out");
  }

  @Test
  void theWorkedProfitsInBillionsReachTheirCap() throws Exception {
    ContractVersion a = Contracts.example("a");
    int year = 2020;
    for (String profit : List.of("5", "12", "20", "40", "60")) {
      trade.fact(year++ + "-03-01 profit " + profit + "000000000 USD", "openai");
    }
    trade.fact("2025-03-01 profit 80000000000 USD", "openai");

    var paid = new ArrayList<Money>();
    for (int at = 2020; at <= 2024; at++) {
      paid.addAll(trade.settle(at + "-03", a).due().values());
    }
    Statement last = trade.settle("2025-03", a);

    assertThat(paid)
        .containsExactly(
            usd("3750000000"),
            usd("9000000000"),
            usd("9886666666.67"),
            usd("19600000000"),
            usd("29400000000"));
    assertThat(last.due())
        .isEqualTo(Map.of(new Pair("openai", "microsoft"), usd("20363333333.33")));
    assertThat(last.events()).containsExactly("profit-cap: cap-reached");
    assertThat(lines(last)).contains("beyond 38442176870.76 USD", "closing 92000000000 USD");
  }

  @Test
  void theWorkedCommitmentAsMonthsOfUsage() throws Exception {
    String[] months = {
      "1.2", "1.4", "1.6", "1.9", "2.0", "2.1", "2.0", "1.8", "1.7", "1.6", "1.5", "1.4"
    };
    for (int i = 0; i < 12; i++) {
      trade.facts.with(
          "2026-%02d-15T12:00:00Z".formatted(i + 1),
          "acme/search",
          "maker/m",
          "input.text %s at 1000000 USD".formatted(months[i]));
      trade.facts.with(
          "2026-%02d-15T12:00:00Z".formatted(i + 1),
          "acme/search",
          "other/m",
          "input.text 9 at 1000000 USD");
    }
    String terms =
        """
        commitments:
          - {id: c-1, debtor: us, creditor: maker, kind: spend, amount: 24000000, unit: USD, floor-per-month: 1500000, over: {from: 2026-01-01, to: 2027-01-01}}
        """;
    ContractVersion version = Contracts.resale(1, "2026-01-01", terms);

    assertThat(trade.settle("2026-01", version).due().values()).containsExactly(usd("300000"));
    assertThat(trade.settle("2026-02", version).due().values()).containsExactly(usd("100000"));
    assertThat(trade.settle("2026-03", version).due()).isEmpty();
    Statement december = trade.settle("2026-12", version);
    assertThat(lines(december)).contains("floor 100000 USD", "shortfall 3300000 USD");
    assertThat(december.due().values()).containsExactly(usd("3400000"));
    assertThat(trade.settle("2027-01", version).sections()).isEmpty();
  }

  @Test
  void aCommitmentAtListPricesCountsWhatTheListAsksAndSaysWhatItLacks() throws Exception {
    trade.facts.with("2026-01-15T12:00:00Z", "a/b", "maker/m", "input.text 90 at 1 USD");
    var contract =
        new Contract(
            "resale",
            List.of(
                Contracts.resale(
                    1,
                    "2026-01-01",
                    """
                    commitments:
                      - {id: c-1, debtor: us, creditor: maker, kind: spend, amount: 1000, unit: USD, counts: list, over: {from: 2026-01-01, to: 2027-01-01}}
                    """)));
    YearMonth january = YearMonth.parse("2026-01");

    assertThat(lines(Settler.settle(contract, january, trade.given(_ -> Optional.of(usd("1.25"))))))
        .contains("used 112.5 USD", "remaining 887.5 USD");
    assertThatThrownBy(() -> Settler.settle(contract, january, trade.given()))
        .isInstanceOf(Unsettled.class)
        .hasMessage("c-1 counts at list prices, and no list has one for input.text of m");
  }

  @Test
  void whatIsRolledOverIsBilledWhenItIsNotUsedInTime() throws Exception {
    trade
        .facts
        .with("2026-01-15T12:00:00Z", "a/b", "maker/m", "input.text 90 at 1 USD")
        .with("2026-02-15T12:00:00Z", "a/b", "maker/m", "input.text 3 at 1 USD")
        .with("2026-03-15T12:00:00Z", "a/b", "maker/m", "input.text 2 at 1 USD");
    ContractVersion version =
        Contracts.resale(
            1,
            "2026-01-01",
            """
            commitments:
              - {id: c-1, debtor: us, creditor: maker, kind: spend, amount: 100, unit: USD, shortfall: roll, rollover: {max-percent: 8, months: 2}, over: {from: 2026-01-01, to: 2026-02-01}}
            """);

    assertThat(trade.settle("2026-01", version).due().values()).containsExactly(usd("2"));
    assertThat(trade.settle("2026-02", version).due()).isEmpty();
    assertThat(lines(trade.settle("2026-02", version))).contains("closing 5 USD");
    assertThat(trade.settle("2026-03", version).due().values()).containsExactly(usd("3"));
  }

  @Test
  void aPromiseIsCountedToItsOwnEndThoughTheContractEndsBefore() throws Exception {
    trade
        .facts
        .with("2026-01-15T12:00:00Z", "a/b", "maker/m", "input.text 90 at 1 USD")
        .with("2026-01-31T12:00:00Z", "a/b", "maker/m", "input.text 1 at 1 USD")
        .with("2026-02-15T12:00:00Z", "a/b", "maker/m", "input.text 3 at 1 USD");
    String terms =
        """
        commitments:
          - {id: c-1, debtor: us, creditor: maker, kind: spend, amount: 100, unit: USD, %s over: {from: 2026-01-01, to: 2026-02-01}}
        """;
    ContractVersion paid = Contracts.resale(1, "2026-01-01, to: 2026-01-31", terms.formatted(""));
    ContractVersion rolled =
        Contracts.resale(
            1,
            "2026-01-01, to: 2026-02-01",
            terms.formatted("shortfall: roll, rollover: {max-percent: 8, months: 1},"));

    assertThat(trade.settle("2026-01", paid).due().values()).containsExactly(usd("9"));
    assertThat(trade.settle("2026-01", rolled).due().values()).containsExactly(usd("1"));
    assertThat(trade.settle("2026-02", rolled).due().values()).containsExactly(usd("5"));
  }

  @Test
  void theWorkedMonthOfCapacityIs72000OfWhich45000AreBorneByWhoUsedIt() throws Exception {
    for (int hour = 0; hour < 720; hour++) {
      String at = "2026-09-%02dT%02d:30:00Z".formatted(1 + hour / 24, hour % 24);
      // 62.5 % of 15 million: two thirds by one team.
      trade.facts.with(
          at,
          "acme/search",
          "maker/m",
          "input.text 2250000 at 0 USD",
          "input.text.read 5000000 at 0 USD",
          "output.text 1000000 at 0 USD");
      trade.facts.with(at, "acme/chat", "maker/m", "input.text 3125000 at 0 USD");
    }
    ContractVersion version =
        Contracts.resale(
            1,
            "2026-01-01",
            """
            capacity:
              - {id: ptu-1, host: maker, models: [m], units: 100, unit: PTU, price-per-unit-hour: 1.00, throughput: {input-tokens-per-minute: 2500, output-weight: 4}}
            """);

    Statement statement = trade.settle("2026-09", version);

    assertThat(lines(statement))
        .containsExactly(
            "purchase 1 x 72000 = 72000 USD",
            "used 45000 USD",
            "unused 27000 USD",
            "borne acme/chat 14999.99976 USD",
            "borne acme/search 30000.00024 USD",
            "due 72000 USD");
    assertThat(statement.due()).isEqualTo(Map.of(new Pair("us", "maker"), usd("72000")));
  }

  @Test
  void aBadMonthAndALowerPriceForOthersAreGivenBack() throws Exception {
    for (int i = 0; i < 198; i++) {
      trade.facts.with("2026-10-05T10:00:00Z", "a/b", "maker/m", "input.text 1000 at 0.01 USD");
    }
    trade.facts.with("2026-10-05T10:00:00Z", "a/b", "maker/m", Attempt.Outcome.BROKEN);
    trade.facts.with("2026-10-05T10:00:00Z", "a/b", "maker/m", Attempt.Outcome.UNREACHED);
    trade.facts.with("2026-10-05T10:00:00Z", "a/b", "maker/m", Attempt.Outcome.REFUSED);
    ContractVersion version =
        Contracts.resale(
            1,
            "2026-01-01",
            """
            mfn: {scope: {models: [m]}}
            sla: {availability: 0.999, credits: [{below: 0.999, percent: 10}, {below: 0.99, percent: 25}]}
            """);

    Statement statement =
        Settler.settle(
            new Contract("resale", List.of(version)),
            YearMonth.parse("2026-10"),
            trade.given(_ -> Optional.of(usd("0.009"))));

    assertThat(lines(statement))
        .contains("used 1980 USD", "credit 198 USD", "claim 0.001 x 198000 = 198 USD");
    assertThat(statement.due()).isEqualTo(Map.of(new Pair("maker", "us"), usd("396")));
  }

  /** However sales fall into months and versions, the months come to what the whole does. */
  @Property(tries = 60)
  void monthsAndVersionsComeToTheWholeUpToTheirRounding(
      @ForAll("days") List<Integer> days, @ForAll("amounts") List<BigDecimal> amounts)
      throws Exception {
    BigDecimal total = BigDecimal.ZERO;
    for (int i = 0; i < days.size(); i++) {
      BigDecimal amount = amounts.get(i % amounts.size());
      total = total.add(amount);
      trade.fact(
          "2026-%02d-%02d sale %s USD"
              .formatted(1 + days.get(i) / 28, 1 + days.get(i) % 28, amount.toPlainString()));
    }
    ContractVersion one = Contracts.resale(1, "2026-01-01", SHARE);
    ContractVersion two = Contracts.resale(2, "2026-02-11T07:00:00Z", SHARE);
    BigDecimal owed = BigDecimal.ZERO;
    BigDecimal exact = BigDecimal.ZERO;
    for (String month : List.of("2026-01", "2026-02", "2026-03", "2026-04")) {
      for (Section section : trade.settle(month, one, two).sections()) {
        owed = owed.add(section.due().amount());
        exact =
            section.lines().stream()
                .filter(l -> l.text().equals("owed so far, exactly"))
                .map(l -> l.amount().amount())
                .findFirst()
                .orElse(exact);
      }
    }
    BigDecimal whole = one.money().shares().getFirst().terms().of(total);
    assertThat(exact).isEqualByComparingTo(whole);
    assertThat(owed.subtract(whole).abs()).isLessThanOrEqualTo(new BigDecimal("0.025"));
    trade.sales.clear();
  }

  @Provide
  Arbitrary<List<Integer>> days() {
    return Arbitraries.integers().between(0, 4 * 28 - 1).list().ofMinSize(1).ofMaxSize(15);
  }

  @Provide
  Arbitrary<List<BigDecimal>> amounts() {
    return Arbitraries.bigDecimals()
        .between(new BigDecimal("0.001"), new BigDecimal("9000000"))
        .ofScale(3)
        .list()
        .ofMinSize(1)
        .ofMaxSize(15);
  }

  /** As text, so that a statement can be read in a test. */
  static List<String> lines(Statement statement) {
    return lines(statement.sections());
  }

  static List<String> lines(List<Section> sections) {
    return sections.stream()
        .flatMap(section -> section.lines().stream())
        .map(SettlerTest::text)
        .toList();
  }

  private static String text(Line line) {
    if (line.rate().isPresent() && line.quantity().isPresent()) {
      return "%s %s x %s = %s"
          .formatted(
              line.item().word(),
              plain(line.rate().get()),
              plain(line.quantity().get()),
              line.amount());
    }
    boolean named = List.of(Item.DEDUCTION, Item.FX, Item.BORNE).contains(line.item());
    return line.item().word() + (named ? " " + line.text() : "") + " " + line.amount();
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  private static Money usd(String amount) {
    return Money.parse(amount + " USD");
  }
}
