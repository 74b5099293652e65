package dev.understudy.routing;

import java.util.Map;
import java.util.Optional;

/** The splits that are in force, by the names of their routes. */
public record Splits(Map<String, Split> byRoute) {
  /** No route is split. */
  public static final Splits NONE = new Splits(Map.of());

  public Splits {
    byRoute = Map.copyOf(byRoute);
  }

  /** A route's split. */
  public Optional<Split> of(String route) {
    return byRoute.isEmpty() ? Optional.empty() : Optional.ofNullable(byRoute.get(route));
  }
}
