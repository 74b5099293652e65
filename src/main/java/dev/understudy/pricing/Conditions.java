package dev.understudy.pricing;

import java.util.ArrayList;

/**
 * What a price depends on beside the item: each part is empty, or 0, where the usual holds.
 *
 * @param tier the class of service, such as {@code batch} or {@code priority}
 * @param region where it is served, such as {@code us}
 * @param above the request counts more tokens than this
 * @param hours the window of the day, as the book writes it
 */
record Conditions(String tier, String region, int above, String hours) {
  static final Conditions USUAL = new Conditions("", "", 0, "");

  boolean isUsual() {
    return equals(USUAL);
  }

  /** How many parts are not the usual ones. */
  int size() {
    return (tier.isEmpty() ? 0 : 1)
        + (region.isEmpty() ? 0 : 1)
        + (above == 0 ? 0 : 1)
        + (hours.isEmpty() ? 0 : 1);
  }

  /** Whether every part that is not the usual one is the same there. */
  boolean isPartOf(Conditions all) {
    return (tier.isEmpty() || tier.equals(all.tier))
        && (region.isEmpty() || region.equals(all.region))
        && (above == 0 || above == all.above)
        && (hours.isEmpty() || hours.equals(all.hours));
  }

  /** What is left of this once those parts are taken care of. */
  Conditions without(Conditions part) {
    return new Conditions(
        part.tier.isEmpty() ? tier : "",
        part.region.isEmpty() ? region : "",
        part.above == 0 ? above : 0,
        part.hours.isEmpty() ? hours : "");
  }

  /** In words, such as {@code tier batch, above 200000}; {@code usual} if nothing is unusual. */
  @Override
  public String toString() {
    var words = new ArrayList<String>();
    if (!tier.isEmpty()) {
      words.add("tier " + tier);
    }
    if (!region.isEmpty()) {
      words.add("region " + region);
    }
    if (above != 0) {
      words.add("above " + above);
    }
    if (!hours.isEmpty()) {
      words.add("hours " + hours);
    }
    return words.isEmpty() ? "usual" : String.join(", ", words);
  }
}
