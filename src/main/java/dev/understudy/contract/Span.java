package dev.understudy.contract;

import java.time.Instant;
import java.util.Optional;

/**
 * A piece of time.
 *
 * @param from its first instant
 * @param to the first instant after it; empty if it has no end
 */
public record Span(Instant from, Optional<Instant> to) {
  /** All of it. */
  public static final Span ALWAYS = new Span(Instant.EPOCH, Optional.empty());

  public boolean contains(Instant instant) {
    return !instant.isBefore(from) && !isOver(instant);
  }

  /** Whether it lies behind. */
  public boolean isOver(Instant instant) {
    return to.isPresent() && !instant.isBefore(to.get());
  }

  public boolean overlaps(Span other) {
    return !isOver(other.from) && !other.isOver(from);
  }

  /** What of it lies in another; empty if nothing does. */
  public Optional<Span> within(Span other) {
    if (!overlaps(other)) {
      return Optional.empty();
    }
    Instant begin = from.isAfter(other.from) ? from : other.from;
    Optional<Instant> end =
        to.isEmpty() || (other.to.isPresent() && other.to.get().isBefore(to.get())) ? other.to : to;
    return Optional.of(new Span(begin, end));
  }

  /** As people read it. */
  @Override
  public String toString() {
    return to.map(end -> "%s to %s".formatted(from, end)).orElse("from " + from);
  }
}
