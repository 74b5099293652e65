package dev.understudy.contract;

import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts, for each capacity, how many of its calls were answered inside and outside in the last
 * hour. In memory, of one process: where each of several keeps to a share, all of them do.
 */
public final class SpillMeters {
  /** The window over which shares are reckoned, in minutes. */
  public static final int WINDOW_MINUTES = 60;

  /** So many capacities are counted; beyond that, counting begins anew. */
  private static final int METERS_MAX = 10_000;

  private final Map<String, Meter> meters = new ConcurrentHashMap<>();

  /**
   * A call of a capacity was answered inside.
   *
   * @param minute now, in minutes of any clock that does not go back
   */
  public void inside(SpillRule rule, long minute) {
    meter(rule).inside(minute);
  }

  /** Counts a call as spilled, if with it the share is within what was agreed. */
  public boolean spills(SpillRule rule, long minute) {
    return meter(rule).spills(rule.terms(), minute);
  }

  /** Takes back what {@link #spills} counted in that minute. */
  public void giveBack(SpillRule rule, long minute) {
    meter(rule).giveBack(minute);
  }

  private Meter meter(SpillRule rule) {
    if (meters.size() >= METERS_MAX && !meters.containsKey(rule.key())) {
      meters.clear();
    }
    return meters.computeIfAbsent(rule.key(), _ -> new Meter());
  }

  /** Counts by the minute, in a ring. */
  private static final class Meter {
    private final long[] inside = new long[WINDOW_MINUTES];
    private final long[] outside = new long[WINDOW_MINUTES];
    private long allInside;
    private long allOutside;
    private long latest = Long.MIN_VALUE;

    synchronized void inside(long minute) {
      if (goTo(minute)) {
        inside[slot(minute)]++;
        allInside++;
      }
    }

    synchronized boolean spills(CapacityPurchase.Spill terms, long minute) {
      long at = goTo(minute) ? minute : latest;
      boolean within =
          terms.allows(
              BigDecimal.valueOf(allOutside + 1), BigDecimal.valueOf(allInside + allOutside + 1));
      if (within) {
        outside[slot(at)]++;
        allOutside++;
      }
      return within;
    }

    synchronized void giveBack(long minute) {
      if (goTo(minute) && outside[slot(minute)] > 0) {
        outside[slot(minute)]--;
        allOutside--;
      }
    }

    private static int slot(long minute) {
      return Math.floorMod(minute, WINDOW_MINUTES);
    }

    /** Forgets what has left the window; false if the minute has left it itself. */
    private boolean goTo(long minute) {
      if (latest == Long.MIN_VALUE) {
        latest = minute;
      }
      for (long gone = Math.max(latest + 1, minute - WINDOW_MINUTES + 1); gone <= minute; gone++) {
        int slot = slot(gone);
        allInside -= inside[slot];
        allOutside -= outside[slot];
        inside[slot] = 0;
        outside[slot] = 0;
      }
      latest = Math.max(latest, minute);
      return minute > latest - WINDOW_MINUTES;
    }
  }
}
