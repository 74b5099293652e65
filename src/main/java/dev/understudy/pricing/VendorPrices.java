package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a book says of one vendor.
 *
 * @param name a vendor of the settings, or a kind of the catalogue
 * @param tiers the vendor's words for its classes of service, and the book's
 * @param regions likewise for regions
 * @param signals units that are no quantity but say something of the price
 * @param parents to which other leaf's price a leaf without one may fall back
 * @param free units that are reported but never billed
 * @param byEnd whether prices go by the instant the answer was complete
 * @param basis prices made from those of another book; models here come before it
 * @param reported where the vendor itself reports the cost, for models without prices here
 * @param rest whether what a model here has no price for is priced by the next book
 * @param capacity what is paid by the hour
 */
record VendorPrices(
    String name,
    Map<String, String> tiers,
    Map<String, String> regions,
    Map<String, Conditions> signals,
    Map<Leaf, Leaf> parents,
    List<Pattern> free,
    boolean byEnd,
    Optional<Basis> basis,
    Optional<Reported> reported,
    boolean rest,
    Map<String, CapacityPrice> capacity,
    List<ModelPrices> models,
    ModelIndex index) {
  /** The word of the book for the usual tier. */
  static final String STANDARD = "standard";

  /**
   * Prices of another book, times a factor, plus something for each call: cost-plus, or a discount.
   */
  record Basis(String book, BigDecimal times, BigDecimal plus) {}

  /** A unit that holds what the vendor says the call cost, and what one of it is worth. */
  record Reported(String unit, BigDecimal each) {}

  VendorPrices {
    tiers = Map.copyOf(tiers);
    regions = Map.copyOf(regions);
    signals = Map.copyOf(signals);
    parents = Map.copyOf(parents);
    free = List.copyOf(free);
    capacity = Map.copyOf(capacity);
    models = List.copyOf(models);
  }

  /** The book's word for a tier; empty for the usual one. */
  String tier(String said) {
    String word = tiers.getOrDefault(said, said);
    return word.equals(STANDARD) ? "" : word;
  }

  /** The book's word for a region; empty for the usual one. */
  String region(String said) {
    String word = regions.getOrDefault(said, said);
    return word.equals(STANDARD) ? "" : word;
  }

  boolean isFree(String unit) {
    for (Pattern pattern : free) {
      if (pattern.matcher(unit).matches()) {
        return true;
      }
    }
    return false;
  }
}
