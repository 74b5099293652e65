package dev.understudy.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A name that callers ask for, and who answers.
 *
 * @param tiers its targets by priority, each target once; the first tier is asked first
 * @param regions where answers may come from; empty: from anywhere
 * @param hold how long a stream's head without content is held back, so that another target can
 *     still answer; empty: as usual
 * @param queue whether calls wait for room instead of being refused; empty: they do not
 * @param continuing whether it goes on with answers that break off
 * @param review how it looks at an answer before the caller gets it; empty: it does not
 */
public record Route(
    String name,
    List<Tier> tiers,
    List<String> regions,
    Retry retry,
    Optional<Hedge> hedge,
    Optional<Duration> hold,
    Optional<Queue> queue,
    Continuing continuing,
    Optional<Review> review) {
  public Route {
    tiers = List.copyOf(tiers);
    regions = List.copyOf(regions);
    if (tiers.isEmpty()) {
      throw new IllegalArgumentException("route " + name + " has no targets");
    }
  }

  /** A route that looks at no answer. */
  public Route(
      String name,
      List<Tier> tiers,
      List<String> regions,
      Retry retry,
      Optional<Hedge> hedge,
      Optional<Duration> hold,
      Optional<Queue> queue,
      Continuing continuing) {
    this(name, tiers, regions, retry, hedge, hold, queue, continuing, Optional.empty());
  }

  /** A route whose calls do not wait, and that goes on with answers as usual. */
  public Route(
      String name,
      List<Tier> tiers,
      List<String> regions,
      Retry retry,
      Optional<Hedge> hedge,
      Optional<Duration> hold) {
    this(name, tiers, regions, retry, hedge, hold, Optional.empty(), Continuing.USUAL);
  }

  /** Targets in a fixed order. */
  public Route(String name, List<Tier> tiers) {
    this(name, tiers, List.of(), Retry.USUAL, Optional.empty(), Optional.empty());
  }

  /** The same with another say on waiting. */
  public Route withQueue(Optional<Queue> rule) {
    return new Route(name, tiers, regions, retry, hedge, hold, rule, continuing, review);
  }

  /**
   * One target, and others for when it fails.
   *
   * @param fallback who is tried next, in this order
   */
  public Route(String name, Target serve, List<Target> fallback) {
    this(name, inOrder(serve, fallback));
  }

  private static List<Tier> inOrder(Target serve, List<Target> fallback) {
    var tiers = new ArrayList<Tier>();
    tiers.add(Tier.of(RouteTarget.of(serve)));
    fallback.forEach(target -> tiers.add(Tier.of(RouteTarget.of(target))));
    return tiers;
  }

  /** A route of one target that nothing is said about. */
  static Route of(RouteTarget target) {
    return new Route(target.name(), List.of(Tier.of(target)));
  }

  /** All its targets, by priority. */
  public List<Target> targets() {
    return routeTargets().stream().map(RouteTarget::target).toList();
  }

  /** All its targets with what it says of each, by priority. */
  public List<RouteTarget> routeTargets() {
    return tiers.stream().flatMap(tier -> tier.targets().stream()).toList();
  }

  /** The target that stands first. */
  public Target serve() {
    return serving().target();
  }

  /** The target that stands first, with what the route says of it. */
  public RouteTarget serving() {
    return tiers.getFirst().targets().getFirst();
  }

  /** The targets after the first. */
  public List<Target> fallback() {
    List<Target> all = targets();
    return all.subList(1, all.size());
  }

  /** Whether its order depends on what a request asks of a model. */
  public boolean asksFeatures() {
    for (Tier tier : tiers) {
      for (RouteTarget target : tier.targets()) {
        if (target.asksFeatures()) {
          return true;
        }
      }
    }
    return false;
  }

  /** The rule by which its first tier that has one chooses by gain. */
  public Optional<GainRule> gain() {
    for (Tier tier : tiers) {
      if (tier.gain().isPresent()) {
        return tier.gain();
      }
    }
    return Optional.empty();
  }

  /** What keeps the calls of one session together; of several tiers the first that says. */
  public Affinity affinity() {
    for (Tier tier : tiers) {
      if (tier.targets().size() > 1 && tier.affinity() != Affinity.NONE) {
        return tier.affinity();
      }
    }
    return Affinity.NONE;
  }
}
