package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.evaluation.Verdict.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What may be concluded from pairs, and what may not. */
final class JudgementTest {
  private static final Check ANY = new Check("equals", new Scorer.Equal("yes", false), false, 1, 1);

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
        Side.of(asked, List.of(said(candidate ? "yes" : "no " + id))),
        Side.of(asked, List.of(said(incumbent ? "yes" : "not " + id))));
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
