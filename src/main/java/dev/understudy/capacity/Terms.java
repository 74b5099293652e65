package dev.understudy.capacity;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known beforehand of one target's limits.
 *
 * @param limits by dimension, per its window; what is absent is unknown
 * @param concurrent calls at once; 0 if unknown
 * @param burn how tokens are counted
 * @param interactiveShare what batch calls leave to interactive ones, 0 to 1
 * @param headers how the vendor says what is left
 * @param provisioned what was bought, if anything
 */
public record Terms(
    Map<Dimension, Long> limits,
    int concurrent,
    Burn burn,
    double interactiveShare,
    HeaderDialect headers,
    Optional<Provisioned> provisioned) {
  /** What batch calls leave to interactive ones unless the settings say otherwise. */
  public static final double USUAL_SHARE = 0.2;

  /** Nothing is known. */
  public static final Terms UNKNOWN =
      new Terms(Map.of(), 0, Burn.PLAIN, USUAL_SHARE, HeaderDialect.NONE, Optional.empty());

  public Terms {
    limits = limits.isEmpty() ? Map.of() : Map.copyOf(new EnumMap<>(limits));
    limits.forEach((dimension, limit) -> {
      if (limit < 1) {
        throw new IllegalArgumentException(
            "%s is %d; a limit is 1 or more".formatted(dimension.label(), limit));
      }
    });
    if (concurrent < 0 || !(interactiveShare >= 0 && interactiveShare <= 0.9)) {
      throw new IllegalArgumentException(
          "concurrent cannot be negative, and the interactive share is 0 to 0.9");
    }
  }

  /** The limit that was set for a dimension; infinite if none was. */
  double set(Dimension dimension) {
    if (dimension == Dimension.PROVISIONED) {
      return provisioned.map(Provisioned::perMinute).orElse(Double.POSITIVE_INFINITY);
    }
    Long limit = limits.get(dimension);
    return limit == null ? Double.POSITIVE_INFINITY : limit;
  }

  public Terms withHeaders(HeaderDialect dialect) {
    return new Terms(limits, concurrent, burn, interactiveShare, dialect, provisioned);
  }
}
