package dev.understudy.contract;

import java.util.List;
import java.util.Optional;

/**
 * What may be used.
 *
 * @param id the clause's id
 * @param span from when until when
 */
public record License(
    String id,
    Of of,
    Party licensor,
    Party licensee,
    Scope scope,
    Span span,
    boolean exclusive,
    boolean sublicense,
    boolean onPremises,
    Optional<Escrow> escrow) {
  /** What it is of. */
  public enum Of {
    MODELS,
    WEIGHTS,
    PRODUCTS,
    RESEARCH
  }

  /** Who keeps a copy, and when it is given out. */
  public record Escrow(String agent, List<String> releaseOn) {
    public Escrow {
      releaseOn = List.copyOf(releaseOn);
    }
  }

  /** The same over another span. */
  License during(Span other) {
    return new License(
        id, of, licensor, licensee, scope, other, exclusive, sublicense, onPremises, escrow);
  }
}
