package dev.understudy.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.CapacityPurchase.Hour;
import dev.understudy.contract.CapacityPurchase.Spill;
import dev.understudy.contract.CapacityPurchase.Throughput;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class CapacityPurchaseTest {
  private static final Rounding CENTS = new Rounding(RoundingMode.HALF_EVEN, 2);

  /** 100 units at 1.00 an hour, which serve 15 million weighed tokens an hour. */
  private static final CapacityPurchase WORKED = purchase("100", "1.00 USD");

  @Test
  void workedMonthOfAHundredUnitsIs72000OfWhich45000AreUsed() {
    Money used = Money.parse("0 USD");
    Money unused = Money.parse("0 USD");
    Money shares = Money.parse("0 USD");
    for (int hour = 0; hour < 720; hour++) {
      // 62.5 % of 15 million, by three calls.
      Hour one =
          WORKED.hour(List.of(number("5000000"), number("4000000"), number("375000")), CENTS);
      used = used.plus(one.used());
      unused = unused.plus(one.unused());
      shares = one.shares().stream().reduce(shares, Money::plus);
    }

    assertThat(WORKED.cost(720)).isEqualTo(Money.parse("72000 USD"));
    assertThat(used).isEqualTo(Money.parse("45000 USD"));
    assertThat(unused).isEqualTo(Money.parse("27000 USD"));
    assertThat(shares).isEqualTo(used);
  }

  @Test
  void workedSpillOf40MillionInAnd5MillionOutIs150OnDemand() {
    Money input = Money.parse("2.50 USD").times(40);
    Money output = Money.parse("10 USD").times(5);

    assertThat(input.plus(output)).isEqualTo(Money.parse("150 USD"));
    var spill = new Spill(number("0.05"), Optional.empty());
    assertThat(spill.allows(number("45"), number("900"))).isTrue();
    assertThat(spill.allows(number("45.1"), number("900"))).isFalse();
  }

  @Test
  void workedBreakEvenIsAtFiveSixths() {
    Money payAsYouGo = Money.parse("8 USD").times(15);

    assertThat(payAsYouGo).isEqualTo(Money.parse("120 USD"));
    assertThat(WORKED.breakEven(payAsYouGo, CENTS)).isEqualByComparingTo("0.83");
  }

  @Test
  void cachedTokensWeighNothingAndOutputWeighsMore() {
    Throughput throughput = WORKED.throughput().orElseThrow();

    assertThat(throughput.weigh(number("1000"), number("9000"), number("100")))
        .isEqualByComparingTo("1400");
    assertThat(throughput.weigh("input.text", number("1000"))).isEqualByComparingTo("1000");
    assertThat(throughput.weigh("input.text.read", number("9000"))).isZero();
    assertThat(throughput.weigh("output.text.reasoning", number("100")))
        .isEqualByComparingTo("400");
    // What is no token is charged beside the capacity.
    assertThat(throughput.weigh("web_search_requests", number("7"))).isZero();
  }

  @Test
  void anHourThatServesMoreThanItsUnitsIsUsedUp() {
    Hour hour = WORKED.hour(List.of(number("10000000"), number("10000000")), CENTS);

    assertThat(hour.used()).isEqualTo(Money.parse("100 USD"));
    assertThat(hour.unused().isZero()).isTrue();
    assertThat(hour.over()).isEqualByComparingTo("5000000");
  }

  @Test
  void anHourWithoutCallsIsUnused() {
    assertThat(WORKED.hour(List.of(), CENTS).unused()).isEqualTo(Money.parse("100 USD"));
    assertThat(WORKED.hour(List.of(BigDecimal.ZERO), CENTS).unused())
        .isEqualTo(Money.parse("100 USD"));
  }

  @Property(tries = 300)
  void usedAndUnusedAreThePurchaseAndSharesAreWhatIsUsed(
      @ForAll("weights") List<BigDecimal> weights, @ForAll("prices") BigDecimal price) {
    CapacityPurchase purchase = purchase("7", price.toPlainString() + " USD");

    Hour hour = purchase.hour(weights, CENTS);

    assertThat(hour.used().plus(hour.unused())).isEqualTo(purchase.cost(1));
    assertThat(hour.used().sign()).isNotNegative();
    assertThat(hour.unused().sign()).isNotNegative();
    assertThat(hour.shares().stream().reduce(Money.parse("0 USD"), Money::plus))
        .isEqualTo(hour.used());
  }

  @Provide
  Arbitrary<List<BigDecimal>> weights() {
    return Arbitraries.bigDecimals()
        .between(BigDecimal.ZERO, number("900000"))
        .ofScale(1)
        .list()
        .ofMaxSize(12);
  }

  @Provide
  Arbitrary<BigDecimal> prices() {
    return Arbitraries.bigDecimals().between(number("0.001"), number("9")).ofScale(3);
  }

  private static CapacityPurchase purchase(String units, String price) {
    return new CapacityPurchase(
        number(units),
        "PTU",
        Money.parse(price),
        Optional.of(new Throughput(number("2500"), number("4"), BigDecimal.ZERO)),
        Optional.empty());
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }
}
