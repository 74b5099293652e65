package dev.understudy.contract;

import java.util.List;

/**
 * Who alone may host, resell or supply.
 *
 * @param id the clause's id
 * @param grantor who promised it
 * @param beneficiary to whom
 * @param firstLaunchDays for {@link Kind#PREFERRED_FIRST}: how long a model is the beneficiary's
 */
public record Exclusivity(
    String id,
    Party grantor,
    Party beneficiary,
    Kind kind,
    Of of,
    Scope scope,
    Span window,
    List<CarveOut> carveOuts,
    int firstLaunchDays) {
  public Exclusivity {
    carveOuts = List.copyOf(carveOuts);
  }

  /** How far it goes. */
  public enum Kind {
    /** The beneficiary, and nobody else. */
    EXCLUSIVE,
    /** The beneficiary, and the grantor itself. */
    SOLE,
    /** The beneficiary first, others some days after a model's launch or once it declines. */
    PREFERRED_FIRST,
    /** Everybody. */
    NON_EXCLUSIVE
  }

  /** Of what. */
  public enum Of {
    HOSTING,
    RESALE,
    SUPPLY
  }

  /** The same of another kind. */
  Exclusivity with(Kind other) {
    return new Exclusivity(
        id, grantor, beneficiary, other, of, scope, window, carveOuts, firstLaunchDays);
  }
}
