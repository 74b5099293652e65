package dev.understudy.telemetry;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names that get a label value of their own. Every further one would be a set of series that a
 * stranger can make us keep, so that there is a bound and the rest is {@value #OTHER}.
 */
final class Names {
  static final String OTHER = "other";

  private static final int LENGTH_MAX = 200;

  private final Set<String> kept = ConcurrentHashMap.newKeySet();
  private final int keptMax;

  /**
   * Keeps a number of names beside those that are known from the start.
   *
   * @param known such as the routes of the settings; there however many there are
   */
  Names(Collection<String> known, int furtherMax) {
    kept.addAll(known);
    keptMax = kept.size() + furtherMax;
  }

  /**
   * Whether a name has a label value of its own.
   *
   * @param mayEnter whether it gets one if there is room: false for names that led nowhere
   */
  boolean has(String name, boolean mayEnter) {
    return kept.contains(name) || (mayEnter && enter(name));
  }

  private boolean enter(String name) {
    if (name.length() > LENGTH_MAX || kept.size() >= keptMax) {
      return false;
    }
    synchronized (kept) {
      return kept.size() < keptMax && kept.add(name);
    }
  }
}
