package dev.understudy.app;

import dev.understudy.evaluation.Costs;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.pricing.Ask;
import dev.understudy.pricing.Prices;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an evaluation's answers cost by the price books, at the usual rates: caches and thoughts are
 * not told apart, since answers tell only what went in and what came out.
 */
final class BookCosts implements Costs {
  private final Prices prices;
  private final Regions regions;
  private final InstantSource clock;
  private final Map<String, String> kinds = new HashMap<>();

  BookCosts(Prices prices, Vendors vendors, InstantSource clock) {
    this.prices = prices;
    this.regions = new Regions(vendors);
    this.clock = clock;
    for (Vendor vendor : vendors.all()) {
      kinds.put(vendor.name(), vendor.kind());
    }
  }

  @Override
  public Optional<Money> of(String target, long inputTokens, long outputTokens) {
    int slash = target.indexOf('/');
    if (slash < 1) {
      return Optional.empty();
    }
    String vendor = target.substring(0, slash);
    Cost cost =
        prices.estimate(
            new Ask(
                vendor,
                kinds.getOrDefault(vendor, vendor),
                target.substring(slash + 1),
                regions.of(vendor),
                Optional.empty(),
                clock.instant(),
                inputTokens,
                outputTokens));
    return cost.isWhole() && !cost.lines().isEmpty() ? Optional.of(cost.total()) : Optional.empty();
  }
}
