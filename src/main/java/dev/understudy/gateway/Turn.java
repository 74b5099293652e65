package dev.understudy.gateway;

import dev.understudy.exchange.Exchange;
import dev.understudy.routing.Router;
import java.util.Collection;

/**
 * Whose turn it was to serve a call of a split route.
 *
 * @param chosen whether it was the split's other target's
 * @param target whose call it was to be, as {@code vendor/model}
 * @param passedOver whether its own failing kept it out, so that others were asked before it
 * @param withoutRoom whether it was not asked because it had no room, so that another answered
 * @param noted whether the session was found worth a copy for which there was then no room
 */
public record Turn(
    boolean chosen, String target, boolean passedOver, boolean withoutRoom, boolean noted) {

  /** Whether a call was kept from a target by what it, or its key, had failed before. */
  static boolean isKeptOut(Exchange exchange, String target, Collection<String> lastResort) {
    return lastResort.contains(target)
        || exchange.decision().excluded().stream()
            .anyMatch(one -> one.target().equals(target) && isFailing(one.rule()));
  }

  /** Whether a call was kept from a target because it had no room for it. */
  static boolean isWithoutRoom(Exchange exchange, String target) {
    return exchange.decision().excluded().stream()
        .anyMatch(one -> one.target().equals(target) && CapacityGate.isForRoom(one.rule()));
  }

  private static boolean isFailing(String rule) {
    return rule.equals(Router.OUT)
        || rule.equals(Candidates.COOLING)
        || CapacityGate.isFailing(rule);
  }
}
