package dev.understudy.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.contract.ProfitParticipation.Cap;
import dev.understudy.contract.ProfitParticipation.Payment;
import dev.understudy.contract.ProfitParticipation.Slice;
import dev.understudy.contract.ProfitParticipation.Stage;
import dev.understudy.money.Currencies;
import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class ProfitParticipationTest {
  private static final Rounding FOUR = new Rounding(RoundingMode.HALF_EVEN, 4);

  /** Billions of dollars: 75 % until 13 are recouped, 49 % until 92, then nothing. */
  private static final ProfitParticipation WORKED =
      new ProfitParticipation(
          Currencies.USD,
          List.of(stage("13", "0.75"), stage("92", "0.49"), stage("", "0")),
          Optional.of(new Cap(number("92"), Optional.empty())),
          Optional.of("cap_reached"));

  @Test
  void workedProfitsToACapOf92() {
    var paid = new ArrayList<String>();
    BigDecimal cumulative = BigDecimal.ZERO;
    Payment last = WORKED.pay(cumulative, BigDecimal.ZERO, 0, FOUR);
    for (String profit : List.of("5", "12", "20", "40", "60", "80", "100")) {
      last = WORKED.pay(cumulative, number(profit), 0, FOUR);
      cumulative = last.cumulative();
      paid.add(last.paid().setScale(4, RoundingMode.UNNECESSARY).toPlainString());
      assertThat(last.capReached()).isEqualTo(profit.equals("80"));
      if (profit.equals("20")) {
        assertThat(last.slices())
            .extracting(Slice::paid)
            .usingElementComparator(BigDecimal::compareTo)
            .containsExactly(number("0.25"), number("9.6367"));
      }
      if (profit.equals("80")) {
        assertThat(last.beyond()).isEqualByComparingTo("38.4422");
      }
    }

    assertThat(paid)
        .containsExactly("3.7500", "9.0000", "9.8867", "19.6000", "29.4000", "20.3633", "0.0000");
    assertThat(cumulative).isEqualByComparingTo("92.0000");
    assertThat(last.beyond()).isEqualByComparingTo("100");
  }

  @Test
  void aCapMayGrowByTheYear() {
    var growing = new Cap(number("100"), Optional.of(number("0.2")));

    assertThat(growing.after(0)).isEqualByComparingTo("100");
    assertThat(growing.after(3)).isEqualByComparingTo("172.8");
  }

  @Test
  void aStageThatNeverEndsIsNotMade() {
    assertThatThrownBy(() ->
            new ProfitParticipation(
                Currencies.USD,
                List.of(stage("13", "0"), stage("", "0.1")),
                Optional.empty(),
                Optional.empty()))
        .hasMessage("a stage at rate 0 never ends: 13 is not reached");
  }

  @Property(tries = 500)
  void paidIsNeverMoreThanTheProfitOrTheCapAndStagesComeInOrder(
      @ForAll("profits") List<BigDecimal> profits, @ForAll("stages") List<Stage> stages) {
    BigDecimal most = number("40.00005");
    var participation =
        new ProfitParticipation(
            Currencies.USD, stages, Optional.of(new Cap(most, Optional.empty())), Optional.empty());
    BigDecimal cumulative = BigDecimal.ZERO;
    int reached = 0;
    for (BigDecimal profit : profits) {
      Payment payment = participation.pay(cumulative, profit, 0, FOUR);
      assertThat(payment.paid()).isBetween(BigDecimal.ZERO, profit.max(BigDecimal.ZERO));
      assertThat(payment.cumulative()).isEqualByComparingTo(cumulative.add(payment.paid()));
      assertThat(payment.cumulative()).isLessThanOrEqualTo(most);
      assertThat(
              payment.slices().stream().map(Slice::paid).reduce(BigDecimal.ZERO, BigDecimal::add))
          .isEqualByComparingTo(payment.paid());
      var rates = stages.stream().map(Stage::rate).toList();
      int at = 0;
      for (Slice slice : payment.slices()) {
        int found = rates.subList(at, rates.size()).indexOf(slice.rate());
        assertThat(found).isNotNegative();
        at += found;
      }
      reached += payment.capReached() ? 1 : 0;
      cumulative = payment.cumulative();
    }
    assertThat(reached).isLessThanOrEqualTo(1);
  }

  @Property(tries = 300)
  void cutProfitsComeToTheSameUpToTheRoundingOfEachPayment(
      @ForAll("profits") List<BigDecimal> profits, @ForAll("stages") List<Stage> stages) {
    var participation =
        new ProfitParticipation(Currencies.USD, stages, Optional.empty(), Optional.empty());
    BigDecimal total =
        profits.stream().map(BigDecimal.ZERO::max).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal whole = participation.pay(BigDecimal.ZERO, total, 0, FOUR).paid();
    BigDecimal cumulative = BigDecimal.ZERO;
    for (BigDecimal profit : profits) {
      cumulative = participation.pay(cumulative, profit, 0, FOUR).cumulative();
    }
    // Half a unit for each payment, carried on by rates whose ratio is at most 20 here.
    BigDecimal tolerance = number("0.001").multiply(BigDecimal.valueOf(profits.size() + 1));

    assertThat(cumulative.subtract(whole).abs()).isLessThanOrEqualTo(tolerance);
  }

  @Provide
  Arbitrary<List<BigDecimal>> profits() {
    return Arbitraries.bigDecimals()
        .between(number("-5"), number("40"))
        .ofScale(5)
        .list()
        .ofMinSize(1)
        .ofMaxSize(10);
  }

  @Provide
  Arbitrary<List<Stage>> stages() {
    Arbitrary<BigDecimal> rate =
        Arbitraries.bigDecimals().between(number("0.05"), BigDecimal.ONE).ofScale(2);
    return rate.list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(rates -> {
          var stages = new ArrayList<Stage>();
          for (int i = 0; i < rates.size(); i++) {
            stages.add(
                new Stage(
                    i == rates.size() - 1
                        ? Optional.empty()
                        : Optional.of(BigDecimal.valueOf(9L * i + 7)),
                    rates.get(i)));
          }
          return stages;
        });
  }

  private static Stage stage(String until, String rate) {
    return new Stage(until.isEmpty() ? Optional.empty() : Optional.of(number(until)), number(rate));
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }
}
