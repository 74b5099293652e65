package dev.understudy.evaluation;

import java.util.Optional;

/** One case as candidate and incumbent answered it. */
public record Pair(Case asked, Side candidate, Side incumbent) {

  /** The candidate's value less the incumbent's; empty if one of them cannot be judged. */
  Optional<Double> difference(Suite.Metric metric) {
    return candidate instanceof Side.Judged c && incumbent instanceof Side.Judged i
        ? Optional.of(c.value(metric) - i.value(metric))
        : Optional.empty();
  }

  /** Whether it flipped: passed by one wholly, and not by the other. */
  public Optional<Flip> flip() {
    if (!(candidate instanceof Side.Judged c) || !(incumbent instanceof Side.Judged i)) {
      return Optional.empty();
    }
    if (c.passRate() == 1 && i.passRate() < 1) {
      return Optional.of(Flip.GAINED);
    }
    return i.passRate() == 1 && c.passRate() < 1 ? Optional.of(Flip.LOST) : Optional.empty();
  }

  /** Which way a case went. */
  public enum Flip {
    GAINED,
    LOST
  }
}
