package dev.understudy.limits;

import static dev.understudy.limits.Counting.demand;
import static dev.understudy.limits.Counting.refusal;
import static dev.understudy.limits.Counting.scope;
import static dev.understudy.limits.Counting.usd;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Scope;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class LimiterTest {
  private final Counting counting = new Counting();

  @Test
  void letsThroughWhoHasNoLimits() {
    var nobody = scope("key:a", 0, 0, 0);

    Place place = counting.admitted(demand(1_000_000, 1_000), nobody);
    place.leave();

    assertThat(place.standing()).isEqualTo(Standing.UNLIMITED);
    assertThat(counting.limiter.scopes()).isEmpty();
  }

  @Test
  void holdsRequestsInEveryMinuteWhicheverWayItIsCut() {
    var key = scope("key:a", 3, 0, 0);
    counting.admitted(Demand.NONE, key);
    counting.pass(Duration.ofSeconds(50));
    counting.admitted(Demand.NONE, key);
    counting.admitted(Demand.NONE, key);

    Refusal refusal = counting.refused(Demand.NONE, key);
    assertThat(refusal.message())
        .isEqualTo("key:a is at its limit of 3 requests per minute: 0 left; try again in 11 s");
    assertThat(refusal.retryAfterSeconds()).isEqualTo(OptionalLong.of(11));

    counting.pass(Duration.ofSeconds(11));
    counting.admitted(Demand.NONE, key);
    // A bucket that refills would let two more through here.
    counting.refused(Demand.NONE, key);
  }

  @Test
  void reservesTokensBeforeAndCountsWhatWasUsedAfter() {
    var key = scope("key:a", 0, 1_000, 0);
    Place first = counting.admitted(demand(800, 0), key);

    assertThat(counting.refused(demand(300, 0), key).message())
        .isEqualTo(
            "key:a is at its limit of 1000 tokens per minute: 200 left, and this request may need"
                + " 300; try again in 61 s");

    first.settle(first.attempt(), demand(100, 0));
    first.leave();
    counting.admitted(demand(900, 0), key);
    assertThat(counting.refused(demand(1, 0), key).left()).isEqualTo("0");
  }

  @Test
  void countsMoreThanWasReservedWhenMoreWasUsed() {
    var key = scope("key:a", 0, 1_000, 0, "1USD/day");
    Place place = counting.admitted(demand(100, 0.1), key);

    place.settle(place.attempt(), demand(1_500, 0.6));

    assertThat(counting.refused(demand(1, 0), key).left()).isEqualTo("0");
    assertThat(counting.spent("key:a")).isEqualTo(usd(0.6));
  }

  @Test
  void holdsConcurrentCallsUntilTheyLeave() {
    var team = scope("team:a", 0, 0, 2);
    Place one = counting.admitted(Demand.NONE, team);
    counting.admitted(Demand.NONE, team);

    assertThat(counting.refused(Demand.NONE, team).message())
        .isEqualTo(
            "team:a is at its limit of 2 concurrent calls; try again when one of them has ended");

    one.leave();
    one.leave();
    counting.admitted(Demand.NONE, team);
    counting.refused(Demand.NONE, team);
  }

  @Test
  void aClockPutForwardByMistakeDoesNotGiveABudgetTwice() {
    var key = scope("key:a", 0, 0, 0, "1USD/month");
    Place one = counting.admitted(demand(10, 0.7), key);
    Place two = counting.admitted(demand(10, 0.2), key);
    one.settle(one.attempt(), demand(10, 0.7));

    counting.pass(Duration.ofDays(20));
    counting.admitted(demand(10, 0.9), key); // a budget of that month

    counting.pass(Duration.ofDays(-20));
    assertThat(counting.refused(demand(10, 0.25), key).message())
        .startsWith("key:a has 0.1 USD left of its budget of 1USD/month");
    two.settle(two.attempt(), demand(10, 0.1));
    counting.admitted(demand(10, 0.15), key);
    assertThat(counting.spent("key:a")).isEqualTo(usd(0.8));
    // And forward again, as the calendar does.
    counting.pass(Duration.ofDays(20));
    assertThat(counting.refused(demand(10, 0.25), key).message())
        .startsWith("key:a has 0.1 USD left");
  }

  @Test
  void holdsABudgetByMoneyReservedAndSpent() {
    var key = scope("key:a", 0, 0, 0, "1USD/month");
    Place one = counting.admitted(demand(10, 0.4), key);
    counting.admitted(demand(10, 0.4), key);

    Refusal refusal = counting.refused(demand(10, 0.25), key);
    assertThat(refusal.limit().code()).isEqualTo("budget_exceeded");
    assertThat(refusal.message())
        .isEqualTo(
            "key:a has 0.2 USD left of its budget of 1USD/month, and this request may cost 0.25"
                + " USD; the budget starts anew at 2026-12-01T00:00:00Z");
    assertThat(refusal.retryAfterSeconds()).isEqualTo(OptionalLong.of(84 * 3_600));
    assertThat(refusal.isWorthRetrying()).isFalse();

    one.settle(one.attempt(), demand(10, 0.1));
    counting.admitted(demand(10, 0.25), key);
  }

  @Test
  void startsABudgetAnewWithTheCalendarOfItsZone() {
    var berlin =
        new Counting(
            Allotment.WHOLE,
            SpendingBook.NONE,
            ZoneId.of("Europe/Berlin"),
            Instant.parse("2026-11-27T22:59:00Z"));
    var key = scope("key:a", 0, 0, 0, "1USD/day");
    Place late = berlin.admitted(demand(0, 1), key);
    berlin.refused(demand(0, 0.1), key);

    berlin.pass(Duration.ofMinutes(1));
    berlin.admitted(demand(0, 1), key);
    // What yesterday's call really cost is yesterday's.
    late.settle(late.attempt(), demand(0, 5));
    assertThat(berlin.spent("key:a")).isZero();
  }

  @Test
  void takesInAllScopesOrInNone() {
    var key = scope("key:a", 10, 1_000, 5, "1USD/day");
    var team = scope("team:a", 10, 1_000, 5, "1USD/day");
    var tight = scope("organisation:a", 10, 50, 5, "1USD/day");

    Refusal refusal = counting.refused(demand(51, 0.1), key, team, tight);

    assertThat(refusal.scope()).isEqualTo("organisation:a");
    for (String scope : List.of("key:a", "team:a", "organisation:a")) {
      Gauges gauges = counting.gauges(scope);
      gauges.each(
          counting.limiter.world().millis(),
          gauge -> assertThat(gauge.share().taken()).as(scope + " " + gauge.kind()).isZero());
    }
  }

  @Test
  void saysAtOnceThatARequestIsLargerThanTheWholeLimit() {
    var key = scope("key:a", 0, 1_000, 0);
    Refusal tokens = counting.refused(demand(1_001, 0), key);
    assertThat(tokens.message())
        .contains("this request alone may need 1001 tokens, more than the limit")
        .contains("lower maximum");
    assertThat(tokens.retryAfterSeconds()).isEmpty();
    assertThat(tokens.isWorthRetrying()).isFalse();

    var poor = scope("key:b", 0, 0, 0, "1USD/day");
    assertThat(counting.refused(demand(1, 1.5), poor).message())
        .contains("this request alone may cost 1.50 USD, more than the whole budget of 1USD/day");
  }

  @Test
  void keepsWhatWasUsedWhenLimitsChange() {
    counting.admitted(demand(400, 0.5), scope("key:a", 5, 500, 5, "1USD/day"));

    Scope raised = scope("key:a", 5, 600, 5, "2USD/day");
    counting.admitted(demand(200, 1.5), raised);
    counting.refused(demand(1, 0), raised);

    Scope lowered = scope("key:a", 2, 5_000, 5, "2USD/day");
    assertThat(counting.refused(Demand.NONE, lowered).limit()).isEqualTo(Refusal.Kind.REQUESTS);
  }

  @Test
  void takesAwayATicketThatGivesNoSignOfLifeAndCountsWhatItReserved() {
    var key = scope("key:a", 0, 0, 1, "1USD/day");
    Place lost = counting.admitted(demand(0, 0.3), key);
    counting.pass(Counting.LEASE.minusSeconds(1));
    counting.limiter.sweep();
    counting.refused(demand(0, 0), key);

    counting.pass(Duration.ofSeconds(2));
    counting.limiter.sweep();

    assertThat(counting.limiter.lapsed()).isOne();
    assertThat(counting.spent("key:a")).isEqualTo(usd(0.3));
    counting.admitted(demand(0, 0), key);
    lost.settle(lost.attempt(), demand(0, 0.9));
    lost.leave();
    assertThat(counting.spent("key:a")).isEqualTo(usd(0.3));
    counting.refused(demand(0, 0), key);
  }

  @Test
  void keepsATicketThatIsTouched() {
    var key = scope("key:a", 0, 0, 1);
    Place place = counting.admitted(Demand.NONE, key);
    for (int i = 0; i < 5; i++) {
      counting.pass(Duration.ofSeconds(50));
      place.touch(counting.nanos.get());
      counting.limiter.sweep();
    }
    assertThat(counting.limiter.lapsed()).isZero();
    counting.refused(Demand.NONE, key);
  }

  @Test
  void tellsOfTheScopeThatHasLeastLeft() {
    var key = scope("key:a", 10, 100_000, 0);
    var team = scope("team:a", 1_000, 1_000, 0);
    Place place = counting.admitted(demand(600, 0), key, team);
    counting.pass(Duration.ofSeconds(20));

    Standing standing = place.standing();

    assertThat(standing.requests()).contains(new Standing.Left(10, 9, 41));
    assertThat(standing.tokens()).contains(new Standing.Left(1_000, 400, 41));
  }

  @Test
  void forgetsScopesThatNobodyUses() {
    counting.admitted(demand(1, 0), scope("key:a", 5, 100, 5)).leave();
    counting.pass(Duration.ofMinutes(9));
    counting.limiter.sweep();
    assertThat(counting.limiter.scopes()).hasSize(1);

    counting.pass(Duration.ofMinutes(2));
    counting.limiter.sweep();
    assertThat(counting.limiter.scopes()).isEmpty();
  }

  @Test
  void convertsTheMoneyOfPricesAtTheStatedRateAndRoundsUp() {
    var euro =
        new Currencies(
            "USD",
            Map.of("EUR", new Currencies.Rate(new BigDecimal("1.08"), LocalDate.of(2026, 11, 1))));

    assertThat(euro.convert(1_080_000_000, "EUR")).isEqualTo(1_000_000_000);
    assertThat(euro.convert(1, "EUR")).isEqualTo(1);
    assertThat(euro.objection(scope("a", 0, 0, 0, "5CHF/day").limits()))
        .contains(
            "the budget 5CHF/day is in CHF, prices are in USD, and no rate between them is stated"
                + " (stated: EUR); write the budget in USD or set limits.currencies.CHF");
    assertThat(euro.objection(scope("a", 0, 0, 0, "5EUR/day").limits())).isEmpty();
  }

  @Test
  void refusesAFurtherAttemptThatDoesNotFitThoughTheFirstDid() {
    var key = scope("key:a", 0, 0, 0, "1USD/day");
    Place place = counting.admitted(demand(0, 0.6), key);
    place.release(place.attempt());

    assertThat(place.next(demand(0, 0.9), Patience.NONE)).isInstanceOf(Clearance.Admitted.class);
    assertThat(refusal(place.next(demand(0, 0.2), Patience.NONE)).limit())
        .isEqualTo(Refusal.Kind.BUDGET);
  }
}
