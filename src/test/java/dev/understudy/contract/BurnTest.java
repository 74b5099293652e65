package dev.understudy.contract;

import static dev.understudy.contract.Contracts.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A commitment that would be left over makes its vendor cost nothing more. */
final class BurnTest {
  private static final ContractVersion COMMITTED =
      Contracts.terms(
          """
          commitments:
            - id: c-1
              debtor: us
              creditor: a
              kind: spend
              amount: 24000
              unit: USD
              over: {from: 2026-01-01, to: 2027-01-01}
              eligible: {models: ["gpt-*"]}
          """);

  /** So much was spent at a vendor each day. */
  private record Daily(String vendor, BigDecimal perDay) implements Facts {
    @Override
    public void each(Instant from, Instant until, Consumer<Fact> use) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sums(Instant from, Instant until, Grain grain, Consumer<Sum> use) {
      var days = new BigDecimal(Duration.between(from, until).toDays());
      Money amount = Money.of(perDay.multiply(days), Currencies.USD);
      use.accept(
          new Sum(
              new Group(
                  "o",
                  "t",
                  "k",
                  "r",
                  Purpose.CALL,
                  vendor,
                  "custom",
                  "gpt-5",
                  "gpt-5",
                  "",
                  "",
                  false,
                  "p"),
              from,
              until,
              "input.text",
              Optional.empty(),
              days,
              amount,
              amount,
              true,
              1));
    }
  }

  private static Burn burn(String vendor, String perDay) throws Exception {
    return Burn.of(
        new ContractBook(List.of(COMMITTED)),
        new Daily(vendor, new BigDecimal(perDay)),
        at("2026-07-02"));
  }

  @Test
  void pressureIsWhatMustBeUsedADayOverWhatIs() throws Exception {
    // 182 days at 60 leave 13 080 for 183 days: 71.4754 a day, over 60.
    Burn.Pressure pressure = burn("a", "60").all().getFirst();

    assertThat(pressure.remaining()).isEqualByComparingTo("13080");
    assertThat(pressure.perDay()).isEqualByComparingTo("60");
    assertThat(pressure.pressure().orElseThrow()).isEqualByComparingTo("1.1913");
    assertThat(pressure.presses()).isTrue();
  }

  @Test
  void onlyWhatItCountsIsPreferredAndOnlyWhileItPresses() throws Exception {
    assertThat(burn("a", "60").prefers("a", "custom", "gpt-5")).isTrue();
    assertThat(burn("a", "60").prefers("a", "custom", "claude")).isFalse();
    assertThat(burn("a", "60").prefers("b", "custom", "gpt-5")).isFalse();
    assertThat(burn("a", "80").prefers("a", "custom", "gpt-5")).isFalse();
    // Nothing was spent at a at all.
    assertThat(burn("b", "80").prefers("a", "custom", "gpt-5")).isTrue();
  }
}
