package dev.understudy.settlement.figures;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import dev.understudy.settlement.focus.Billing;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
  private static final Rounding SHARES = new Rounding(RoundingMode.HALF_EVEN, 12);
  private static final Rounding RATIO = new Rounding(RoundingMode.HALF_EVEN, 4);

  /** In a span. */
  public static CapacityUse of(
      Facts facts, Billing.Capacity capacity, Listed lists, Instant from, Instant until)
      throws IOException {
    Instant begins = capacity.from().isAfter(from) ? capacity.from() : from;
    Instant ends = capacity.to().isBefore(until) ? capacity.to() : until;
    CapacityPurchase terms = capacity.terms();
    CapacityPurchase.Throughput throughput = terms.throughput().orElseThrow();
    Money zero = Money.zero(terms.perUnitHour().currency());
    if (!begins.isBefore(ends)) {
      return new CapacityUse(capacity, 0, zero, zero, zero, BigDecimal.ZERO, Optional.empty());
    }
    Map<Instant, List<BigDecimal>> weights = new TreeMap<>();
    var value = new BigDecimal[] {BigDecimal.ZERO};
    facts.sums(
        begins,
        ends,
        Facts.Grain.HOUR,
        sum -> {
          boolean tokens = sum.item().startsWith("input.") || sum.item().startsWith("output.");
          if (tokens && capacity.eligible().covers(Subject.of(sum.group()))) {
            weights
                .computeIfAbsent(sum.begins(), _ -> new ArrayList<>())
                .add(throughput.weigh(sum.item(), sum.quantity()));
            BigDecimal ours = sum.amount().amount();
            value[0] =
                value[0].add(
                    ours.signum() > 0
                        ? ours
                        : lists.each(sum).map(each -> each.multiply(sum.quantity())).orElse(ours));
          }
        });
    long hours = Duration.between(begins, ends).toHours();
    Money used = zero;
    BigDecimal served = BigDecimal.ZERO;
    for (List<BigDecimal> hour : weights.values()) {
      used = used.plus(terms.hour(hour, SHARES).used());
      for (BigDecimal weight : hour) {
        served = served.add(weight);
      }
    }
    Money cost = terms.cost(hours);
    Optional<BigDecimal> breakEven = Optional.empty();
    if (served.signum() > 0 && value[0].signum() > 0 && hours > 0) {
      // A full hour is worth what one weighed token is worth, times what an hour serves.
      BigDecimal full = terms.servesPerHour().orElseThrow();
      breakEven =
          Optional.of(
              RATIO.divide(terms.perHour().amount().multiply(served), value[0].multiply(full)));
    }
    BigDecimal utilisation =
        cost.isZero() ? BigDecimal.ZERO : RATIO.divide(used.amount(), cost.amount());
    return new CapacityUse(
        capacity, hours, cost, used, Money.of(value[0], zero.currency()), utilisation, breakEven);
  }
}
