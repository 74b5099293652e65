package dev.understudy.admin;

import dev.understudy.json.Json;
import dev.understudy.routing.Breaker;
import dev.understudy.routing.Delivery;
import dev.understudy.routing.Health;
import dev.understudy.routing.Standing;
import dev.understudy.routing.Vitals;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows how every target is doing: in, out or to be probed, and why. */
public final class TargetsPage {
  private final Supplier<Health> health;

  public TargetsPage(Supplier<Health> health) {
    this.health = health;
  }

  public List<Resource> resources() {
    return List.of(Resource.get("/admin/targets", _ -> Reply.json(page(health.get()))));
  }

  private static ObjectNode page(Health health) {
    ObjectNode page = Json.object();
    ArrayNode targets = page.putArray("targets");
    long now = health.now();
    for (Vitals vitals : health.all()) {
      ObjectNode one = targets.addObject();
      one.put("target", vitals.target());
      describe(vitals.breaker(), now, one);
      one.put("open_calls", vitals.open());
      one.put("peak_latency_ms", Math.round(vitals.latencyMillis(Delivery.STREAMED, now)));
      one.put("peak_latency_whole_ms", Math.round(vitals.latencyMillis(Delivery.WHOLE, now)));
      ArrayNode keys = one.putArray("keys");
      vitals
          .keys()
          .forEach((label, breaker) -> {
            ObjectNode key = keys.addObject();
            key.put("key", label);
            describe(breaker, now, key);
          });
    }
    return page;
  }

  private static void describe(Breaker breaker, long now, ObjectNode out) {
    Standing standing = breaker.standing(now);
    out.put("standing", standing.name().toLowerCase(Locale.ROOT));
    if (standing != Standing.IN) {
      out.put("why", breaker.why());
      out.put("out_for_ms", Math.max(0, (breaker.outUntil() - now) / 1_000_000));
      out.put("times_out", breaker.ejections());
    }
    out.put("failures_in_a_row", breaker.consecutive());
  }
}
