package dev.understudy.limits;

import java.util.ArrayList;
import java.util.List;

/**
 * How long one call still waits for its share of the limits, however often it has to ask, with what
 * was promised to it meanwhile.
 *
 * <p>Of one call, asked by one thread at a time.
 */
public final class Patience {
  /** Of a call that cannot wait. */
  public static final Patience NONE = new Patience(false);

  private final boolean mayWait;
  private final List<Promise> promises = new ArrayList<>(0);
  private boolean waited;
  private long untilNanos;

  private Patience(boolean mayWait) {
    this.mayWait = mayWait;
  }

  /** Of a call that can wait, and has not done so yet. */
  public static Patience fresh() {
    return new Patience(true);
  }

  /** Whether the call may wait at a moment. */
  boolean lasts(long now) {
    return mayWait && (!waited || untilNanos - now > 0);
  }

  /**
   * The call waits: its time runs from the first wait on, whatever it waits for.
   *
   * @return when it ends
   */
  long waits(long now, long waitNanos) {
    if (!waited) {
      waited = true;
      untilNanos = now + waitNanos;
    }
    return untilNanos;
  }

  /** So much is to be left to the call until it was served or refused. */
  void promise(Share share, long amount) {
    withdraw(share);
    share.promise(amount);
    promises.add(new Promise(share, amount));
  }

  /** Whether something of a share is promised to the call. */
  boolean isPromised(Share share) {
    for (int i = 0; i < promises.size(); i++) {
      if (promises.get(i).share() == share) {
        return true;
      }
    }
    return false;
  }

  private void withdraw(Share share) {
    promises.removeIf(promise -> {
      boolean is = promise.share() == share;
      if (is) {
        share.withdraw(promise.amount());
      }
      return is;
    });
  }

  /** The call has what it needs: what it needs next it may wait for anew. */
  void served() {
    giveUp();
    waited = false;
  }

  /** Nothing needs to be left to the call any more: it was refused, or is over. */
  public void giveUp() {
    for (int i = 0; i < promises.size(); i++) {
      promises.get(i).share().withdraw(promises.get(i).amount());
    }
    promises.clear();
  }

  private record Promise(Share share, long amount) {}
}
