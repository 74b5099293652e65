package dev.understudy.settlement.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.focus.Billing;
import dev.understudy.settlement.focus.MemoryFacts;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lines of a bill for capacity, held against what was bought by the hour. */
class BoughtSideTest {
  private static final String DAY = "2026-10-02";

  private static Billing.Capacity bought(
      String id, int units, String unit, String price, String from, String to, String... models) {
    return new Billing.Capacity(
        id,
        id,
        Optional.of("hosting"),
        new Billing.Eligible.Named("azure", List.of(models)),
        new CapacityPurchase(
            BigDecimal.valueOf(units),
            unit,
            Money.parse(price),
            Optional.empty(),
            Optional.empty()),
        Instant.parse(from),
        Instant.parse(to));
  }

  private static Billing.Capacity october(String id, int units, String price, String... models) {
    return bought(id, units, "PTU", price, "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", models);
  }

  private static List<Day> match(
      FakeBill bill, String from, String to, Billing.Capacity... capacity) throws IOException {
    return Match.of(
        new MemoryFacts(),
        "azure",
        LocalDate.parse(from),
        LocalDate.parse(to),
        bill.bill(),
        Rates.NONE,
        Currencies.USD,
        List.of(capacity));
  }

  private static Day one(FakeBill bill, Billing.Capacity... capacity) throws IOException {
    return match(bill, DAY, DAY, capacity).getFirst();
  }

  private static Finding only(Day day) {
    assertThat(day.findings()).hasSize(1);
    return day.findings().getFirst();
  }

  @Test
  void hoursTimesUnitsTimesPriceOfTheDayExplainALine() throws IOException {
    Day day =
        one(new FakeBill().line(DAY, "PTU hours", "2400", "2400"), october("h/ptu", 100, "1 USD"));

    assertThat(day.isExplained()).isTrue();
    assertThat(day.ours()).isEqualTo(day.billed()).isEqualTo(Money.parse("2400 USD"));
    Finding finding = only(day);
    assertThat(finding.kind()).isEqualTo(Finding.Kind.CAPACITY);
    assertThat(finding.amount()).isEqualTo(Money.parse("0 USD"));
    assertThat(finding.text()).isEqualTo("24 hours of 100 PTU at 1 USD (h/ptu)");
  }

  @Test
  void withoutWhatWasBoughtTheLineStaysUnexplainedWithAHint() throws IOException {
    Finding finding = only(one(new FakeBill().line(DAY, "PTU hours", "2400", "2400")));

    assertThat(finding.kind()).isEqualTo(Finding.Kind.UNEXPLAINED);
    assertThat(finding.text()).contains("--contracts").contains("billing file");
    assertThat(only(one(new FakeBill().line(DAY, "Support", "10"))).text())
        .isEqualTo("nothing of ours goes with this line");
  }

  @Test
  void otherHoursAreToldWithBothFigures() throws IOException {
    Finding finding =
        only(
            one(
                new FakeBill().line(DAY, "Provisioned Managed Unit", "2500", "2500"),
                october("h/ptu", 100, "1 USD")));

    assertThat(finding.kind()).isEqualTo(Finding.Kind.UNEXPLAINED);
    assertThat(finding.amount()).isEqualTo(Money.parse("100 USD"));
    assertThat(finding.text())
        .isEqualTo(
            "billed 2500, bought 2400; the vendor counts 2500 PTU-hours, bought were 2400: "
                + "24 hours of 100 PTU at 1 USD (h/ptu)");
  }

  @Test
  void anotherPriceIsToldWithBothFigures() throws IOException {
    Finding finding =
        only(
            one(
                new FakeBill().line(DAY, "PTU hours", "2640", "2400"),
                october("h/ptu", 100, "1 USD")));

    assertThat(finding.kind()).isEqualTo(Finding.Kind.UNEXPLAINED);
    assertThat(finding.text()).contains("hours agree, billed at 1.1 for one, agreed is 1");
  }

  @Test
  void aPriceThatChangesWithinTheDayIsTakenHourByHour() throws IOException {
    Day day =
        one(
            new FakeBill().line(DAY, "PTU hours", "2050"),
            bought("h/ptu", 100, "PTU", "1 USD", "2026-10-01T00:00:00Z", "2026-10-02T10:00:00Z"),
            bought("h/ptu", 50, "PTU", "1.5 USD", "2026-10-02T10:00:00Z", "2026-11-01T00:00:00Z"));

    assertThat(day.isExplained()).isTrue();
    assertThat(only(day).text())
        .isEqualTo("10 hours of 100 PTU at 1 USD and 14 hours of 50 PTU at 1.5 USD (h/ptu)");
  }

