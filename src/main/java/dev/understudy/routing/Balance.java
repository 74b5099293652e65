package dev.understudy.routing;

import java.util.Locale;

/** How the targets of one priority are put in order. */
public enum Balance {
  /** By chance, in proportion to their weights. */
  WEIGHTED,
  /** The one with the fewest open calls for its weight first. */
  LEAST_BUSY,
  /** The one that answers soonest, by the peak of its recent times: the better of two at random. */
  LATENCY,
  /** The one that costs least for this request first. */
  CHEAPEST,
  /** The one with the most of its limits left first. */
  HEADROOM,
  /**
   * The strong one of two first where it is worth its price, by an estimate; else the cheap one.
   */
  GAIN;

  /** As settings write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
