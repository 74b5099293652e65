package dev.understudy.admin;

import dev.understudy.json.Json;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Tier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the routes of a plan as they came out, fallbacks led to their targets. */
public final class PlanPage {
  private PlanPage() {}

  public static ArrayNode routes(Plan plan) {
    ArrayNode routes = Json.array();
    for (Route route : plan.routes()) {
      ObjectNode one = routes.addObject();
      one.put("name", route.name());
      ArrayNode tiers = one.putArray("tiers");
      for (Tier tier : route.tiers()) {
        ObjectNode step = tiers.addObject();
        step.put("balance", tier.balance().text());
        step.put("affinity", tier.affinity().text());
        ArrayNode targets = step.putArray("targets");
        tier.targets().forEach(target -> describe(target, targets.addObject()));
      }
      ArrayNode regions = one.putArray("regions");
      route.regions().forEach(regions::add);
    }
    return routes;
  }

  private static void describe(RouteTarget target, ObjectNode out) {
    out.put("target", target.name());
    out.put("weight", target.weight());
    if (!target.region().isEmpty()) {
      out.put("region", target.region());
    }
    ArrayNode lacks = out.putArray("lacks");
    target.lacks().stream().sorted().forEach(feature -> lacks.add(feature.text()));
  }
}
