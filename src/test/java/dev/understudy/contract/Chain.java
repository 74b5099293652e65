package dev.understudy.contract;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What happened, for tests. */
public final class Chain {
  private final List<Logged> all = new ArrayList<>();

  /** Something that somebody told. */
  public Chain add(String by, Happening what) {
    all.add(
        Logged.after(
            all.isEmpty() ? Optional.empty() : Optional.of(all.getLast()), what.at(), by, what));
    return this;
  }

  /** Something that Ann told. */
  public Chain add(
      Happening.Kind kind, String contract, String clause, String at, String... pairs) {
    return add("ann", Happening.of(kind, contract, clause, Contracts.at(at), pairs));
  }

  /** Something that Ann told and Bob approved. */
  public Chain approved(
      Happening.Kind kind, String contract, String clause, String at, String... pairs) {
    Instant when = Contracts.at(at);
    add("ann", Happening.of(kind, contract, clause, when, pairs));
    return add("bob", Happening.of(Happening.Kind.APPROVE, contract, clause, when));
  }

  public List<Logged> log() {
    return List.copyOf(all);
  }
}
