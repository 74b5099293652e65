package dev.understudy.routing;

import dev.understudy.exchange.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The share of a route's sessions that goes to another target first; the route's own targets come
 * after it, so that nobody is the worse for it.
 *
 * <p>Who is given to the other target at a small share is so at every larger one.
 *
 * @param id names it for good: it decides which sessions are chosen
 * @param name for people
 * @param share from 0 to 1
 * @param stickiness what a session is
 * @param copying whether calls are also put to somebody else
 */
public record Split(
    String id,
    String name,
    RouteTarget other,
    double share,
    Affinity stickiness,
    Optional<Copying> copying) {
  /**
   * Calls that are also put to somebody who did not serve them.
   *
   * @param share of those calls, from 0 to 1
   * @param purpose what the copies are recorded as
   * @param atOnce how many may be under way at the same time
   * @param waiting how many may wait
   */
  public record Copying(RouteTarget to, double share, Purpose purpose, int atOnce, int waiting) {}

  public Split {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share lies between 0 and 1, not " + share);
    }
  }

  /** Whether a session is among those that are chosen. */
  public boolean takes(long session) {
    return share > 0 && Rendezvous.unit(session, id) < share;
  }

  /** The route as a chosen session goes. */
  public Route chosen(Route route) {
    var tiers = new ArrayList<Tier>();
    tiers.add(Tier.of(other));
    for (Tier tier : route.tiers()) {
      List<RouteTarget> rest =
          tier.targets().stream().filter(t -> !t.target().equals(other.target())).toList();
      if (!rest.isEmpty()) {
        tiers.add(new Tier(rest, tier.balance(), tier.affinity(), tier.gain()));
      }
    }
    return new Route(
        route.name(),
        tiers,
        route.regions(),
        route.retry(),
        route.hedge(),
        route.hold(),
        route.queue(),
        route.continuing(),
        route.review());
  }

  /** A number for a session that is one caller's own. */
  public static long ofCaller(long session, String keyId) {
    return session ^ Rendezvous.hash(keyId);
  }
}
