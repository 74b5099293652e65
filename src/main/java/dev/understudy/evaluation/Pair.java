package dev.understudy.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * One case as candidate and incumbent answered it.
 *
 * @param duels what judges said of the answers side by side, one for each repeat; empty where they
 *     were not asked
 */
public record Pair(Case asked, Side candidate, Side incumbent, List<Duel> duels) {
  public Pair {
    duels = List.copyOf(duels);
  }

  /** A pair that no judge compared. */
  public Pair(Case asked, Side candidate, Side incumbent) {
    this(asked, candidate, incumbent, List.of());
  }

  /** What both came to, on one scale. */
  record Values(double candidate, double incumbent) {}

  /** By the suite's metric; empty if one of them cannot be judged. */
  Optional<Values> values(Suite.Metric metric) {
    if (!(candidate instanceof Side.Judged c) || !(incumbent instanceof Side.Judged i)) {
      return Optional.empty();
    }
    return switch (metric) {
      case PASS -> Optional.of(new Values(c.passRate(), i.passRate()));
      case SCORE -> Optional.of(new Values(c.score(), i.score()));
      // Who is as good as the incumbent is preferred in half of all cases.
      case PREFERENCE -> preference().map(p -> new Values(p, 0.5));
    };
  }

  /** How far judges prefer the candidate's answers, from 0 to 1. */
  Optional<Double> preference() {
    double sum = 0;
    for (Duel duel : duels) {
      Optional<Double> said = duel.preference();
      if (said.isEmpty()) {
        return Optional.empty();
      }
      sum += said.get();
    }
    return duels.isEmpty() ? Optional.empty() : Optional.of(sum / duels.size());
  }

  /** The candidate's value less the incumbent's; empty if one of them cannot be judged. */
  Optional<Double> difference(Suite.Metric metric) {
    return values(metric).map(v -> v.candidate() - v.incumbent());
  }

  /** Whether it flipped: preferred of one, or passed by one wholly, and not by the other. */
  public Optional<Flip> flip() {
    if (!(candidate instanceof Side.Judged c) || !(incumbent instanceof Side.Judged i)) {
      return Optional.empty();
    }
    Optional<Double> preferred = preference();
    if (preferred.isPresent() && preferred.get() != 0.5) {
      return Optional.of(preferred.get() > 0.5 ? Flip.GAINED : Flip.LOST);
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
