package dev.understudy.evaluation;

/**
 * One demand on an answer.
 *
 * @param name as the suite writes it, such as {@code not-contains}
 * @param negated whether the scorer's pass is what is not wanted
 * @param threshold the least score that passes, from 0 to 1
 * @param weight among the case's checks, above 0
 */
public record Check(String name, Scorer scorer, boolean negated, double threshold, double weight) {

  /** How one answer met it. */
  public record Outcome(String name, double score, boolean passed) {}

  public Outcome judge(Answer.Given answer) {
    double score = scorer.score(answer);
    boolean reached = score >= threshold;
    return negated ? new Outcome(name, 1 - score, !reached) : new Outcome(name, score, reached);
  }
}
