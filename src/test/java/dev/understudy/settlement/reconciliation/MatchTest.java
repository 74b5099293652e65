package dev.understudy.settlement.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.focus.MemoryFacts;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MatchTest {
  private static final String MODEL = "gpt-5.1-2025-11-13";

  /** One day: 1.25 of input, 2 of output. */
  private static MemoryFacts usual(String day) {
    return new MemoryFacts()
        .add(
            call(
                day + "T12:00:00Z",
                false,
                "input.text 1000000 0.00000125",
                "output.text 200000 0.00001"));
  }

  private static FakeBill billed(String day) {
    return new FakeBill()
        .line(day, MODEL + ", input", "1.25", "1000000")
        .line(day, MODEL + ", output", "2", "200000");
  }

  private static Fact call(String at, boolean estimated, String... items) {
    Fact made = MemoryFacts.call(at, "openai", MODEL, items);
    return with(made, made.leaves(), estimated, made.cost());
  }

  private static Fact with(
      Fact made, SortedMap<String, BigDecimal> leaves, boolean estimated, Optional<Cost> cost) {
    return new Fact(
        made.exchange(),
        0,
        made.occurredAt(),
        "acme",
        "blue",
        "key_1",
        Map.of(),
        "smart",
        Purpose.CALL,
        made.vendor(),
        made.kind(),
        "gpt-5.1",
        MODEL,
        "env:KEY",
        "",
        "standard",
        Attempt.Outcome.ANSWERED,
        estimated,
        leaves,
        cost);
  }

  private static List<Day> match(MemoryFacts facts, VendorBill bill, String from, String to)
      throws IOException {
    return match(facts, bill, from, to, Rates.NONE);
  }

  private static List<Day> match(
      MemoryFacts facts, VendorBill bill, String from, String to, Rates rates) throws IOException {
    return Match.of(
        facts,
        "openai",
        LocalDate.parse(from),
        LocalDate.parse(to),
        bill,
        rates,
        Currencies.USD,
        List.of());
  }

  private static Day one(MemoryFacts facts, FakeBill bill) throws IOException {
    return match(facts, bill.bill(), "2026-10-02", "2026-10-02").getFirst();
  }

  private static Finding only(Day day) {
    assertThat(day.findings()).hasSize(1);
    return day.findings().getFirst();
  }

  @Test
  void aBillThatAgreesHasNoFindings() throws IOException {
    Day day = one(usual("2026-10-02"), billed("2026-10-02"));

    assertThat(day.findings()).isEmpty();
    assertThat(day.ours()).isEqualTo(day.billed()).isEqualTo(Money.parse("3.25 USD"));
  }

  @Test
  void aMissingDayIsNamed() throws IOException {
    Finding finding =
        only(
            match(usual("2026-10-02"), billed("2026-10-01").bill(), "2026-10-02", "2026-10-02")
                .getFirst());

    assertThat(finding.kind()).isEqualTo(Finding.Kind.MISSING_DAY);
    assertThat(finding.amount()).isEqualTo(Money.parse("-3.25 USD"));
  }

  @Test
  void aRepeatedDayCountsOnceAndIsNoted() throws IOException {
    VendorBill bill =
        VendorBill.of(
            List.of(
                billed("2026-10-02").document("a.json"), billed("2026-10-02").document("b.json")));

    Day day = match(usual("2026-10-02"), bill, "2026-10-02", "2026-10-02").getFirst();

    assertThat(only(day).kind()).isEqualTo(Finding.Kind.REPEATED);
    assertThat(day.billed()).isEqualTo(Money.parse("3.25 USD"));
  }

  @Test
  void ofARestatedDayTheLastWordCountsAndBothAreTold() throws IOException {
    FakeBill first = new FakeBill().line("2026-10-02", MODEL + ", input", "1.20", "960000");
    VendorBill bill =
        VendorBill.of(List.of(first.document("a.json"), billed("2026-10-02").document("b.json")));

    Day day = match(usual("2026-10-02"), bill, "2026-10-02", "2026-10-02").getFirst();

    assertThat(only(day).kind()).isEqualTo(Finding.Kind.RESTATED);
    assertThat(only(day).text()).contains("1.2 USD in a.json").contains("3.25 USD in b.json");
    assertThat(day.billed()).isEqualTo(Money.parse("3.25 USD"));
  }

  @Test
  void centsForDollarsAreSeenAndTheRestIsStillCompared() throws IOException {
    FakeBill bill =
        new FakeBill()
            .line("2026-10-02", MODEL + ", input", "125", "1000000")
            .line("2026-10-02", MODEL + ", output", "201", "201000");

    Day day = one(usual("2026-10-02"), bill);

    assertThat(day.findings())
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.CENTS, Finding.Kind.OUTSIDE);
    assertThat(day.findings().getLast().amount()).isEqualTo(Money.parse("0.01 USD"));
  }

  @Test
  void aSingleDayInCentsIsSeenBesideDaysInDollars() throws IOException {
    MemoryFacts facts = usual("2026-10-02");
    facts.add(call("2026-10-03T10:00:00Z", false, "output.text 100000 0.00001"));
    facts.add(call("2026-10-04T10:00:00Z", false, "output.text 100000 0.00001"));
    FakeBill bill =
        billed("2026-10-02")
            .line("2026-10-03", MODEL + ", output", "100", "100000")
            .line("2026-10-04", MODEL + ", output", "0.01", "100000");

    List<Day> days = match(facts, bill.bill(), "2026-10-02", "2026-10-04");

    assertThat(days.get(0).findings()).isEmpty();
    assertThat(only(days.get(1)).kind()).isEqualTo(Finding.Kind.CENTS);
    assertThat(only(days.get(1)).amount()).isEqualTo(Money.parse("99 USD"));
    assertThat(only(days.get(1)).text())
        .isEqualTo("all of the day is a hundred times our records: it is in cents");
    assertThat(only(days.get(2)).kind()).isEqualTo(Finding.Kind.CENTS);
    assertThat(only(days.get(2)).amount()).isEqualTo(Money.parse("-0.99 USD"));
  }

  @Test
  void aHundredTimesTheTokensIsUseOutsideTheGatewayAndNotCents() throws IOException {
    MemoryFacts facts =
        new MemoryFacts().add(call("2026-10-02T10:00:00Z", false, "output.text 1000 0.00001"));

    Finding finding =
        only(one(facts, new FakeBill().line("2026-10-02", MODEL + ", output", "1", "100000")));

    assertThat(finding.kind()).isEqualTo(Finding.Kind.OUTSIDE);
    assertThat(finding.amount()).isEqualTo(Money.parse("0.99 USD"));
  }

  @Test
  void floatNoiseAndRoundingAreToldApart() throws IOException {
    Day noise =
        one(
            usual("2026-10-02"),
            new FakeBill()
                .line("2026-10-02", MODEL + ", input", "1.2500000000000002")
                .line("2026-10-02", MODEL + ", output", "2"));
    assertThat(only(noise).kind()).isEqualTo(Finding.Kind.FLOAT_NOISE);

    MemoryFacts facts =
        new MemoryFacts().add(call("2026-10-02T12:00:00Z", false, "input.text 123457 0.00000125"));
    Day rounded = one(facts, new FakeBill().line("2026-10-02", MODEL + ", input", "0.15"));
    assertThat(only(rounded).kind()).isEqualTo(Finding.Kind.ROUNDING);
    Day wrong = one(facts, new FakeBill().line("2026-10-02", MODEL + ", input", "0.17"));
    assertThat(only(wrong).kind()).isEqualTo(Finding.Kind.UNEXPLAINED);
  }

  @Test
  void aRenamedLineIsFoundByWhatItComesTo() throws IOException {
    FakeBill bill =
        new FakeBill()
            .line("2026-10-02", "Flagship model | prompt", "1.25")
            .line("2026-10-02", MODEL + ", output", "2", "200000");

    Finding finding = only(one(usual("2026-10-02"), bill));

    assertThat(finding.kind()).isEqualTo(Finding.Kind.RENAMED);
    assertThat(finding.line()).isEqualTo("Flagship model | prompt");
    assertThat(finding.text()).contains(MODEL + ", input");
  }

  @Test
  void useAcrossMidnightIsFoundOnBothDays() throws IOException {
    MemoryFacts facts = usual("2026-10-02");
    facts.add(call("2026-10-02T23:59:58Z", false, "output.text 5000 0.00001"));
    facts.add(call("2026-10-03T10:00:00Z", false, "output.text 100000 0.00001"));
    FakeBill bill = billed("2026-10-02").line("2026-10-03", MODEL + ", output", "1.05", "105000");

    List<Day> days = match(facts, bill.bill(), "2026-10-02", "2026-10-03");

    assertThat(only(days.getFirst()).kind()).isEqualTo(Finding.Kind.MIDNIGHT);
    assertThat(only(days.getFirst()).amount()).isEqualTo(Money.parse("-0.05 USD"));
    assertThat(only(days.getLast()).kind()).isEqualTo(Finding.Kind.MIDNIGHT);
    assertThat(only(days.getLast()).amount()).isEqualTo(Money.parse("0.05 USD"));
    // The second day alone, by a bill that has both.
    Day alone = match(facts, bill.bill(), "2026-10-03", "2026-10-03").getFirst();
    assertThat(only(alone).kind()).isEqualTo(Finding.Kind.MIDNIGHT);
    // The same by amounts alone.
    FakeBill amounts =
        new FakeBill()
            .line("2026-10-02", MODEL + ", input", "1.25")
            .line("2026-10-02", MODEL + ", output", "2")
            .line("2026-10-03", MODEL + ", output", "1.05");
    assertThat(match(facts, amounts.bill(), "2026-10-02", "2026-10-03"))
        .allSatisfy(day -> assertThat(only(day).kind()).isEqualTo(Finding.Kind.MIDNIGHT));
  }

  @Test
  void aTierTheBillNamesExplainsItsPrice() throws IOException {
    FakeBill batch =
        new FakeBill()
            .line("2026-10-02", MODEL + " batch, input", "0.625", "1000000")
            .line("2026-10-02", MODEL + ", output", "2", "200000");
    assertThat(only(one(usual("2026-10-02"), batch)).kind()).isEqualTo(Finding.Kind.BATCH);

    FakeBill priority =
        new FakeBill()
            .line("2026-10-02", MODEL + " (priority), input", "2.5")
            .line("2026-10-02", MODEL + ", output", "2");
    assertThat(only(one(usual("2026-10-02"), priority)).kind()).isEqualTo(Finding.Kind.TIER);
  }

  @Test
  void anotherPriceIsExplainedOnlyByAVersionThatSaysSo() throws IOException {
    FakeBill bill =
        new FakeBill()
            .line("2026-10-02", MODEL + ", input", "2", "1000000")
            .line("2026-10-02", MODEL + ", output", "2", "200000");
    Rates known =
        (model, item, each, day) ->
            each.compareTo(new BigDecimal("0.000002")) == 0
                ? Optional.of("list/openai/gpt-5.1@2026-11-01")
                : Optional.empty();

    Finding explained =
        only(match(usual("2026-10-02"), bill.bill(), "2026-10-02", "2026-10-02", known).getFirst());
    assertThat(explained.kind()).isEqualTo(Finding.Kind.PRICE);
    assertThat(explained.text()).contains("gpt-5.1@2026-11-01");

    Finding open = only(one(usual("2026-10-02"), bill));
    assertThat(open.kind()).isEqualTo(Finding.Kind.UNEXPLAINED);
    assertThat(open.text())
        .isEqualTo(
            "billed at 0.000002 for one, ours is 0.00000125, and no version of a price says so");
  }

  @Test
  void estimatesGiveWayToWhatWasBilled() throws IOException {
    MemoryFacts facts = usual("2026-10-02");
    facts.add(call("2026-10-02T13:00:00Z", true, "output.text 1000 0.00001"));
    FakeBill bill =
        new FakeBill()
            .line("2026-10-02", MODEL + ", input", "1.25", "1000000")
            .line("2026-10-02", MODEL + ", output", "2.004", "200400");

    Finding finding = only(one(facts, bill));

    assertThat(finding.kind()).isEqualTo(Finding.Kind.ESTIMATED);
    assertThat(finding.amount()).isEqualTo(Money.parse("-0.006 USD"));
  }

  @Test
  void callsOutsideTheGatewayAreFoundByTheirTokensOrTheirModel() throws IOException {
    FakeBill bill =
        new FakeBill()
            .line("2026-10-02", MODEL + ", input", "2.5", "2000000")
            .line("2026-10-02", MODEL + ", output", "2", "200000")
            .line("2026-10-02", "o3-2025-04-16, output", "7");

    assertThat(one(usual("2026-10-02"), bill).findings())
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.OUTSIDE, Finding.Kind.OUTSIDE);
  }

  @Test
  void whatNobodyUnderstandsIsUnexplained() throws IOException {
    Day day =
        one(usual("2026-10-02"), billed("2026-10-02").line("2026-10-02", "miscellaneous", "4"));

    assertThat(only(day).kind()).isEqualTo(Finding.Kind.UNEXPLAINED);
    assertThat(day.unexplained()).isEqualTo(Money.parse("4 USD"));
    assertThat(day.isExplained()).isFalse();
    // What is too much does not make up for what is too little.
    Day both =
        one(
            usual("2026-10-02"),
            new FakeBill()
                .line("2026-10-02", MODEL + ", output", "2", "200000")
                .line("2026-10-02", "miscellaneous", "1"));
    assertThat(both.unexplained()).isEqualTo(Money.parse("2.25 USD"));
    // A line that is missing, on a day that is there, is no missing day.
    Day less =
        one(
            usual("2026-10-02"),
            new FakeBill().line("2026-10-02", MODEL + ", input", "1.25", "1000000"));
    assertThat(only(less).kind()).isEqualTo(Finding.Kind.UNEXPLAINED);
    assertThat(only(less).amount()).isEqualTo(Money.parse("-2 USD"));
  }

  @Test
  void whatHasNoPriceHereIsPricedByTheBill() throws IOException {
    var leaves = new TreeMap<String, BigDecimal>(Map.of("input.text", new BigDecimal("1000")));
    var cost =
        Cost.of(
            List.of(),
            List.of(
                new Cost.Unpriced(
                    "input.text", new BigDecimal("1000"), "no price", Money.parse("0.01 USD"))),
            Currencies.USD,
            "");
    Fact fact =
        with(
            MemoryFacts.call("2026-10-02T12:00:00Z", "openai", MODEL),
            leaves,
            false,
            Optional.of(cost));

    Day day =
        one(
            new MemoryFacts().add(fact),
            new FakeBill().line("2026-10-02", MODEL + ", input", "0.003", "1000"));

    assertThat(only(day).kind()).isEqualTo(Finding.Kind.NO_PRICE);
    assertThat(only(day).suspense()).isEqualTo(Money.parse("0.01 USD"));
  }

  @Test
  void theRepliesOwnCostIsAThirdWitness() throws IOException {
    Fact made = call("2026-10-02T12:00:00Z", false, "input.text 1000000 0.00000125");
    var leaves = new TreeMap<>(made.leaves());
    leaves.put("cost_in_usd_ticks", new BigDecimal("20000000000"));
    MemoryFacts facts = new MemoryFacts().add(with(made, leaves, false, made.cost()));

    Day day = one(facts, new FakeBill().line("2026-10-02", MODEL + ", input", "2", "1000000"));

    assertThat(day.reported()).contains(Money.parse("2 USD"));
    assertThat(day.findings())
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.UNEXPLAINED, Finding.Kind.REPORTED);
  }

  @Test
  void quantitiesOfTheUsageApiTellWhatCostsDoNot() throws IOException {
    String usage =
        """
        {"data":[{"start_time":%d,"end_time":%d,"results":[
          {"object":"organization.usage.completions.result","input_tokens":2000000,"input_cached_tokens":1000000,
           "output_tokens":200000,"model":"%s","batch":false}]}],"has_more":false}
        """
            .formatted(
                Instant.parse("2026-10-02T00:00:00Z").getEpochSecond(),
                Instant.parse("2026-10-03T00:00:00Z").getEpochSecond(),
                MODEL);
    FakeBill costs =
        new FakeBill()
            .line("2026-10-02", MODEL + ", input", "1.25")
            .line("2026-10-02", MODEL + ", cached input", "0.125")
            .line("2026-10-02", MODEL + ", output", "2");
    VendorBill bill =
        VendorBill.of(
            List.of(
                costs.document("costs"),
                BillReader.read("usage", usage.getBytes(StandardCharsets.UTF_8))));
    MemoryFacts facts = usual("2026-10-02");
    facts.add(call("2026-10-02T13:00:00Z", false, "input.text.read 400000 0.000000125"));

    Finding finding = only(match(facts, bill, "2026-10-02", "2026-10-02").getFirst());

    assertThat(finding.kind()).isEqualTo(Finding.Kind.OUTSIDE);
    assertThat(finding.amount()).isEqualTo(Money.parse("0.075 USD"));
  }

  @Test
  void anotherCurrencyIsRefused() {
    VendorBill bill =
        VendorBill.of(
            List.of(
                BillReader.read(
                    "b.csv",
                    "day,line_item,amount,currency\n2026-10-02,x,1,EUR\n"
                        .getBytes(StandardCharsets.UTF_8))));

    assertThatThrownBy(() -> match(usual("2026-10-02"), bill, "2026-10-02", "2026-10-02"))
        .hasMessageContaining("several currencies");
  }

  @Test
  void modelsAreTheSameWithADateAndNotOtherwise() {
    assertThat(ModelNames.isSame("gpt-5.1-2025-11-13", "gpt-5.1")).isTrue();
    assertThat(ModelNames.isSame("claude-sonnet-4-5-20250929", "claude-sonnet-4-5")).isTrue();
    assertThat(ModelNames.isSame("Claude Sonnet 4", "claude-sonnet-4")).isTrue();
    assertThat(ModelNames.isSame("gpt-5.1-mini", "gpt-5.1")).isFalse();
    assertThat(ModelNames.isSame("gpt-5", "gpt-5.1")).isFalse();
    assertThat(ModelNames.isSame("claude-opus-4-1", "claude-opus-4")).isFalse();
  }

  /** Nothing is absorbed: whatever the bill says, the findings sum to the difference. */
  @Property(tries = 200)
  void findingsSumToTheDifferenceWhateverTheBillSays(
      @ForAll @Size(max = 12) List<@IntRange(max = 9_999) Integer> calls,
      @ForAll @Size(max = 12) List<@IntRange(max = 9_999) Integer> lines)
      throws IOException {
    var facts = new MemoryFacts();
    for (int call : calls) {
      facts.add(
          call(
              "2026-10-%02dT%02d:30:00Z".formatted(1 + call % 3, call % 24),
              call % 7 == 0,
              (call % 2 == 0 ? "input.text " : "output.text ") + (1 + call) + " 0.000001"));
    }
    var bill = new FakeBill();
    for (int line : lines) {
      String name =
          switch (line % 5) {
            case 0 -> "other thing";
            case 1 -> "o3, input";
            case 2 -> MODEL + " batch, output";
            case 3 -> MODEL + ", input";
            default -> MODEL + ", output";
          };
      bill.line(
          "2026-10-%02d".formatted(1 + line % 3),
          name,
          "0." + (1 + line),
          line % 4 == 0 ? "" : "" + line);
    }

    // The record itself refuses a day whose findings do not sum to its difference.
    List<Day> days = new ArrayList<>(match(facts, bill.bill(), "2026-10-01", "2026-10-03"));

    assertThat(days).hasSize(3);
    for (Day day : days) {
      assertThat(day.findings().isEmpty())
          .isEqualTo(day.billed().equals(day.ours()) && day.findings().isEmpty());
    }
  }
}
