package dev.understudy.routing;

import dev.understudy.chat.Feature;
import java.util.Set;

/**
 * A target as one route uses it.
 *
 * @param weight its share among targets of one priority; more than 0
 * @param when which requests it is for
 * @param lacks features that its model is known not to have
 * @param region where it answers; empty if that is not known
 * @param waits how long it is waited for
 * @param overrides what is changed in requests to it
 */
public record RouteTarget(
    Target target,
    double weight,
    Conditions when,
    Set<Feature> lacks,
    String region,
    Waits waits,
    Overrides overrides) {
  public RouteTarget {
    if (!(weight > 0) || weight == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("a weight must be more than 0, not " + weight);
    }
    lacks = Set.copyOf(lacks);
  }

  /** A target as it is. */
  public static RouteTarget of(Target target) {
    return of(target, Set.of());
  }

  /** A target as it is, whose model is known to lack something. */
  public static RouteTarget of(Target target, Set<Feature> lacks) {
    return new RouteTarget(target, 1, Conditions.NONE, lacks, "", Waits.NONE, Overrides.NONE);
  }

  public String name() {
    return target.name();
  }

  /** Whether it answers in a region, or in one that lies there. */
  public boolean isIn(String wanted) {
    return Conditions.isIn(region, wanted);
  }

  boolean asksFeatures() {
    return !lacks.isEmpty() || when.askFeatures();
  }
}
