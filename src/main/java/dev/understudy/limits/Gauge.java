package dev.understudy.limits;

import java.util.function.LongSupplier;

/** One limit of one scope, as this process counts it. */
final class Gauge {
  private final Refusal.Kind kind;
  private final String scope;
  private final String key;
  private final Share share;
  private final LongSupplier used;
  private volatile long limit;
  private volatile long forgiven;
  private volatile long elsewhere;

  /**
   * Makes one.
   *
   * @param key what replicas call it among each other
   * @param used what was used for good, reservations not counted
   */
  Gauge(Refusal.Kind kind, String scope, String key, long limit, Share share, LongSupplier used) {
    this.kind = kind;
    this.scope = scope;
    this.key = key;
    this.limit = limit;
    this.share = share;
    this.used = used;
  }

  Refusal.Kind kind() {
    return kind;
  }

  String scope() {
    return scope;
  }

  String key() {
    return key;
  }

  Share share() {
    return share;
  }

  long used() {
    return used.getAsLong();
  }

  /** The whole limit, of all replicas together, with what was forgiven. */
  long limit() {
    return limit + forgiven;
  }

  /** The limit as it is set. */
  long limitSet() {
    return limit;
  }

  /** What a person forgave by starting a budget anew. */
  long forgiven() {
    return forgiven;
  }

  void forgiven(long amount) {
    forgiven = amount;
  }

  void limit(long whole) {
    limit = whole;
  }

  /** What other replicas use of it, as far as this one has heard. */
  long elsewhere() {
    return elsewhere;
  }

  void elsewhere(long amount) {
    elsewhere = amount;
  }

  /** What is left of the whole limit, never negative. */
  long left() {
    return Math.max(0, limit() - elsewhere - share.taken());
  }
}
