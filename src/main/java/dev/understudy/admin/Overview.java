package dev.understudy.admin;

import dev.understudy.json.Json;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Route;
import dev.understudy.routing.Target;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Says what is running: version, vendors, routes. Of keys it knows the labels. */
public final class Overview {
  private Overview() {}

  /** The page {@code /admin/info} as it is at a moment. */
  public static byte[] json(
      String version, Instant startedAt, Instant now, Vendors vendors, Plan plan) {
    ObjectNode page = Json.object();
    page.put("version", version);
    page.put("started_at", startedAt.toString());
    page.put("uptime_seconds", Duration.between(startedAt, now).toSeconds());
    ArrayNode vendorList = page.putArray("vendors");
    for (Vendor vendor : vendors.all()) {
      describe(vendor, vendorList.addObject());
    }
    ArrayNode routeList = page.putArray("routes");
    for (Route route : plan.routes()) {
      ObjectNode one = routeList.addObject();
      one.put("name", route.name());
      one.put("serve", route.serve().name());
      ArrayNode fallback = one.putArray("fallback");
      for (Target target : route.fallback()) {
        fallback.add(target.name());
      }
    }
    return Json.bytes(page);
  }

  private static void describe(Vendor vendor, ObjectNode out) {
    out.put("name", vendor.name());
    out.put("kind", vendor.kind());
    ArrayNode endpoints = out.putArray("endpoints");
    for (Endpoint endpoint : vendor.endpoints()) {
      ObjectNode one = endpoints.addObject();
      one.put("protocol", endpoint.protocol().text());
      // The path stays out: with some vendors it holds what an account is called.
      String host =
          endpoint.host().indexOf(':') >= 0 ? "[" + endpoint.host() + "]" : endpoint.host();
      one.put("address", (endpoint.tls() ? "https://" : "http://") + host + ":" + endpoint.port());
    }
    ArrayNode credentials = out.putArray("credentials");
    for (Credential credential : vendor.credentials()) {
      credentials.add(credential.label());
    }
  }
}
