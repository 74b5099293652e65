package dev.understudy.app;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which sessions were heard in the last minute, in a table that never grows: thousands of
 * small objects that live for a minute each would lengthen every collection of garbage, for which
 * all callers wait.
 */
final class Witnesses {
  /** A session is remembered for so long. */
  static final long NANOS = 60_000_000_000L;

  private static final int SETS = 8_192;

  /** Sessions that are remembered of those that fall together; of more, the last. */
  private static final int WAYS = 4;

  private static final long TICK_NANOS = 100_000_000L;
  private static final long TICKS = NANOS / TICK_NANOS;

  /** Nineteen days of ticks; the rest of a place says which session it is. */
  private static final int TICK_BITS = 24;

  private static final long TICK_MASK = (1L << TICK_BITS) - 1;

  /** Made when the first session is heard: most gateways are under no rollout. */
  private volatile @Nullable AtomicLongArray made;

  /** Whether a session has not been heard of late; from now on it has. */
  boolean isNew(long session, long now) {
    AtomicLongArray places = places();
    long mixed = mix(session);
    int from = (int) (mixed & (SETS - 1)) * WAYS;
    long tick = Math.floorDiv(now, TICK_NANOS) & TICK_MASK;
    int oldest = from;
    long most = -1;
    for (int at = from; at < from + WAYS; at++) {
      long place = places.get(at);
      long age = place == 0 ? Long.MAX_VALUE : (tick - place) & TICK_MASK;
      if (place != 0 && (place ^ mixed) >>> TICK_BITS == 0) {
        if (age < TICKS) {
          return false;
        }
        oldest = at;
        break;
      }
      if (age > most) {
        most = age;
        oldest = at;
      }
    }
    // Of two threads that come at once with one session both may find it new: it is heard twice.
    places.set(oldest, (mixed & ~TICK_MASK) | tick);
    return true;
  }

  private AtomicLongArray places() {
    AtomicLongArray known = made;
    return known == null ? make() : known;
  }

  private synchronized AtomicLongArray make() {
    AtomicLongArray places = made;
    if (places == null) {
      places = new AtomicLongArray(SETS * WAYS);
      made = places;
    }
    return places;
  }

  /** So that sessions that differ little fall apart: the end of SplitMix64. */
  private static long mix(long session) {
    long mixed = (session ^ (session >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
