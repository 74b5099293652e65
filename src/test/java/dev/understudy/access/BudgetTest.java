package dev.understudy.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BudgetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"100USD/month", "2.5EUR/day", "0.000000001USD/day", "1000000000JPY/month"})
  void readsWhatItWrites(String text) {
    assertThat(Budget.parse(text).text()).isEqualTo(text);
  }

  @Test
  void takesAmountsThatAreEqualForOne() {
    assertThat(Budget.parse("100.00USD/month"))
        .isEqualTo(new Budget(new BigDecimal("100"), "USD", Period.MONTH));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          100/month          | has no currency
          100                | has no currency
          100usd/month       | in capitals
          100XYQ/month       | ISO 4217
          100USD             | does not say for how long
          100USD per month   | does not say for how long
          100USD/week        | neither by day nor by month
          100USD/Month       | neither by day nor by month
          -5USD/day          | is negative
          0USD/day           | more than zero
          0.00USD/month      | more than zero
          USD100/month       | does not begin with an amount
          1e3USD/month       | ISO 4217
          1,000USD/month     | does not begin with an amount
          0.0000000001USD/day| at most nine decimals
          1000000001USD/day  | at most a billion
          '100 USD/month'    | does not begin with an amount
          """)
  void saysWhatIsWrongWithAnythingElse(String text, String why) {
    assertThatThrownBy(() -> Budget.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void refusesLimitsThatAreNone() {
    assertThatThrownBy(() ->
            new Limits(OptionalLong.of(-1), OptionalLong.empty(), OptionalInt.empty(), List.of()))
        .hasMessageContaining("-1 requests per minute");
    assertThatThrownBy(() ->
            new Limits(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.of(0), List.of()))
        .hasMessageContaining("0 concurrent calls");
    assertThatThrownBy(() ->
            new Limits(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                List.of(Budget.parse("1USD/day"), Budget.parse("2USD/day"))))
        .hasMessageContaining("two budgets by the day");
  }

  @Test
  void countsPeriodsByTheCalendarOfAZone() {
    var lateOnTheLast = Instant.parse("2026-02-28T23:30:00Z");
    var berlin = ZoneId.of("Europe/Berlin");

    assertThat(Period.MONTH.of(lateOnTheLast, ZoneOffset.UTC)).isEqualTo(LocalDate.of(2026, 2, 1));
    assertThat(Period.MONTH.of(lateOnTheLast, berlin)).isEqualTo(LocalDate.of(2026, 3, 1));
    assertThat(Period.DAY.end(LocalDate.of(2026, 3, 29), berlin))
        .isEqualTo(Instant.parse("2026-03-29T22:00:00Z"));
  }
}
