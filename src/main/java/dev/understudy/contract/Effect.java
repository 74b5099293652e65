package dev.understudy.contract;

import dev.understudy.access.Glob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a trigger changes; clauses are named by their block and id, as {@code license.research}. */
public sealed interface Effect {
  /** A clause is over. */
  record End(String clause) implements Effect {}

  /** A clause stays, whatever else ends, until an instant. */
  record Keep(String clause, Optional<Instant> until) implements Effect {}

  /** A clause becomes something else, such as non-exclusive. */
  record Set(String clause, String value) implements Effect {}

  /** Targets may not be asked any more; lists that are empty mean any. */
  record Deny(List<Glob> models, List<Glob> vendors) implements Effect {
    public Deny {
      models = List.copyOf(models);
      vendors = List.copyOf(vendors);
    }
  }
}
