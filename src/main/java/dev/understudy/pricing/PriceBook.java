package dev.understudy.pricing;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Prices as one document states them, checked.
 *
 * @param name how other books and records call it
 * @param vendors by the name of a vendor or of its kind
 * @param unpriced what budgets count for what has no price; empty: another book says
 */
public record PriceBook(
    String name,
    Kind kind,
    Currency currency,
    Map<String, VendorPrices> vendors,
    Optional<Unpriced> unpriced) {
  public enum Kind {
    /** What a vendor publishes. */
    LIST,
    /** What was agreed with a vendor; it comes before any list. */
    NEGOTIATED
  }

  /** What budgets count for one input token, output token and unit without a price. */
  public record Unpriced(BigDecimal input, BigDecimal output, BigDecimal unit) {}

  public PriceBook {
    vendors = Map.copyOf(vendors);
  }

  Optional<VendorPrices> vendor(String vendor, String kind) {
    VendorPrices own = vendors.get(vendor);
    return Optional.ofNullable(own != null ? own : vendors.get(kind));
  }

  /** The names of the models it has for a vendor or kind, in the book's order. */
  public List<String> models(String vendor) {
    VendorPrices prices = vendors.get(vendor);
    return prices == null ? List.of() : prices.models().stream().map(ModelPrices::name).toList();
  }

  /** All names under which it has models of any vendor; {@code *} is any run of letters. */
  public Stream<String> modelNames() {
    return vendors.values().stream()
        .flatMap(prices -> prices.models().stream())
        .flatMap(model -> Stream.concat(Stream.of(model.name()), model.names().stream()));
  }

  /** A model's name without the date behind it; nothing if there is none. */
  public static Optional<String> undated(String model) {
    return ModelIndex.undated(model);
  }

  /** The price of capacity that is paid by the hour, such as {@code ptu}. */
  public Optional<CapacityPrice> capacity(String vendor, String name) {
    return Optional.ofNullable(vendors.get(vendor)).map(v -> v.capacity().get(name));
  }
}
