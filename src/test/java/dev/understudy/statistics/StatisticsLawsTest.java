package dev.understudy.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What every interval, test and sequence obeys, whatever the numbers. */
final class StatisticsLawsTest {
  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  @Property(tries = 300)
  void scoreIntervalsHoldWhatWasSeenAndMirror(
      @ForAll @IntRange(max = 60) int both,
      @ForAll @IntRange(max = 30) int candidate,
      @ForAll @IntRange(max = 30) int incumbent,
      @ForAll @IntRange(min = 1, max = 60) int neither) {
    var pairs = new PairedOutcomes(both, candidate, incumbent, neither);
    var mirrored = new PairedOutcomes(both, incumbent, candidate, neither);

    for (Interval interval : List.of(pairs.tango(0.95), pairs.newcombe(0.95))) {
      assertThat(interval.lower()).isBetween(-1.0, pairs.difference() + 1e-9);
      assertThat(interval.upper()).isBetween(pairs.difference() - 1e-9, 1.0);
    }
    assertThat(pairs.tango(0.95).lower()).isCloseTo(-mirrored.tango(0.95).upper(), within(1e-6));
    assertThat(pairs.exactP()).isBetween(pairs.midP() - 1e-12, 1.0);
  }

  @Test
  void tangoIsWiderThanWaldWhereLittleToldThemApart() {
    var alike = new PairedOutcomes(40, 0, 0, 10);

    assertThat(alike.wald(0.95).width()).isZero();
    // With no discordant pair of n, the score interval is z² / (n + z²) on both sides.
    double z2 = 1.959963984540054 * 1.959963984540054;
    assertThat(alike.tango(0.95).upper()).isCloseTo(z2 / (50 + z2), within(1e-6));
    assertThat(alike.tango(0.95).lower()).isCloseTo(-z2 / (50 + z2), within(1e-6));
  }

  @Test
  void atTheEndsOfTheTangoIntervalTheScoreIsTheQuantile() {
    var pairs = new PairedOutcomes(415, 20, 40, 66);
    Interval interval = pairs.tango(0.95);

    assertThat(pairs.score(interval.lower())).isCloseTo(1.959964, within(1e-5));
    assertThat(pairs.score(interval.upper())).isCloseTo(-1.959964, within(1e-5));
    // With many pairs it is near the normal one.
    assertThat(interval.lower()).isCloseTo(pairs.wald(0.95).lower(), within(0.002));
  }

  @Test
  void noFailureInThreeHundredMeansAtMostOneInAHundred() {
    assertThat(Proportions.atMost(0, 300, 0.95)).isCloseTo(3.0 / 300, within(2e-4));
    assertThat(Proportions.atMost(0, 300, 0.95))
        .isCloseTo(1 - Math.pow(0.05, 1.0 / 300), within(1e-12));
  }

  @Property(tries = 200)
  void adjustedPValuesKeepTheOrderAndNeverShrink(
      @ForAll List<@net.jqwik.api.constraints.DoubleRange(min = 0, max = 1) Double> values) {
    List<Double> holm = ManyTests.holm(values);
    List<Double> rate = ManyTests.benjaminiHochberg(values);

    for (int i = 0; i < values.size(); i++) {
      assertThat(holm.get(i)).isBetween(values.get(i), 1.0);
      assertThat(rate.get(i)).isBetween(values.get(i) - 1e-12, holm.get(i) + 1e-12);
      for (int j = 0; j < values.size(); j++) {
        if (values.get(i) < values.get(j)) {
          assertThat(holm.get(i)).isLessThanOrEqualTo(holm.get(j));
          assertThat(rate.get(i)).isLessThanOrEqualTo(rate.get(j));
        }
      }
    }
  }

