package dev.understudy.limits;

import dev.understudy.access.Period;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The money of one budget in one of its periods, in billionths of the budget's currency: what was
 * spent, and in the share what was spent or is reserved.
 */
final class Spending {
  private final Period period;
  private final LocalDate first;
  private final long endMillis;
  private final Share share;
  private final AtomicLong spent = new AtomicLong();

  /** What a person forgave by starting the budget anew. */
  private final AtomicLong forgiven = new AtomicLong();

  private final AtomicBoolean marked = new AtomicBoolean();

  Spending(Period period, LocalDate first, long endMillis, Share share) {
    this.period = period;
    this.first = first;
    this.endMillis = endMillis;
    this.share = share;
  }

  Period period() {
    return period;
  }

  LocalDate first() {
    return first;
  }

  long endMillis() {
    return endMillis;
  }

  Share share() {
    return share;
  }

  /** What was really spent, forgiven or not. */
  long spent() {
    return spent.get();
  }

  long forgiven() {
    return forgiven.get();
  }

  /** Marks it as to be written down; false if it was marked already. */
  boolean mark() {
    return !marked.get() && marked.compareAndSet(false, true);
  }

  void unmark() {
    marked.set(false);
  }

  boolean reserve(long nanos, Patience patience) {
    return share.take(nanos, patience);
  }

  void release(long nanos) {
    share.giveBack(nanos);
  }

  /** Replaces a reservation by what was really spent, less or more. */
  void settle(long reserved, long actual) {
    spent.addAndGet(actual);
    if (actual > reserved) {
      share.takeAnyway(actual - reserved);
    } else {
      share.giveBack(reserved - actual);
    }
  }

  /** Starts from what was known before a restart. */
  void restore(long spentBefore, long forgivenBefore) {
    spent.addAndGet(spentBefore);
    forgiven.addAndGet(forgivenBefore);
    share.takeAnyway(spentBefore);
  }

  /**
   * Forgives all that was spent until now: the budget has so much more in this period.
   *
   * @return all that was forgiven so far
   */
  long forgiveAll() {
    long owed = spent.get();
    forgiven.set(owed);
    return owed;
  }
}
