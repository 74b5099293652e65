package dev.understudy.evaluation;

import dev.understudy.money.Money;
import java.util.Optional;

/** What answers cost by the price books. */
public interface Costs {
  /** Where nothing has a price. */
  Costs UNKNOWN =
      new Costs() {
        @Override
        public Optional<Money> of(String target, long inputTokens, long outputTokens) {
          return Optional.empty();
        }
      };

  /** A call with so many tokens, at the usual rates; empty if anything in it has no price. */
  Optional<Money> of(String target, long inputTokens, long outputTokens);

  /** An answer by what its vendor counted. */
  default Optional<Money> of(Answer.Given answer) {
    return of(answer.target(), answer.inputTokens(), answer.outputTokens());
  }
}
