package dev.understudy.evaluation;

import dev.understudy.money.Money;
import java.util.Optional;

/** What the text of an answer does not tell: what judges think of it, and what it cost. */
public interface Opinions {
  /** Without judges and prices; a check that needs them cannot be judged. */
  Opinions NONE =
      new Opinions() {
        @Override
        public Opinion grade(Rubric rubric, Case asked, Answer.Given answer) {
          return new Opinion.Missing("there is no judge");
        }

        @Override
        public Optional<Money> cost(Answer.Given answer) {
          return Optional.empty();
        }
      };

  /** Asks judges and waits for them. */
  Opinion grade(Rubric rubric, Case asked, Answer.Given answer) throws InterruptedException;

  /** What an answer cost, if everything in it has a price. */
  Optional<Money> cost(Answer.Given answer);

  /** What was thought of one answer. */
  sealed interface Opinion {
    /**
     * A grade.
     *
     * @param score from 0 to 1
     */
    record Score(double score) implements Opinion {}

    /** The answer speaks to its judge: it fails, whichever way round the demand is. */
    record Spoiled() implements Opinion {}

    /** No grade, for a reason fit for a person: it counts for nobody. */
    record Missing(String why) implements Opinion {}
  }
}
