package dev.understudy.capacity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The calls of all event loops that wait for room, in one line. A call that need not wait never
 * touches it, and its lock is held no longer than it takes to look through the line.
 */
public final class WaitingLine {
  /** A call that waits. */
  public interface Waiter {
    /**
     * Tries to set aside what it needs at one of the targets that are allowed; asked on any thread,
     * with the line locked, so it must not block.
     */
    Optional<Reservation> tryReserve(Predicate<String> allowed, long now);

    /** Its turn has come: called on any thread, it goes on on its own. */
    void resume(Reservation reservation);
  }

  /** A place in the line, to be given up by who does not want to wait any more. */
  public final class Ticket {
    private final Line.Place<Waiter> place;
    private final List<Allowance> wants;
    private final long since;

    private Ticket(Line.Place<Waiter> place, List<Allowance> wants, long since) {
      this.place = place;
      this.wants = wants;
      this.since = since;
    }

    /** How many are before it. */
    public int ahead() {
      lock.lock();
      try {
        return line.ahead(place);
      } finally {
        lock.unlock();
      }
    }

    /**
     * Leaves the line.
     *
     * @param late whether its time was over
     * @return false if its turn has come already
     */
    public boolean leave(boolean late, long now) {
      lock.lock();
      try {
        if (!line.remove(place)) {
          return false;
        }
        tickets.remove(place);
        size = line.size();
      } finally {
        lock.unlock();
      }
      note(this, late ? expired : left, now);
      return true;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Line<Waiter> line = new Line<>();
  private final Map<Line.Place<Waiter>, Ticket> tickets = new HashMap<>();
  private final LongAdder served = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final LongAdder left = new LongAdder();
  private final LongAdder full = new LongAdder();
  private final LongAdder waitedMillis = new LongAdder();
  private volatile int size;

  /**
   * Takes a place.
   *
   * @param group the route, whose bound it is
   * @param max how many of that group may wait
   * @param wants what would serve it
   * @return empty if as many wait as may
   */
  public Optional<Ticket> join(
      Waiter waiter,
      String group,
      int max,
      String caller,
      Priority priority,
      List<Allowance> wants,
      long now) {
    Ticket ticket;
    lock.lock();
    try {
      Line.Place<Waiter> place = line.add(waiter, group, max, caller, priority, keys(wants));
      if (place == null) {
        full.increment();
        return Optional.empty();
      }
      ticket = new Ticket(place, List.copyOf(wants), now);
      tickets.put(place, ticket);
      size = line.size();
    } finally {
      lock.unlock();
    }
    if (priority == Priority.INTERACTIVE) {
      wants.forEach(one -> one.interactiveWaits(1));
    }
    return Optional.of(ticket);
  }

  private static Set<String> keys(List<Allowance> wants) {
    var keys = new LinkedHashSet<String>();
    wants.forEach(one -> keys.add(key(one)));
    return keys;
  }

  /** The name under which {@link Waiter#tryReserve} is told which targets it may use. */
  public static String key(Allowance allowance) {
    return allowance.name().target() + " " + allowance.name().credential();
  }

  /** Whether anybody waits; a cheap look. */
  public boolean isEmpty() {
    return size == 0;
  }

  public int size() {
    return size;
  }

  /** How many of a group wait. */
  public int size(String group) {
    lock.lock();
    try {
      return line.size(group);
    } finally {
      lock.unlock();
    }
  }

  /** Serves who can be served. A thread that finds another at it leaves it to that one. */
  public void serve(long now) {
    if (size == 0 || !lock.tryLock()) {
      return;
    }
    var due = new ArrayList<Runnable>();
    try {
      line.serve((place, allowed) -> {
        Optional<Reservation> reservation = place.waiter().tryReserve(allowed, now);
        reservation.ifPresent(held -> {
          Ticket ticket = tickets.remove(place);
          due.add(() -> {
            if (ticket != null) {
              note(ticket, served, now);
            }
            place.waiter().resume(held);
          });
        });
        return reservation.isPresent();
      });
      size = line.size();
    } finally {
      lock.unlock();
    }
    due.forEach(Runnable::run);
  }

  private void note(Ticket ticket, LongAdder how, long now) {
    how.increment();
    waitedMillis.add(Math.max(0, now - ticket.since));
    if (ticket.place.priority() == Priority.INTERACTIVE) {
      ticket.wants.forEach(one -> one.interactiveWaits(-1));
    }
  }

  /**
   * How it went until now.
   *
   * @param size how many wait
   * @param served how many were served after they waited
   * @param expired how many waited in vain until their time was over
   * @param left how many went away while they waited
   * @param full how many found no place
   * @param waitedMillis the time that all waited together who do not any more
   */
  public record Totals(
      int size, long served, long expired, long left, long full, long waitedMillis) {}

  public Totals totals() {
    return new Totals(
        size, served.sum(), expired.sum(), left.sum(), full.sum(), waitedMillis.sum());
  }
}
