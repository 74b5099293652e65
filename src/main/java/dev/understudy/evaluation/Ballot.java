package dev.understudy.evaluation;

import java.util.Optional;

/**
 * What one judge said of two answers.
 *
 * @param candidateFirst asked with the candidate's answer first; empty if not asked so
 * @param incumbentFirst asked with the incumbent's answer first
 */
public record Ballot(String judge, Optional<Heard> candidateFirst, Optional<Heard> incumbentFirst) {

  /**
   * How far the candidate's answer is preferred, from 0 to 1. Asked both ways it is preferred only
   * if both ways agree, else it is a tie; empty if any reply said nothing.
   */
  public Optional<Double> preference() {
    Optional<Double> first = candidateFirst.flatMap(Ballot::value);
    Optional<Double> second = incumbentFirst.flatMap(Ballot::value).map(v -> 1 - v);
    if ((candidateFirst.isPresent() && first.isEmpty())
        || (incumbentFirst.isPresent() && second.isEmpty())) {
      return Optional.empty();
    }
    if (first.isEmpty() || second.isEmpty()) {
      return first.or(() -> second);
    }
    return (first.get() - 0.5) * (second.get() - 0.5) > 0
        ? Optional.of((first.get() + second.get()) / 2)
        : Optional.of(0.5);
  }

  /** Whether it was for the same place both times, and so for neither answer. */
  boolean isByPlace() {
    Optional<Double> first = candidateFirst.flatMap(Ballot::value);
    Optional<Double> second = incumbentFirst.flatMap(Ballot::value);
    return first.isPresent()
        && second.isPresent()
        && (first.get() - 0.5) * (second.get() - 0.5) > 0;
  }

  private static Optional<Double> value(Heard heard) {
    return switch (heard) {
      case Heard.Said(double value) -> Optional.of(value);
      case Heard.Nothing _ -> Optional.empty();
    };
  }
}
