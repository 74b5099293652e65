package dev.understudy.evaluation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 * @param common the checks of every case, which need no answer known to be good
 * @param judging who judges, if anybody does
 * @param hash of every file it was read from
 * @param notes what was left aside in reading it, for a person
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
    List<Case> cases,
    List<Check> common,
    Optional<Judging> judging,
    String hash,
    List<String> notes) {

  /** What is compared. */
  public enum Metric {
    /** The share of cases in which every check passes. */
    PASS,
    /** The mean of the checks' scores. */
    SCORE,
    /** How far judges prefer the candidate's answer to the incumbent's; half for an equal. */
    PREFERENCE
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
    common = List.copyOf(common);
    notes = List.copyOf(notes);
  }

  /** A suite that no file holds, without judges. */
  public Suite(
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
    this(
        name,
        metric,
        margin,
        alpha,
        power,
        repeats,
        failuresMax,
        sampling,
        gates,
        cases,
        List.of(),
        Optional.empty(),
        "",
        List.of());
  }

  /** Stands in the hash of a suite of which only so many cases were asked, before their number. */
  static final String FIRST = " first ";

  /** As many cases from the front; for a try. */
  public Suite first(int count) {
    if (count >= cases.size()) {
      return this;
    }
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
        cases.subList(0, count),
        common,
        judging,
        hash + FIRST + count,
        notes);
  }

  /** Whether judges compare answers side by side. */
  public boolean isCompared() {
    return metric == Metric.PREFERENCE;
  }

  /** Questions that judges are asked of one pair of answers, at the most once each. */
  public int judgeQuestions(Case asked) {
    if (judging.isEmpty()) {
      return 0;
    }
    long rubrics = asked.checks().stream().mapToLong(Suite::rubrics).sum();
    int orders = isCompared() ? judging.get().bothOrders() ? 2 : 1 : 0;
    return Math.toIntExact((2 * rubrics + orders) * judging.get().targets().size());
  }

  private static long rubrics(Check check) {
    return switch (check.measure()) {
      case Rubric _ -> 1;
      case CheckSet set -> set.checks().stream().mapToLong(Suite::rubrics).sum();
      case Scorer _, Price _ -> 0;
    };
  }
}
