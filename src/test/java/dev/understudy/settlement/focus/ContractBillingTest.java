package dev.understudy.settlement.focus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.Contracts;
import dev.understudy.exchange.Facts;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Shipped;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What contracts say was bought, in costs. */
class ContractBillingTest {
  private static final Instant OCTOBER = Instant.parse("2026-10-01T00:00:00Z");
  private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
  private static final Map<String, String> KINDS = Map.of("azure-eu", "azure-openai");

  private static final String HEAD =
      """
      contract:
        id: hosting
        version: %d
        %sparties:
          - {id: us, role: customer}
          - {id: host, role: host, vendors: ["azure-*"]}
        term: {from: %s}
        currency: USD
      """;
  private static final String FIRST = HEAD.formatted(1, "", "2026-10-01");
  private static final String CAPACITY =
      """
      capacity:
        - {id: ptu, host: host, models: ["gpt-*"], units: %d, unit: PTU, price-per-unit-hour: 1.00,
           window: {from: 2026-10-01, to: 2027-10-01}%s}
      """;
  private static final String SERVES =
      ", throughput: {input-tokens-per-minute: 2500, output-weight: 4}";
  private static final String FLOOR =
      """
      commitments:
        - {id: floor, debtor: us, creditor: host, kind: spend, amount: 100000, unit: USD,
           over: {from: 2026-10-01, to: 2027-10-01}, floor-per-month: 1000, eligible: {models: ["o3*"]}}
      """;

  private static ContractBilling.Taken taken(Billing said, String... contracts) {
    var versions = new ArrayList<ContractVersion>();
    for (String yaml : contracts) {
      versions.add(Contracts.of(yaml));
    }
    return ContractBilling.of(said, new ContractBook(versions), Optional.empty(), KINDS, NOVEMBER);
  }

  private static CostAndUsage costs(Billing billing) {
    return new CostAndUsage(
        billing,
        CostAndUsageTest.parties(billing),
        ListPrices.of(new Prices(List.of(Shipped.list()))),
        Corrections.NONE,
        Instant.MAX);
  }

  private static List<Map<String, String>> rows(Billing billing, Facts facts) throws IOException {
    var rows = new ArrayList<Map<String, String>>();
    costs(billing).write(facts, OCTOBER, NOVEMBER, Facts.Grain.DAY, rows::add);
    return rows;
  }

