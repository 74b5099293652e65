package dev.understudy.evaluation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges two answers to one live call by a suite's checks that hold for every case, so that no good
 * answer need be known: form, refusals, schemas, rubrics, and judges that compare. Blocks where
 * judges are asked.
 */
public final class PairScorer {
  private static final List<String> FORMS = List.of("is-json", "json-schema", "contains-json");

  private final Suite suite;
  private final Bench bench;

  /**
   * Judges by a suite.
   *
   * @param bench asks the suite's judges
   */
  public PairScorer(Suite suite, Bench bench) {
    this.suite = suite;
    this.bench = bench;
  }

  /**
   * A live call and the two answers to it.
   *
   * @param id the exchange's name
   * @param turns the conversation as text, in any roles; what was no text is left out
   * @param toolsJson the tools on offer, as the Chat protocol lists them; empty for none
   */
  public record Live(
      String id,
      List<Turn> turns,
      String toolsJson,
      Answer.Given candidate,
      Answer.Given incumbent) {
    public Live {
      turns = List.copyOf(turns);
    }
  }

  /**
   * What was made of a pair.
   *
   * @param candidate from 0 to 1, by the suite's metric
   * @param incumbent likewise; a half where judges compare
   * @param candidateForm whether tool calls and what must be JSON are well-formed
   * @param similarity of the two texts, from 0 to 1, by the longest sequence of words of both; it
   *     decides nothing
   * @param candidateFailed the checks that the candidate's answer failed
   */
  public record Scored(
      double candidate,
      double incumbent,
      boolean candidateForm,
      boolean incumbentForm,
      boolean candidateRefused,
      boolean incumbentRefused,
      double similarity,
      List<String> candidateFailed,
      List<String> incumbentFailed,
      Optional<Duel> duel)
      implements Outcome {
    public Scored {
      candidateFailed = List.copyOf(candidateFailed);
      incumbentFailed = List.copyOf(incumbentFailed);
    }

    /** The candidate's less the incumbent's, from -1 to 1, in the measure of the suite's margin. */
    public double difference() {
      return candidate - incumbent;
    }
  }

  /** It counts for nobody. */
  public record Unjudged(String why) implements Outcome {}

  /** What came of judging. */
  public sealed interface Outcome {}

  /** Judges one pair. */
  public Outcome score(Live live) throws InterruptedException {
    var asked = new Case(live.id(), live.turns(), live.toolsJson(), suite.common(), Map.of(), "");
    Side one = Side.of(asked, List.of(live.candidate()), bench);
    Side other = Side.of(asked, List.of(live.incumbent()), bench);
    if (one instanceof Side.Unjudged(Side.Reason _, String why)) {
      return new Unjudged("candidate: " + why);
    }
    if (other instanceof Side.Unjudged(Side.Reason _, String why)) {
      return new Unjudged("incumbent: " + why);
    }
    List<Duel> duels =
        suite.isCompared()
            ? List.of(bench.compare(live.id(), live.turns(), live.candidate(), live.incumbent()))
            : List.of();
    Optional<Pair.Values> values = new Pair(asked, one, other, duels).values(suite.metric());
    if (values.isEmpty()) {
      return new Unjudged(duels.isEmpty() ? "nothing to judge by" : duels.getFirst().silence());
    }
    Side.Judged candidate = (Side.Judged) one;
    Side.Judged incumbent = (Side.Judged) other;
    return new Scored(
        values.get().candidate(),
        values.get().incumbent(),
        isFormed(live.candidate(), live.toolsJson(), candidate),
        isFormed(live.incumbent(), live.toolsJson(), incumbent),
        isRefused(live.candidate()),
        isRefused(live.incumbent()),
        Similarity.rougeL(live.candidate().shown(), live.incumbent().shown()),
        candidate.failed(),
        incumbent.failed(),
        duels.stream().findFirst());
  }

  private static boolean isFormed(Answer.Given answer, String toolsJson, Side.Judged judged) {
    return new Scorer.ToolCallsValid(toolsJson).score(answer) == 1
        && judged.failed().stream().noneMatch(FORMS::contains);
  }

  private static boolean isRefused(Answer.Given answer) {
    return new Scorer.Refusal(false).score(answer) == 1;
  }
}
