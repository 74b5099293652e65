package dev.understudy.routing;

import java.time.Duration;
import java.util.Optional;

/** How long a route, or one of its targets, waits, where that is not as long as for its vendor. */
public record Waits(
    Optional<Duration> connect,
    Optional<Duration> firstToken,
    Optional<Duration> idle,
    Optional<Duration> total) {
  public static final Waits NONE =
      new Waits(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** These, and where they say nothing, others. */
  public Waits or(Waits others) {
    return new Waits(
        connect.or(others::connect),
        firstToken.or(others::firstToken),
        idle.or(others::idle),
        total.or(others::total));
  }

  public boolean isEmpty() {
    return equals(NONE);
  }
}