  private static BigDecimal sum(
      List<Map<String, String>> rows, String of, String column, String is) {
    return rows.stream()
        .filter(row -> is.equals(row.get(column)))
        .map(row -> new BigDecimal(row.get(of)))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static MemoryFacts facts() {
    return new MemoryFacts()
        // 15 M weighed tokens are a full hour of 100 units.
        .add(
            MemoryFacts.call(
                "2026-10-05T10:00:00Z", "azure-eu", "gpt-5.1", "input.text 7500000 0.00000125"))
        .add(
            MemoryFacts.call(
                "2026-10-06T10:00:00Z", "azure-eu", "o3", "input.text 100000000 0.000002"))
        .add(
            MemoryFacts.call(
                "2026-10-07T10:00:00Z", "openai", "gpt-5.1", "input.text 1000 0.00000125"));
  }

  @Test
  void capacityAndFloorsOfAContractAreRowsThatPassTheCheck() throws IOException {
    ContractBilling.Taken taken =
        taken(Billing.PLAIN, FIRST + FLOOR + CAPACITY.formatted(100, SERVES));
    assertThat(taken.notes()).isEmpty();

    List<Map<String, String>> rows = rows(taken.billing(), facts());

    assertThat(sum(rows, "BilledCost", "CommitmentDiscountId", "hosting/ptu"))
        .isEqualByComparingTo("74400");
    // Half an hour of 100 units; the other vendor's call is not in it.
    assertThat(
            rows.stream()
                .filter(row -> "Used".equals(row.get("CommitmentDiscountStatus")))
                .map(row -> row.get("EffectiveCost")))
        .containsExactly("50");
    assertThat(sum(rows, "EffectiveCost", "CommitmentDiscountId", "hosting/ptu"))
        .isEqualByComparingTo("74400");
    // 200 of 1000 were used.
    assertThat(sum(rows, "BilledCost", "CommitmentDiscountId", "hosting/floor"))
        .isEqualByComparingTo("800");
    assertThat(rows)
        .filteredOn(row -> "hosting/ptu".equals(row.get("CommitmentDiscountId")))
        .allSatisfy(row -> assertThat(row).containsEntry("x_Vendor", "azure-eu"));
    var text = new StringWriter();
    var writer = new RowWriter(text, RuleBook.Dataset.COST_AND_USAGE_1_2, false);
    costs(taken.billing()).write(facts(), OCTOBER, NOVEMBER, Facts.Grain.DAY, writer);
    CheckedFile checked =
        CheckedFile.of(text.toString(), RuleBook.Dataset.COST_AND_USAGE_1_2, Checker.Options.PLAIN);
    assertThat(checked.violations()).isEmpty();
  }

  @Test
  void aNewVersionBuysOtherUnitsFromItsInstantOn() throws IOException {
    ContractBilling.Taken taken =
        taken(
            Billing.PLAIN,
            FIRST + CAPACITY.formatted(100, SERVES),
            HEAD.formatted(2, "supersedes: 1\n  ", "2026-10-16") + CAPACITY.formatted(40, SERVES));

    assertThat(sum(rows(taken.billing(), facts()), "BilledCost", "ChargeCategory", "Purchase"))
        // 15 days of 100 units, 16 of 40.
        .isEqualByComparingTo("51360");
  }

  @Test
  void theHourInWhichAVersionBeginsIsBoughtOnce() throws IOException {
    ContractBilling.Taken taken =
        taken(
            Billing.PLAIN,
            FIRST + CAPACITY.formatted(100, SERVES),
            HEAD.formatted(2, "supersedes: 1\n  ", "2026-10-16T10:30:00Z")
                + CAPACITY.formatted(40, SERVES));

    List<Map<String, String>> rows = rows(taken.billing(), facts());

    // 371 hours of 100 units, the last of them begun, and 373 of 40.
    assertThat(sum(rows, "BilledCost", "ChargeCategory", "Purchase")).isEqualByComparingTo("52020");
    assertThat(sum(rows, "EffectiveCost", "CommitmentDiscountId", "hosting/ptu"))
        .isEqualByComparingTo("52020");
  }

  @Test
  void capacityThatWasPromisedAndNotHeldIsBilledAsItsContractSays() throws IOException {
    ContractBilling.Taken taken =
        taken(
            Billing.PLAIN,
            FIRST
                + CAPACITY.formatted(100, SERVES)
                + """
                commitments:
                  - {id: reserve, debtor: us, creditor: host, kind: capacity, amount: 120, unit: PTU, price: 0.80,
                     over: {from: 2026-10-01, to: 2026-11-01}}
                """);
    assertThat(taken.notes()).isEmpty();

    List<Map<String, String>> rows = rows(taken.billing(), facts());

    // 20 units that were not held in 744 hours, as on the statement.
    assertThat(sum(rows, "BilledCost", "CommitmentDiscountId", "hosting/reserve"))
        .isEqualByComparingTo("11904");
    assertThat(rows)
        .filteredOn(row -> "hosting/reserve".equals(row.get("CommitmentDiscountId")))
        .hasSize(2)
        .allSatisfy(row -> {
          assertThat(row).containsEntry("CommitmentDiscountUnit", "PTU-Hours");
          assertThat(row).containsEntry("CommitmentDiscountQuantity", "14880");
        });
    var text = new StringWriter();
    var writer = new RowWriter(text, RuleBook.Dataset.COST_AND_USAGE_1_2, false);
    costs(taken.billing()).write(facts(), OCTOBER, NOVEMBER, Facts.Grain.DAY, writer);
    assertThat(
            CheckedFile.of(
                    text.toString(), RuleBook.Dataset.COST_AND_USAGE_1_2, Checker.Options.PLAIN)
                .violations())
        .isEmpty();
    var commitments = new ArrayList<Map<String, String>>();
    new SmallDatasets(taken.billing(), CostAndUsageTest.parties(taken.billing()), NOVEMBER)
        .contractCommitments(commitments::add);
    assertThat(commitments)
        .filteredOn(row -> "hosting/reserve".equals(row.get("ContractCommitmentId")))
        .singleElement()
        .satisfies(row ->
            assertThat(row)
                .containsEntry("ContractCommitmentCategory", "Usage")
                .containsEntry("ContractCommitmentQuantity", "89280")
                .containsEntry("ContractCommitmentUnit", "PTU-Hours")
                .containsEntry("ContractCommitmentCost", "71424")
                .containsEntry("BillingCurrency", "USD"));
  }

  @Test
  void whatIsPaidByTheHourDoesNotCountForAPromiseToSpend() throws IOException {
    ContractBilling.Taken taken =
        taken(
            Billing.PLAIN,
            FIRST
                + FLOOR.replace(", eligible: {models: [\"o3*\"]}", "")
                + CAPACITY.formatted(100, SERVES));

    // 200 of 1000 were spent by the token; the 9.375 of the call inside were not.
    assertThat(
            sum(
                rows(taken.billing(), facts()),
                "BilledCost",
                "CommitmentDiscountId",
                "hosting/floor"))
        .isEqualByComparingTo("800");
  }

  @Test
  void theBillingFileSaysWhatAContractDoesNot() {
    Billing said =
        CostAndUsageTest.billing(
            """
            capacity:
              - {id: ptu, contract: hosting, vendor: azure-eu, units: 7, unit: PTU, price-per-unit-hour: 1.00 USD,
                 from: 2026-10-01, to: 2026-10-31, input-tokens-per-minute: 2500}
            commitments:
              - {id: own, vendor: openai, amount: 5 USD, from: 2026-10-01, to: 2026-11-01}
            """);

    ContractBilling.Taken silent = taken(said, FIRST + CAPACITY.formatted(100, ""));
    assertThat(silent.billing().capacity())
        .singleElement()
        .satisfies(one -> assertThat(one.terms().units()).isEqualByComparingTo("7"));
    assertThat(silent.notes()).isEmpty();
    assertThat(taken(Billing.PLAIN, FIRST + CAPACITY.formatted(100, "")).notes())
        .singleElement()
        .asString()
        .contains("hosting/ptu", "what one PTU serves");

    ContractBilling.Taken told = taken(said, FIRST + CAPACITY.formatted(100, SERVES));
    assertThat(told.billing().capacity())
        .singleElement()
        .satisfies(one -> assertThat(one.terms().units()).isEqualByComparingTo("100"));
    assertThat(told.notes()).singleElement().asString().contains("the contract says it");
    assertThat(told.billing().commitments()).extracting(Billing.Spend::id).containsExactly("own");
  }

  @Test
  void aPromiseHasItsOwnEndThoughTheContractEndsBefore() {
    Billing billing =
        taken(Billing.PLAIN, HEAD.formatted(1, "", "2026-10-01, to: 2027-09-30") + FLOOR).billing();

    assertThat(billing.commitments().getFirst().terms().to())
        .isEqualTo(Instant.parse("2027-10-01T00:00:00Z"));
    assertThat(billing.commitments().getFirst().terms().shortfall())
        .isEqualTo(dev.understudy.contract.Commitment.Shortfall.PAY);
  }

  @Test
  void whatOthersBoughtIsNotOurCost() {
    var book =
        new ContractBook(List.of(Contracts.of(FIRST + FLOOR + CAPACITY.formatted(1, SERVES))));

    ContractBilling.Taken host =
        ContractBilling.of(Billing.PLAIN, book, Optional.of("host"), KINDS, NOVEMBER);
    assertThat(host.billing().capacity()).isEmpty();
    assertThat(host.billing().commitments()).isEmpty();
    assertThat(
            ContractBilling.of(Billing.PLAIN, book, Optional.of("nobody"), KINDS, NOVEMBER).notes())
        .singleElement()
        .asString()
        .contains("nobody is no party");
  }
}
