package dev.understudy.capacity;

/**
 * What is left of one dimension: a bucket that fills continuously, so much in a window.
 *
 * <p>The limit is the smaller one of two: the known one, from the settings or the vendor, and the
 * learned one, which a refusal lowers by a factor and time raises by equal steps. The level never
 * exceeds the limit, and the limit never the known one.
 *
 * @param known per window; infinite while nobody told
 * @param learned per window; infinite while nothing was refused
 * @param step what {@code learned} gains in a window
 * @param level what is left; below zero where more was used than was thought
 * @param used what was used in the last window, older use fading out
 * @param held the part that is set aside for calls under way
 * @param since when the use began to be counted
 * @param at when all of this was true, in milliseconds of a clock that does not jump
 */
record Bucket(
    Dimension dimension,
    double known,
    double learned,
    double step,
    double level,
    double used,
    double held,
    long since,
    long at) {
  /** By how much a refusal lowers the rate. */
  static final double DECREASE = 0.85;

  /** How much of it comes back in a window without one. */
  private static final double INCREASE = 0.05;

  /** What was learned is forgotten once it has grown so much: it does not bind any more. */
  private static final double FORGET = 4;

  /** A learned limit is no less than this share of the known one, and no less than one unit. */
  private static final double FLOOR = 0.01;

  /** How much a vendor's word that more is left than was reckoned counts. */
  private static final double TRUST = 0.5;

  /** Use is not extrapolated from less than this share of a window. */
  private static final double SHARE_SEEN_MIN = 0.15;

  static Bucket of(Dimension dimension, double known, long now) {
    return new Bucket(dimension, known, Double.POSITIVE_INFINITY, 0, known, 0, 0, now, now);
  }

  double limit() {
    return Math.min(known, learned);
  }

  boolean isBounded() {
    return limit() != Double.POSITIVE_INFINITY;
  }

  /** The share that is left, 0 to 1; 1 while there is no limit. */
  double headroom(long now) {
    double windows = elapsed(now);
    double limit = Math.min(known, learnedAfter(windows));
    if (limit == Double.POSITIVE_INFINITY) {
      return 1;
    }
    return Math.min(1, Math.max(0, levelAfter(windows, limit) / limit));
  }

  /** What was learned, so many windows later; infinite once it is forgotten. */
  private double learnedAfter(double windows) {
    return windows < toForget() ? learned + step * windows : Double.POSITIVE_INFINITY;
  }

  /** In how many windows what was learned will bind no more, if nothing is refused till then. */
  private double toForget() {
    return step == 0
        ? Double.POSITIVE_INFINITY
        : Math.max(0, (Math.min(known, step / INCREASE * FORGET) - learned) / step);
  }

  private double levelAfter(double windows, double limit) {
    if (limit == Double.POSITIVE_INFINITY) {
      return limit;
    }
    // While the limit rises its mean fills the bucket, and once it is forgotten the known one does.
    double rising = Math.min(windows, toForget());
    double risen = Math.min(known, learned + step * rising);
    double filled = Math.min(risen, level + (limit() + risen) / 2 * rising);
    return windows > rising ? Math.min(limit, filled + known * (windows - rising)) : filled;
  }

  /** In windows. */
  private double elapsed(long now) {
    return Math.max(0, now - at) / (double) dimension.windowMillis();
  }

  /** The same, some time later. */
  Bucket at(long now) {
    if (now <= at) {
      return this;
    }
    double windows = elapsed(now);
    double later = learnedAfter(windows);
    double filled = levelAfter(windows, Math.min(known, later));
    return new Bucket(
        dimension,
        known,
        later,
        later == Double.POSITIVE_INFINITY ? 0 : step,
        filled,
        used * Math.exp(-windows),
        held,
        since,
        now);
  }

  /**
   * Milliseconds until so much is left, 0 if it is now; a call that needs more than there ever is
   * goes when the bucket is full.
   *
   * @param spare what has to be left beside it, as a share of the limit
   */
  long wait(double amount, double spare) {
    double limit = limit();
    if (limit == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double missing = Math.min(amount + spare * limit, limit) - level;
    // Filling up in small steps loses a little to rounding, which must not bar a full bucket.
    if (missing <= limit * 1e-9) {
      return 0;
    }
    return Math.max(1, (long) Math.ceil(missing / limit * dimension.windowMillis()));
  }

  /** Sets something aside for a call. */
  Bucket take(double amount) {
    return with(level - amount, used + amount, held + amount);
  }

  /**
   * A call is over.
   *
   * @param reserved what was set aside for it
   * @param actual what it took
   */
  Bucket settle(double reserved, double actual) {
    return with(
        Math.min(limit(), level + reserved - actual),
        Math.max(0, used + actual - reserved),
        Math.max(0, held - reserved));
  }

  private Bucket with(double newLevel, double newUsed, double newHeld) {
    // Nobody waits longer than a window for what one call took too much.
    double owed = Math.max(-limit(), newLevel);
    return new Bucket(dimension, known, learned, step, owed, newUsed, newHeld, since, at);
  }

  /**
   * Takes a vendor's word into account.
   *
   * <p>Calls under way may or may not be counted in it, so that it stands for a range. Less than
   * was reckoned is believed at once, for a wrong belief costs a refusal; more only in part, for it
   * may be old, rounded, or shared with others.
   *
   * @param set what the settings know; infinite if nothing
   */
  Bucket observe(Observation.Count count, double set) {
    double reported = count.limit();
    double newKnown = known;
    double scale = 1;
    if (dimension == Dimension.PROVISIONED) {
      newKnown = set == Double.POSITIVE_INFINITY ? Observation.FULL : set;
      scale = newKnown / Observation.FULL;
    } else if (count.limit() > 0) {
      newKnown = Math.min(set, reported);
    }
    double limit = Math.min(newKnown, learned);
    if (limit == Double.POSITIVE_INFINITY) {
      return this;
    }
    double newLevel = Math.min(level, limit);
    if (count.remaining() >= 0) {
      double most = Math.min(limit, count.remaining() * scale);
      double least = most - held;
      if (!isBounded() || newLevel > most) {
        newLevel = most;
      } else if (newLevel < least) {
        newLevel += TRUST * (least - newLevel);
      }
    } else if (!isBounded()) {
      newLevel = Math.max(0, limit - used);
    }
    double owed = Math.max(-limit, newLevel);
    return new Bucket(dimension, newKnown, learned, step, owed, used, held, since, at);
  }

  /** The vendor refused for this dimension: nothing is left, and the rate falls. */
  Bucket backOff() {
    double base = Math.min(limit(), rate());
    double floor = Math.max(1, known == Double.POSITIVE_INFINITY ? 1 : known * FLOOR);
    double lower = Math.min(known, Math.max(floor, base * DECREASE));
    return new Bucket(
        dimension, known, lower, lower * INCREASE, Math.min(0, level), used, held, since, at);
  }

  /** Whether so little was used of late that a refusal says nothing of how much may be. */
  boolean isIdle() {
    return rate() * DECREASE < 1;
  }

  /** The vendor refused, but for its own reasons or for a time: nothing is left. */
  Bucket empty() {
    return isBounded() ? with(Math.min(0, level), used, held) : this;
  }

  /** What is used in a window at the present pace. */
  private double rate() {
    double seen = 1 - Math.exp(-(at - since) / (double) dimension.windowMillis());
    return used / Math.max(SHARE_SEEN_MIN, seen);
  }
}