  @Test
  void holmIsAsInItsPaper() {
    assertThat(ManyTests.holm(List.of(0.01, 0.04, 0.03, 0.005)))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b))
        .containsExactly(0.03, 0.06, 0.06, 0.02);
  }

  @Test
  void aBootstrapOfAMeanIsNearTheFormula() {
    RandomGenerator random = random(1);
    double[] values = IntStream.range(0, 400).mapToDouble(i -> random.nextGaussian()).toArray();
    var bootstrap = new Bootstrap(4_000, 7);
    Bootstrap.Figure mean =
        drawn -> {
          double sum = 0;
          for (int i : drawn) {
            sum += values[i];
          }
          return sum / drawn.length;
        };

    Interval byFormula = Sample.of(values).interval(0.95);
    Interval found = bootstrap.percentile(values.length, 0.95, mean);
    assertThat(found.lower()).isCloseTo(byFormula.lower(), within(0.02));
    assertThat(found.upper()).isCloseTo(byFormula.upper(), within(0.02));
    assertThat(bootstrap.percentile(values.length, 0.95, mean)).isEqualTo(found);
  }

  @Test
  void everybodyWhoAlwaysLosesHasNoStrength() {
    assertThatThrownBy(
            () -> BradleyTerry.fit(List.of(new BradleyTerry.Meeting("a", "b", 10, 0)), "a"))
        .hasMessageContaining("won or lost every time");
    assertThatThrownBy(() ->
            BradleyTerry.fit(
                List.of(
                    new BradleyTerry.Meeting("a", "b", 3, 2),
                    new BradleyTerry.Meeting("c", "d", 3, 2)),
                "a"))
        .hasMessageContaining("never met");
  }

  @Test
  void withOneCommonBaselineStrengthIsTheLogitOfTheWinRate() {
    var fitted =
        BradleyTerry.fit(
            List.of(
                new BradleyTerry.Meeting("x", "base", 30, 10),
                new BradleyTerry.Meeting("y", "base", 12, 28)),
            "base");

    assertThat(fitted.get("x").estimate()).isCloseTo(Math.log(3), within(1e-9));
    assertThat(fitted.get("y").estimate()).isCloseTo(Math.log(12.0 / 28), within(1e-9));
    assertThat(fitted.get("base")).isEqualTo(new BradleyTerry.Strength(0, 0));
  }

  @Test
  void sequencesAreRarelyWrongEverAndBetsAgainstTheTruthRarelyPay() {
    RandomGenerator random = random(3);
    int streams = 400;
    int wrongShare = 0;
    int wrongBetting = 0;
    int rich = 0;
    int wrongQuantile = 0;
    for (int stream = 0; stream < streams; stream++) {
      double truth = 0.8;
      long hits = 0;
      boolean missedShare = false;
      boolean missedQuantile = false;
      var betting = new BettingSequence(0.05, 100);
      boolean missedBetting = false;
      BettingTest test = BettingTest.against(truth);
      double[] seen = new double[600];
      for (int t = 1; t <= 600; t++) {
        double outcome = random.nextDouble() < truth ? 1 : 0;
        hits += (long) outcome;
        test = test.after(outcome);
        betting.observe(outcome);
        missedBetting |= !betting.interval().contains(truth);
        seen[t - 1] = random.nextDouble();
        if (t % 50 == 0) {
          missedShare |= !Sequences.share(hits, t, 0.05, 100).contains(truth);
          Interval median =
              Sequences.quantile(Sequences.sorted(Arrays.copyOf(seen, t)), 0.5, 0.05, 100);
          missedQuantile |= !median.contains(0.5);
        }
      }
      wrongShare += missedShare ? 1 : 0;
      wrongBetting += missedBetting ? 1 : 0;
      wrongQuantile += missedQuantile ? 1 : 0;
      rich += test.isRejected(0.05) ? 1 : 0;
    }
    // 5 % of 400 is 20; three standard errors more is 33.
    assertThat(wrongShare).isLessThan(34);
    assertThat(wrongBetting).isLessThan(34);
    assertThat(wrongQuantile).isLessThan(34);
    assertThat(rich).isLessThan(34);
  }

  @Test
  void aBetOnATrueGainPaysSoon() {
    RandomGenerator random = random(5);
    BettingTest test = BettingTest.against(0.5);
    while (!test.isRejected(0.05) && test.count() < 5_000) {
      test = test.after(random.nextDouble() < 0.6 ? 1 : 0);
    }

    assertThat(test.isRejected(0.05)).isTrue();
    assertThat(test.p()).isLessThanOrEqualTo(0.05);
    assertThat(test.count()).isLessThan(1_500);
  }

  @Test
  void bettingSequencesNarrowAroundTheMean() {
    RandomGenerator random = random(9);
    var betting = new BettingSequence(0.05, 200);
    for (int i = 0; i < 4_000; i++) {
      betting.observe(random.nextDouble() < 0.3 ? 1 : 0);
    }

    assertThat(betting.interval().contains(0.3)).isTrue();
    assertThat(betting.interval().width()).isLessThan(0.09);
  }

  @Test
  void powerAndSampleSizeAgree() {
    double variance = 0.12;
    double needed = Planning.nonInferiority(variance, 0.03, 0, 0.05, 0.8);

    assertThat(Planning.power(variance, 0.03, 0, 0.05, (int) Math.ceil(needed)))
        .isCloseTo(0.8, within(0.001));
    assertThat(Planning.nonInferiority(variance, 0.03, -0.03, 0.05, 0.8)).isInfinite();
    assertThat(Planning.mcNemar(0.12, 0.03, 0, 0.05, 0.8)).isCloseTo(needed, within(10.0));
  }

  @Test
  void ranksShareTies() {
    assertThat(Ranks.of(new double[] {10, 20, 10, 5})).containsExactly(2.5, 4, 2.5, 1);
    assertThat(Ranks.spearman(new double[] {1, 2, 3, 4}, new double[] {10, 100, 1_000, 10_000}))
        .isCloseTo(1, within(1e-12));
  }
}
