package dev.understudy.settlement.focus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.money.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckerTest {
  private static final Checker.Options WITH_INVOICE =
      new Checker.Options(Set.of(), false, Map.of("INV-1", Money.parse("1.5 USD")));

  /** A row with all that must be there. */
  private static Map<String, String> good() {
    var row = new LinkedHashMap<String, String>();
    row.put("BilledCost", "1.5");
    row.put("BillingAccountId", "acct-1");
    row.put("BillingAccountName", "Acme");
    row.put("BillingCurrency", "USD");
    row.put("BillingPeriodEnd", "2026-11-01T00:00:00Z");
    row.put("BillingPeriodStart", "2026-10-01T00:00:00Z");
    row.put("ChargeCategory", "Usage");
    row.put("ChargeClass", "");
    row.put("ChargeDescription", "Input tokens");
    row.put("ChargeFrequency", "Usage-Based");
    row.put("ChargePeriodEnd", "2026-10-03T00:00:00Z");
    row.put("ChargePeriodStart", "2026-10-02T00:00:00Z");
    row.put("CommitmentDiscountId", "");
    row.put("CommitmentDiscountStatus", "");
    row.put("ConsumedQuantity", "500000");
    row.put("ConsumedUnit", "Tokens");
    row.put("ContractedCost", "1.5");
    row.put("ContractedUnitPrice", "3");
    row.put("EffectiveCost", "1.5");
    row.put("InvoiceId", "INV-1");
    row.put("InvoiceIssuerName", "OpenAI");
    row.put("ListCost", "1.5");
    row.put("ListUnitPrice", "3");
    row.put("PricingCategory", "Standard");
    row.put("PricingQuantity", "0.5");
    row.put("PricingUnit", "1000000 Tokens");
    row.put("ProviderName", "OpenAI");
    row.put("PublisherName", "OpenAI");
    row.put("ResourceId", "");
    row.put("ServiceCategory", "AI and Machine Learning");
    row.put("ServiceName", "OpenAI API");
    row.put("ServiceSubcategory", "Generative AI");
    row.put("SkuId", "openai/gpt/input");
    row.put("SkuPriceDetails", "{\"x_TokenDirection\":\"Input\"}");
    row.put("SkuPriceId", "openai/gpt/input/usual");
    row.put("Tags", "{\"team\":\"blue\"}");
    return row;
  }

  private static CheckedFile checked(Map<String, String> row) throws IOException {
    return CheckedFile.of(csv(row), RuleBook.Dataset.COST_AND_USAGE_1_2, Checker.Options.PLAIN);
  }

  private static String csv(Map<String, String> row) {
    var cells =
        row.values().stream()
            .map(v -> v.isEmpty() ? "" : '"' + v.replace("\"", "\"\"") + '"')
            .toList();
    return String.join(",", row.keySet()) + "\n" + String.join(",", cells) + "\n";
  }

  private static CheckedFile with(String column, String value) throws IOException {
    Map<String, String> row = good();
    row.put(column, value);
    return checked(row);
  }

  @Test
  void aGoodRowBreaksNothing() throws IOException {
    assertThat(checked(good()).violations()).isEmpty();
    assertThat(checked(good()).report().asked()).isGreaterThan(150);
  }

  @Test
  void eachFaultIsNamedByItsRule() throws IOException {
    assertThat(with("ListCost", "1.4").broken())
        .contains("ListCost-C-009-C", "ListUnitPrice-C-010-C");
    assertThat(with("ContractedUnitPrice", "-3").broken()).contains("ContractedUnitPrice-C-009-C");
    assertThat(with("ChargeCategory", "Use").broken()).contains("ChargeCategory-C-003-M");
    assertThat(with("ChargeClass", "Fix").broken()).contains("ChargeClass-C-005-C");
    assertThat(with("BillingCurrency", "usd").broken()).contains("BillingCurrency-C-006-M");
    assertThat(with("BillingCurrency", "Tokens").broken())
        .containsExactly("BillingCurrency-C-006-M");
    assertThat(with("ChargePeriodEnd", "2026-10-02T00:00:00Z").broken())
        .containsExactly("ChargePeriodEnd-C-004-M", "ChargePeriodStart-C-004-M");
    assertThat(with("ConsumedUnit", "").broken()).containsExactly("ConsumedUnit-C-006-C");
    assertThat(with("PricingUnit", "").broken()).containsExactly("PricingUnit-C-006-C");
    assertThat(with("ConsumedQuantity", "").broken())
        .contains("ConsumedQuantity-C-006-C", "ConsumedUnit-C-005-C");
    assertThat(with("SkuPriceId", "").broken())
        .contains("SkuPriceId-C-005-C", "SkuPriceDetails-C-004-C");
    assertThat(with("ServiceSubcategory", "Search").broken())
        .contains("ServiceSubcategory-C-004-M");
    assertThat(with("Tags", "{\"a\":{}}").broken()).containsExactly("Tags-C-001-M");
    assertThat(with("Tags", "{\"a\":1,\"a\":2}").violations())
        .anySatisfy(v -> assertThat(v.because()).contains("KeyValueFormat-A-002-M"));
    assertThat(with("CommitmentDiscountId", "c-1").broken())
        .contains("CommitmentDiscountStatus-C-004-C", "DiscountHandling-A-013-C");
    assertThat(with("CommitmentDiscountStatus", "Used").broken())
        .contains("CommitmentDiscountStatus-C-003-C", "DiscountHandling-A-006-C");
    assertThat(with("ProviderName", "Azure").broken()).containsExactly("BilledCost-C-005-C");
    assertThat(with("ServiceName", "N/A").broken()).contains("NullHandling-A-002-M");
    assertThat(with("EffectiveCost", "1e3").violations())
        .anySatisfy(v -> assertThat(v.because()).contains("NumericFormat-A-005-M"));
    assertThat(with("SkuPriceDetails", "{\"TokenDirection\":\"Input\"}").broken())
        .containsExactly("SkuPriceDetails-C-017-C");
    assertThat(with("ChargeFrequency", "Daily").broken())
        .containsExactly("ChargeFrequency-C-003-M");
  }

  @Test
  void aMissingColumnIsNamedAndAnotherSpellingOfItShown() throws IOException {
    Map<String, String> row = good();
    row.remove("ListCost");
    row.put("Listcost", "1.5");
    row.put("x_Ours", "1");
    row.put("x_with_dash", "1");

    CheckedFile file = checked(row);

    assertThat(file.broken()).containsExactly("ColumnHandling-A-010-M", "CostAndUsage-D-032-M");
    assertThat(file.violations())
        .extracting(Violation::message)
        .anyMatch(message -> message.endsWith("the column is called ListCost"))
        .anyMatch("not x_ and a name in Pascal case"::equals);
  }

  @Test
  void columnsOfWhatIsSupportedMustBeThere() throws IOException {
    var options = new Checker.Options(Set.of("regions"), false, Map.of());
    CheckedFile file = CheckedFile.of(csv(good()), RuleBook.Dataset.COST_AND_USAGE_1_2, options);

    assertThat(file.broken()).containsExactly("CostAndUsage-D-062-C", "CostAndUsage-D-063-C");
  }

  @Test
  void rowsOfAnInvoiceSumToWhatIsPayable() throws IOException {
    assertThat(
            CheckedFile.of(csv(good()), RuleBook.Dataset.COST_AND_USAGE_1_2, WITH_INVOICE).broken())
        .isEmpty();
    var other =
        new Checker.Options(
            Set.of(),
            false,
            Map.of("INV-1", Money.of(new BigDecimal("1.51"), Currency.getInstance("EUR"))));
    assertThat(CheckedFile.of(csv(good()), RuleBook.Dataset.COST_AND_USAGE_1_2, other).broken())
        .containsExactly("BilledCost-C-007-M", "BillingCurrency-C-005-M");
    var unknown = new Checker.Options(Set.of(), false, Map.of("INV-2", Money.parse("3 USD")));
    assertThat(CheckedFile.of(csv(good()), RuleBook.Dataset.COST_AND_USAGE_1_2, unknown).broken())
        .containsExactly("BilledCost-C-007-M", "InvoiceId-C-007-C");
  }

  @Test
  void oneSkuPriceHasOneSku() throws IOException {
    Map<String, String> second = good();
    second.put("SkuId", "another");
    String text = csv(good()) + csv(second).substring(csv(second).indexOf('\n') + 1);

    CheckedFile file =
        CheckedFile.of(text, RuleBook.Dataset.COST_AND_USAGE_1_2, Checker.Options.PLAIN);

    assertThat(file.broken()).containsExactly("SkuPriceId-C-008-M");
    assertThat(file.violations().getFirst().line()).isEqualTo(3);
  }

  @Test
  void ofLinesOfJsonTypesAreLookedAtToo() throws IOException {
    String good = "{\"BilledCost\":1.5,\"BillingCurrency\":\"USD\",\"Tags\":{\"a\":\"b\"}}\n";
    String bad = "{\"BilledCost\":\"1.5\",\"BillingCurrency\":7,\"Tags\":\"no object\"}\n";
    var excerpt = new Checker.Options(Set.of(), true, Map.of());

    CheckedFile file = CheckedFile.of(good + bad, RuleBook.Dataset.COST_AND_USAGE_1_2, excerpt);

    assertThat(file.violations()).isNotEmpty().allSatisfy(v -> assertThat(v.line()).isEqualTo(2));
    assertThat(file.broken())
        .contains("BilledCost-C-001-M", "BillingCurrency-C-001-M", "Tags-C-001-M");
  }

  @Test
  void whatIsNoTableIsRefusedWithItsRow() {
    assertThatThrownBy(() -> read("A,B\n1,2\n1\n"))
        .hasMessage("row 3 has 1 values under 2 columns");
    assertThatThrownBy(() -> read("A,B\n\"1,2\n")).hasMessage("row 2: a quote is never closed");
    assertThatThrownBy(() -> read("A,A\n")).hasMessage("two columns are called A");
    assertThatThrownBy(() -> read("")).hasMessage("the file is empty");
    assertThatThrownBy(() -> read("{\"a\":1}\n{\"b\":1}\n"))
        .hasMessage("row 2 has a member that the first row has not");
    assertThatThrownBy(() -> read("{\"a\":1}\n{\"a\":\n")).hasMessage("row 2: not one JSON object");
  }

  private static CheckedFile read(String text) throws IOException {
    return CheckedFile.of(text, RuleBook.Dataset.COST_AND_USAGE_1_2, Checker.Options.PLAIN);
  }
}
