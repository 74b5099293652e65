package dev.understudy.gateway;

import dev.understudy.routing.Hedge;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The attempts of a call that run: one, or two while it is hedged. */
final class Pair {
  private @Nullable VendorAttempt first;
  private @Nullable VendorAttempt second;
  private boolean hedged;

  /** This one runs. */
  VendorAttempt begin(VendorAttempt attempt) {
    first = attempt;
    return attempt;
  }

  /** And this one beside it. */
  VendorAttempt beside(VendorAttempt attempt) {
    second = attempt;
    return attempt;
  }

  /** The one that runs, or that has run for longer; null if none does. */
  @Nullable VendorAttempt first() {
    return first;
  }

  @Nullable VendorAttempt second() {
    return second;
  }

  boolean has(VendorAttempt attempt) {
    return first == attempt || second == attempt;
  }

  @Nullable VendorAttempt other(VendorAttempt attempt) {
    return first == attempt ? second : first;
  }

  void end(VendorAttempt attempt) {
    if (first == attempt) {
      first = second;
      second = null;
    } else if (second == attempt) {
      second = null;
    }
  }

  /** A call is hedged once, whatever comes of it. */
  void hedged() {
    hedged = true;
  }

  boolean isHedged() {
    return hedged;
  }

  /** Why somebody is to be asked beside an attempt; empty if nobody is yet. */
  static Optional<String> whyHedge(VendorAttempt running, Hedge rule, long now) {
    long after =
        rule.after()
            .map(Duration::toNanos)
            .orElseGet(() ->
                running
                    .candidate()
                    .vitals()
                    .quantileNanos(running.delivery(), rule.quantile())
                    .orElse(Long.MAX_VALUE));
    long waited = now - running.timing().startedNanos();
    return running.isSilent() && waited >= after
        ? Optional.of(
            "hedge, as %s was silent for %d ms"
                .formatted(running.candidate().target().name(), waited / 1_000_000))
        : Optional.empty();
  }
}
