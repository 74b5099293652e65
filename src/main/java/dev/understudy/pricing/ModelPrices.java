package dev.understudy.pricing;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The prices of one model over time.
 *
 * @param name as the book calls it
 * @param names further names, with {@code *} for any run of letters
 * @param versions in the order of time, none overlapping another
 */
record ModelPrices(String name, List<String> names, List<PriceVersion> versions) {
  ModelPrices {
    names = List.copyOf(names);
    versions = List.copyOf(versions);
  }

  /**
   * Whether its name is one to ask a vendor for: where only patterns lead to it, the name is the
   * book's own.
   */
  boolean isNamedByVendor() {
    return names.stream().noneMatch(other -> other.contains("*"));
  }

  Optional<PriceVersion> at(Instant instant) {
    // Newest first: that is what is asked for nearly always.
    for (int i = versions.size() - 1; i >= 0; i--) {
      if (versions.get(i).holdsAt(instant)) {
        return Optional.of(versions.get(i));
      }
    }
    return Optional.empty();
  }
}
