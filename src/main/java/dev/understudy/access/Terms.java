package dev.understudy.access;

import java.util.List;

/**
 * What one level, an organisation, a team or a key, says of itself and of all below it.
 *
 * @param limits how much may be used
 * @param routes patterns for what may be asked for; empty: anything
 * @param vendors patterns for the vendors that may answer; empty: any
 */
public record Terms(Limits limits, List<Glob> routes, List<Glob> vendors) {
  public static final Terms NONE = new Terms(Limits.NONE, List.of(), List.of());

  public Terms {
    routes = List.copyOf(routes);
    vendors = List.copyOf(vendors);
    Reach.of(routes, vendors); // for its bounds
  }

  Reach reach() {
    return Reach.of(routes, vendors);
  }
}
