package dev.understudy.exchange;

import java.util.List;

/**
 * Why a call went where it went: what each target was put in order by, what kept targets out, and
 * why each attempt was made. What became of the attempts is in their own records.
 *
 * @param plan the version of the plan that was in force
 * @param rule how the targets were put in order, in a clause
 * @param order the targets that could be asked, in the order they would have been
 * @param excluded those that could not, in the order it was found
 * @param steps why each attempt was made, in the order of the attempts
 * @param contracts the clauses of contracts that denied targets, and that attempts were made by
 */
public record Decision(
    long plan,
    String rule,
    List<String> order,
    List<Exclusion> excluded,
    List<String> steps,
    List<Clause> contracts) {
  /** A call that never came to a choice. */
  public static final Decision NONE = new Decision(0, "", List.of(), List.of(), List.of());

  public Decision {
    order = List.copyOf(order);
    excluded = List.copyOf(excluded);
    steps = List.copyOf(steps);
    contracts = List.copyOf(contracts);
  }

  /** One in which no contract has a say. */
  public Decision(
      long plan, String rule, List<String> order, List<Exclusion> excluded, List<String> steps) {
    this(plan, rule, order, excluded, steps, List.of());
  }

  /** The same with a clause more on how the targets came to be in order. */
  public Decision because(String clause) {
    String more = rule.isEmpty() ? clause : clause + "; " + rule;
    return new Decision(plan, more, order, excluded, steps, contracts);
  }

  /** The same under these clauses of contracts. */
  public Decision under(List<Clause> clauses) {
    return new Decision(plan, rule, order, excluded, steps, clauses);
  }

  /** Whether there is anything to tell. */
  public boolean isEmpty() {
    return order.isEmpty() && excluded.isEmpty();
  }
}
