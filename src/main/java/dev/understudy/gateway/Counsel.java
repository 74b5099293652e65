package dev.understudy.gateway;

import dev.understudy.contract.Rules;
import dev.understudy.routing.Health;
import java.util.function.Supplier;

/**
 * What other rooms say of calls while they are served.
 *
 * @param gate asked before every attempt
 * @param headrooms how much of a target's limits is left
 * @param prices what a request costs at a target
 * @param rules what contracts allow now
 * @param models which models vendors are known to sell
 */
public record Counsel(
    Gate gate,
    Health.Headrooms headrooms,
    Health.Prices prices,
    Supplier<Rules> rules,
    KnownModels models) {
  /** Nobody says anything. */
  public static final Counsel NONE =
      new Counsel(Gate.OPEN, Health.Headrooms.UNKNOWN, Health.Prices.UNKNOWN);

  /** Without contracts. */
  public Counsel(Gate gate, Health.Headrooms headrooms, Health.Prices prices) {
    this(gate, headrooms, prices, () -> Rules.NONE);
  }

  /** Without a word on models. */
  public Counsel(
      Gate gate, Health.Headrooms headrooms, Health.Prices prices, Supplier<Rules> rules) {
    this(gate, headrooms, prices, rules, KnownModels.NONE);
  }
}
