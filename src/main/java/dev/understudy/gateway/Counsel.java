package dev.understudy.gateway;

import dev.understudy.routing.Health;

/**
 * What other rooms say of calls while they are served.
 *
 * @param gate asked before every attempt
 * @param headrooms how much of a target's limits is left
 * @param prices what a request costs at a target
 */
public record Counsel(Gate gate, Health.Headrooms headrooms, Health.Prices prices) {
  /** Nobody says anything. */
  public static final Counsel NONE =
      new Counsel(Gate.OPEN, Health.Headrooms.UNKNOWN, Health.Prices.UNKNOWN);
}
