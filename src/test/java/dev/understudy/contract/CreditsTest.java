package dev.understudy.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.contract.ServiceCredits.Credit;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CreditsTest {
  private static final ServiceCredits CREDITS =
      new ServiceCredits(
          number("0.999"),
          List.of(
              new Credit(number("0.999"), number("0.10")),
              new Credit(number("0.99"), number("0.25"))));
  private static final Money CHARGES = Money.parse("4000 USD");

  @Test
  void theWorstStepThatWasMissedCounts() {
    assertThat(CREDITS.credit(CHARGES, 999, 1000).isZero()).isTrue();
    assertThat(CREDITS.credit(CHARGES, 998, 1000)).isEqualTo(Money.parse("400 USD"));
    assertThat(CREDITS.credit(CHARGES, 990, 1000)).isEqualTo(Money.parse("400 USD"));
    assertThat(CREDITS.credit(CHARGES, 989, 1000)).isEqualTo(Money.parse("1000 USD"));
    assertThat(CREDITS.credit(CHARGES, 0, 0).isZero()).isTrue();
  }

  @Test
  void aCreditAboveWhatWasPromisedIsNotMade() {
    assertThatThrownBy(() ->
            new ServiceCredits(number("0.99"), List.of(new Credit(number("0.999"), number("0.1")))))
        .hasMessage("a credit below 0.999, where only 0.99 was promised");
  }

  @Test
  void aLowerPriceForSomebodyElseIsClaimedBackAndAHigherOneIsNot() {
    Money claim =
        MostFavoured.claim(
            List.of(
                new MostFavoured.Bought(
                    "input.text", number("40"), Money.parse("2.50 USD"), Money.parse("2.25 USD")),
                new MostFavoured.Bought(
                    "output.text", number("5"), Money.parse("10 USD"), Money.parse("12 USD"))));

    assertThat(claim).isEqualTo(Money.parse("10 USD"));
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }
}