  @Test
  void capacityThatIsNotBilledIsUnexplained() throws IOException {
    Day day = one(new FakeBill().line(DAY, "Support", "0"), october("h/ptu", 100, "1 USD"));

    assertThat(only(day).text()).contains("the bill has no line for it");
    assertThat(day.unexplained()).isEqualTo(Money.parse("2400 USD"));
  }

  @Test
  void aDayThatTheBillLacksIsMissingWithItsHours() throws IOException {
    Day day =
        one(new FakeBill().line("2026-10-03", "PTU hours", "2400"), october("h/ptu", 100, "1 USD"));

    assertThat(only(day).kind()).isEqualTo(Finding.Kind.MISSING_DAY);
    assertThat(only(day).amount()).isEqualTo(Money.parse("-2400 USD"));
  }

  @Test
  void linesGoToThePurchaseOfTheirModel() throws IOException {
    Day day =
        one(
            new FakeBill()
                .line(DAY, "gpt-5.1, PTU hours", "2400")
                .line(DAY, "o3, PTU hours", "1300"),
            october("h/o3", 50, "1 USD", "o3*"),
            october("h/gpt", 100, "1 USD", "gpt-*"));

    assertThat(day.findings())
        .extracting(Finding::kind)
        .containsExactlyInAnyOrder(Finding.Kind.CAPACITY, Finding.Kind.UNEXPLAINED);
    assertThat(day.unexplained()).isEqualTo(Money.parse("100 USD"));
  }

  @Test
  void oneLineMayBillTwoPurchasesIfItComesToBothExactly() throws IOException {
    var two = new Billing.Capacity[] {october("h/a", 100, "1 USD"), october("h/b", 50, "1 USD")};

    assertThat(one(new FakeBill().line(DAY, "PTU hours", "3600"), two).isExplained()).isTrue();
    // Too little for both: the one it is nearest to, and the other is missing.
    Day less = one(new FakeBill().line(DAY, "PTU hours", "2300"), two);
    assertThat(less.unexplained()).isEqualTo(Money.parse("1300 USD"));
  }

  @Test
  void whatIsMoreThanWasBoughtIsUnexplained() throws IOException {
    Day day =
        one(
            new FakeBill().line(DAY, "PTU hours", "2400").line(DAY, "GSU hours", "70"),
            october("h/ptu", 100, "1 USD"),
            bought("h/gsu", 1, "GSU", "2 USD", "2026-10-01T00:00:00Z", "2026-10-02T10:00:00Z"));

    assertThat(day.unexplained()).isEqualTo(Money.parse("50 USD"));
  }

  @Test
  void aMonthThatIsBilledOnOneDayIsHeldAgainstAllItsHours() throws IOException {
    List<Day> days =
        match(
            new FakeBill().line("2026-10-01", "PTU hours", "74400").line(DAY, "Support", "0"),
            "2026-10-01",
            DAY,
            october("h/ptu", 100, "1 USD"));

    assertThat(days).allMatch(Day::isExplained);
    assertThat(only(days.getFirst()).text()).contains("744 hours of 100 PTU");
    assertThat(days.getLast().ours()).isEqualTo(Money.parse("0 USD"));
  }

  @Test
  void roundingOfTheBillIsToldAndIsNoDifference() throws IOException {
    Day day =
        one(new FakeBill().line(DAY, "PTU hours", "0.33"), october("h/ptu", 1, "0.01389 USD"));

    assertThat(only(day).kind()).isEqualTo(Finding.Kind.CAPACITY);
    assertThat(only(day).text()).contains("the bill is rounded to 2 decimals");
  }

  @Test
  void otherVendorsCapacityAndOtherCurrenciesExplainNothing() throws IOException {
    Billing.Capacity elsewhere = october("h/ptu", 100, "1 EUR");
    Finding finding = only(one(new FakeBill().line(DAY, "PTU hours", "2400"), elsewhere));

    assertThat(finding.isExplained()).isFalse();
    assertThat(finding.text()).contains("in EUR, the bill in USD");
  }
}
