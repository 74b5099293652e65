package dev.understudy.settlement.figures;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import dev.understudy.settlement.focus.Billing;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far capacity that is paid by the hour was used, and whether that was cheaper than paying by
 * the token.
 *
 * @param cost of all hours
 * @param used the part that calls bear; the rest is unused
 * @param value what the same use comes to by the token, at our prices or else the list's
 * @param utilisation used over cost
 * @param breakEven from which utilisation on it is cheaper; empty where nothing was used
 */
public record CapacityUse(
    Billing.Capacity capacity,
    long hours,
    Money cost,
    Money used,
    Money value,
    BigDecimal utilisation,
    Optional<BigDecimal> breakEven) {
  private static final Rounding RATIO = new Rounding(RoundingMode.HALF_EVEN, 4);

  /** All that overlap a span, in the order given; what several could serve counts for the first. */
  public static List<CapacityUse> of(
      Facts facts, List<Billing.Capacity> capacity, Listed lists, Instant from, Instant until)
      throws IOException {
    Map<Billing.Capacity, Sum> sums = new LinkedHashMap<>();
    capacity.forEach(one -> sums.put(one, new Sum(one)));
    var hours =
        new SharedHours<Boolean>(
            capacity,
            from,
            until,
            (_, sum, share) ->
                share.ifPresent(
                    part -> sums.computeIfAbsent(part.capacity(), Sum::new).add(sum, part, lists)));
    if (hours.grain(Facts.Grain.WHOLE) == Facts.Grain.HOUR) {
      facts.sums(from, until, Facts.Grain.HOUR, sum -> hours.add(true, sum));
    }
    hours.close();
    return sums.values().stream().map(sum -> sum.use(from, until)).toList();
  }

  private static final class Sum {
    private final Billing.Capacity capacity;
    private final Currency currency;
    private BigDecimal used = BigDecimal.ZERO;
    private BigDecimal served = BigDecimal.ZERO;
    private BigDecimal value = BigDecimal.ZERO;

    Sum(Billing.Capacity capacity) {
      this.capacity = capacity;
      this.currency = capacity.terms().perUnitHour().currency();
    }

    void add(Facts.Sum sum, SharedHours.Share part, Listed lists) {
      used = used.add(part.cost().amount());
      served = served.add(part.weight());
      Money ours = sum.amount();
      Optional<Money> worth =
          sum.priced() && ours.sign() > 0
              ? Optional.of(ours)
              : lists.each(sum).map(each -> each.times(sum.quantity()));
      // Of another currency nobody can say what it is worth in this one.
      if (worth.isPresent() && worth.get().currency().equals(currency)) {
        value = value.add(worth.get().amount());
      }
    }

    CapacityUse use(Instant from, Instant until) {
      Instant begins = capacity.from().isAfter(from) ? capacity.from() : from;
      Instant ends = capacity.to().isBefore(until) ? capacity.to() : until;
      long hours = begins.isBefore(ends) ? Duration.between(begins, ends).toHours() : 0;
      CapacityPurchase terms = capacity.terms();
      Money cost = terms.cost(hours);
      Optional<BigDecimal> breakEven = Optional.empty();
      if (served.signum() > 0 && value.signum() > 0 && hours > 0) {
        // A full hour is worth what one weighed token is worth, times what an hour serves.
        BigDecimal full = terms.servesPerHour().orElseThrow();
        breakEven =
            Optional.of(
                RATIO.divide(terms.perHour().amount().multiply(served), value.multiply(full)));
      }
      return new CapacityUse(
          capacity,
          hours,
          cost,
          Money.of(used, currency),
          Money.of(value, currency),
          cost.isZero() ? BigDecimal.ZERO : RATIO.divide(used, cost.amount()),
          breakEven);
    }
  }
}
