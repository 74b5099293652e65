package dev.understudy.chat;

import java.util.Optional;

/**
 * How much a model is to think before it answers, each wish empty where not said.
 *
 * @param enabled false: do not think; true: think
 * @param adaptive true: the model decides by itself how much
 * @param effort {@code none}, {@code minimal}, {@code low}, {@code medium}, {@code high}, {@code
 *     xhigh} or {@code max}
 * @param budgetTokens at most so many tokens of thought; -1 leaves it to the model
 * @param summary whether and how the thoughts are shown: {@code auto}, {@code concise}, {@code
 *     detailed}, {@code omitted}, …
 */
public record Thinking(
    Optional<Boolean> enabled,
    boolean adaptive,
    Optional<String> effort,
    Optional<Long> budgetTokens,
    Optional<String> summary) {
  public static final Thinking UNSAID =
      new Thinking(Optional.empty(), false, Optional.empty(), Optional.empty(), Optional.empty());
}
