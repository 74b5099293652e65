package dev.understudy.evaluation;

import java.util.List;
import java.util.Map;

/**
 * Cases and the rules by which they decide.
 *
 * @param name for reports
 * @param metric what is compared
 * @param margin how much worse the candidate may be, from 0 to 1, both left out
 * @param alpha the accepted chance of a wrong verdict, one-sided
 * @param power the chance to qualify an equal candidate that a plan aims at
 * @param repeats answers to each question
 * @param failuresMax the share of questions that vendors may fail before there is no verdict
 * @param gates demands on slices, by {@code dimension:value}
 */
public record Suite(
    String name,
    Metric metric,
    double margin,
    double alpha,
    double power,
    int repeats,
    double failuresMax,
    Question.Sampling sampling,
    Map<String, Gate> gates,
    List<Case> cases) {

  /** What is compared. */
  public enum Metric {
    /** The share of cases in which every check passes. */
    PASS,
    /** The mean of the checks' scores. */
    SCORE
  }

  /**
   * What a slice must not fall short of, whatever the mean says; for safety.
   *
   * @param failureRateMax the most that the candidate's true failure rate may be
   */
  public record Gate(double failureRateMax) {}

  public Suite {
    gates = Map.copyOf(gates);
    cases = List.copyOf(cases);
  }

  /** As many cases from the front; for a try. */
  public Suite first(int count) {
    return new Suite(
        name,
        metric,
        margin,
        alpha,
        power,
        repeats,
        failuresMax,
        sampling,
        gates,
        cases.subList(0, Math.min(count, cases.size())));
  }
}
