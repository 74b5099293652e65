package dev.understudy.routing;

import java.util.List;
import java.util.Optional;

/**
 * Targets of one priority, and how one is chosen among them.
 *
 * @param gain by which rule, where that is by gain
 */
public record Tier(
    List<RouteTarget> targets, Balance balance, Affinity affinity, Optional<GainRule> gain) {
  public Tier {
    targets = List.copyOf(targets);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("there is no target");
    }
  }

  /** Targets among which no estimate chooses. */
  public Tier(List<RouteTarget> targets, Balance balance, Affinity affinity) {
    this(targets, balance, affinity, Optional.empty());
  }

  /** One target. */
  public static Tier of(RouteTarget target) {
    return new Tier(List.of(target), Balance.WEIGHTED, Affinity.NONE);
  }
}
