package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Shipped;
import dev.understudy.settlement.Given;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the shipped list asks for sums and for whole attempts. */
final class ListWitnessTest {
  private static final Given.ListPrices LISTS =
      ListWitness.lists(new Prices(List.of(Shipped.list())));

  @Test
  void aModelWithACliffIsUnevenAndAnAttemptBeyondItIsDearer() {
    assertThat(LISTS.isUneven(sum("gemini-2.5-pro", "input.text", "2026-11-02T10:00:00Z")))
        .isTrue();
    assertThat(LISTS.isUneven(sum("gemini-2.5-flash", "input.text", "2026-11-02T10:00:00Z")))
        .isFalse();

    assertThat(LISTS.each(fact(200_000))).containsEntry("input.text", each("0.00000125"));
    assertThat(LISTS.each(fact(200_001)))
        .containsEntry("input.text", each("0.0000025"))
        .containsEntry("output.text", each("0.000015"));
  }

  private static Money each(String amount) {
    return Money.of(new BigDecimal(amount), Currencies.USD);
  }

  private static Facts.Sum sum(String model, String item, String hour) {
    Instant begins = Instant.parse(hour);
    return new Facts.Sum(
        new Facts.Group(
            "o", "t", "k", "r", Purpose.CALL, "gemini", "gemini", model, model, "", "", false, ""),
        begins,
        begins.plusSeconds(3_600),
        item,
        Optional.empty(),
        BigDecimal.TEN,
        Money.zero(Currencies.USD),
        Money.zero(Currencies.USD),
        true,
        1);
  }

  private static Fact fact(long input) {
    var leaves =
        new TreeMap<>(
            Map.of("input.text", BigDecimal.valueOf(input), "output.text", BigDecimal.TEN));
    return new Fact(
        "x",
        0,
        Instant.parse("2026-11-02T10:00:00Z"),
        "o",
        "t",
        "k",
        Map.of(),
        "r",
        Purpose.CALL,
        "gemini",
        "gemini",
        "gemini-2.5-pro",
        "gemini-2.5-pro",
        "key",
        "",
        "",
        Attempt.Outcome.ANSWERED,
        false,
        leaves,
        Optional.<Cost>empty());
  }
}
