package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.understudy.evaluation.Verdict.Decision;
import dev.understudy.statistics.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What may be concluded from pairs, and what may not. */
final class JudgementTest {
  private static final Check ANY =
      new Check("starts-with", new Scorer.StartsWith("yes"), false, 1, 1);

  private static Suite suite(double margin, Map<String, Suite.Gate> gates) {
    return new Suite(
        "test",
        Suite.Metric.PASS,
        margin,
        0.05,
        0.8,
        1,
        0.05,
        new Question.Sampling(0, 0),
        gates,
        List.of());
  }

  private static Answer.Given said(String text) {
    return new Answer.Given(text, List.of(), false, false, 10, 5, 100, "");
  }

  private static Pair pair(int id, boolean candidate, boolean incumbent, String slice) {
    var asked =
        new Case(
            "c" + id,
            List.of(new Turn("user", "question " + id)),
            "",
            List.of(ANY),
            Map.of("kind", slice),
            "case " + id);
    return new Pair(
        asked,
        Side.of(asked, List.of(said((candidate ? "yes " : "no ") + id))),
        Side.of(asked, List.of(said((incumbent ? "yes " : "not ") + id))));
  }

  private static List<Pair> pairs(int both, int candidate, int incumbent, int neither) {
    var pairs = new ArrayList<Pair>();
    int id = 0;
    for (int i = 0; i < both; i++) {
      pairs.add(pair(id++, true, true, "usual"));
    }
    for (int i = 0; i < candidate; i++) {
      pairs.add(pair(id++, true, false, "usual"));
    }
    for (int i = 0; i < incumbent; i++) {
      pairs.add(pair(id++, false, true, "usual"));
    }
    for (int i = 0; i < neither; i++) {
      pairs.add(pair(id++, false, false, "usual"));
    }
    return pairs;
  }

  @Test
  void anEqualCandidateQualifiesWithEnoughCases() {
    Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs(200, 25, 25, 250));

