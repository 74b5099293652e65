package dev.understudy.routing;

import dev.understudy.text.Nearness;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All routes as now in force, with the names of the vendors that are reached without one. */
public final class Plan {
  /** Knows nothing. */
  public static final Plan EMPTY = new Plan(List.of(), List.of());

  /** Kept for names that callers make up from a vendor and a model. */
  private static final int NAMED_MAX = 1_000;

  private static final int NEAR_MAX = 3;

  private final Map<String, Route> routes = new LinkedHashMap<>();
  private final Map<String, VendorName> vendors = new LinkedHashMap<>();
  private final Map<String, Route> named = new ConcurrentHashMap<>();
  private final BreakerRule breakers;
  private final boolean reviews;

  /**
   * A vendor as callers name it.
   *
   * @param aliases other names that lead to it, unless a vendor of that very name is there
   * @param modelPrefixes how the names of its own models begin, in lower case; only to suggest
   * @param region where it answers; empty if that is not known
   * @param lacking what its models are known not to have
   */
  public record VendorName(
      String name,
      List<String> aliases,
      List<String> modelPrefixes,
      String region,
      Lacking lacking) {
    public VendorName {
      aliases = List.copyOf(aliases);
      modelPrefixes = List.copyOf(modelPrefixes);
    }

    /** A vendor of which only names are known. */
    public VendorName(String name, List<String> aliases, List<String> modelPrefixes) {
      this(name, aliases, modelPrefixes, "", Lacking.NOTHING);
    }

    public static VendorName of(String name) {
      return new VendorName(name, List.of(), List.of());
    }
  }

  /**
   * Takes note of all, in this order.
   *
   * @throws IllegalArgumentException if two routes or two vendors have one name
   */
  public Plan(Collection<Route> routes, Collection<VendorName> vendors) {
    this(routes, vendors, BreakerRule.USUAL);
  }

  /**
   * Takes note of all, in this order.
   *
   * @param breakers when targets are taken out
   * @throws IllegalArgumentException if two routes or two vendors have one name
   */
  public Plan(Collection<Route> routes, Collection<VendorName> vendors, BreakerRule breakers) {
    this.breakers = breakers;
    this.reviews = routes.stream().anyMatch(route -> route.review().isPresent());
    for (Route route : routes) {
      if (this.routes.put(route.name(), route) != null) {
        throw new IllegalArgumentException("two routes are named " + route.name());
      }
    }
    for (VendorName vendor : vendors) {
      if (this.vendors.put(vendor.name(), vendor) != null) {
        throw new IllegalArgumentException("two vendors are named " + vendor.name());
      }
    }
    for (VendorName vendor : vendors) {
      vendor.aliases().forEach(alias -> this.vendors.putIfAbsent(alias, vendor));
    }
  }

  /** Whether some route looks at its answers before callers get them. */
  public boolean hasReviews() {
    return reviews;
  }

  /**
   * What a name leads to: a route of that very name first, else {@code vendor/model}, cut at the
   * first slash, for any model of a vendor that is switched on.
   */
  public Resolution resolve(String name) {
    Route route = routes.get(name);
    if (route != null) {
      return new Resolution.Found(route);
    }
    Route before = named.get(name);
    if (before != null) {
      return new Resolution.Found(before);
    }
    int slash = name.indexOf('/');
    if (slash > 0 && slash < name.length() - 1) {
      VendorName vendor = vendors.get(name.substring(0, slash));
      if (vendor != null) {
        return new Resolution.Found(remembered(name, vendor, name.substring(slash + 1)));
      }
    }
    return new Resolution.Unknown(name, near(name));
  }

  private Route remembered(String name, VendorName vendor, String model) {
    Route route =
        Route.of(
            new RouteTarget(
                new Target(vendor.name(), model),
                1,
                Conditions.NONE,
                vendor.lacking().of(model),
                vendor.region(),
                Waits.NONE,
                Overrides.NONE));
    if (named.size() < NAMED_MAX) {
      named.put(name, route);
    }
    return route;
  }

  /** Where vendors answer, by name, as far as is known. */
  public Map<String, String> regions() {
    var regions = new LinkedHashMap<String, String>();
    for (VendorName vendor : vendors.values()) {
      if (!vendor.region().isEmpty()) {
        regions.put(vendor.name(), vendor.region());
      }
    }
    return regions;
  }

  /** When targets are taken out. */
  public BreakerRule breakers() {
    return breakers;
  }

  /** The names of all routes, in the order of the settings. */
  public List<String> routeNames() {
    return List.copyOf(routes.keySet());
  }

  public List<Route> routes() {
    return List.copyOf(routes.values());
  }

  /** The names that stand before the slash, aliases not among them. */
  public Set<String> vendorNames() {
    var names = new LinkedHashSet<String>();
    vendors.values().forEach(vendor -> names.add(vendor.name()));
    return names;
  }

  private List<String> near(String name) {
    if (name.isEmpty() || name.length() > Nearness.LENGTH_MAX) {
      return List.of();
    }
    var found = new LinkedHashSet<>(Nearness.near(name, routes.keySet().stream(), NEAR_MAX));
    int slash = name.indexOf('/');
    if (slash >= 0 && slash < name.length() - 1) {
      String model = name.substring(slash + 1);
      Nearness.near(name.substring(0, slash), vendors.keySet().stream(), NEAR_MAX)
          .forEach(vendor -> found.add(vendor + "/" + model));
    }
    String folded = name.toLowerCase(Locale.ROOT);
    for (VendorName vendor : new LinkedHashSet<>(vendors.values())) {
      if (vendor.modelPrefixes().stream().anyMatch(folded::startsWith)) {
        found.add(vendor.name() + "/" + name);
      }
    }
    return new ArrayList<>(found).subList(0, Math.min(NEAR_MAX, found.size()));
  }
}
