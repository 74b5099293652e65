package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.contract.Chain;
import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractState;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.Contracts;
import dev.understudy.contract.Happening;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is promised ahead: capacity that is held, what is paid before it is used, list prices. */
final class PromisesTest {
  private final Trade trade = new Trade();

  private static final String PTU =
      """
      capacity:
        - {id: ptu-1, host: maker, models: [m], units: 100, unit: PTU, price-per-unit-hour: 1.00, throughput: {input-tokens-per-minute: 2500, output-weight: 4}, spill-over: {to: [other/m]}}
      """;

  /** 62.5 % of 100 PTU in every hour of September, and 40 M in and 5 M out that spilled. */
  private void theWorkedMonth() {
    for (int hour = 0; hour < 720; hour++) {
      String at = "2026-09-%02dT%02d:30:00Z".formatted(1 + hour / 24, hour % 24);
      trade.facts.with(
          at,
          "acme/chat",
          "maker/m",
          "input.text 5375000 at 0 USD",
          "output.text 1000000 at 0 USD");
    }
    trade.facts.with(
        "2026-09-15T12:10:00Z",
        "acme/chat",
        "other/m",
        "input.text 40000000 at 0.0000025 USD",
        "output.text 5000000 at 0.00001 USD");
  }

  @Test
  void theWorkedMonthIs72000Of45000UsedAnd27000UnusedAnd150SpilledOnDemand() throws Exception {
    theWorkedMonth();

    Statement statement = trade.settle("2026-09", Contracts.bought(1, "2026-01-01", PTU));

    assertThat(SettlerTest.lines(statement))
        .containsExactly(
            "purchase 1 x 72000 = 72000 USD",
            "used 45000 USD",
            "unused 27000 USD",
            "borne acme/chat 45000 USD",
            "spill 150 USD",
            "due 72000 USD");
    assertThat(statement.sections().getFirst().lines())
        .filteredOn(line -> line.item() == Line.Item.SPILL)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.text()).isEqualTo("tokens that other/m answered instead, paid on demand");
          assertThat(line.quantity()).contains(new BigDecimal("45000000"));
        });
    assertThat(statement.doubts()).isEmpty();
  }

  @Test
  void whatIsAnsweredElsewhereInAnHourWithoutUseOfTheCapacityDidNotSpill() throws Exception {
    trade.facts.with(
        "2026-09-15T12:10:00Z", "acme/chat", "other/m", "input.text 40 at 0.0000025 USD");

    assertThat(SettlerTest.lines(trade.settle("2026-09", Contracts.bought(1, "2026-01-01", PTU))))
        .noneMatch(line -> line.startsWith("spill"));
  }

  @Test
  void callsInsideThatAlsoHavePricesByTheTokenAreTold() throws Exception {
    trade.facts.with("2026-09-15T12:10:00Z", "acme/chat", "maker/m", "input.text 40 at 0.01 USD");

    assertThat(trade.settle("2026-09", Contracts.bought(1, "2026-01-01", PTU)).doubts())
        .containsExactly(
            "ptu-1: calls inside it also have prices by the token, so they are paid twice in the"
                + " books: give its targets prices of 0");
  }

  private static final String VERTEX = PTU.replace("host: maker", "host: google");

  private static ContractVersion google(String terms) {
    return Contracts.of(
        """
        contract:
          id: bought
          version: 1
          parties:
            - {id: us, role: customer}
            - {id: google, role: host, vendors: [vertex]}
          term: {from: 2026-01-01}
          currency: USD
        """
            + terms);
  }

  @Test
  void whatTheSameTargetServedOnDemandIsNotInsideTheCapacity() throws Exception {
    trade
        .facts
        .tier("PROVISIONED_THROUGHPUT")
        .with("2026-09-15T12:10:00Z", "acme/chat", "vertex/m", "input.text 7500000 at 0 USD")
        .tier("ON_DEMAND")
        .with(
            "2026-09-15T12:20:00Z", "acme/chat", "vertex/m", "input.text 7500000 at 0.000001 USD");

    Statement statement = trade.settle("2026-09", google(VERTEX));

    assertThat(SettlerTest.lines(statement))
        .contains("used 50 USD", "borne acme/chat 50 USD", "spill 7.5 USD");
    assertThat(statement.doubts()).isEmpty();
  }

  @Test
  void whatIsPaidByTheHourDoesNotCountForAPromiseToSpend() throws Exception {
    trade
        .facts
        .tier("PROVISIONED_THROUGHPUT")
        .with("2026-09-15T12:10:00Z", "acme/chat", "vertex/m", "input.text 7500000 at 0.000002 USD")
        .tier("ON_DEMAND")
        .with(
            "2026-09-15T12:20:00Z", "acme/chat", "vertex/m", "input.text 7500000 at 0.000001 USD");

    Statement statement =
        trade.settle(
            "2026-09",
            google(
                VERTEX
                    + """
                    commitments:
                      - {id: c-1, debtor: us, creditor: google, kind: spend, amount: 1000, unit: USD, over: {from: 2026-09-01, to: 2026-10-01}}
                    """));

    assertThat(SettlerTest.lines(statement)).contains("used 7.5 USD", "shortfall 992.5 USD");
  }

  @Test
  void anHourInWhichAVersionBeginsIsPaidOnce() throws Exception {
    Statement statement =
        trade.settle(
            "2026-09",
            Contracts.bought(1, "2026-01-01", PTU),
            Contracts.bought(2, "2026-09-15T12:30:00Z", PTU.replace("1.00", "2.00")));

    assertThat(statement.sections())
        .extracting(Section::due)
        .containsExactly(usd("34900"), usd("74200"));
  }

  @Test
  void promisedCapacityIsCountedInUnitHoursHeldUsedAndUnused() throws Exception {
    theWorkedMonth();
    String promised =
        PTU
            + """
            commitments:
              - {id: c-1, debtor: us, creditor: maker, kind: capacity, amount: 120, unit: PTU, price: 0.80, over: {from: 2026-09-01, to: 2026-11-01}}
            """;
    ContractVersion version = Contracts.bought(1, "2026-01-01", promised);

    Statement september = trade.settle("2026-09", version);
    Statement october = trade.settle("2026-10", version);

    // 120 PTU in 30 and 31 days; 100 are held.
    assertThat(quantities(september, "c-1"))
        .containsExactly(
            "committed 175680 committed in all, in PTU-hours",
            "opening 0 counted before, in PTU-hours",
            "purchase 72000 held, in PTU-hours",
            "used 45000 used of what was held, in PTU-hours",
            "unused 27000 unused of what was held, in PTU-hours",
            "remaining 103680 remaining, in PTU-hours");
    assertThat(quantities(october, "c-1"))
        .contains(
            "opening 72000 counted before, in PTU-hours",
            "purchase 74400 held, in PTU-hours",
            "shortfall 29280 not used by the end, in PTU-hours",
            "shortfall 29280 billed of it, in PTU-hours");
    assertThat(section(september, "c-1").due()).isEqualTo(usd("0"));
    assertThat(section(october, "c-1").due()).isEqualTo(usd("23424"));
    assertThat(trade.settle("2026-11", version).sections())
        .extracting(Section::clause)
        .containsExactly("ptu-1");
  }

  @Test
  void gigawattsThatAreHeldCountThoughNobodyKnowsHowTheyAreUsed() throws Exception {
    String promised =
        """
        capacity:
          - {id: phase-1, host: maker, units: 1, unit: GW, price-per-unit-hour: 1000000}
          - {id: phase-2, host: maker, units: 2.5, unit: GW, price-per-unit-hour: 1000000, window: {from: 2026-09-16}}
        commitments:
          - {id: gw-3, debtor: us, creditor: maker, kind: capacity, amount: 3, unit: GW, floor-per-month: 2, over: {from: 2026-09-01, to: 2026-11-01}}
        """;
    ContractVersion version = Contracts.bought(1, "2026-01-01", promised);

    Statement september = trade.settle("2026-09", version);

    // 720 hours of 1 GW and 360 of 2.5; the floor is 1440.
    assertThat(quantities(september, "gw-3"))
        .contains(
            "purchase 1620.0 held, in GW-hours", "committed 4392 committed in all, in GW-hours")
        .noneMatch(line -> line.startsWith("floor") || line.startsWith("used"));
    assertThat(september.doubts())
        .contains(
            "phase-1 does not say what one GW serves: nobody can tell how much was used",
            "phase-2 does not say what one GW serves: nobody can tell how much was used");
  }

  @Test
  void aFloorOfCapacityWithoutAPriceIsToldInUnits() throws Exception {
    String promised =
        """
        commitments:
          - {id: gw-3, debtor: us, creditor: maker, kind: capacity, amount: 3, unit: GW, floor-per-month: 2, over: {from: 2026-09-01, to: 2026-11-01}}
        """;

    Statement september = trade.settle("2026-09", Contracts.bought(1, "2026-01-01", promised));

    assertThat(quantities(september, "gw-3"))
        .contains("floor 1440 up to the floor of the month, in GW-hours");
    assertThat(september.doubts())
        .containsExactly(
            "gw-3 falls short by 1440 GW-hours; the contract does not say what one costs (price)");
  }

  @Test
  void tokensThatWerePromisedAndNotUsedHaveAPrice() throws Exception {
    trade.facts.with("2026-09-15T12:10:00Z", "a/b", "maker/m", "input.text 40 at 0.01 USD");
    String promised =
        """
        commitments:
          - {id: t-1, debtor: us, creditor: maker, kind: usage, amount: 100, unit: Tokens, price: 0.008, over: {from: 2026-09-01, to: 2026-10-01}}
        """;

    Statement statement = trade.settle("2026-09", Contracts.bought(1, "2026-01-01", promised));

    assertThat(SettlerTest.lines(statement)).contains("shortfall 0.008 x 60 = 0.48 USD");
    assertThat(section(statement, "t-1").due()).isEqualTo(usd("0.48"));
  }

  private static final String AHEAD =
      """
      commitments:
        - {id: c-1, debtor: us, creditor: maker, kind: spend, amount: 100, unit: USD, prepay: {percent: 60, at: 2026-01-10}, over: {from: 2026-01-01, to: 2026-04-01}%s}
      """;

  @Test
  void whatIsPaidAheadPaysForWhatIsUsedUntilNothingIsLeft() throws Exception {
    trade
        .facts
        .with("2026-01-15T12:00:00Z", "a/b", "maker/m", "input.text 25 at 1 USD")
        .with("2026-02-15T12:00:00Z", "a/b", "maker/m", "input.text 50 at 1 USD")
        .with("2026-03-15T12:00:00Z", "a/b", "maker/m", "input.text 5 at 1 USD");
    ContractVersion version = Contracts.bought(1, "2026-01-01", AHEAD.formatted(""));

    Statement january = trade.settle("2026-01", version);
    Statement february = trade.settle("2026-02", version);
    Statement march = trade.settle("2026-03", version);

    // 60 are paid, 25 of them used; then 35; then nothing is left, and 20 of 100 are missing.
    assertThat(SettlerTest.lines(january))
        .contains("prepaid 60 USD", "drawn -25 USD", "closing 35 USD");
    assertThat(january.due().values()).containsExactly(usd("35"));
    assertThat(february.due().values()).containsExactly(usd("-35"));
    assertThat(march.due().values()).containsExactly(usd("20"));
    // With the calls, 80, all that was ever paid is 100.
    assertThat(Booking.postings(january, "us"))
        .hasToString("{payable:maker=-35 USD, prepaid:bought/c-1=35 USD}");
    assertThat(Booking.postings(february, "us"))
        .hasToString("{payable:maker=35 USD, prepaid:bought/c-1=-35 USD}");
    assertThat(Booking.postings(march, "us"))
        .hasToString("{payable:maker=-20 USD, commitment-unused:bought/c-1=20 USD}");
    assertThat(Booking.postings(january, "maker"))
        .hasToString("{receivable:us=35 USD, prepaid:bought/c-1=-35 USD}");
  }

  @Test
  void whatIsPaidAheadAndNotUsedInTimeIsLostWhereItIsForfeit() throws Exception {
    trade.facts.with("2026-01-15T12:00:00Z", "a/b", "maker/m", "input.text 25 at 1 USD");
    ContractVersion version =
        Contracts.bought(1, "2026-01-01", AHEAD.formatted(", shortfall: forfeit"));

    Statement march = trade.settle("2026-03", version);

    assertThat(SettlerTest.lines(march)).contains("forfeited 35 USD", "lost 75 USD");
    assertThat(march.due()).isEmpty();
    assertThat(Booking.postings(march, "us"))
        .hasToString("{commitment-unused:bought/c-1=35 USD, prepaid:bought/c-1=-35 USD}");
    assertThat(trade.settle("2026-04", version).sections()).isEmpty();
  }

  @Test
  void whatWasPaidAheadMayBeUsedAfterwardsWhereItRollsOver() throws Exception {
    trade
        .facts
        .with("2026-01-15T12:00:00Z", "a/b", "maker/m", "input.text 25 at 1 USD")
        .with("2026-04-15T12:00:00Z", "a/b", "maker/m", "input.text 30 at 1 USD");
    ContractVersion version =
        Contracts.bought(
            1,
            "2026-01-01",
            AHEAD.formatted(", shortfall: roll, rollover: {max-percent: 75, months: 1}"));

    // 75 are missing, all roll over; of 35 paid ahead 30 are used in April, and 45 billed, 5 of
    // them paid.
    assertThat(trade.settle("2026-03", version).due()).isEmpty();
    Statement april = trade.settle("2026-04", version);
    assertThat(SettlerTest.lines(april)).contains("drawn -35 USD");
    assertThat(april.due().values()).containsExactly(usd("10"));
  }

  @Test
  void whatIsInScopeByTheTagsOfKeysAloneIsCountedAttemptByAttempt() throws Exception {
    trade
        .facts
        .tagged(Map.of("channel", "api"))
        .with("2026-09-15T12:10:00Z", "a/b", "maker/m", "input.text 40 at 1 USD")
        .tagged(Map.of("channel", "app"))
        .with("2026-09-15T12:10:00Z", "a/b", "maker/m", "input.text 2 at 1 USD");
    String promised =
        """
        commitments:
          - {id: c-1, debtor: us, creditor: maker, kind: spend, amount: 100, unit: USD, eligible: {channels: [api]}, over: {from: 2026-09-01, to: 2026-10-01}}
        """;

    assertThat(
            SettlerTest.lines(trade.settle("2026-09", Contracts.bought(1, "2026-01-01", promised))))
        .contains("used 40 USD");
  }

  /** A list with a cliff: 1 for an input token, 2 where a request has more than 200. */
  private static final class Cliff implements Given.ListPrices {
    @Override
    public Optional<Money> each(Facts.Sum sum) {
      return Optional.of(usd("1"));
    }

    @Override
    public boolean isUneven(Facts.Sum sum) {
      return true;
    }

    @Override
    public Map<String, Money> each(Fact fact) {
      var all = new HashMap<String, Money>();
      boolean isLong = fact.leaves().get("input.text").compareTo(BigDecimal.valueOf(200)) > 0;
      all.put("input.text", usd(isLong ? "2" : "1"));
      return all;
    }
  }

  @Test
  void listPricesKnowTheCliffOfEachRequest() throws Exception {
    trade
        .facts
        .with("2026-09-15T12:10:00Z", "a/b", "maker/m", "input.text 300 at 3 USD")
        .with("2026-09-15T12:20:00Z", "a/b", "maker/m", "input.text 100 at 3 USD");
    String terms =
        """
        mfn: {scope: {models: [m]}}
        commitments:
          - {id: c-1, debtor: us, creditor: maker, kind: spend, amount: 1000, unit: USD, counts: list, over: {from: 2026-09-01, to: 2026-10-01}}
        """;

    Statement statement =
        Settler.settle(
            new Contract("bought", List.of(Contracts.bought(1, "2026-01-01", terms))),
            YearMonth.parse("2026-09"),
            trade.given(new Cliff()));

    assertThat(SettlerTest.lines(statement))
        .contains("used 700 USD", "claim 1 x 300 = 300 USD", "claim 2 x 100 = 200 USD");
  }

  @Test
  void attemptsInMaintenanceThatWasToldDoNotCountForAvailability() throws Exception {
    for (int i = 0; i < 98; i++) {
      trade.facts.with("2026-10-05T10:00:00Z", "a/b", "maker/m", "input.text 100 at 0.1 USD");
    }
    trade.facts.with("2026-10-06T10:00:00Z", "a/b", "maker/m", Attempt.Outcome.UNREACHED);
    trade.facts.with("2026-10-06T10:59:59Z", "a/b", "maker/m", Attempt.Outcome.UNREACHED);
    ContractVersion version =
        Contracts.bought(
            1,
            "2026-01-01",
            """
            sla: {availability: 0.999, credits: [{below: 0.999, percent: 10}], exclude: [maintenance], latency-p95-ms: 800}
            """);
    String latency =
        "sla: how fast it answered (95 of 100 within 800 ms) is not measured here and gives no credit";

    Statement before = trade.settle("2026-10", version);
    assertThat(SettlerTest.lines(before)).contains("credit 98 USD");
    assertThat(before.doubts())
        .containsExactly(latency, "sla: nothing was told of maintenance, so every attempt counts");

    var chain = new Chain();
    excludes(chain, "2026-10-06T10:00:00Z", "2026-10-06T10:30:00Z");
    Statement half = settle(version, chain);
    assertThat(half.sections().getFirst().lines())
        .extracting(Line::text)
        .contains(
            "98 of 99 attempts were served; 0.999 was promised",
            "1 attempts do not count: maintenance");

    excludes(chain, "2026-10-06T10:00:00Z", "2026-10-06T11:00:00Z");
    assertThat(settle(version, chain).sections()).isEmpty();

    // Told to end where it begins, it is taken back.
    excludes(chain, "2026-10-06T10:00:00Z", "2026-10-06T10:00:00Z");
    assertThat(settle(version, chain).due()).isEqualTo(before.due());
  }

  private static void excludes(Chain chain, String since, String until) {
    chain.add(
        Happening.Kind.EXCLUDE,
        "bought",
        "sla",
        "2026-10-07",
        "reason",
        "maintenance",
        "since",
        since,
        "until",
        until);
  }

  private Statement settle(ContractVersion version, Chain chain) throws Exception {
    Contract contract =
        ContractState.of(
                new ContractBook(List.of(version)),
                Map.of(),
                chain.log(),
                Instant.parse("2026-11-01T00:00:00Z"))
            .book()
            .contract("bought")
            .orElseThrow();
    return Settler.settle(contract, YearMonth.parse("2026-10"), trade.given());
  }

  @Test
  void promisesThatDoNotFitTheirUnitOrTheirTimeAreRefused() {
    assertThatThrownBy(
            () -> Contracts.bought(1, "2026-01-01", AHEAD.formatted("").replace("USD", "EUR")))
        .hasMessageContaining(
            "c.yaml:10:76: a commitment of spend is in the contract's currency, USD, not in \"EUR\"");
    assertThatThrownBy(() ->
            Contracts.bought(
                1, "2026-01-01", AHEAD.formatted("").replace("2026-01-10", "2025-12-31")))
        .hasMessageContaining("it is paid ahead on 2025-12-31T00:00:00Z, outside of its own time");
    assertThatThrownBy(() ->
            Contracts.bought(
                1,
                "2026-01-01",
                AHEAD.formatted("").replace("spend", "usage").replace("USD", "Tokens")))
        .hasMessageContaining(
            "a part of so many Tokens is paid ahead, and nothing says what one costs; add price");
  }

  private static Section section(Statement statement, String clause) {
    return statement.sections().stream()
        .filter(section -> section.clause().equals(clause))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> quantities(Statement statement, String clause) {
    return section(statement, clause).lines().stream()
        .filter(line -> line.quantity().isPresent())
        .map(line ->
            "%s %s %s"
                .formatted(line.item().word(), line.quantity().get().toPlainString(), line.text()))
        .toList();
  }

  private static Money usd(String amount) {
    return Money.parse(amount + " USD");
  }
}
