package dev.understudy.app.settings;

import dev.understudy.capacity.Capacity;
import dev.understudy.capacity.HeaderDialect;
import dev.understudy.capacity.Terms;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Counting;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.ModelNames;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the catalogue and the settings know of the limits of every vendor's models.
 *
 * @param said by vendor, the first that fits a model holds
 */
record CapacityBook(Catalogue catalogue, Vendors vendors, Map<String, List<ModelCapacity>> said)
    implements Capacity.Book {
  private static final Counting PLAIN = new Counting(ModelNames.ALL, 1, 1, false);

  CapacityBook {
    said = Map.copyOf(said);
  }

  @Override
  public Terms terms(String vendor, String model) {
    Optional<Kind> kind = vendors.named(vendor).map(this::kind);
    HeaderDialect headers =
        kind.flatMap(known -> HeaderDialect.named(known.limitHeaders())).orElse(HeaderDialect.NONE);
    Counting counting =
        kind.map(Kind::counting).orElse(List.of()).stream()
            .filter(one -> one.models().contains(model))
            .findFirst()
            .orElse(PLAIN);
    return said.getOrDefault(vendor, List.of()).stream()
        .filter(one -> one.models().contains(model))
        .findFirst()
        .orElse(ModelCapacity.NOTHING)
        .terms(headers, counting);
  }

  @Override
  public boolean hasProvisioned() {
    return said.values().stream()
        .flatMap(List::stream)
        .anyMatch(one -> one.provisioned().isPresent());
  }

  private Kind kind(Vendor vendor) {
    return catalogue
        .kind(vendor.kind())
        .orElseGet(
            () -> catalogue.custom(vendor.endpoints().stream().map(Endpoint::protocol).toList()));
  }
}
