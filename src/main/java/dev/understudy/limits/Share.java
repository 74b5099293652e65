package dev.understudy.limits;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The part of a limit that this process may use, and how much of it is taken. Alone, a process has
 * the whole limit; among replicas, what they agreed on.
 *
 * <p>Without locks. Who takes writes {@code taken} and then looks at {@code allowed} again; who
 * lowers writes {@code allowed} and then looks at {@code taken}: one of them always sees the other,
 * so that no more is taken than what is told to other replicas.
 */
final class Share {
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong promised = new AtomicLong();
  private volatile long allowed;

  Share(long allowed) {
    this.allowed = allowed;
  }

  /**
   * Takes an amount if it fits. What is promised to calls that wait is theirs: who comes later does
   * not take it.
   *
   * @param patience of the call that takes it
   */
  boolean take(long amount, Patience patience) {
    long others = promised.get();
    if (others > 0 && patience.isPromised(this)) {
      others = 0; // those who wait are told in the order they came
    }
    long before = taken.get();
    while (true) {
      if (amount > allowed - before - others) {
        return false;
      }
      if (taken.compareAndSet(before, before + amount)) {
        break;
      }
      before = taken.get();
    }
    if (taken.get() > allowed) {
      // Lowered just now, or somebody had to take more than there was.
      taken.addAndGet(-amount);
      return false;
    }
    return true;
  }

  /** Takes an amount that was used already, whether it fits or not. */
  void takeAnyway(long amount) {
    taken.addAndGet(amount);
  }

  void giveBack(long amount) {
    taken.addAndGet(-amount);
  }

  /** What calls wait for, or are about to take after they waited. */
  long promised() {
    return promised.get();
  }

  void promise(long amount) {
    promised.addAndGet(amount);
  }

  void withdraw(long amount) {
    promised.addAndGet(-amount);
  }

  long taken() {
    return taken.get();
  }

  long allowed() {
    return allowed;
  }

  /** Says what is allowed from now on, even if more is taken already. */
  void allow(long to) {
    allowed = to;
  }

  /**
   * Lowers what is allowed, though never below what is taken.
   *
   * @return what is allowed now
   */
  long lower(long to) {
    allowed = to;
    long inUse = taken.get();
    if (inUse > to) {
      allowed = inUse;
      return inUse;
    }
    return to;
  }
}
