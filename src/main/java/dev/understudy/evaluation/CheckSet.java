package dev.understudy.evaluation;

import java.util.List;

/**
 * Several checks that are one: it passes if they all do, or from a weighted mean of their scores
 * on.
 *
 * @param byScore whether the mean decides and not the single passes
 */
public record CheckSet(List<Check> checks, boolean byScore) implements Measure {
  public CheckSet {
    checks = List.copyOf(checks);
  }
}
