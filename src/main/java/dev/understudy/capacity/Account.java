package dev.understudy.capacity;

import java.util.concurrent.atomic.AtomicLong;

/** What all targets of one credential share: an account that is empty is so for every model. */
final class Account {
  private final AtomicLong blockedUntil = new AtomicLong(Long.MIN_VALUE);

  long blockedUntil() {
    return blockedUntil.get();
  }

  /** A later word never shortens an earlier one. */
  void block(long until) {
    blockedUntil.accumulateAndGet(until, Math::max);
  }
}
