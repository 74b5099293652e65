package dev.understudy.evaluation;

import dev.understudy.money.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One demand on an answer.
 *
 * @param name as the suite writes it, such as {@code not-contains}
 * @param negated whether the measure's pass is what is not wanted
 * @param threshold the least score that passes, from 0 to 1
 * @param weight among the case's checks, above 0
 */
public record Check(
    String name, Measure measure, boolean negated, double threshold, double weight) {

  /**
   * How one answer met it.
   *
   * @param missing why it could not be judged; empty if it was
   */
  public record Outcome(String name, double score, boolean passed, Optional<String> missing) {
    Outcome(String name, double score, boolean passed) {
      this(name, score, passed, Optional.empty());
    }
  }

  /** By the answer alone; a check that needs more than that cannot be judged so. */
  public Outcome judge(Answer.Given answer) {
    return measure instanceof Scorer scorer
        ? outcome(scorer.score(answer))
        : missing("the answer alone does not tell");
  }

  Outcome judge(Case asked, Answer.Given answer, Opinions opinions) throws InterruptedException {
    return switch (measure) {
      case Scorer _ -> judge(answer);
      case Rubric rubric ->
          switch (opinions.grade(rubric, asked, answer)) {
            case Opinions.Opinion.Score(double score) -> outcome(score);
            case Opinions.Opinion.Spoiled() -> new Outcome(name, 0, false);
            case Opinions.Opinion.Missing(String why) -> missing(why);
          };
      case Price price -> {
        Optional<Money> cost = opinions.cost(answer);
        yield cost.isEmpty()
            ? missing("the answer of " + answer.target() + " has no price")
            : outcome(cost.get().amount().compareTo(price.most()) <= 0 ? 1 : 0);
      }
      case CheckSet set -> together(set, asked, answer, opinions);
    };
  }

  /** Whether a judge is asked for it. */
  boolean needsJudge() {
    return measure instanceof Rubric
        || (measure instanceof CheckSet set && set.checks().stream().anyMatch(Check::needsJudge));
  }

  /** Whether an answer without a price cannot be judged. */
  boolean needsPrice() {
    return measure instanceof Price
        || (measure instanceof CheckSet set && set.checks().stream().anyMatch(Check::needsPrice));
  }

  private Outcome together(CheckSet set, Case asked, Answer.Given answer, Opinions opinions)
      throws InterruptedException {
    double sum = 0;
    double weights = 0;
    List<String> failed = new ArrayList<>();
    for (Check check : set.checks()) {
      Outcome outcome = check.judge(asked, answer, opinions);
      if (outcome.missing().isPresent()) {
        return missing(outcome.missing().get());
      }
      sum += outcome.score() * check.weight();
      weights += check.weight();
      if (!outcome.passed()) {
        failed.add(check.name());
      }
    }
    double score = sum / weights;
    if (set.byScore()) {
      return outcome(score);
    }
    boolean passed = failed.isEmpty() != negated;
    String called = passed || negated ? name : name + " (" + String.join(", ", failed) + ")";
    return new Outcome(called, negated ? 1 - score : score, passed);
  }

  private Outcome outcome(double score) {
    // A mean of weights such as 0.1 may miss its threshold by a rounding of the machine's.
    boolean reached = score >= threshold - 1e-12;
    return negated ? new Outcome(name, 1 - score, !reached) : new Outcome(name, score, reached);
  }

  private Outcome missing(String why) {
    return new Outcome(name, 0, false, Optional.of(why));
  }
}
