package dev.understudy.app;

import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where vendors serve, as far as their addresses say and prices depend on it. */
final class Regions {
  private static final String VERTEX = "vertex";

  private volatile Map<String, Optional<String>> byVendor;

  Regions(Vendors vendors) {
    byVendor = regions(vendors);
  }

  /** The vendors are others now. */
  void replace(Vendors vendors) {
    byVendor = regions(vendors);
  }

  private static Map<String, Optional<String>> regions(Vendors vendors) {
    var regions = new HashMap<String, Optional<String>>();
    for (Vendor vendor : vendors.all()) {
      regions.put(vendor.name(), region(vendor));
    }
    return regions;
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
