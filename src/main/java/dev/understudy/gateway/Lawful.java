package dev.understudy.gateway;

import dev.understudy.access.Caller;
import dev.understudy.chat.Failure;
import dev.understudy.contract.Basis;
import dev.understudy.contract.Rules;
import dev.understudy.contract.Ruling;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Clause;
import dev.understudy.exchange.Exclusion;
import dev.understudy.routing.Order;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.text.Nearness;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes out of a call's order what contracts do not allow, so that whatever comes later, failover,
 * hedges, spill-over and going on, chooses among lawful targets alone.
 */
final class Lawful {
  /** The word in records for a target that a contract keeps out. */
  static final String RULE = "contract";

  private static final String USE = "use=";

  private Lawful() {}

  /**
   * What is left.
   *
   * @param none what the caller hears, if nothing is left because of contracts
   * @param denials the clauses by which targets were taken out
   */
  record Choice(Order order, Optional<Failure> none, List<Clause> denials) {}

  static Clause clause(String target, boolean allowed, Basis basis) {
    return new Clause(target, allowed, basis.contract(), basis.version(), basis.clause());
  }

  static Choice of(Order order, Asked asked, String route, Vendors vendors, Rules rules) {
    if (rules.isEmpty()) {
      return new Choice(order, Optional.empty(), List.of());
    }
    Subject asker = asker(asked);
    List<RouteTarget> targets = order.targets();
    int healthy = targets.size() - order.lastResort();
    var left = new ArrayList<RouteTarget>(targets.size());
    var denied = new ArrayList<Exclusion>(0);
    var denials = new ArrayList<Clause>(0);
    int lastResort = 0;
    for (int i = 0; i < targets.size(); i++) {
      RouteTarget target = targets.get(i);
      Ruling ruling = judge(rules, target.target(), target.region(), vendors, asker);
      if (ruling.allowed()) {
        left.add(target);
        lastResort += i >= healthy ? 1 : 0;
      } else {
        denied.add(new Exclusion(target.name(), RULE, ruling.text()));
        if (ruling.clause().isPresent()) {
          denials.add(clause(target.name(), false, ruling.clause().get()));
        }
      }
    }
    if (denied.isEmpty()) {
      return new Choice(order, Optional.empty(), List.of());
    }
    Optional<Failure> none =
        left.isEmpty() ? Optional.of(failure(route, denied)) : Optional.empty();
    var excluded = new ArrayList<>(order.excluded());
    excluded.addAll(denied);
    return new Choice(new Order(order.rule(), left, lastResort, excluded), none, denials);
  }

  private static Ruling judge(
      Rules rules, Target target, String region, Vendors vendors, Subject asker) {
    String kind = vendors.named(target.vendor()).map(Vendor::kind).orElse("");
    return rules.judge(target.vendor(), kind, target.model(), region, asker);
  }

  /** Who asks. Of the request's own tags only uses count: they tighten, and never loosen. */
  static Subject asker(Asked asked) {
    Caller caller = asked.caller();
    Set<String> uses = Set.of();
    for (String tag : asked.tags()) {
      if (tag.startsWith(USE)) {
        uses = uses.isEmpty() ? new HashSet<>() : uses;
        uses.add(tag.substring(USE.length()));
      }
    }
    return Subject.asker(caller.organisation(), caller.team(), caller.tags(), uses);
  }

  /** Says why in words of the rules; which contract and clause it was, the record says. */
  private static Failure failure(String route, List<Exclusion> denied) {
    String why =
        denied.stream()
            .limit(3)
            .map(one -> one.target() + ": " + one.why().replaceFirst("^[^:]*: ", ""))
            .collect(Collectors.joining("; "));
    return Failure.of(
            403,
            "permission_error",
            "no target may answer for %s under the contracts in force: %s"
                .formatted(Nearness.quoted(route), why))
        .withCode("contract");
  }

  static Failure failure(String route, String target, Ruling ruling) {
    return failure(route, List.of(new Exclusion(target, RULE, ruling.text())));
  }
}
