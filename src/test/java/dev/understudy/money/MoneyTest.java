package dev.understudy.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Amounts are exact, are not mixed, and are shared out and rounded without loss. */
final class MoneyTest {

  @Test
  void anAmountIsWrittenOneWay() {
    assertThat(Money.parse("12.50 USD")).hasToString("12.5 USD");
    assertThat(Money.parse("0 JPY")).isEqualTo(Money.zero(Currencies.of("JPY")));
    assertThat(Money.parse("-0.000001 EUR").amount()).isEqualTo("-0.000001");
    for (String wrong :
        List.of(
            "12.50",
            "12.50USD",
            "12,50 EUR",
            "$12.50",
            "1e3 USD",
            "+1 USD",
            "01 USD",
            "1. USD",
            ".5 USD",
            "1 usd",
            " 1 USD",
            "1 USD ",
            "1  USD",
            "NaN USD",
            "1 000 USD",
            "")) {
      assertThatThrownBy(() -> Money.parse(wrong)).as(wrong).hasMessageContaining("12.50 USD");
    }
    assertThatThrownBy(() -> Money.parse("1 XYZ")).hasMessageContaining("unknown currency \"XYZ\"");
  }

  @Test
  void equalAmountsAreEqualHoweverTheyWereWritten() {
    assertThat(Money.parse("1.10 USD")).isEqualTo(Money.parse("1.1 USD"));
    assertThat(Money.of(new BigDecimal("1E+3"), Currencies.USD)).hasToString("1000 USD");
    assertThat(Money.of(new BigDecimal("0.000"), Currencies.USD))
        .isEqualTo(Money.zero(Currencies.USD));
  }

  @Test
  void currenciesAreNeverMixed() {
    Money dollars = Money.parse("1 USD");
    Money euros = Money.parse("1 EUR");

    assertThatThrownBy(() -> dollars.plus(euros)).hasMessageContaining("dated rate of exchange");
    assertThatThrownBy(() -> dollars.minus(euros)).hasMessageContaining("1 USD and 1 EUR");
    assertThatThrownBy(() -> dollars.compareAmount(euros)).hasMessageContaining("two currencies");
  }

  @Test
  void absurdNumbersAreRefusedBeforeTheyFillMemory() {
    assertThatThrownBy(() -> Money.of(new BigDecimal("1E+999999999"), Currencies.USD))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Money.of(new BigDecimal("1E-999999999"), Currencies.USD))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void whatRoundingTakesIsToldBesideWhatItLeaves() {
    var rounded = Rounding.of(Currencies.USD).round(Money.parse("0.125 USD"));

    assertThat(rounded.money()).hasToString("0.12 USD");
    assertThat(rounded.difference()).hasToString("0.005 USD");
    assertThat(Rounding.of(Currencies.of("JPY")).round(Money.parse("1.5 JPY")).money())
        .hasToString("2 JPY");
  }

  @Property
  void theRoundedAndTheDifferenceAreTheExactAmount(
      @ForAll @LongRange(min = -1_000_000_000_000L, max = 1_000_000_000_000L) long nanos,
      @ForAll @IntRange(max = 9) int decimals,
      @ForAll RoundingMode mode) {
    Money exact = Money.of(BigDecimal.valueOf(nanos, 9), Currencies.USD);
    if (mode == RoundingMode.UNNECESSARY) {
      return;
    }
    var rounded = new Rounding(mode, decimals).round(exact);

    assertThat(rounded.money().plus(rounded.difference())).isEqualTo(exact);
    assertThat(rounded.money().amount().scale()).isLessThanOrEqualTo(decimals);
    assertThat(rounded.difference().amount().abs())
        .isLessThan(BigDecimal.ONE.movePointLeft(decimals));
  }

  @Test
  void leftOverCentsGoToThoseWhoLostMost() {
    assertThat(shares("100 USD", "1", "1", "1")).isEqualTo("33.34 33.33 33.33");
    assertThat(shares("0.02 USD", "1", "1", "1")).isEqualTo("0.01 0.01 0");
    assertThat(shares("-100 USD", "1", "1", "1")).isEqualTo("-33.34 -33.33 -33.33");
    assertThat(shares("10 USD", "0", "3", "7")).isEqualTo("0 3 7");
  }

  private static String shares(String total, String... weights) {
    return Allocation.byLargestRemainder(
            Money.parse(total), List.of(weights).stream().map(BigDecimal::new).toList(), 2)
        .stream()
        .map(share -> share.amount().toPlainString())
        .collect(Collectors.joining(" "));
  }

  @Property
  void sharesAddUpAndNoneIsFurtherThanAUnitFromItsPart(
      @ForAll @LongRange(min = -10_000_000, max = 10_000_000) long cents,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(max = 1_000) Integer> weights) {
    BigDecimal sum = BigDecimal.valueOf(weights.stream().mapToLong(Integer::longValue).sum());
    if (sum.signum() == 0) {
      return;
    }
    Money total = Money.of(BigDecimal.valueOf(cents, 2), Currencies.USD);
    List<Money> shares =
        Allocation.byLargestRemainder(total, weights.stream().map(BigDecimal::valueOf).toList(), 2);

    assertThat(shares.stream().reduce(Money.zero(Currencies.USD), Money::plus)).isEqualTo(total);
    for (int i = 0; i < shares.size(); i++) {
      BigDecimal exactTimesSum = total.amount().multiply(BigDecimal.valueOf(weights.get(i)));
      BigDecimal off = shares.get(i).amount().multiply(sum).subtract(exactTimesSum).abs();
      assertThat(off).isLessThan(sum.movePointLeft(2));
    }
  }

  @Test
  void whatCannotBeSharedOutIsSaid() {
    Money dollar = Money.parse("1 USD");

    assertThatThrownBy(() -> Allocation.byLargestRemainder(dollar, List.of(), 2))
        .hasMessageContaining("cannot be shared out");
    assertThatThrownBy(
            () -> Allocation.byLargestRemainder(dollar, List.of(new BigDecimal("-1")), 2))
        .hasMessageContaining("negative");
    assertThatThrownBy(() ->
            Allocation.byLargestRemainder(Money.parse("0.001 USD"), List.of(BigDecimal.ONE), 2))
        .hasMessageContaining("round it first");
  }
}
