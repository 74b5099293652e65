package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.evaluation.Verdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When judges are believed, and what their preferences may conclude. */
final class JudgeHealthTest {
  private static Suite suite(double margin, List<Judging.Label> labels) {
    return new Suite(
        "judged",
        Suite.Metric.PREFERENCE,
        margin,
        0.05,
        0.8,
        1,
        0.05,
        new Question.Sampling(0, 0),
        Map.of(),
        List.of(),
        List.of(),
        Optional.of(
            new Judging(
                List.of("a/judge"), Judging.Form.JSON, 5, true, true, "Better.", 100, labels)),
        "",
        List.of());
  }

  private static Answer.Given said(String text) {
    return new Answer.Given(text, List.of(), false, false, 10, 5, 100, "");
  }

  private static Pair pair(int id, double preference) {
    var random = new Random(id);
    var asked =
        new Case(
            "c" + id,
            List.of(new Turn("user", "question " + id)),
            "",
            List.of(),
            Map.of(),
            "c" + id);
    Optional<Heard> first = Optional.of(new Heard.Said(preference));
    Optional<Heard> second = Optional.of(new Heard.Said(1 - preference));
    return new Pair(
        asked,
        Side.of(asked, List.of(said("answer " + random.nextLong() + " " + id + " to it"))),
        Side.of(asked, List.of(said("reply " + random.nextLong() + " " + id + " for that"))),
        List.of(
            new Duel(List.of(new Ballot("a/judge", first, second)), true, false, false, 100, 100)));
  }

