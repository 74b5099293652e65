package dev.understudy.vendor;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All vendors that are switched on, by name. */
public final class Vendors {
  private final Map<String, Vendor> byName = new LinkedHashMap<>();

  /**
   * Takes note of all, in this order.
   *
   * @throws IllegalArgumentException if two have one name
   */
  public Vendors(Collection<Vendor> vendors) {
    for (Vendor vendor : vendors) {
      if (byName.put(vendor.name(), vendor) != null) {
        throw new IllegalArgumentException("two vendors are named " + vendor.name());
      }
    }
  }

  public Optional<Vendor> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** In the order of the settings. */
  public List<Vendor> all() {
    return List.copyOf(byName.values());
  }

  public boolean isEmpty() {
    return byName.isEmpty();
  }
}
