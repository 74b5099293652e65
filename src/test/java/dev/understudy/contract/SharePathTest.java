package dev.understudy.contract;

import static dev.understudy.contract.Contracts.at;
import static dev.understudy.contract.Contracts.example;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The worked examples of a share that moves by and by, each by its name and to its last digit. */
final class SharePathTest {
  @Test
  void capacityMigrationPathGoesFrom0In2025To75PercentBy2030In15PointsAYear() {
    SharePath path = example("c").duties().paths().getFirst();

    assertThat(path.at(at("2025-01-01"))).isEqualByComparingTo("0");
    assertThat(path.at(at("2030-01-01"))).isEqualByComparingTo("0.75");
    // 365 of the 1826 days of five years, one of which is a leap year.
    assertThat(path.at(at("2026-01-01")))
        .isCloseTo(new BigDecimal("0.15"), Offset.offset(new BigDecimal("0.0002")));
  }

  /**
   * 700 PTU and 2 GW there, 300 PTU and 1 GW elsewhere: units of different kinds are not added up.
   */
  @Test
  void capacityMigrationIsMeasuredByEachUnitAndByTokens() throws Exception {
    ContractVersion version =
        Contracts.terms(
            """
            capacity:
              - {id: ptu-a, host: a, units: 700, unit: PTU, price-per-unit-hour: 1}
              - {id: ptu-b, host: b, units: 300, unit: PTU, price-per-unit-hour: 1}
              - {id: gw-a, host: a, units: 2, unit: GW, price-per-unit-hour: 1}
              - {id: gw-b, host: b, units: 1, unit: GW, price-per-unit-hour: 1, window: {from: 2027-07-01}}
            paths:
              - {id: p, away-from: a, start: 0, end: 0.75, window: {from: 2025-01-01, to: 2030-01-01}}
            """);
    SharePath path = version.duties().paths().getFirst();
    var book = new ContractBook(List.of(version));

    SharePath.Standing standing =
        path.standing(
            book, tokens(Map.of("a", 5_000L, "b", 3_000L)), at("2027-06-02"), at("2027-07-02"));
    SharePath.Standing before =
        path.standing(book, tokens(Map.of()), at("2027-06-01"), at("2027-07-01"));

    assertThat(standing.byUnits()).hasToString("{GW=0.3333333333333333, PTU=0.3}");
    assertThat(standing.byTokens().orElseThrow()).isEqualByComparingTo("0.375");
    assertThat(standing.isBehind()).isTrue();
    assertThat(standing.inWords())
        .isEqualTo("33.3 % of the GW and 30.0 % of the PTU and 37.5 % of the tokens");
    assertThat(before.byUnits()).hasToString("{GW=0, PTU=0.3}");
    assertThat(before.byTokens()).isEmpty();
  }

  @Test
  void capacityMigrationIsTrackedMonthByMonthAndByYearTo2030() throws Exception {
    SharePath path = example("d").duties().paths().getFirst();

    List<SharePath.Point> course =
        path.course(
            new ContractBook(List.of(example("d"))),
            tokens(Map.of("azure", 3_000L, "coreweave", 1_000L)),
            at("2026-11-15"));

    assertThat(course).hasSize(23 + 4);
    assertThat(course)
        .filteredOn(point -> point.stood().isEmpty())
        .extracting(point -> point.until() + " " + SharePath.percent(point.target()))
        .containsExactly(
            "2027-01-01T00:00:00Z 30.0 %",
            "2028-01-01T00:00:00Z 45.0 %",
            "2029-01-01T00:00:00Z 60.0 %",
            "2030-01-01T00:00:00Z 75.0 %");
    SharePath.Point now = course.get(22);
    assertThat(now.until()).isEqualTo(at("2026-11-15"));
    assertThat(now.stood().orElseThrow().inWords()).isEqualTo("25.0 % of the tokens");
    assertThat(now.stood().orElseThrow().isBehind()).isTrue();
    // A quarter was ahead of the path in its first year.
    assertThat(course.get(3).stood().orElseThrow().isBehind()).isFalse();
  }

  /** So many tokens at each vendor, whenever one looks. */
  private static Facts tokens(Map<String, Long> served) {
    return new Facts() {
      @Override
      public void each(Instant from, Instant until, Consumer<Fact> use) {
        throw new UnsupportedOperationException("sums are enough");
      }

      @Override
      public void sums(Instant from, Instant until, Grain grain, Consumer<Sum> use) {
        served.forEach((vendor, count) ->
            use.accept(
                new Sum(
                    new Group(
                        "o",
                        "t",
                        "k",
                        "r",
                        Purpose.CALL,
                        vendor,
                        vendor,
                        "m",
                        "m",
                        "",
                        "",
                        false,
                        ""),
                    from,
                    until,
                    "input.text",
                    Optional.empty(),
                    BigDecimal.valueOf(count),
                    Money.zero(Currencies.USD),
                    Money.zero(Currencies.USD),
                    true,
                    1)));
      }
    };
  }
}
