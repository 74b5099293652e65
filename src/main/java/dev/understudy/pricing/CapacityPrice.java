package dev.understudy.pricing;

import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * Capacity that is paid by the hour, used or not.
 *
 * @param unit such as {@code PTU}
 * @param perHour for one unit
 */
public record CapacityPrice(String unit, Money perHour) {

  /**
   * What so many units cost from one instant to another: whole hours, a begun one counted whole.
   *
   * @param to not included
   */
  public Money cost(long units, Instant from, Instant to) {
    if (units < 0 || to.isBefore(from)) {
      throw new IllegalArgumentException(
          "%d units from %s to %s are no capacity".formatted(units, from, to));
    }
    Duration span = Duration.between(from, to);
    long hours = span.toHours() + (span.compareTo(Duration.ofHours(span.toHours())) > 0 ? 1 : 0);
    return perHour.times(BigDecimal.valueOf(units)).times(hours);
  }
}
