package dev.understudy.capacity;

/**
 * What was set aside for one attempt, until it is over. Belongs to one thread at a time, and only
 * the first word on how it ended counts.
 */
public final class Reservation {
  private final Allowance allowance;
  private final Load load;
  private final long bodyBytes;
  private final long madeAt;
  private boolean over;

  Reservation(Allowance allowance, Load load, long bodyBytes, long madeAt) {
    this.allowance = allowance;
    this.load = load;
    this.bodyBytes = bodyBytes;
    this.madeAt = madeAt;
  }

  public Allowance allowance() {
    return allowance;
  }

  /** What was set aside. */
  public Load load() {
    return load;
  }

  /** The reply's head arrived, with what its headers say. */
  public void observe(Observation seen, long now) {
    allowance.observe(seen, now);
  }

  /** The call was served, and took so much. */
  public void served(Load actual, long now) {
    if (!over) {
      over = true;
      allowance.served(load, actual, bodyBytes, now);
    }
  }

  /**
   * The vendor refused it for lack of capacity.
   *
   * @param taken what it took before it was refused, in the middle of an answer
   */
  public void pushedBack(Pushback pushback, Load taken, Observation seen, long now) {
    if (!over) {
      over = true;
      allowance.pushedBack(load, taken, pushback, seen, madeAt, now);
    }
  }

  /** The vendor refused it for another reason: it counted as a request, and no tokens flowed. */
  public void refused(long now) {
    if (!over) {
      over = true;
      allowance.settle(load, Load.NONE, now);
    }
  }

  /** It broke off or nobody wanted it any more, after it took about so much. */
  public void broke(Load actual, long now) {
    if (!over) {
      over = true;
      allowance.settle(load, actual, now);
    }
  }

  /** It came to nothing, and nobody knows what the vendor counted: all that was set aside, say. */
  public void lost(long now) {
    if (!over) {
      over = true;
      allowance.settle(load, load, now);
    }
  }

  /** It never reached the vendor. */
  public void unsent(long now) {
    if (!over) {
      over = true;
      allowance.giveBack(load, now);
    }
  }
}
