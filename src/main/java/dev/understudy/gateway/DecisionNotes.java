package dev.understudy.gateway;

import dev.understudy.exchange.Decision;
import dev.understudy.exchange.Exclusion;
import dev.understudy.routing.Order;
import dev.understudy.routing.RouteTarget;
import java.util.ArrayList;
import java.util.List;

/** Takes down why a call goes where it goes. */
final class DecisionNotes {
  /** More than this nobody reads. */
  private static final int EXCLUDED_MAX = 100;

  private final long plan;
  private String rule = "";
  private List<RouteTarget> order = List.of();
  private final List<Exclusion> excluded = new ArrayList<>(0);
  private final List<String> steps = new ArrayList<>(2);

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
    rule = clause + "; " + rule;
  }

  /** A target is not asked, or no longer. */
  void exclude(RouteTarget target, String word, String why) {
    if (excluded.size() < EXCLUDED_MAX) {
      excluded.add(new Exclusion(target.name(), word, why));
    }
  }

  /** An attempt is made, for this reason. */
  void step(String why) {
    steps.add(why);
  }

  Decision decision() {
    var names = new ArrayList<String>(order.size());
    order.forEach(target -> names.add(target.name()));
    return new Decision(plan, rule, names, excluded, steps);
  }
}
