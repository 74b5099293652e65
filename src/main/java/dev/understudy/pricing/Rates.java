package dev.understudy.pricing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The rates of one price: tables for certain conditions, and factors for others.
 *
 * <p>Conditions are met by the table that says most about them and by factors for all the rest of
 * them. What neither says has no price: a discount or a surcharge is never left out unseen.
 */
record Rates(List<Table> tables, List<Factor> factors) {
  /** Prices as they are under the conditions. */
  record Table(Conditions when, RateTable prices) {}

  /** Under the conditions tokens cost so many times as much. */
  record Factor(Conditions when, BigDecimal times) {}

  Rates {
    tables = List.copyOf(tables);
    factors = List.copyOf(factors);
  }

  /**
   * The prices under the conditions, if there are any.
   *
   * @throws IllegalStateException if there are two; a book in which that can happen is refused
   */
  Optional<RateTable> under(Conditions conditions) {
    Table best = null;
    Optional<BigDecimal> bestTimes = Optional.empty();
    for (Table table : tables) {
      if (!table.when().isPartOf(conditions)
          || (best != null && table.when().size() < best.when().size())) {
        continue;
      }
      Optional<BigDecimal> times = times(conditions.without(table.when()));
      if (times.isPresent()) {
        if (best != null && table.when().size() == best.when().size()) {
          throw new IllegalStateException(
              "under %s both the prices for %s and those for %s would hold"
                  .formatted(conditions, best.when(), table.when()));
        }
        best = table;
        bestTimes = times;
      }
    }
    if (best == null) {
      return Optional.empty();
    }
    BigDecimal times = bestTimes.orElseThrow();
    return Optional.of(
        times.compareTo(BigDecimal.ONE) == 0 ? best.prices() : best.prices().times(times));
  }

  /** The product of the factors that take care of all these conditions, each once. */
  private Optional<BigDecimal> times(Conditions rest) {
    if (rest.isUsual()) {
      return Optional.of(BigDecimal.ONE);
    }
    for (Factor factor : factors) {
      // The largest first: the reader has put them in that order.
      if (factor.when().isPartOf(rest)) {
        return times(rest.without(factor.when())).map(factor.times()::multiply);
      }
    }
    return Optional.empty();
  }

  /** Every combination of conditions about which anything is said. */
  List<Conditions> combinations() {
    var tiers = new TreeSet<String>(List.of(""));
    var regions = new TreeSet<String>(List.of(""));
    var above = new TreeSet<Integer>(List.of(0));
    var hours = new TreeSet<String>(List.of(""));
    var whens = new ArrayList<Conditions>();
    tables.forEach(table -> whens.add(table.when()));
    factors.forEach(factor -> whens.add(factor.when()));
    for (Conditions when : whens) {
      tiers.add(when.tier());
      regions.add(when.region());
      above.add(when.above());
      hours.add(when.hours());
    }
    var all = new ArrayList<Conditions>();
    for (String tier : tiers) {
      for (String region : regions) {
        for (int threshold : above) {
          for (String window : hours) {
            all.add(new Conditions(tier, region, threshold, window));
          }
        }
      }
    }
    return all;
  }
}
