package dev.understudy.capacity;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which sessions a target holds in its cache, as far as is known: a table of fixed size in which a
 * newer session may push out an older one, which then counts as new.
 */
final class Sessions {
  private static final int SLOTS = 1 << 12;

  /** Vendors keep a prompt in their cache for about this long: five minutes, then it is gone. */
  private static final long KEPT_MILLIS = 5 * 60_000;

  private final AtomicLongArray marks = new AtomicLongArray(SLOTS);
  private final AtomicLongArray seen = new AtomicLongArray(SLOTS);

  /** Notes that a session was served; 0 stands for no session. */
  void note(long session, long now) {
    if (session != 0) {
      int slot = slot(session);
      marks.set(slot, session);
      seen.set(slot, now);
    }
  }

  boolean holds(long session, long now) {
    if (session == 0) {
      return false;
    }
    int slot = slot(session);
    return marks.get(slot) == session && now - seen.get(slot) <= KEPT_MILLIS;
  }

  private static int slot(long session) {
    long mixed = session * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 52);
  }
}
