package dev.understudy.app;

import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where vendors serve, as far as their addresses say and prices depend on it. */
final class Regions {
  private static final String VERTEX = "vertex";

  private final Map<String, Optional<String>> byVendor = new HashMap<>();

  Regions(Vendors vendors) {
    for (Vendor vendor : vendors.all()) {
      byVendor.put(vendor.name(), region(vendor));
    }
  }

  Optional<String> of(String vendor) {
    return byVendor.getOrDefault(vendor, Optional.empty());
  }

  /** Vertex AI is global at one address, and in a region or a group of them at all others. */
  private static Optional<String> region(Vendor vendor) {
    if (!vendor.kind().equals(VERTEX)) {
      return Optional.empty();
    }
    String host = vendor.endpoints().getFirst().host();
    return Optional.of(host.equals("aiplatform.googleapis.com") ? "global" : "regional");
  }
}
