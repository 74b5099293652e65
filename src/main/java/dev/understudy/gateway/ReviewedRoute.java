package dev.understudy.gateway;

import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Tier;
import java.util.ArrayList;
import java.util.List;

/** The parts of a route that the calls of a review go to, each without a review of its own. */
record ReviewedRoute(Route route) {
  /** Those whose answer is scored first. */
  Route first() {
    return with(route.tiers().subList(0, 1));
  }

  /** Those who are asked if that is not good enough. */
  Route rest() {
    return with(route.tiers().subList(1, route.tiers().size()));
  }

  Route whole() {
    return with(route.tiers());
  }

  /** That target alone. */
  Route only(RouteTarget target) {
    return with(List.of(Tier.of(target)));
  }

  /** Without a target; all of it if it has no other. */
  Route without(String name) {
    var tiers = new ArrayList<Tier>();
    for (Tier tier : route.tiers()) {
      List<RouteTarget> others =
          tier.targets().stream().filter(target -> !target.name().equals(name)).toList();
      if (!others.isEmpty()) {
        tiers.add(new Tier(others, tier.balance(), tier.affinity(), tier.gain()));
      }
    }
    return with(tiers.isEmpty() ? route.tiers() : tiers);
  }

  private Route with(List<Tier> tiers) {
    return new Route(
        route.name(),
        tiers,
        route.regions(),
        route.retry(),
        route.hedge(),
        route.hold(),
        route.queue(),
        route.continuing());
  }
}
