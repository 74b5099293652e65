package dev.understudy.evaluation;

import dev.understudy.evaluation.Verdict.Comparison;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What keeps a candidate from being qualified whatever its figures say. */
final class Doubts {
  /** So many cases must be there before sameness of answers means anything. */
  private static final int SAMENESS_CASES_MIN = 10;

  /** A candidate that says the same to so many questions does not answer them. */
  private static final double SAMENESS_MAX = 0.8;

  /** So many answers with text for a judge are no chance. */
  private static final int BAITS_MIN = 3;

  private static final double BAITS_SHARE = 0.02;

  /** More ties by place than this, and they may be what holds the verdict up. */
  private static final double BY_PLACE_MAX = 0.3;

  private Doubts() {}

  /** The gravest first; empty if there is none. */
  static List<String> of(
      Suite suite, List<Pair> judged, Comparison all, Optional<JudgeHealth.Panel> judges) {
    var doubts = new ArrayList<String>();
    floor(suite, all).ifPresent(doubts::add);
    sameness(judged).ifPresent(doubts::add);
    baits(judged).ifPresent(doubts::add);
    byPlace(suite, judged).ifPresent(doubts::add);
    judges.flatMap(panel -> panel(suite, panel)).ifPresent(doubts::add);
    return doubts;
  }

  /**
   * Where the incumbent hardly passes anything, nobody can be worse by the margin: not a candidate
   * that answers nothing, and not where the checks ask for what cannot be.
   */
  private static Optional<String> floor(Suite suite, Comparison all) {
    return !suite.isCompared() && all.incumbent() <= suite.margin() && all.interval().lower() < 0
        ? Optional.of(
            "the incumbent itself comes to %s only: nobody could be worse by more than the margin of %s, so these cases show nothing"
                .formatted(Judgement.percent(all.incumbent()), Judgement.percent(suite.margin())))
        : Optional.empty();
  }

  /**
   * Judges that go by places make ties, and ties make a worse candidate look equal: where there are
   * many, the verdict must stand on the other pairs alone.
   */
  private static Optional<String> byPlace(Suite suite, List<Pair> judged) {
    List<Pair> kept =
        judged.stream().filter(pair -> pair.duels().stream().noneMatch(Duel::isByPlace)).toList();
    int others = judged.size() - kept.size();
    if (!suite.isCompared()
        || others <= BY_PLACE_MAX * judged.size()
        || (!kept.isEmpty()
            && Comparisons.compare(suite, kept).interval().lower() > -suite.margin())) {
      return Optional.empty();
    }
    return Optional.of(
        "in %d of %d pairs the judges were for whichever answer stood in one place, and the %d others do not show that it is no worse"
            .formatted(others, judged.size(), kept.size()));
  }

  /** A judge known to disagree with people, or a rate that their correction takes below. */
  private static Optional<String> panel(Suite suite, JudgeHealth.Panel panel) {
    Optional<LabelHealth> labels = panel.labels();
    if (labels.filter(LabelHealth::isBelowGate).isPresent()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "the judges do not agree with people: kappa %.2f over %d labels, and %.1f is needed",
              labels.get().kappa(),
              labels.get().labels(),
              LabelHealth.KAPPA_MIN));
    }
    if (suite.isCompared()
        && labels.isPresent()
        && labels.get().labels() >= LabelHealth.LABELS_MIN
        && labels.get().corrected().isPresent()
        && labels.get().corrected().get().interval().lower() <= 0.5 - suite.margin()) {
      return Optional.of(
          "corrected by what people said, the win rate may be as low as "
              + Judgement.percent(labels.get().corrected().get().interval().lower()));
    }
    return Optional.empty();
  }

  /** A candidate that speaks to whoever judges it. */
  private static Optional<String> baits(List<Pair> judged) {
    int candidate = 0;
    int incumbent = 0;
    int answers = 0;
    for (Pair pair : judged) {
      List<Turn> asked = pair.asked().turns();
      answers += ((Side.Judged) pair.candidate()).answers().size();
      if (!pair.duels().isEmpty()) {
        // The judges' bench has looked already.
        candidate += (int) pair.duels().stream().filter(Duel::candidateBaits).count();
        incumbent += (int) pair.duels().stream().filter(Duel::incumbentBaits).count();
        continue;
      }
      for (Answer.Given answer : ((Side.Judged) pair.candidate()).answers()) {
        candidate += Bait.isIn(answer, asked) ? 1 : 0;
      }
      for (Answer.Given answer : ((Side.Judged) pair.incumbent()).answers()) {
        incumbent += Bait.isIn(answer, asked) ? 1 : 0;
      }
    }
    return candidate - incumbent >= BAITS_MIN && candidate > BAITS_SHARE * answers
        ? Optional.of(
            "%d of the candidate's %d answers hold text that is aimed at a judge, %d of the incumbent's"
                .formatted(candidate, answers, incumbent))
        : Optional.empty();
  }

  /** A candidate that says the same whatever it is asked, where the incumbent does not. */
  private static Optional<String> sameness(List<Pair> judged) {
    var questions = new HashSet<List<Turn>>();
    judged.forEach(pair -> questions.add(pair.asked().turns()));
    if (questions.size() < SAMENESS_CASES_MIN) {
      return Optional.empty();
    }
    List<String> candidate = said(judged, Pair::candidate);
    List<String> incumbent = said(judged, Pair::incumbent);
    // Word for word first: answers that only begin alike are near-identical, but no constant.
    return same(Sameness.exact(candidate), Sameness.exact(incumbent))
        .or(() -> same(Sameness.of(candidate), Sameness.of(incumbent)));
  }

  private static Optional<String> same(double candidate, double incumbent) {
    return candidate > SAMENESS_MAX && candidate > 2 * incumbent
        ? Optional.of(
            "the candidate says one and the same, or nearly so, to %s of the questions, the incumbent to %s: it may not answer them at all"
                .formatted(Judgement.percent(candidate), Judgement.percent(incumbent)))
        : Optional.empty();
  }

  private static List<String> said(List<Pair> judged, Function<Pair, Side> side) {
    var said = new ArrayList<String>();
    for (Pair pair : judged) {
      ((Side.Judged) side.apply(pair)).answers().forEach(answer -> said.add(answer.shown()));
    }
    return said;
  }
}
