package dev.understudy.routing;

import dev.understudy.exchange.Exclusion;
import java.util.List;

/**
 * Which targets of a route a call asks, and in which order.
 *
 * @param rule how the first was chosen, in a clause for the record
 * @param targets those to ask, the first first
 * @param lastResort how many at the end of them are out, and asked only because nobody else answers
 * @param excluded those that are not asked
 */
public record Order(
    String rule, List<RouteTarget> targets, int lastResort, List<Exclusion> excluded) {
  public Order {
    targets = List.copyOf(targets);
    excluded = List.copyOf(excluded);
  }
}
