package dev.understudy.contract;

import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.util.List;

/**
 * What a vendor gives back for a month in which it served less than it promised.
 *
 * @param availability that was promised, from 0 to 1
 * @param credits what is given back below which availability
 */
public record ServiceCredits(BigDecimal availability, List<Credit> credits) {

  /**
   * One step.
   *
   * @param below the availability
   * @param part of the month's charges, from 0 to 1
   */
  public record Credit(BigDecimal below, BigDecimal part) {
    public Credit {
      Terms.fraction("an availability", below);
      Terms.fraction("a credit", part);
    }
  }

  public ServiceCredits {
    Terms.fraction("an availability", availability);
    credits = List.copyOf(credits);
    for (Credit credit : credits) {
      if (credit.below().compareTo(availability) > 0) {
        throw new IllegalArgumentException(
            "a credit below %s, where only %s was promised"
                .formatted(credit.below().toPlainString(), availability.toPlainString()));
      }
    }
  }

  /**
   * What is given back of a month's charges; exact.
   *
   * @param good calls, or minutes, that were served as promised
   * @param counted all that count: without what the clause excludes, such as maintenance
   */
  public Money credit(Money charges, long good, long counted) {
    if (good < 0 || good > counted) {
      throw new IllegalArgumentException("%d good ones of %d".formatted(good, counted));
    }
    BigDecimal part = BigDecimal.ZERO;
    for (Credit credit : credits) {
      // Compared as products: a quotient would have to be rounded.
      BigDecimal needed = credit.below().multiply(BigDecimal.valueOf(counted));
      if (BigDecimal.valueOf(good).compareTo(needed) < 0) {
        part = part.max(credit.part());
      }
    }
    return charges.times(part);
  }
}
