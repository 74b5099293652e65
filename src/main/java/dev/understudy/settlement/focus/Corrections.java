package dev.understudy.settlement.focus;

import dev.understudy.exchange.Fact;
import java.time.Instant;
import java.util.Optional;

/** Says which calls were heard of after their month was closed. */
@FunctionalInterface
public interface Corrections {
  /** None were. */
  Corrections NONE = _ -> Optional.empty();

  /** When it was booked, if its own month was closed by then. */
  Optional<Instant> bookedAt(Fact fact);
}
