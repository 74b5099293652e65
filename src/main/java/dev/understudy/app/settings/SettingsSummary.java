package dev.understudy.app.settings;

import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Tier;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Vendor;
import java.util.ArrayList;
import java.util.List;

/** Tells an operator what settings come to, without any key. */
public final class SettingsSummary {
  private SettingsSummary() {}

  /** A line for each fact, vendors and routes indented below their headings. */
  public static List<String> lines(Settings settings) {
    var lines = new ArrayList<String>();
    if (!settings.vendors().isEmpty()) {
      lines.add("vendors:");
      settings.vendors().all().forEach(vendor -> lines.add("  " + vendor(vendor, settings)));
    }
    if (settings.sandbox()) {
      lines.add("sandbox: vendors in a box answer");
    }
    if (!settings.routes().isEmpty()) {
      lines.add("routes:");
      settings.routes().forEach(route -> lines.add("  " + route(route)));
    }
    lines.add(
        settings.callers().isEmpty()
            ? "callers: no keys are in the settings"
            : "callers: " + String.join(", ", settings.callers().names()));
    settings.store().ifPresent(store -> lines.add("store: PostgreSQL at " + store.place()));
    settings
        .limits()
        .counting()
        .redis()
        .ifPresent(redis ->
            lines.add(
                "limits: shared with other replicas, leases of "
                    + redis.lease().toSeconds()
                    + " s"));
    settings.notes().forEach(note -> lines.add("note: " + note));
    return lines;
  }

  private static String vendor(Vendor vendor, Settings settings) {
    var protocols = new ArrayList<String>();
    for (Endpoint endpoint : vendor.endpoints()) {
      protocols.add(endpoint.protocol().text());
    }
    Endpoint first = vendor.endpoints().getFirst();
    String from =
        settings.origins().containsKey(vendor.name())
            ? String.join(", ", settings.origins().get(vendor.name()).keys())
            : "none";
    String key = from.equals("none") ? "no key" : "key from " + from;
    return "%s: %s at %s://%s, %s"
        .formatted(
            vendor.name(),
            String.join(", ", protocols),
            first.tls() ? "https" : "http",
            first.authority(),
            key.replace("key from written", "key written"));
  }

  private static String route(Route route) {
    var tiers = new ArrayList<String>();
    for (Tier tier : route.tiers()) {
      List<String> names = tier.targets().stream().map(RouteTarget::name).toList();
      tiers.add(
          names.size() == 1
              ? names.getFirst()
              : String.join(" or ", names) + " (" + tier.balance().text() + ")");
    }
    String serve = route.name() + ": " + tiers.getFirst();
    return tiers.size() == 1
        ? serve
        : serve + ", then " + String.join(", ", tiers.subList(1, tiers.size()));
  }
}
