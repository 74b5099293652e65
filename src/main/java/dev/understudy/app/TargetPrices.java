package dev.understudy.app;

import dev.understudy.money.Cost;
import dev.understudy.pricing.Ask;
import dev.understudy.pricing.Prices;
import dev.understudy.routing.Health;
import dev.understudy.routing.Request;
import dev.understudy.routing.Target;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a request costs at a target by the price books, for routes that ask the cheapest first.
 *
 * <p>How long the answer will be nobody knows, so all targets are compared by the same length.
 */
final class TargetPrices implements Health.Prices {
  /** A usual answer, in tokens. */
  static final long ANSWER_TOKENS = 500;

  private final Supplier<Prices> prices;
  private final Function<String, Optional<String>> regions;
  private final InstantSource clock;
  private volatile Map<String, String> kinds;

  TargetPrices(
      Supplier<Prices> prices,
      Vendors vendors,
      Function<String, Optional<String>> regions,
      InstantSource clock) {
    this.prices = prices;
    this.regions = regions;
    this.clock = clock;
    this.kinds = kinds(vendors);
  }

  /** The vendors are others now. */
  void replace(Vendors vendors) {
    kinds = kinds(vendors);
  }

  private static Map<String, String> kinds(Vendors vendors) {
    var kinds = new HashMap<String, String>();
    for (Vendor vendor : vendors.all()) {
      kinds.put(vendor.name(), vendor.kind());
    }
    return kinds;
  }

  /** What has no price is not known to be cheap. */
  @Override
  public double of(Target target, Request request) {
    String kind = kinds.getOrDefault(target.vendor(), target.vendor());
    Cost cost =
        prices
            .get()
            .estimate(
                new Ask(
                    target.vendor(),
                    kind,
                    target.model(),
                    regions.apply(target.vendor()),
                    Optional.empty(),
                    clock.instant(),
                    request.tokens(),
                    ANSWER_TOKENS));
    return cost.isWhole() ? cost.total().amount().doubleValue() : Double.NaN;
  }
}
