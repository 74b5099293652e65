package dev.understudy.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.contract.Commitment.Counts;
import dev.understudy.contract.Commitment.Kind;
import dev.understudy.contract.Commitment.Month;
import dev.understudy.contract.Commitment.Rollover;
import dev.understudy.contract.Commitment.Shortfall;
import dev.understudy.contract.Commitment.Standing;
import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class CommitmentTest {
  private static final Instant YEAR = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("2027-01-01T00:00:00Z");

  /** Millions of dollars. */
  private static final List<String> WORKED =
      List.of("1.2", "1.4", "1.6", "1.9", "2.0", "2.1", "2.0", "1.8", "1.7", "1.6", "1.5", "1.4");

  @Test
  void workedYearOf24WithoutAFloorFallsShortBy3Point8() {
    List<Month> months = year(commitment(Optional.empty(), Shortfall.PAY, Optional.empty()));

    assertThat(months.getLast().after().used()).isEqualByComparingTo("20.2");
    assertThat(months.getLast().shortfall()).isEqualByComparingTo("3.8");
    assertThat(months.getLast().due()).isEqualByComparingTo("3.8");
  }

  @Test
  void workedFloorOfOneAndAHalfTruesUpThreeMonthsAndLeaves3Point3() {
    List<Month> months =
        year(commitment(Optional.of(number("1.5")), Shortfall.PAY, Optional.empty()));

    assertThat(months.stream().map(Month::trueUp).filter(t -> t.signum() > 0).toList())
        .usingElementComparator(BigDecimal::compareTo)
        .containsExactly(number("0.3"), number("0.1"), number("0.1"));
    assertThat(months.getLast().due()).isEqualByComparingTo("3.3");
    BigDecimal total =
        months.stream()
            .map(m -> m.used().add(m.trueUp()).add(m.due()))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(total).isEqualByComparingTo("24.0");
  }

  @Test
  void aRolloverTakesItsPartAndTheRestIsBilled() {
    List<Month> months =
        year(
            commitment(
                Optional.empty(), Shortfall.ROLL, Optional.of(new Rollover(number("0.10"), 3))));

    assertThat(months.getLast().rolled()).isEqualByComparingTo("2.4");
    assertThat(months.getLast().due()).isEqualByComparingTo("1.4");
  }

  @Test
  void whatIsForfeitIsNeitherBilledNorKept() {
    Month last = year(commitment(Optional.empty(), Shortfall.FORFEIT, Optional.empty())).getLast();

    assertThat(last.due()).isZero();
    assertThat(last.lost()).isEqualByComparingTo("3.8");
  }

  @Test
  void burnPressureIsWhatMustBeUsedADayOverWhatIs() {
    Commitment commitment = commitment(Optional.empty(), Shortfall.PAY, Optional.empty());
    var four = new Rounding(RoundingMode.HALF_EVEN, 4);
    Instant october = Instant.parse("2026-10-03T00:00:00Z");

    // 9 in 90 days is 0.1 a day; 0.08 are used.
    assertThat(commitment.burnPressure(number("9"), october, number("0.08"), four))
        .hasValueSatisfying(p -> assertThat(p).isEqualByComparingTo("1.25"));
    assertThat(commitment.burnPressure(number("9"), october, BigDecimal.ZERO, four)).isEmpty();
    assertThat(commitment.burnPressure(BigDecimal.ZERO, october, number("1"), four))
        .contains(BigDecimal.ZERO);
    assertThat(commitment.marginal(number("9"), number("3"))).isZero();
    assertThat(commitment.marginal(BigDecimal.ZERO, number("3"))).isEqualByComparingTo("3");
  }

  @Test
  void commitmentsThatContradictThemselvesAreNotMade() {
    assertThatThrownBy(() -> commitment(Optional.empty(), Shortfall.ROLL, Optional.empty()))
        .hasMessageContaining("belong together");
  }

  /** Whatever the floor: used, trued up and due are the commitment, or were more before its end. */
  @Property(tries = 300)
  void whateverIsPaidComesToTheCommitment(
      @ForAll("months") List<BigDecimal> used, @ForAll("floors") BigDecimal floor) {
    Commitment commitment = commitment(Optional.of(floor), Shortfall.PAY, Optional.empty());
    Standing standing = Standing.START;
    BigDecimal paid = BigDecimal.ZERO;
    BigDecimal beforeTheEnd = BigDecimal.ZERO;
    for (int i = 0; i < used.size(); i++) {
      Month month = commitment.month(standing, used.get(i), i == used.size() - 1);
      paid = paid.add(used.get(i)).add(month.trueUp()).add(month.due());
      beforeTheEnd = beforeTheEnd.add(used.get(i)).add(month.trueUp());
      standing = month.after();
    }

    assertThat(paid).isEqualByComparingTo(beforeTheEnd.max(number("24")));
  }

  @Provide
  Arbitrary<List<BigDecimal>> months() {
    return Arbitraries.bigDecimals()
        .between(BigDecimal.ZERO, number("4"))
        .ofScale(3)
        .list()
        .ofSize(12);
  }

  @Provide
  Arbitrary<BigDecimal> floors() {
    return Arbitraries.bigDecimals().between(number("0.1"), number("3")).ofScale(2);
  }

  private static List<Month> year(Commitment commitment) {
    var months = new ArrayList<Month>();
    Standing standing = Standing.START;
    for (int i = 0; i < WORKED.size(); i++) {
      Month month = commitment.month(standing, number(WORKED.get(i)), i == WORKED.size() - 1);
      months.add(month);
      standing = month.after();
    }
    return months;
  }

  private static Commitment commitment(
      Optional<BigDecimal> floor, Shortfall shortfall, Optional<Rollover> rollover) {
    return new Commitment(
        Kind.SPEND,
        number("24"),
        "USD",
        YEAR,
        END,
        floor,
        shortfall,
        rollover,
        Optional.empty(),
        Counts.CONTRACTED);
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }
}
