package dev.understudy.limits;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call's place in the limits of its caller's scopes: it holds a seat in each and the
 * reservations of its attempts, until it leaves. A place that nobody touches for the length of a
 * lease is taken away, so that no mistake holds a seat or money for ever.
 */
public final class Place {
  private final @Nullable Limiter limiter;
  private final Gauges[] scopes;
  private final List<Reservation> attempts = new ArrayList<>(1);
  private volatile long touchedNanos;
  private boolean over;

  /** For callers without limits: holds nothing, counts nothing. */
  static final Place FREE = new Place(null, new Gauges[0], 0);

  Place(@Nullable Limiter limiter, Gauges[] scopes, long nowNanos) {
    this.limiter = limiter;
    this.scopes = scopes;
    this.touchedNanos = nowNanos;
  }

  Gauges[] scopes() {
    return scopes;
  }

  /**
   * Reserves for a further attempt: the next target, a hedge, a continuation.
   *
   * @param patience how long the call still waits; {@link Clearance.Later} is an answer while it
   *     does
   */
  public Clearance next(Demand demand, Patience patience) {
    return limiter == null ? new Clearance.Admitted(this) : limiter.next(this, demand, patience);
  }

  synchronized void add(Reservation reservation) {
    if (over) {
      reservation.release();
    } else {
      attempts.add(reservation);
    }
  }

  /** The reservation of the attempt that was let through last. */
  public synchronized Reservation attempt() {
    return attempts.isEmpty() ? Reservation.FREE : attempts.getLast();
  }

  /**
   * Settles an attempt by what it really used. Once: a second word on the same attempt, or one
   * after its release, changes nothing.
   */
  public void settle(Reservation attempt, Demand actual) {
    if (limiter != null) {
      limiter.settle(attempt, actual);
    }
  }

  /** Gives back what an attempt reserved that came to nothing. Once, as {@link #settle}. */
  public void release(Reservation attempt) {
    attempt.release();
  }

  /** The call is alive. */
  public void touch(long nowNanos) {
    touchedNanos = nowNanos;
  }

  long touchedNanos() {
    return touchedNanos;
  }

  /** How the caller stands by the minute, for the headers of the reply. */
  public Standing standing() {
    return limiter == null ? Standing.UNLIMITED : limiter.standing(scopes);
  }

  /**
   * The call is over. Attempts that were not settled count with what was reserved for them: they
   * may have cost it. Once: leaving again changes nothing.
   */
  public void leave() {
    if (limiter != null) {
      limiter.leave(this);
    }
  }

  /** Ends the place; false if it was over already. */
  synchronized boolean end(long second) {
    if (over) {
      return false;
    }
    over = true;
    for (Reservation attempt : attempts) {
      attempt.settle(attempt.demand(), second);
    }
    return true;
  }
}
