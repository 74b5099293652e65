package dev.understudy.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.contract.RevenueShare.Accumulation;
import dev.understudy.contract.RevenueShare.Base;
import dev.understudy.contract.RevenueShare.Cap;
import dev.understudy.contract.RevenueShare.Guarantee;
import dev.understudy.contract.RevenueShare.Schedule;
import dev.understudy.contract.RevenueShare.Slice;
import dev.understudy.contract.RevenueShare.Standing;
import dev.understudy.contract.RevenueShare.Step;
import dev.understudy.contract.RevenueShare.Tier;
import dev.understudy.money.Currencies;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class RevenueShareTest {
  /** Millions of dollars: 20 % to 10, 15 % to 30, 10 % above. */
  private static final List<Tier> TIERS =
      List.of(tier("10", "0.20"), tier("30", "0.15"), tier("", "0.10"));

  @Test
  void workedQuartersOfMarginalTiersWithThreeOfTheCapLeft() {
    RevenueShare share = share(TIERS, Optional.empty(), Optional.of(lifetime("3.0")));

    Step q1 = share.step(Standing.START, number("4.0"), false);
    Step q2 = share.step(q1.after(), number("5.0"), false);
    Step q3 = share.step(q2.after(), number("6.0").subtract(number("0.5")), false);
    Step q4 = share.step(q3.after(), number("3.0"), false);

    assertThat(q1.owed()).isEqualByComparingTo("0.800");
    assertThat(q2.owed()).isEqualByComparingTo("1.000");
    assertThat(q2.after().cumulative()).isEqualByComparingTo("9.0");
    assertThat(q3.slices())
        .usingElementComparator(RevenueShareTest::compare)
        .containsExactly(slice("0.20", "1.0", "0.2"), slice("0.15", "4.5", "0.675"));
    assertThat(q3.owed()).isEqualByComparingTo("0.875");
    assertThat(q3.after().cumulative()).isEqualByComparingTo("14.5");
    assertThat(q3.capReached()).isFalse();
    assertThat(q4.share()).isEqualByComparingTo("0.450");
    assertThat(q4.owed()).isEqualByComparingTo("0.325");
    assertThat(q4.notOwed()).isEqualByComparingTo("0.125");
    assertThat(q4.capReached()).isTrue();
    assertThat(share.step(q4.after(), number("1"), false).capReached()).isFalse();
    assertThat(share.step(q4.after(), number("1"), false).owed()).isZero();
  }

  @Test
  void workedLowYearIsTruedUpToItsGuaranteeAndRecoupedLater() {
    RevenueShare share =
        share(TIERS, Optional.of(new Guarantee(number("1.2"), true)), Optional.empty());

    Step year = share.step(Standing.START, number("3.0"), true);

    assertThat(year.share()).isEqualByComparingTo("0.600");
    assertThat(year.trueUp()).isEqualByComparingTo("0.600");
    assertThat(year.owed()).isEqualByComparingTo("1.200");
    assertThat(year.after().advance()).isEqualByComparingTo("0.600");

    Step next = share.step(share.newYear(year.after()), number("10"), true);
    assertThat(next.share()).isEqualByComparingTo("1.85");
    assertThat(next.recouped()).isEqualByComparingTo("0.600");
    assertThat(next.owed()).isEqualByComparingTo("1.25");
    assertThat(next.after().advance()).isZero();
  }

  @Test
  void workedCreditNoteRunsBackDownTheSameCurve() {
    RevenueShare share = share(TIERS, Optional.empty(), Optional.empty());
    Step before = share.step(Standing.START, number("11.0"), false);

    Step note = share.step(before.after(), number("-2.0"), false);

    assertThat(note.owed()).isEqualByComparingTo("-0.350");
    assertThat(note.slices())
        .usingElementComparator(RevenueShareTest::compare)
        .containsExactly(slice("0.15", "-1.0", "-0.15"), slice("0.20", "-1.0", "-0.2"));
  }

  @Test
  void workedShareOfNineThousandLessThreeHundredIs1740() {
    var share = share(List.of(tier("", "0.20")), Optional.empty(), Optional.empty());

    assertThat(share.of(number("9000").subtract(number("300")))).isEqualByComparingTo("1740");
  }

  @Test
  void withoutAClawbackACreditTakesNothingBack() {
    RevenueShare share =
        new RevenueShare(
            Currencies.USD,
            Base.NET,
            Set.of(),
            Schedule.MARGINAL,
            Accumulation.LIFETIME,
            TIERS,
            Optional.empty(),
            Optional.empty(),
            false);
    Step before = share.step(Standing.START, number("11.0"), false);

    Step note = share.step(before.after(), number("-2.0"), false);

    assertThat(note.owed()).isZero();
    assertThat(note.after().cumulative()).isEqualByComparingTo("11.0");
  }

  @Test
  void aWholeScheduleRatesEverythingAnewWhenATierIsPassed() {
    RevenueShare share =
        new RevenueShare(
            Currencies.USD,
            Base.NET,
            Set.of(),
            Schedule.WHOLE,
            Accumulation.LIFETIME,
            TIERS,
            Optional.empty(),
            Optional.empty(),
            true);
    Step ten = share.step(Standing.START, number("10"), false);
    Step more = share.step(ten.after(), number("10"), false);

    assertThat(ten.owed()).isEqualByComparingTo("2");
    // 20 at 15 % is 3, of which 2 are paid.
    assertThat(more.owed()).isEqualByComparingTo("1");
    assertThat(share.step(more.after(), number("-10"), false).owed()).isEqualByComparingTo("-1");
  }

  @Test
  void aYearlyCapCarriesWhatItCutOffIntoTheNextYear() {
    RevenueShare share =
        share(
            List.of(tier("", "0.5")),
            Optional.empty(),
            Optional.of(new Cap(number("4"), Accumulation.CONTRACT_YEAR, true)));

    Step first = share.step(Standing.START, number("10"), true);
    Step second = share.step(share.newYear(first.after()), number("4"), true);
    Step third = share.step(share.newYear(second.after()), number("100"), true);

    assertThat(first.owed()).isEqualByComparingTo("4");
    assertThat(first.notOwed()).isEqualByComparingTo("1");
    assertThat(second.owed()).isEqualByComparingTo("3");
    assertThat(second.notOwed()).isEqualByComparingTo("-1");
    assertThat(third.owed()).isEqualByComparingTo("4");
  }

  @Test
  void aGuaranteePaidForGoodTakesRoomUnderALifetimeCap() {
    RevenueShare share =
        share(
            TIERS, Optional.of(new Guarantee(number("0.5"), false)), Optional.of(lifetime("1.0")));
    Step low = share.step(Standing.START, BigDecimal.ZERO, true);

    Step high = share.step(share.newYear(low.after()), number("5"), false);

    assertThat(low.owed()).isEqualByComparingTo("0.5");
    assertThat(high.share()).isEqualByComparingTo("1.0");
    assertThat(high.owed()).isEqualByComparingTo("0.5");
    assertThat(high.notOwed()).isEqualByComparingTo("0.5");
    assertThat(high.capReached()).isTrue();
    assertThat(high.after().owed()).isEqualByComparingTo("1.0");
  }

  @Test
  void sharesThatContradictThemselvesAreNotMade() {
    assertThatThrownBy(() ->
            share(TIERS, Optional.of(new Guarantee(number("4"), true)), Optional.of(lifetime("3"))))
        .hasMessage("the guarantee of 4 is above the cap of 3");
    assertThatThrownBy(() -> share(List.of(tier("3", "0.1")), Optional.empty(), Optional.empty()))
        .hasMessage("every tier but the last has an end, and the last has none");
    assertThatThrownBy(() ->
            share(
                List.of(tier("3", "0.1"), tier("2", "0.1"), tier("", "0")),
                Optional.empty(),
                Optional.empty()))
        .hasMessage("a tier ends at 2, which is not above 3");
    assertThatThrownBy(() -> tier("", "20")).hasMessage("a rate must be from 0 to 1, not 20");
    assertThatThrownBy(() -> new Cap(number("3"), Accumulation.LIFETIME, true))
        .hasMessageContaining("nothing to carry into");
  }

  /** The whole point: it does not matter how time is cut, or in which order sales are heard of. */
  @Property(tries = 500)
  void aSplitPeriodAndAnyOrderLeaveTheShareUnchanged(
      @ForAll("shares") RevenueShare share,
      @ForAll("sales") List<BigDecimal> sales,
      @ForAll long seed) {
    BigDecimal total = sales.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal whole = share.step(Standing.START, total, false).owed();
    var order = new ArrayList<>(sales);
    Collections.shuffle(order, new Random(seed));

    Standing standing = Standing.START;
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal slices = BigDecimal.ZERO;
    for (BigDecimal sale : order) {
      Step step = share.step(standing, sale, false);
      BigDecimal base =
          step.slices().stream().map(Slice::base).reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(base).isEqualByComparingTo(sale);
      slices = slices.add(step.share());
      sum = sum.add(step.owed());
      standing = step.after();
    }

    assertThat(sum).isEqualByComparingTo(whole);
    assertThat(slices).isEqualByComparingTo(share.of(total));
    assertThat(standing.owed()).isEqualByComparingTo(whole);
  }

  @Property(tries = 300)
  void whatIsOwedNeverPassesALifetimeCap(
      @ForAll("sales") List<BigDecimal> sales, @ForAll("bases") BigDecimal guarantee) {
    RevenueShare share =
        share(
            TIERS,
            guarantee.signum() > 0
                ? Optional.of(new Guarantee(guarantee.min(number("3")), false))
                : Optional.empty(),
            Optional.of(lifetime("3")));
    Standing standing = Standing.START;
    for (int i = 0; i < sales.size(); i++) {
      boolean ends = i % 4 == 3;
      standing = share.step(standing, sales.get(i), ends).after();
      assertThat(standing.owed()).isLessThanOrEqualTo(number("3"));
      standing = ends ? share.newYear(standing) : standing;
    }
  }

  @Provide
  Arbitrary<RevenueShare> shares() {
    Arbitrary<BigDecimal> width =
        Arbitraries.bigDecimals().between(number("0.01"), number("20")).ofScale(2);
    Arbitrary<BigDecimal> rate =
        Arbitraries.bigDecimals().between(BigDecimal.ZERO, BigDecimal.ONE).ofScale(4);
    Arbitrary<Schedule> schedule = Arbitraries.of(Schedule.values());
    Arbitrary<Optional<Cap>> cap =
        Arbitraries.bigDecimals()
            .between(number("0.5"), number("30"))
            .ofScale(3)
            .map(most -> new Cap(most, Accumulation.LIFETIME, false))
            .optional();
    return Combinators.combine(width.list().ofMaxSize(4), rate.list().ofSize(5), schedule, cap)
        .as((widths, rates, how, most) -> {
          var tiers = new ArrayList<Tier>();
          BigDecimal end = BigDecimal.ZERO;
          for (int i = 0; i < widths.size(); i++) {
            end = end.add(widths.get(i));
            tiers.add(new Tier(Optional.of(end), rates.get(i)));
          }
          tiers.add(new Tier(Optional.empty(), rates.getLast()));
          return new RevenueShare(
              Currencies.USD,
              Base.NET,
              Set.of(),
              how,
              Accumulation.LIFETIME,
              tiers,
              Optional.empty(),
              most,
              true);
        });
  }

  @Provide
  Arbitrary<List<BigDecimal>> sales() {
    return bases().list().ofMinSize(1).ofMaxSize(12);
  }

  @Provide
  Arbitrary<BigDecimal> bases() {
    return Arbitraries.bigDecimals().between(number("-8"), number("12")).ofScale(4);
  }

  private static RevenueShare share(
      List<Tier> tiers, Optional<Guarantee> guarantee, Optional<Cap> cap) {
    return new RevenueShare(
        Currencies.USD,
        Base.NET,
        Set.of(),
        Schedule.MARGINAL,
        Accumulation.LIFETIME,
        tiers,
        guarantee,
        cap,
        true);
  }

  private static Cap lifetime(String amount) {
    return new Cap(number(amount), Accumulation.LIFETIME, false);
  }

  private static Tier tier(String to, String rate) {
    return new Tier(to.isEmpty() ? Optional.empty() : Optional.of(number(to)), number(rate));
  }

  private static Slice slice(String rate, String base, String share) {
    return new Slice(number(rate), number(base), number(share));
  }

  private static int compare(Slice one, Slice other) {
    return one.rate().compareTo(other.rate()) != 0
        ? one.rate().compareTo(other.rate())
        : one.base().compareTo(other.base()) != 0
            ? one.base().compareTo(other.base())
            : one.share().compareTo(other.share());
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }
}
