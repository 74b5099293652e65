package dev.understudy.routing;

import java.util.List;

/** Targets of one priority, and how one is chosen among them. */
public record Tier(List<RouteTarget> targets, Balance balance, Affinity affinity) {
  public Tier {
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("there is no target");
    }
  }

  /** One target. */
  public static Tier of(RouteTarget target) {
    return new Tier(List.of(target), Balance.WEIGHTED, Affinity.NONE);
  }
}
