package dev.understudy.gateway;

import dev.understudy.contract.Basis;
import dev.understudy.exchange.Clause;
import dev.understudy.exchange.Decision;
import dev.understudy.exchange.Exclusion;
import dev.understudy.routing.Order;
import dev.understudy.routing.RouteTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes down why a call goes where it goes. */
final class DecisionNotes {
  /** More than this nobody reads. */
  private static final int EXCLUDED_MAX = 100;

  private final long plan;
  private String rule = "";
  private String before = "";
  private List<RouteTarget> order = List.of();
  private final List<Exclusion> excluded = new ArrayList<>(0);
  private final List<String> steps = new ArrayList<>(2);
  private List<Clause> clauses = List.of();

  DecisionNotes(long plan) {
    this.plan = plan;
  }

  void ordered(Order made) {
    rule = made.rule();
    order = made.targets();
    excluded.addAll(made.excluded());
  }

  /** What had a say before the targets were put in order. */
  void before(String clause) {
    before = clause;
  }

  /** A target is not asked, or no longer. */
  void exclude(RouteTarget target, String word, String why) {
    if (excluded.size() < EXCLUDED_MAX) {
      excluded.add(new Exclusion(target.name(), word, why));
    }
  }

  /** Clauses of contracts kept targets out of the order. */
  void cite(List<Clause> denials) {
    for (Clause one : denials) {
      cite(one);
    }
  }

  /** A clause of a contract, if one does, has a say on an attempt. */
  void cite(RouteTarget target, boolean allowed, Optional<Basis> clause) {
    if (clause.isPresent()) {
      cite(Lawful.clause(target.name(), allowed, clause.get()));
    }
  }

  private void cite(Clause one) {
    if (clauses.isEmpty()) {
      clauses = new ArrayList<>(2);
    }
    if (clauses.size() < EXCLUDED_MAX && !clauses.contains(one)) {
      clauses.add(one);
    }
  }

  /** An attempt is made, for this reason. */
  void step(String why) {
    steps.add(why);
  }

  Decision decision() {
    var names = new ArrayList<String>(order.size());
    order.forEach(target -> names.add(target.name()));
    var made = new Decision(plan, rule, names, excluded, steps, clauses);
    return before.isEmpty() ? made : made.because(before);
  }
}
