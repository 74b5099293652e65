package dev.understudy.limits;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was used in the last minute, by the second, so that no sixty seconds ever see more than the
 * limit. A bucket that refills would let twice the limit pass in the minute after a pause.
 *
 * <p>Without locks: amounts are first taken from the share and then written to the second they
 * belong to; a second is cleared once it is more than a minute old. A thread that stalls in between
 * keeps its amount taken for longer, never for shorter.
 */
final class Window {
  static final int SECONDS = 60;

  /** Nothing was added. */
  static final long NONE = -1;

  private static final int SLOTS = 64;
  private static final int AMOUNT_BITS = 44;
  private static final long AMOUNT_MASK = (1L << AMOUNT_BITS) - 1;
  private static final long TAG_MASK = (1L << (64 - AMOUNT_BITS)) - 1;

  private final Share share;

  /** Each holds the second it stands for, and the amount used in it. */
  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  private final AtomicLong head = new AtomicLong();

  Window(Share share) {
    this.share = share;
  }

  Share share() {
    return share;
  }

  /**
   * Adds an amount if it fits.
   *
   * @param second of a clock that never goes back
   * @param patience of the call that adds it
   * @return the second under which it is kept, for {@link #takeBack}; {@link #NONE} if it does not
   *     fit
   */
  long add(long amount, long second, Patience patience) {
    advance(second);
    return share.take(amount, patience) ? keep(amount, second) : NONE;
  }

  /** Adds an amount that was used already, whether it fits or not. */
  void addAnyway(long amount, long second) {
    advance(second);
    share.takeAnyway(amount);
    keep(amount, second);
  }

  /** Takes back what was added in a second, unless that second is over anyway. */
  void takeBack(long amount, long second) {
    int slot = slot(second);
    while (true) {
      long kept = slots.get(slot);
      if (tag(kept) != (second & TAG_MASK)) {
        return;
      }
      long back = Math.min(amount, amount(kept));
      if (slots.compareAndSet(slot, kept, pack(second, amount(kept) - back))) {
        share.giveBack(back);
        return;
      }
    }
  }

  /** What was used in the minute up to a second. */
  long used(long second) {
    advance(second);
    return share.taken();
  }

  /** How many seconds it takes until so much has become free again. */
  long secondsUntilFree(long amount, long second) {
    long free = 0;
    for (long past = second - SECONDS; past <= second; past++) {
      long kept = slots.get(slot(past));
      if (past >= 0 && tag(kept) == (past & TAG_MASK)) {
        free += amount(kept);
      }
      if (free >= amount) {
        return past + SECONDS + 1 - second;
      }
    }
    return SECONDS + 1;
  }

  private long keep(long amount, long second) {
    long at = second;
    while (true) {
      int slot = slot(at);
      long kept = slots.get(slot);
      if (amount(kept) > 0 && tag(kept) != (at & TAG_MASK)) {
        long later = (tag(kept) - at) & TAG_MASK;
        if (later < TAG_MASK / 2) {
          at += later; // this thread slept for a minute, and the slot means another second now
          continue;
        }
        if (slots.compareAndSet(slot, kept, pack(at, amount))) {
          share.giveBack(amount(kept));
          return at;
        }
      } else if (slots.compareAndSet(slot, kept, pack(at, amount(kept) + amount))) {
        return at;
      }
    }
  }

  /** Clears the seconds that are more than a minute old. */
  private void advance(long second) {
    long seen = head.get();
    if (second <= seen || !head.compareAndSet(seen, second)) {
      return;
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      long kept = slots.get(slot);
      if (amount(kept) > 0
          && ((second - tag(kept)) & TAG_MASK) > SECONDS
          && ((second - tag(kept)) & TAG_MASK) < TAG_MASK / 2
          && slots.compareAndSet(slot, kept, 0)) {
        share.giveBack(amount(kept));
      }
    }
  }

  private static int slot(long second) {
    return (int) (second & (SLOTS - 1));
  }

  private static long tag(long kept) {
    return kept >>> AMOUNT_BITS;
  }

  private static long amount(long kept) {
    return kept & AMOUNT_MASK;
  }

  private static long pack(long second, long amount) {
    return ((second & TAG_MASK) << AMOUNT_BITS) | Math.min(amount, AMOUNT_MASK);
  }
}