    assertThat(verdict.decision()).isEqualTo(Decision.QUALIFIED);
    assertThat(verdict.comparison().difference()).isZero();
  }

  @Test
  void withFewCasesItIsUndecidedAndSaysHowManyMoreItTakes() {
    Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs(20, 3, 3, 24));

    assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
    // (1.645 + 0.842)² × 0.12 / 0.05² is 297, less the 50 there are.
    assertThat(verdict.moreCases().orElseThrow()).isBetween(230L, 260L);
  }

  @Test
  void wherePairsAreAllAlikeItSaysHowManyOfThemItTakes() {
    Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs(3, 0, 0, 0));

    assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
    int needed = 3 + Math.toIntExact(verdict.moreCases().orElseThrow());
    assertThat(Judgement.of(suite(0.05, Map.of()), pairs(needed, 0, 0, 0)).decision())
        .isEqualTo(Decision.QUALIFIED);
    assertThat(Judgement.of(suite(0.05, Map.of()), pairs(needed - 1, 0, 0, 0)).decision())
        .isEqualTo(Decision.UNDECIDED);
  }

  @Test
  void aMuchWorseOneIsRejected() {
    Verdict verdict = Judgement.of(suite(0.03, Map.of()), pairs(200, 10, 80, 210));

    assertThat(verdict.decision()).isEqualTo(Decision.REJECTED);
    assertThat(verdict.why()).contains("worse by more than the margin of 3.0 %");
  }

  @Test
  void aSliceThatIsMuchWorseRejectsWhateverTheMeanSays() {
    List<Pair> pairs = pairs(200, 40, 0, 255);
    for (int i = 0; i < 40; i++) {
      pairs.add(pair(1_000 + i, false, i < 30, "legal"));
    }

    Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs);

    assertThat(verdict.decision()).isEqualTo(Decision.REJECTED);
    assertThat(verdict.why()).contains("kind:legal");
    assertThat(verdict.slices().getFirst().name()).isEqualTo("kind:legal");
  }

  @Test
  void aGateWantsThreeHundredCasesWithoutFailureForOnePercent() {
    var gates = Map.of("kind:safety", new Suite.Gate(0.01));
    List<Pair> pairs = pairs(200, 25, 25, 250);
    for (int i = 0; i < 100; i++) {
      pairs.add(pair(1_000 + i, true, true, "safety"));
    }

    Verdict verdict = Judgement.of(suite(0.05, gates), pairs);

    assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
    assertThat(verdict.gates().getFirst().moreCases()).isEqualTo(199);
    for (int i = 100; i < 299; i++) {
      pairs.add(pair(1_000 + i, true, true, "safety"));
    }
    assertThat(Judgement.of(suite(0.05, gates), pairs).decision()).isEqualTo(Decision.QUALIFIED);
    for (int i = 0; i < 12; i++) {
      pairs.add(pair(2_000 + i, false, true, "safety"));
    }
    assertThat(Judgement.of(suite(0.05, gates), pairs).decision()).isEqualTo(Decision.REJECTED);
  }

  @Test
  void whereTooManyAnswersAreCutNeitherSideWins() {
    Case asked = pairs(1, 0, 0, 0).getFirst().asked();
    var cut = new Answer.Given("ye", List.of(), true, false, 1, 1, 1, "");
    for (boolean better : List.of(true, false)) {
      // What was answered whole would decide it: 200 of 200, one way or the other.
      List<Pair> pairs = new ArrayList<>(better ? pairs(0, 200, 0, 0) : pairs(0, 0, 200, 0));
      for (int i = 0; i < 20; i++) {
        pairs.add(
            new Pair(asked, Side.of(asked, List.of(cut)), Side.of(asked, List.of(said("yes")))));
      }

      Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs);

      assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
      assertThat(verdict.why())
          .startsWith("20 of 220 cases count for nobody (20 were cut by a limit on their length)");
    }
  }

  @Test
  void vendorErrorsAndCutAnswersCountForNobody() {
    List<Pair> pairs = pairs(200, 25, 25, 250);
    Case asked = pairs.getFirst().asked();
    var cut = new Answer.Given("ye", List.of(), true, false, 1, 1, 1, "");
    for (int i = 0; i < 5; i++) {
      pairs.add(
          new Pair(
              asked,
              Side.of(asked, List.of(new Answer.Failed(503, "overloaded"))),
              Side.of(asked, List.of(said("yes")))));
      pairs.add(
          new Pair(asked, Side.of(asked, List.of(said("yes"))), Side.of(asked, List.of(cut))));
    }

    Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs);

    assertThat(verdict.comparison().pairs()).isEqualTo(500);
    assertThat(verdict.failedPairs()).isEqualTo(5);
    assertThat(verdict.cutPairs()).isEqualTo(5);
    assertThat(verdict.decision()).isEqualTo(Decision.QUALIFIED);
    for (int i = 0; i < 40; i++) {
      pairs.add(
          new Pair(
              asked,
              Side.of(asked, List.of(new Answer.Failed(503, "overloaded"))),
              Side.of(asked, List.of(said("yes")))));
    }
    assertThat(Judgement.of(suite(0.05, Map.of()), pairs).why())
        .isEqualTo(
            "50 of 550 cases count for nobody (vendors failed 45, 5 were cut by a limit on their"
                + " length), more than the 5.0 % that the suite allows");
  }

  @Test
  void aCandidateThatAlwaysSaysTheSameIsNeverQualified() {
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < 400; i++) {
      var asked =
          new Case(
              "c" + i,
              List.of(new Turn("user", "question " + i)),
              "",
              List.of(
                  new Check(
                      "contains", new Scorer.Contains(List.of("ok"), false, false), false, 1, 1)),
              Map.of(),
              "case " + i);
      pairs.add(
          new Pair(
              asked,
              Side.of(asked, List.of(said("ok ok ok"))),
              Side.of(asked, List.of(said("answer " + i + " is ok")))));
    }

    Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs);

    assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
    assertThat(verdict.why()).contains("one and the same, or nearly so, to 100.0 %");
  }

  @Test
  void alsoOneWordOrNoneIsConstant() {
    for (String constant : List.of("A", "")) {
      var pairs = new ArrayList<Pair>();
      for (int i = 0; i < 400; i++) {
        Pair pair = pair(i, true, true, "usual");
        var lazy = new Side.Judged(1, 1, List.of(), List.of(said(constant)));
        var fair =
            new Side.Judged(1, 1, List.of(), List.of(said("ABCD".substring(i % 4, i % 4 + 1))));
        pairs.add(new Pair(pair.asked(), lazy, fair));
      }

      Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs);

      assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
      assertThat(verdict.why()).contains("one and the same, or nearly so, to 100.0 %");
    }
  }

  @Test
  void whereTheIncumbentPassesNothingNobodyIsShownToBeNoWorse() {
    Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs(0, 0, 0, 500));

    assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
    assertThat(verdict.why())
        .startsWith("the incumbent itself comes to 0.0 % only: nobody could be worse");
    // A better one is shown to be better all the same.
    assertThat(Judgement.of(suite(0.05, Map.of()), pairs(0, 50, 0, 450)).decision())
        .isEqualTo(Decision.QUALIFIED);
  }

  @Test
  void casesOfOneClusterAreOneWitness() {
    var pairs = new ArrayList<Pair>();
    for (Pair pair : pairs(0, 30, 0, 30)) {
      Case one = pair.asked();
      var alike = new Case(one.id(), one.turns(), "", one.checks(), Map.of(), "one document");
      pairs.add(new Pair(alike, pair.candidate(), pair.incumbent()));
    }

    Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs);

    assertThat(verdict.comparison().clusters()).isEqualTo(1);
    assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
  }

  /** Of one case, by its score alone. */
  private static Pair scored(int id, double candidate, double incumbent, String slice, String of) {
    var asked =
        new Case(
            "c" + id,
            List.of(new Turn("user", "question " + id)),
            "",
            List.of(ANY),
            Map.of("kind", slice),
            of);
    return new Pair(
        asked,
        new Side.Judged(candidate, candidate, List.of(), List.of(said("one " + id))),
        new Side.Judged(incumbent, incumbent, List.of(), List.of(said("other " + id))));
  }

  @Test
  void aSliceOfOneClusterShowsNothingAgainstABetterCandidate() {
    // Documents as slices and as clusters: sevenths leave a rounding where the spread would be.
    var pairs = new ArrayList<Pair>();
    for (int document = 0; document < 40; document++) {
      for (int i = 0; i < 7; i++) {
        pairs.add(
            scored(
                pairs.size(),
                1,
                i == 0 && document % 2 == 0 ? 0 : 1,
                "d" + document,
                "" + document));
      }
    }

    Verdict verdict = Judgement.of(suite(0.3, Map.of()), pairs);

    assertThat(verdict.slices()).allSatisfy(slice -> assertThat(slice.adjustedP()).isEqualTo(1));
    assertThat(verdict.decision()).isEqualTo(Decision.QUALIFIED);
  }

  @Test
  void aFewScoresThatHardlyDifferShowNoMoreThanTheirNumberDoes() {
    for (double odd : List.of(0.7, 0.699, 0.7 + 1e-15)) {
      var pairs = new ArrayList<Pair>();
      for (int i = 0; i < 6; i++) {
        pairs.add(scored(i, 0.7, i == 0 ? odd : 0.7, "usual", "case " + i));
      }

      Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs);

      assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
      int needed = 6 + Math.toIntExact(verdict.moreCases().orElseThrow());
      assertThat(needed).isBetween(58, 60);
      for (int i = 6; i < needed; i++) {
        pairs.add(scored(i, 0.7, 0.7, "usual", "case " + i));
      }
      assertThat(Judgement.of(suite(0.05, Map.of()), pairs).decision())
          .isEqualTo(Decision.QUALIFIED);
    }
  }

  private static List<Pair> timed(int clusters, int each) {
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < clusters * each; i++) {
      Pair pair = scored(i, 1, i % clusters % 3 == 0 ? 0 : 1, "usual", "document " + i % clusters);
      int millis = 100 + 40 * (i % clusters);
      var slow = new Answer.Given("one " + i, List.of(), false, false, 10, 5, millis, "");
      pairs.add(
          new Pair(
              pair.asked(), new Side.Judged(1, 1, List.of(), List.of(slow)), pair.incumbent()));
    }
    return pairs;
  }

  @Test
  void ratiosAreDrawnByClusters() {
    Interval few =
        Judgement.of(suite(0.05, Map.of()), timed(10, 1)).latency().orElseThrow().interval();
    Interval many =
        Judgement.of(suite(0.05, Map.of()), timed(10, 30)).latency().orElseThrow().interval();

    assertThat(many.lower()).isCloseTo(few.lower(), within(1e-9));
    assertThat(many.upper()).isCloseTo(few.upper(), within(1e-9));
  }

  @Test
  void standingsAreDrawnByClusters() {
    List<Pair> pairs = timed(10, 30);
    var apart = new ArrayList<Pair>();
    for (Pair pair : pairs) {
      Case one = pair.asked();
      apart.add(
          new Pair(
              new Case(one.id(), one.turns(), "", one.checks(), one.slices(), one.id()),
              pair.candidate(),
              pair.incumbent()));
    }

    assertThat(standing(pairs).width()).isGreaterThan(3 * standing(apart).width());
  }

  private static Interval standing(List<Pair> pairs) {
    var suite =
        new Suite(
            "test",
            Suite.Metric.PASS,
            0.05,
            0.05,
            0.8,
            1,
            0.05,
            new Question.Sampling(0, 0),
            Map.of(),
            pairs.stream().map(Pair::asked).toList());
    Verdict verdict = Judgement.of(suite, pairs);
    var run = new Run("r", Instant.EPOCH, suite, "a/one", "b/two", pairs, verdict, List.of());
    return Standings.of(List.of(run)).places().stream()
        .filter(place -> place.target().equals("a/one"))
        .findFirst()
        .orElseThrow()
        .interval();
  }

  @Test
  void howManyMoreCasesItTakesCountsClustersForWhatTheyAre() {
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < 300; i++) {
      double gain = List.of(-0.2, -0.1, 0.0, 0.1, 0.2, 0.03).get(i / 50);
      pairs.add(scored(i, 0.5 + gain, 0.5, "usual", "document " + i / 50));
    }

    Verdict verdict = Judgement.of(suite(0.05, Map.of()), pairs);

    assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
    // Six documents differ by 0.143 about 0.005: (1.645 + 0.842)² × 0.143² / 0.055² are 42 of them.
    assertThat(300 + verdict.moreCases().orElseThrow()).isBetween(41 * 50L, 43 * 50L);
  }

  @Test
  void whatACandidateDidCountsAtAGateAlsoWhereTheIncumbentFailed() {
    var gates = Map.of("kind:safety", new Suite.Gate(0.01));
    List<Pair> pairs = pairs(200, 25, 25, 250);
    for (int i = 0; i < 400; i++) {
      pairs.add(pair(1_000 + i, true, true, "safety"));
    }
    assertThat(Judgement.of(suite(0.05, gates), pairs).decision()).isEqualTo(Decision.QUALIFIED);
    for (int i = 0; i < 20; i++) {
      Pair unsafe = pair(2_000 + i, false, true, "safety");
      pairs.add(
          new Pair(
              unsafe.asked(),
              unsafe.candidate(),
              new Side.Unjudged(Side.Reason.FAILED, "503: overloaded")));
    }

    Verdict verdict = Judgement.of(suite(0.05, gates), pairs);

    assertThat(verdict.decision()).isEqualTo(Decision.REJECTED);
    assertThat(verdict.why()).startsWith("20 of 420 cases of kind:safety failed");
  }

  @Test
  void atAGateCasesOfOneClusterAreOneWitness() {
    var gates = Map.of("kind:safety", new Suite.Gate(0.01));
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < 400; i++) {
      pairs.add(scored(i, 1, 1, "safety", "template " + i % 80));
    }

    Verdict verdict = Judgement.of(suite(0.1, gates), pairs);

    assertThat(verdict.decision()).isEqualTo(Decision.UNDECIDED);
    assertThat(verdict.why())
        .isEqualTo(
            "0 failures in 400 cases of 80 clusters of kind:safety do not show a failure rate below"
                + " 1.0 %");
    // 1 - 0.05^(1/80), as for 80 cases.
    assertThat(verdict.gates().getFirst().failureRateAtMost()).isBetween(0.0367, 0.0369);
    assertThat(verdict.gates().getFirst().moreCases()).isEqualTo(219);
  }

  @Property(tries = 200)
  void neverBothAndBetterIsNeverWorse(
      @ForAll @IntRange(max = 100) int both,
      @ForAll @IntRange(max = 40) int candidate,
      @ForAll @IntRange(max = 40) int incumbent,
      @ForAll @IntRange(max = 100) int neither) {
    Decision now =
        Judgement.of(suite(0.05, Map.of()), pairs(both, candidate, incumbent, neither)).decision();
    Decision better =
        Judgement.of(suite(0.05, Map.of()), pairs(both, candidate + 5, incumbent, neither))
            .decision();

    if (now == Decision.QUALIFIED) {
      assertThat(better).isEqualTo(Decision.QUALIFIED);
    }
    if (better == Decision.REJECTED) {
      assertThat(now).isEqualTo(Decision.REJECTED);
    }
  }
}
