package dev.understudy.protocol;

import java.util.Set;

/**
 * A vendor's way of speaking a protocol.
 *
 * @param vendor the vendor's name in the settings; names the issuer of seals and the author of
 *     failures
 */
public record Dialect(String vendor, UsageConvention usage, Set<Quirk> quirks) {
  public Dialect {
    quirks = Set.copyOf(quirks);
  }

  public static Dialect standard(String vendor) {
    return new Dialect(vendor, UsageConvention.STANDARD, Set.of());
  }

  public boolean has(Quirk quirk) {
    return quirks.contains(quirk);
  }
}
