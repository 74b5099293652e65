package dev.understudy.gateway;

import dev.understudy.capacity.Allowance;
import dev.understudy.capacity.Load;
import dev.understudy.capacity.Priority;
import dev.understudy.capacity.Reservation;
import dev.understudy.capacity.WaitingLine;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A call that waits in line until one of its targets has room; it goes on on its own event loop.
 */
final class Parking implements WaitingLine.Waiter {
  /**
   * A target that would serve it.
   *
   * @param load what the call is thought to take there
   */
  record Spot(Candidate candidate, Allowance allowance, Load load) {}

  /** What it waits for has come. */
  record Room(Candidate candidate, Reservation reservation) {}

  private final List<Spot> spots;
  private final long bodyBytes;
  private final Priority priority;
  private final long session;
  private final EventLoop loop;
  private final Consumer<Room> next;

  Parking(
      List<Spot> spots,
      long bodyBytes,
      Priority priority,
      long session,
      EventLoop loop,
      Consumer<Room> next) {
    this.spots = List.copyOf(spots);
    this.bodyBytes = bodyBytes;
    this.priority = priority;
    this.session = session;
    this.loop = loop;
    this.next = next;
  }

  List<Allowance> wants() {
    return spots.stream().map(Spot::allowance).distinct().toList();
  }

  /** Milliseconds until the first of its targets has room, as far as is known. */
  long soonest(long now) {
    return spots.stream()
        .mapToLong(spot -> spot.allowance().wait(spot.load(), priority, now))
        .min()
        .orElse(1_000);
  }

  @Override
  public Optional<Reservation> tryReserve(Predicate<String> allowed, long now) {
    for (Spot spot : spots) {
      if (allowed.test(WaitingLine.key(spot.allowance()))) {
        Optional<Reservation> reserved =
            spot.allowance().reserve(spot.load(), bodyBytes, priority, session, now);
        if (reserved.isPresent()) {
          return reserved;
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public void resume(Reservation reservation) {
    Spot spot =
        spots.stream()
            .filter(one -> one.allowance().name().equals(reservation.allowance().name()))
            .findFirst()
            .orElseThrow();
    loop.execute(() -> next.accept(new Room(spot.candidate(), reservation)));
  }
}
