package dev.understudy.app;

import dev.understudy.gateway.KnownModels;
import dev.understudy.pricing.Prices;
import dev.understudy.sandbox.SandboxProfile;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.Vendor;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * Which models are told to whoever asks what there is: of a vendor in a box those of its own list,
 * of others those that price books have.
 *
 * @param doubles the names of the vendors in a box
 */
record ListedModels(Supplier<Prices> prices, List<String> doubles, InstantSource clock)
    implements KnownModels {

  @Override
  public List<String> of(Vendor vendor) {
    if (doubles.contains(vendor.name())) {
      return SandboxProfile.of(vendor.name()).models();
    }
    // A list's names are not those that customers gave.
    return Catalogue.load().kind(vendor.kind()).filter(Kind::ownNames).isPresent()
        ? List.of()
        : prices.get().models(vendor.name(), vendor.kind(), clock.instant());
  }
}
