package dev.understudy.settlement.focus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The specification's own worked examples: excerpts, so that columns may be missing. */
class OfficialExamplesTest {
  private static final Path DATA = Path.of("../shared/data/focus");
  private static final Checker.Options EXCERPT = new Checker.Options(Set.of(), true, Map.of());

  @BeforeEach
  void examplesAreHere() {
    assumeTrue(Files.exists(DATA.resolve("1.2/examples")), "the examples are not here: " + DATA);
  }

  private static CheckedFile checked(String part) throws IOException {
    try (Stream<Path> files = Files.list(DATA.resolve("1.2/examples"))) {
      Path file =
          files
              .filter(f -> f.getFileName().toString().contains(part))
              .sorted()
              .findFirst()
              .orElseThrow();
      return CheckedFile.of(file, RuleBook.Dataset.COST_AND_USAGE_1_2, EXCERPT);
    }
  }

  @Test
  void aCurrencySignACommaAndASpaceAreRejectedWithRuleRowAndColumn() throws IOException {
    for (String example :
        List.of(
            "simple_saas_agreements_a1",
            "simple_saas_agreements_a2",
            "simple_saas_agreements_a3",
            "simple_saas_agreements_b.",
            "simple_saas_agreements_c")) {
      CheckedFile file = checked(example);

      assertThat(file.violations())
          .as(example)
          .anySatisfy(violation -> {
            assertThat(violation.rule()).isEqualTo("BilledCost-C-002-M");
            assertThat(violation.because()).contains("NumericFormat-A-008-M");
            assertThat(violation.line()).isEqualTo(2);
            assertThat(violation.column()).isEqualTo("BilledCost");
          });
      assertThat(file.broken()).contains("ListUnitPrice-C-001-M", "ContractedCost-C-004-M");
    }
  }

  @Test
  void aProductThatDoesNotMatchIsRejected() throws IOException {
    CheckedFile file = checked("with_commitment_discount_flexibility_with_1_resource");

    assertThat(file.violations())
        .filteredOn(violation -> violation.rule().equals("ListCost-C-009-C"))
        .singleElement()
        .satisfies(violation ->
            assertThat(violation.message())
                .isEqualTo(
                    "ListUnitPrice 3.00 x PricingQuantity 0.333 is 0.999, not ListCost 3.00"));
  }

  /**
   * Those that break nothing but what is said here. {@code SkuPriceid} is the examples' own
   * spelling of the column SkuPriceId, {@code x_CommitmentDiscountUnitPrice} stands among other
   * columns.
   */
  @Test
  void goodExamplesPass() throws IOException {
    var clean =
        List.of(
            "commitment_discount_purchase_scenario_1",
            "commitment_discount_usage_scenario_1",
            "commitment_discount_usage_scenario_2",
            "commitment_discount_usage_scenario_3",
            "commitment_discount_usage_scenario_4");
    for (String example : clean) {
      assertThat(checked(example).violations()).as(example).isEmpty();
    }
    var misspelled =
        List.of(
            "with_commitment_discount_flexibility_with_2_resources",
            "one_hundred_percent_utilization_without_commitment_discount_flexibility");
    for (String example : misspelled) {
      assertThat(checked(example).broken()).as(example).containsExactly("ColumnHandling-A-010-M");
    }
    // An unused row with a consumed quantity, and with a virtual machine as the resource.
    assertThat(checked("zero_percent_utilization").broken())
        .containsExactly(
            "ColumnHandling-A-010-M", "ConsumedQuantity-C-004-C", "DiscountHandling-A-019-C");
  }

  @Test
  void timesThatDoNotExistAreRejected() throws IOException {
    for (String example :
        List.of(
            "commitment_discount_purchase_scenario_2", "commitment_discount_purchase_scenario_3")) {
      assertThat(checked(example).violations())
          .as(example)
          .anySatisfy(violation -> {
            assertThat(violation.rule()).isEqualTo("ChargePeriodEnd-C-002-M");
            assertThat(violation.value()).isEqualTo("2023-02-01T30:00:00Z");
          });
    }
  }

  @Test
  void daysInAnotherFormatAndCategoriesThatAreNoneAreRejected() throws IOException {
    for (String example :
        List.of(
            "saas_spend_agreements_a1",
            "saas_spend_agreements_a2",
            "saas_spend_agreements_b1",
            "saas_spend_agreements_b2")) {
      assertThat(checked(example).broken())
          .as(example)
          .contains("BillingPeriodStart-C-002-M", "ServiceCategory-C-003-M");
    }
    for (String example :
        List.of(
            "virtual_currency_pricing_model_a1",
            "virtual_currency_pricing_model_a2",
            "virtual_currency_pricing_model_b2",
            "virtual_currency_pricing_model_c")) {
      CheckedFile file = checked(example);
      assertThat(file.broken()).as(example).contains("BillingPeriodStart-C-002-M");
      assertThat(file.broken()).as(example).doesNotContain("PricingCurrency-C-003-M");
    }
    assertThat(checked("virtual_currency_pricing_model_b1").violations())
        .anySatisfy(violation -> {
          assertThat(violation.column()).isEqualTo("EffectiveCost");
          assertThat(violation.value()).isEqualTo("0.00 ");
        });
  }

  @Test
  void aSampleOfVersion10BreaksWhatLaterVersionsAskOfTimes() throws IOException {
    CheckedFile file =
        CheckedFile.of(
            DATA.resolve("1.0/focus_sample.csv"), RuleBook.Dataset.COST_AND_USAGE_1_2, EXCERPT);

    assertThat(file.report().rows()).isGreaterThan(900);
    assertThat(file.violations())
        .anySatisfy(violation -> {
          assertThat(violation.rule()).isEqualTo("ChargePeriodStart-C-002-M");
          assertThat(violation.because()).contains("DateTimeFormat-A-004-M");
        });
  }

  @Test
  void draftExamplesOfModelBillingPassWhatVersion14Asks() throws IOException {
    var files = new ArrayList<Path>();
    try (Stream<Path> all = Files.list(DATA.resolve("1.5-draft/ai_billing"))) {
      all.forEach(files::add);
    }
    for (Path file : files) {
      CheckedFile checked = CheckedFile.of(file, RuleBook.Dataset.COST_AND_USAGE_1_4, EXCERPT);
      // The draft has columns that 1.4 has not.
      assertThat(checked.broken().stream().filter(rule -> !rule.startsWith("ColumnHandling")))
          .as("" + file)
          .isEmpty();
    }
  }

  @Test
  void numbersAreWrittenAsTheSpecificationSays() throws IOException {
    var examples = Json.parse(Files.readAllBytes(DATA.resolve("1.4/numeric_format_examples.json")));
    examples
        .path("valid")
        .forEach(value ->
            assertThat(Formats.numeric(value.stringValue())).as(value.stringValue()).isEmpty());
    examples
        .path("invalid")
        .forEach(value ->
            assertThat(Formats.numeric(value.stringValue())).as(value.stringValue()).isPresent());
  }

  @Test
  void everyCurrencyOfTheOfficialValidatorIsKnown() throws IOException {
    List<String> lines = Files.readAllLines(DATA.resolve("1.2/currency_codes.csv"));
    assertThat(lines.stream().skip(1).map(line -> line.substring(line.indexOf(',') + 1).strip()))
        .hasSizeGreaterThan(150)
        .allSatisfy(code -> assertThat(Formats.isNationalCurrency(code)).as(code).isTrue());
  }
}
