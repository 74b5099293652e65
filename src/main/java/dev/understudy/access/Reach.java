package dev.understudy.access;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a caller may use. Its organisation, its team and its key may each narrow it: a name must fit
 * one pattern of every level that has any.
 *
 * @param routes for each level that narrows, patterns for what callers ask for: a route's name, or
 *     {@code vendor/model}
 * @param vendors for each level that narrows, patterns for the names of vendors that may answer
 */
public record Reach(List<List<Glob>> routes, List<List<Glob>> vendors) {
  /** Everything. */
  public static final Reach ANY = new Reach(List.of(), List.of());

  private static final int PATTERNS_MAX = 100;

  public Reach {
    routes = levels(routes);
    vendors = levels(vendors);
  }

  /** What one level says; an empty list narrows nothing. */
  public static Reach of(List<Glob> routes, List<Glob> vendors) {
    return new Reach(List.of(routes), List.of(vendors));
  }

  private static List<List<Glob>> levels(List<List<Glob>> said) {
    var all = new ArrayList<List<Glob>>();
    for (List<Glob> level : said) {
      if (level.size() > PATTERNS_MAX) {
        throw new IllegalArgumentException("at most %d patterns are taken".formatted(PATTERNS_MAX));
      }
      if (!level.isEmpty()) {
        all.add(List.copyOf(level));
      }
    }
    return List.copyOf(all);
  }

  /** What both allow. */
  public Reach and(Reach other) {
    var bothRoutes = new ArrayList<>(routes);
    bothRoutes.addAll(other.routes);
    var bothVendors = new ArrayList<>(vendors);
    bothVendors.addAll(other.vendors);
    return new Reach(bothRoutes, bothVendors);
  }

  /**
   * Whether a caller may ask for a name.
   *
   * @param name a route's name, or {@code vendor/model} where no route has it
   */
  public boolean mayAskFor(String name) {
    return fits(routes, name);
  }

  /** Whether a vendor may answer. */
  public boolean mayUse(String vendor) {
    return fits(vendors, vendor);
  }

  /** Whether nothing is narrowed. */
  public boolean isAny() {
    return routes.isEmpty() && vendors.isEmpty();
  }

  /** The patterns for what may be asked for, for a message. */
  public String routesText() {
    return text(routes);
  }

  /** The patterns for vendors, for a message. */
  public String vendorsText() {
    return text(vendors);
  }

  private static String text(List<List<Glob>> levels) {
    Set<String> parts = new LinkedHashSet<>();
    for (List<Glob> level : levels) {
      parts.add(level.stream().map(Glob::text).collect(Collectors.joining(", ")));
    }
    return parts.isEmpty() ? "any" : String.join(", of these only ", parts);
  }

  private static boolean fits(List<List<Glob>> levels, String name) {
    for (int i = 0; i < levels.size(); i++) {
      if (!fitsOne(levels.get(i), name)) {
        return false;
      }
    }
    return true;
  }

  private static boolean fitsOne(List<Glob> patterns, String name) {
    for (int i = 0; i < patterns.size(); i++) {
      if (patterns.get(i).matches(name)) {
        return true;
      }
    }
    return false;
  }
}