  private static List<Pair> pairs(int wins, int losses, int ties) {
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < wins + losses + ties; i++) {
      pairs.add(pair(i, i < wins ? 1 : i < wins + losses ? 0 : 0.5));
    }
    return pairs;
  }

  @Test
  void theDifferenceIsTheWinRateLessAHalf() {
    Verdict verdict = Judgement.of(suite(0.05, List.of()), pairs(150, 150, 700));

    assertThat(verdict.decision()).isEqualTo(Decision.QUALIFIED);
    assertThat(verdict.comparison().candidate()).isCloseTo(0.5, within(1e-12));
    assertThat(verdict.comparison().difference()).isZero();
    // Half of Tango's interval of wins less losses: 1.645 × √0.3 / √1000 / 2.
    assertThat(verdict.comparison().interval().lower()).isCloseTo(-0.01425, within(2e-4));
    assertThat(verdict.winRate().orElseThrow().rate()).isCloseTo(0.5, within(1e-9));
    assertThat(Judgement.of(suite(0.05, List.of()), pairs(50, 450, 100)).decision())
        .isEqualTo(Decision.REJECTED);
  }

  @Test
  void fewTiesShowNothing() {
    Verdict verdict = Judgement.of(suite(0.05, List.of()), pairs(0, 0, 5));
    assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
    assertThat(Judgement.of(suite(0.05, List.of()), pairs(0, 0, 200)).decision())
        .isEqualTo(Decision.QUALIFIED);
  }

  @Test
  void scoresThatAreAllTheSameShowNoMoreThanTheirNumber() {
    // A judge's chances, each 0.6: no spread at all, and yet five cases are five cases.
    var few = new ArrayList<Pair>();
    for (int i = 0; i < 5; i++) {
      few.add(pair(i, 0.6));
    }
    assertThat(Judgement.of(suite(0.05, List.of()), few).decision()).isEqualTo(Decision.UNDECIDED);
  }

  @Test
  void aJudgeThatPeopleDoNotAgreeWithQualifiesNobody() {
    var labels = new ArrayList<Judging.Label>();
    for (int i = 0; i < 120; i++) {
      labels.add(new Judging.Label("c" + i, "", i % 2 == 0 ? "candidate" : "incumbent"));
    }
    Verdict verdict = Judgement.of(suite(0.1, labels), pairs(600, 200, 200));

    assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
    assertThat(verdict.why()).contains("do not agree with people");
    var agreeing = new ArrayList<Judging.Label>();
    for (int i = 560; i < 700; i++) {
      agreeing.add(new Judging.Label("c" + i, "", i < 600 ? "candidate" : "incumbent"));
    }
    Verdict trusted = Judgement.of(suite(0.1, agreeing), pairs(600, 200, 200));
    assertThat(trusted.decision()).as(trusted.why()).isEqualTo(Decision.QUALIFIED);
    LabelHealth health = trusted.judges().orElseThrow().labels().orElseThrow();
    assertThat(health.kappa()).isEqualTo(1);
    assertThat(health.labels()).isEqualTo(140);
  }

  @Test
  void aJudgesErrorIsTakenOffByWhatPeopleSaid() {
    // The judge finds 0.7 everywhere; people who looked at half of it find 0.2 less.
    var both = new ArrayList<LabelHealth.Both>();
    double[] all = new double[400];
    for (int i = 0; i < all.length; i++) {
      all[i] = i % 10 < 7 ? 1 : 0;
      if (i < 200) {
        boolean person = i % 10 < 5;
        both.add(
            new LabelHealth.Both(
                person ? "candidate" : "incumbent",
                all[i] == 1 ? "candidate" : "incumbent",
                person ? 1 : 0,
                all[i]));
      }
    }
    LabelHealth health = LabelHealth.of(both, all, 0.9).orElseThrow();
    LabelHealth.Corrected corrected = health.corrected().orElseThrow();

    assertThat(corrected.rate()).isCloseTo(0.5, within(1e-12));
    // √(0.7 × 0.3 / 399 + 0.2 × 0.8 / 199): variances with one less.
    assertThat(corrected.standardError())
        .isCloseTo(Math.sqrt(0.21 * 400 / 399 / 400 + 0.16 * 200 / 199 / 200), within(1e-9));
    assertThat(health.interval().contains(health.kappa())).isTrue();
  }

  @Test
  void aPanelIsToldOfWhatItsJudgesDisagreeOnAndOfPlaces() {
    var ballots = new ArrayList<Ballot>();
    for (int i = 0; i < 60; i++) {
      // Whichever stands first wins.
      ballots.add(
          new Ballot("a/judge", Optional.of(new Heard.Said(1)), Optional.of(new Heard.Said(1))));
    }
    OrderHealth health = OrderHealth.of(ballots).orElseThrow();
    assertThat(health.consistency()).isZero();
    assertThat(health.firstWins()).isEqualTo(120);
    assertThat(health.firstShare().lower()).isGreaterThan(0.96);
    assertThat(health.p()).isLessThan(1e-9);
  }

  @Test
  void placesAreTakenOffWhereEachPairWasShownOnce() {
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < 400; i++) {
      boolean candidateFirst = i % 4 != 0;
      // Equal models, and a judge for whom the first wins in eight of ten.
      boolean firstWins = i % 5 != 0;
      Pair plain = pair(i, 0.5);
      Heard heard = new Heard.Said(firstWins ? 1 : 0);
      pairs.add(
          new Pair(
              plain.asked(),
              plain.candidate(),
              plain.incumbent(),
              List.of(
                  new Duel(
                      List.of(
                          new Ballot(
                              "a/judge",
                              candidateFirst ? Optional.of(heard) : Optional.empty(),
                              candidateFirst ? Optional.empty() : Optional.of(heard))),
                      true,
                      false,
                      false,
                      1,
                      1))));
    }
    JudgeHealth.Panel panel = Judgement.of(suite(0.1, List.of()), pairs).judges().orElseThrow();
    assertThat(panel.positionCorrected().orElseThrow()).isCloseTo(0.5, within(0.01));
  }

  @Test
  void answersThatDifferByANameAreOneText() {
    var alike = new ArrayList<String>();
    var apart = new ArrayList<String>();
    for (int i = 0; i < 50; i++) {
      alike.add(
          "Dear customer number "
              + i
              + ", thank you for your question, we shall look into it and come back to you soon with what we find out about it.");
      apart.add("For " + i + " take " + i * 31 % 17 + " of " + i * 7 % 13 + " and add " + i * i);
    }
    assertThat(Sameness.of(alike)).isGreaterThan(0.9);
    assertThat(Sameness.of(apart)).isLessThan(0.2);
    assertThat(Sameness.of(List.of("yes", "yes", "yes"))).isZero();
  }

  @Test
  void whatTellsWhoSomebodyIsGoesAndFiguresStay() {
    assertThat(
            PersonalData.without(
                "Ann, ann.lee@mail.example.com, +49 170 1234567, card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00, from 192.168.1.20"))
        .isEqualTo("Ann, [email], [phone], card [card], IBAN [account], from [address]");
    assertThat(
            PersonalData.without(
                "from 2001:db8::1, 2001:0db8:85a3:0:0:8a2e:370:7334 or 00:1A:2b:3c:4d:5e"))
        .isEqualTo("from [address], [address] or [address]");
    String plain = "at 12:34:56, std::vector, dead::beef, 3::4:x and 1:2:3";
    assertThat(PersonalData.without(plain)).isEqualTo(plain);
    String figures = "In 2024 sales were 1,234,567.89 on 2024-05-17, up 12.5 % from 998 877.";
    assertThat(PersonalData.without(figures)).isEqualTo(figures);
  }

  /** A candidate that is worse by exactly the margin, judged again and again. */
  @Test
  void whoeverIsWorseByTheMarginSeldomQualifies() {
    var random = new Random(20_260_301);
    Suite suite = suite(0.05, List.of());
    for (boolean weighed : List.of(false, true)) {
      int qualified = 0;
      int runs = 2_000;
      for (int run = 0; run < runs; run++) {
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < 150; i++) {
          // Wins 0.30, losses 0.40: a win rate of 0.45. Weighed: a mean of 0.45, spread widely.
          double drawn = random.nextDouble();
          double preference =
              weighed ? Math.pow(drawn, 11.0 / 9) : drawn < 0.3 ? 1 : drawn < 0.7 ? 0 : 0.5;
          pairs.add(plain(preference, i));
        }
        Verdict.Comparison comparison = Comparisons.compare(suite, pairs);
        qualified += comparison.interval().lower() > -suite.margin() ? 1 : 0;
      }
      // Five per cent, and three standard errors of the simulation.
      assertThat((double) qualified / runs).isBetween(0.02, 0.065);
    }
  }

  private static Pair plain(double preference, int id) {
    var asked =
        new Case(
            "c" + id, List.of(new Turn("user", "question")), "", List.of(), Map.of(), "c" + id);
    var side = new Side.Judged(1, 1, List.of(), List.of());
    return new Pair(
        asked,
        side,
        side,
        List.of(
            new Duel(
                List.of(
                    new Ballot(
                        "a/judge", Optional.of(new Heard.Said(preference)), Optional.empty())),
                true,
                false,
                false,
                1,
                1)));
  }
}
