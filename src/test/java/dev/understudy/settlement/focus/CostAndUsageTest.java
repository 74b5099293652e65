package dev.understudy.settlement.focus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Shipped;
import dev.understudy.text.Problems;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Developers;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CostAndUsageTest {
  private static final Instant OCTOBER = Instant.parse("2026-10-01T00:00:00Z");
  private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
  private static final ListPrices LISTS = ListPrices.of(new Prices(List.of(Shipped.list())));
  private static final RuleBook.Dataset V12 = RuleBook.Dataset.COST_AND_USAGE_1_2;

  /** Everything we support: columns of all of it must be there. */
  private static final Set<String> SUPPORTED =
      Set.of(
          "account-names",
          "commitments",
          "negotiated-prices",
          "price-list",
          "pricing-categories",
          "regions",
          "resource-types",
          "resources",
          "sub-accounts",
          "tags",
          "unit-prices",
          "usage");

  static Billing billing(String yaml) {
    var problems = new Problems();
    Optional<Billing> read =
        BillingReader.read("billing.yaml", yaml.getBytes(StandardCharsets.UTF_8), problems);
    assertThat(problems.lines()).isEmpty();
    return read.orElseThrow();
  }

  static Parties parties(Billing billing) {
    return Parties.of(
        billing, Catalogue.load(), Developers.load(), Map.of("azure", "azure-openai"));
  }

  private static List<Map<String, String>> rows(
      Billing billing, Facts facts, Instant from, Instant until, Facts.Grain grain)
      throws IOException {
    var rows = new ArrayList<Map<String, String>>();
    new CostAndUsage(billing, parties(billing), LISTS, Corrections.NONE, Instant.MAX)
        .write(facts, from, until, grain, rows::add);
    return rows;
  }

  private static String file(
      Billing billing, Facts facts, RuleBook.Dataset dataset, boolean json, Corrections corrections)
      throws IOException {
    var out = new StringWriter();
    new CostAndUsage(billing, parties(billing), LISTS, corrections, Instant.MAX)
        .write(facts, OCTOBER, NOVEMBER, Facts.Grain.DAY, new RowWriter(out, dataset, json));
    return out.toString();
  }

  private static BigDecimal sum(List<Map<String, String>> rows, String column, String... where) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Map<String, String> row : rows) {
      boolean meant = true;
      for (int i = 0; i < where.length; i += 2) {
        meant &= row.getOrDefault(where[i], "").equals(where[i + 1]);
      }
      if (meant) {
        sum = sum.add(new BigDecimal(row.getOrDefault(column, "0")));
      }
    }
    return sum;
  }

  /** Whatever there is: prices by steps, suspense, a reported cost, late calls, taxes, credits. */
  private static MemoryFacts mixed() {
    var facts = new MemoryFacts();
    facts.add(
        MemoryFacts.call(
            "2026-10-02T10:00:00Z",
            "openai",
            "gpt-5.1",
            "input.text 1234567 0.000001",
            "input.text.read 999 0.0000001",
            "output.text 321 0.00000875",
            "output.text.reasoning 77 0.00000875",
            "web_search_calls 3 0.01"));
    facts.add(
        MemoryFacts.call(
            "2026-10-02T23:59:59Z",
            "anthropic",
            "claude-sonnet-4-5",
            "input.text.write_1h 12304 0.000006"));
    facts.add(
        MemoryFacts.call("2026-10-03T00:00:00Z", "openai", "gpt-5.1", "input.text 1 0.000001"));
    facts.add(
        MemoryFacts.call("2026-10-20T00:00:00Z", "vllm", "own-model", "output.text 5 0.0000002"));
    var steps =
        Cost.of(
            List.of(
                new Cost.Line(
                    "input.text",
                    new BigDecimal("300"),
                    Optional.empty(),
                    Money.parse("0.0000713 USD"))),
            List.of(
                new Cost.Unpriced(
                    "new_unit", new BigDecimal("2"), "no price, \"new\"", Money.parse("0.02 USD"))),
            Currencies.USD,
            "negotiated/qwen/q@2026-01-01, tier batch");
    facts.add(
        MemoryFacts.fact(
            "2026-10-04T00:00:00Z", "qwen", "q", "", new TreeMap<>(), Optional.of(steps)));
    return facts;
  }

  private static final String CHARGES =
      """
      account: {id: acme-1, name: "Acme, Corp"}
      vendors:
        anthropic: {account: {id: org-9, name: Acme at Anthropic}}
      charges:
        - {vendor: openai, kind: tax, from: 2026-10-31, amount: 1.90 USD, description: VAT}
        - {vendor: openai, kind: credit, from: 2026-10-15, amount: "-5.00 USD", description: outage}
      capacity:
        - {id: ptu-1, vendor: azure, models: ["gpt-*"], units: 2, unit: PTU, price-per-unit-hour: 1.00 USD,
           input-tokens-per-minute: 1000, output-weight: 4, cached-weight: 0, from: 2026-10-01, to: 2026-10-03, contract: c-1}
      commitments:
        - {id: pre-1, vendor: anthropic, amount: 0.05 USD, prepaid: true, from: 2026-10-01, to: 2026-11-01}
        - {id: min-1, vendor: openai, amount: 30 USD, floor-per-month: 10, from: 2026-10-01, to: 2026-12-01}
      """;

  @Test
  void ourExportsPassEveryRuleOfEveryKind() throws IOException {
    MemoryFacts facts = mixed();
    facts.add(
        MemoryFacts.call(
            "2026-10-01T05:10:00Z",
            "azure",
            "gpt-5.1",
            "input.text 30000 0",
            "output.text 1000 0"));
    Billing billing = billing(CHARGES);
    var options = new Checker.Options(SUPPORTED, false, Map.of());
    Corrections late =
        fact -> fact.vendor().equals("vllm") ? Optional.of(NOVEMBER) : Optional.empty();
    for (boolean json : new boolean[] {false, true}) {
      CheckedFile v12 = CheckedFile.of(file(billing, facts, V12, json, late), V12, options);
      assertThat(v12.violations()).isEmpty();
      assertThat(v12.report().rows()).isGreaterThan(60);
      CheckedFile v14 =
          CheckedFile.of(
              file(billing, facts, RuleBook.Dataset.COST_AND_USAGE_1_4, json, late),
              RuleBook.Dataset.COST_AND_USAGE_1_4,
              Checker.Options.PLAIN);
      assertThat(v14.violations()).isEmpty();
    }
  }

  @Test
  void whatSomebodyElseBillsIsNotBilledByItsProviderWhateverKindOfRowItIs() throws IOException {
    Billing billing =
        billing(
            CHARGES.replace(
                "vendors:\n", "vendors:\n  openai: {issuer: Market}\n  azure: {issuer: Market}\n"));
    List<Map<String, String>> rows = rows(billing, mixed(), OCTOBER, NOVEMBER, Facts.Grain.DAY);

    assertThat(rows)
        .filteredOn(row -> "Market".equals(row.get("InvoiceIssuerName")))
        .filteredOn(row -> !"Market".equals(row.get("ProviderName")))
        .hasSizeGreaterThan(8)
        .allSatisfy(row -> assertThat(row).containsEntry("BilledCost", "0"));
    assertThat(sum(rows, "BilledCost", "ProviderName", "Market")).isEqualByComparingTo("-3.1");
    for (RuleBook.Dataset dataset : List.of(V12, RuleBook.Dataset.COST_AND_USAGE_1_4)) {
      CheckedFile checked =
          CheckedFile.of(
              file(billing, mixed(), dataset, false, Corrections.NONE),
              dataset,
              Checker.Options.PLAIN);
      assertThat(checked.violations()).isEmpty();
    }
  }

  @Test
  void aPriceTimesAQuantityIsTheCostToTheLastDigitWhateverTheNumbers() throws IOException {
    var random = new Random(7);
    var facts = new MemoryFacts();
    BigDecimal total = BigDecimal.ZERO;
    for (int i = 0; i < 300; i++) {
      String each = "0.%012d".formatted(random.nextInt(1, 1_000_000_000));
      int quantity = random.nextInt(1, 5_000_000);
      total = total.add(new BigDecimal(each).multiply(BigDecimal.valueOf(quantity)));
      facts.add(
          MemoryFacts.call(
              "2026-10-%02dT%02d:00:00Z".formatted(random.nextInt(1, 32), random.nextInt(24)),
              random.nextBoolean() ? "openai" : "xai",
              "m-" + random.nextInt(4),
              (random.nextBoolean() ? "input.text " : "output.text ") + quantity + " " + each));
    }

    List<Map<String, String>> rows = rows(Billing.PLAIN, facts, OCTOBER, NOVEMBER, Facts.Grain.DAY);

    assertThat(sum(rows, "BilledCost")).isEqualByComparingTo(total);
    CheckedFile file =
        CheckedFile.of(
            file(Billing.PLAIN, facts, V12, false, Corrections.NONE),
            V12,
            new Checker.Options(SUPPORTED, false, Map.of()));
    assertThat(file.violations()).isEmpty();
  }

  /** capacity.md 5.3: 72,000 bought, 62.5 % used. */
  @Test
  void anHourOfCapacityIsUsedAndUnusedAndTheirSumIsWhatWasBought() throws IOException {
    Billing billing =
        billing(
            """
            capacity:
              - {id: ptu, vendor: azure, units: 100, unit: PTU, price-per-unit-hour: 1.00 USD, from: 2026-10-01, to: 2026-10-31,
                 input-tokens-per-minute: 2500, output-weight: 4, cached-weight: 0}
            """);
    var facts = new MemoryFacts();
    for (int hour = 0; hour < 720; hour++) {
      Instant at = OCTOBER.plusSeconds(hour * 3_600L);
      // 15 M weighed tokens an hour; 9.375 M of them are 62.5 %, by two teams' calls.
      facts.add(
          MemoryFacts.call(
              at.toString(),
              "azure",
              "gpt-5.1",
              "input.text 3375000 0.0000025",
              "output.text 1000000 0.00001"));
      facts.add(
          MemoryFacts.call(
              at.plusSeconds(60).toString(),
              "azure",
              "gpt-5.1-mini",
              "input.text 2000000 0.0000025",
              "input.text.read 5000000 0"));
    }
    // Spilled to what is paid by the token: 40 M in and 5 M out at 2.50 and 10.
    facts.add(
        MemoryFacts.call(
            "2026-10-05T05:00:00Z",
            "openai",
            "gpt-5.1",
            "input.text 40000000 0.0000025",
            "output.text 5000000 0.00001"));

    List<Map<String, String>> rows = rows(billing, facts, OCTOBER, NOVEMBER, Facts.Grain.DAY);

    assertThat(sum(rows, "BilledCost", "ChargeCategory", "Purchase")).isEqualByComparingTo("72000");
    assertThat(sum(rows, "EffectiveCost", "ChargeCategory", "Purchase")).isZero();
    assertThat(sum(rows, "EffectiveCost", "CommitmentDiscountStatus", "Used"))
        .isEqualByComparingTo("45000");
    assertThat(sum(rows, "EffectiveCost", "CommitmentDiscountStatus", "Unused"))
        .isEqualByComparingTo("27000");
    assertThat(sum(rows, "BilledCost", "x_Vendor", "openai")).isEqualByComparingTo("150");
    assertThat(
            sum(rows, "CommitmentDiscountQuantity", "CommitmentDiscountStatus", "Used")
                .add(sum(rows, "CommitmentDiscountQuantity", "CommitmentDiscountStatus", "Unused")))
        .isEqualByComparingTo("72000");
    // What the same use would have cost by the token is shown beside it.
    assertThat(sum(rows, "ContractedCost", "CommitmentDiscountStatus", "Used"))
        .isGreaterThan(new BigDecimal("10000"));
  }

  @Test
  void whatWasPaidAheadIsDrawnDownAndTheRestIsUnused() throws IOException {
    Billing billing =
        billing(
            """
            commitments:
              - {id: pre, vendor: openai, amount: 10.0000005 USD, prepaid: true, from: 2026-10-01, to: 2026-11-01}
            """);
    var facts = new MemoryFacts();
    facts.add(
        MemoryFacts.call("2026-10-02T00:00:00Z", "openai", "gpt", "output.text 600000 0.00001"));
    facts.add(
        MemoryFacts.call("2026-10-03T00:00:00Z", "openai", "gpt", "output.text 600000 0.00001"));

    List<Map<String, String>> rows = rows(billing, facts, OCTOBER, NOVEMBER, Facts.Grain.DAY);

    assertThat(sum(rows, "EffectiveCost", "CommitmentDiscountStatus", "Used"))
        .isEqualByComparingTo("10");
    assertThat(sum(rows, "EffectiveCost", "CommitmentDiscountStatus", "Unused"))
        .isEqualByComparingTo("0.0000005");
    assertThat(sum(rows, "BilledCost", "ChargeCategory", "Usage")).isEqualByComparingTo("2");
    assertThat(sum(rows, "ConsumedQuantity")).isEqualByComparingTo("1200000");
    // Exporting the end of the month alone knows what was used before.
    List<Map<String, String>> end =
        rows(billing, facts, Instant.parse("2026-10-03T00:00:00Z"), NOVEMBER, Facts.Grain.DAY);
    assertThat(sum(end, "EffectiveCost", "CommitmentDiscountStatus", "Used"))
        .isEqualByComparingTo("4");
    assertThat(sum(end, "BilledCost")).isEqualByComparingTo("2");
  }

  /** contracts.md 3.3: 24 m a year, floor 1.5 a month, in thousands of dollars. */
  @Test
  void aFloorIsBilledWithItsMonthAndAShortfallAtTheEnd() throws IOException {
    Billing billing =
        billing(
            """
            commitments:
              - {id: min, vendor: openai, amount: 24000 USD, floor-per-month: 1500, from: 2026-01-01, to: 2027-01-01}
            """);
    var facts = new MemoryFacts();
    int month = 1;
    for (int spend :
        List.of(1200, 1400, 1600, 1900, 2000, 2100, 2000, 1800, 1700, 1600, 1500, 1400)) {
      facts.add(
          MemoryFacts.call(
              "2026-%02d-15T00:00:00Z".formatted(month++),
              "openai",
              "gpt",
              "output.text " + spend + " 1"));
    }

    List<Map<String, String>> rows =
        rows(
            billing,
            facts,
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2027-01-01T00:00:00Z"),
            Facts.Grain.DAY);

    assertThat(sum(rows, "BilledCost")).isEqualByComparingTo("24000");
    var purchases =
        rows.stream().filter(row -> "Purchase".equals(row.get("ChargeCategory"))).toList();
    assertThat(purchases)
        .extracting(row -> row.get("BilledCost"))
        .containsExactly("300", "100", "3400");
    assertThat(sum(rows, "EffectiveCost", "CommitmentDiscountStatus", "Unused"))
        .isEqualByComparingTo("3800");
  }

  @Test
  void theListPriceIsShownBesideTheContractedOne() throws IOException {
    Fact fact =
        MemoryFacts.call(
            "2026-10-02T10:00:00Z", "openai", "gpt-5.1", "input.text 1000000 0.000001");

    Map<String, String> row =
        rows(Billing.PLAIN, new MemoryFacts().add(fact), OCTOBER, NOVEMBER, Facts.Grain.HOUR)
            .getFirst();

    assertThat(row)
        .containsEntry("ListUnitPrice", "1.25")
        .containsEntry("ContractedUnitPrice", "1")
        .containsEntry("PricingUnit", "1000000 Tokens")
        .containsEntry("ConsumedUnit", "Tokens")
        .containsEntry("SkuId", "openai/gpt-5.1/input.text")
        .containsEntry("SkuPriceId", "openai/gpt-5.1/input.text/usual")
        .containsEntry("SubAccountId", "acme/blue")
        .containsEntry("ProviderName", "OpenAI")
        .containsEntry("Tags", "{\"app\":\"chat\"}")
        .containsEntry("ChargePeriodStart", "2026-10-02T10:00:00Z")
        .containsEntry("ChargePeriodEnd", "2026-10-02T11:00:00Z")
        .containsEntry("x_TokenCacheAction", "Uncached");
  }

  @Test
  void invoicesOfAMonthStandInItsRowsAndTheirSumIsProven() throws IOException {
    MemoryFacts facts =
        new MemoryFacts()
            .add(
                MemoryFacts.call(
                    "2026-10-02T00:00:00Z", "openai", "gpt", "output.text 600000 0.00001"));
    Billing billing =
        billing("invoices: [{id: INV-7, vendor: openai, period: 2026-10, amount: 6 USD}]");
    String file = file(billing, facts, V12, false, Corrections.NONE);

    assertThat(
            CheckedFile.of(file, V12, new Checker.Options(SUPPORTED, false, billing.payable()))
                .violations())
        .isEmpty();
    var dear = new Checker.Options(SUPPORTED, false, Map.of("INV-7", Money.parse("6.01 USD")));
    assertThat(CheckedFile.of(file, V12, dear).broken()).containsExactly("BilledCost-C-007-M");
  }

  @Test
  void spansThatDoNotFitAreRefused() {
    assertThatThrownBy(() ->
            rows(
                Billing.PLAIN,
                new MemoryFacts(),
                OCTOBER.plusSeconds(1),
                NOVEMBER,
                Facts.Grain.DAY))
        .hasMessageContaining("whole days in UTC");
    assertThatThrownBy(
            () -> rows(Billing.PLAIN, new MemoryFacts(), NOVEMBER, OCTOBER, Facts.Grain.HOUR))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBillingFileThatContradictsItselfIsRefusedWithItsPlaces() {
    var problems = new Problems();
    String yaml =
        """
        invoices:
          - {id: A, vendor: openai, period: 2026-10, amount: 6 USD}
          - {id: A, vendor: openai, period: 2026-10, amount: "6"}
          - {id: B, vendor: openai, period: October, amount: 6 USD, status: paid}
          - {id: C, vendor: openai, period: 2026-10, amount: 7 USD}
        capacity:
          - {id: p, vendor: azure, units: 0, unit: PTU, price-per-unit-hour: 1 USD, input-tokens-per-minute: 1, from: 2026-10-02, to: 2026-10-01}
        commitment: []
        """;

    assertThat(BillingReader.read("b.yaml", yaml.getBytes(StandardCharsets.UTF_8), problems))
        .isEmpty();
    assertThat(problems.lines())
        .anyMatch(line -> line.startsWith("b.yaml:3:") && line.contains("two are called A"))
        .anyMatch(line -> line.startsWith("b.yaml:3:") && line.contains("12.50 USD"))
        .anyMatch(line -> line.startsWith("b.yaml:4:") && line.contains("2026-10"))
        .anyMatch(line -> line.startsWith("b.yaml:5:") && line.contains("two invoices of openai"))
        .anyMatch(line -> line.startsWith("b.yaml:7:") && line.contains("above zero"))
        .anyMatch(line -> line.startsWith("b.yaml:8:") && line.contains("commitment"));
  }

  @Test
  void objectsPassTheSpecificationsOwnSchemas() throws IOException {
    Path schemas = Path.of("../shared/data/focus/1.4/json_schemas");
    assumeTrue(Files.exists(schemas), "the schemas are not here: " + schemas);
    var applied = new Schema(schemas.resolve("contractappliedobjectschema.json"));
    var scope = new Schema(schemas.resolve("contractcommitmentapplicabilityobjectschema.json"));
    Billing billing = billing(CHARGES.replace("prepaid: true,", "prepaid: true, contract: c-2,"));
    MemoryFacts facts = mixed();
    facts.add(MemoryFacts.call("2026-10-01T05:10:00Z", "azure", "gpt-5.1", "input.text 30000 0"));

    List<String> objects =
        rows(billing, facts, OCTOBER, NOVEMBER, Facts.Grain.DAY).stream()
            .map(row -> row.getOrDefault("ContractApplied", ""))
            .filter(object -> !object.isEmpty())
            .toList();
    assertThat(objects).hasSizeGreaterThan(10).allMatch(applied::accepts);
    assertThat(objects)
        .anyMatch(object -> object.contains("c-1"))
        .anyMatch(object -> object.contains("c-2"));
    var scopes = new ArrayList<String>();
    new SmallDatasets(billing, parties(billing), NOVEMBER)
        .contractCommitments(
            row -> scopes.add(row.getOrDefault("ContractCommitmentApplicability", "")));
    assertThat(scopes).hasSize(3).allMatch(scope::accepts);
    // The schemas themselves refuse what is wrong.
    assertThat(applied.accepts("{\"Elements\":[]}")).isFalse();
    assertThat(scope.accepts("{\"Inclusions\":[]}")).isFalse();
  }

  @Test
  void smallDatasetsPassTheDataModelAndTheSchema() throws IOException {
    Billing billing =
        billing(
            CHARGES
                + "invoices: [{id: INV-7, vendor: openai, period: 2026-10, amount: 6 USD, issued: 2026-11-02, due: 2026-12-02}]\n");
    var small = new SmallDatasets(billing, parties(billing), NOVEMBER);
    Map<RuleBook.Dataset, StringWriter> files = new HashMap<>();
    for (boolean json : new boolean[] {false, true}) {
      for (RuleBook.Dataset dataset :
          List.of(
              RuleBook.Dataset.CONTRACT_COMMITMENT_1_4,
              RuleBook.Dataset.INVOICE_DETAIL_1_4,
              RuleBook.Dataset.BILLING_PERIOD_1_4)) {
        files.put(dataset, new StringWriter());
        var writer = new RowWriter(files.getOrDefault(dataset, new StringWriter()), dataset, json);
        switch (dataset) {
          case CONTRACT_COMMITMENT_1_4 -> small.contractCommitments(writer);
          case INVOICE_DETAIL_1_4 -> small.invoiceDetails(writer);
          default ->
              small.billingPeriods(
                  Map.of("openai", Set.of(YearMonth.of(2026, 9))), Optional.of(OCTOBER), writer);
        }
        CheckedFile file =
            CheckedFile.of(files.get(dataset).toString(), dataset, Checker.Options.PLAIN);
        assertThat(file.violations()).as("" + dataset).isEmpty();
        assertThat(file.report().rows()).as("" + dataset).isPositive();
      }
    }
    assertThat(files.get(RuleBook.Dataset.BILLING_PERIOD_1_4).toString())
        .contains("Closed")
        .contains("Open");
  }

  @Test
  void hoursAndMonthsThatAreNotOverAreNoCharge() throws IOException {
    Billing billing =
        billing(
            """
            capacity:
              - {id: ptu, vendor: azure, units: 100, unit: PTU, price-per-unit-hour: 1.00 USD, from: 2026-10-01, to: 2026-11-01,
                 input-tokens-per-minute: 2500, output-weight: 4}
            commitments:
              - {id: promise, vendor: openai, amount: 1000 USD, floor-per-month: 100, from: 2026-09-01, to: 2026-12-01}
            """);
    var rows = new ArrayList<Map<String, String>>();

    new CostAndUsage(
            billing,
            parties(billing),
            LISTS,
            Corrections.NONE,
            Instant.parse("2026-10-03T09:30:00Z"))
        .write(
            new MemoryFacts(),
            Instant.parse("2026-09-01T00:00:00Z"),
            NOVEMBER,
            Facts.Grain.DAY,
            rows::add);

    // Two days and ten begun hours of capacity; the floor of September, and none of October yet.
    assertThat(sum(rows, "BilledCost", "CommitmentDiscountId", "ptu")).isEqualByComparingTo("5800");
    assertThat(sum(rows, "EffectiveCost", "CommitmentDiscountId", "ptu"))
        .isEqualByComparingTo("5800");
    assertThat(sum(rows, "BilledCost", "CommitmentDiscountId", "promise"))
        .isEqualByComparingTo("100");
  }

  @Test
  void aListInAnotherCurrencyIsNoListPriceOfTheBill() throws IOException {
    var cost =
        Cost.of(
            List.of(
                new Cost.Line(
                    "input.text",
                    new BigDecimal("1000000"),
                    Optional.of(new BigDecimal("0.000001")),
                    Money.parse("1 EUR"))),
            List.of(),
            Currency.getInstance("EUR"),
            "ours/openai/gpt-5.1@2026-01-01");
    var leaves = new TreeMap<>(Map.of("input.text", new BigDecimal("1000000")));
    Facts facts =
        new MemoryFacts()
            .add(
                MemoryFacts.fact(
                    "2026-10-02T00:00:00Z",
                    "openai",
                    "gpt-5.1",
                    "blue",
                    leaves,
                    Optional.of(cost)));

    Map<String, String> row =
        rows(Billing.PLAIN, facts, OCTOBER, NOVEMBER, Facts.Grain.DAY).getFirst();

    // The list has 1.25 dollars, which is not 1.25 euros.
    assertThat(row)
        .containsEntry("BillingCurrency", "EUR")
        .containsEntry("ListUnitPrice", "1")
        .containsEntry("ListCost", "1")
        .containsEntry("x_ListPriceKnown", "false");
  }
}
