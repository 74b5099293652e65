package dev.understudy.settlement.reconciliation;

import dev.understudy.access.Glob;
import dev.understudy.settlement.focus.Billing;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The hours of one purchase of capacity within a span, at the price of each hour.
 *
 * @param parts more than one where units or price changed within the span
 */
record BoughtHours(List<Part> parts) {
  private static final long HOUR_MILLIS = 3_600_000L;

  /** Hours at one price. */
  record Part(Billing.Capacity capacity, long hours) {
    BigDecimal unitHours() {
      return capacity.terms().units().multiply(BigDecimal.valueOf(hours));
    }

    @Override
    public String toString() {
      return "%d hours of %s %s at %s"
          .formatted(
              hours,
              Close.plain(capacity.terms().units()),
              capacity.terms().unit(),
              capacity.terms().perUnitHour());
    }
  }

  BoughtHours {
    parts = List.copyOf(parts);
  }

  /**
   * Those of some days, which are days in UTC; the hour within which a purchase begins is paid.
   *
   * @param all what has one id is one purchase
   * @param to the last day
   */
  static List<BoughtHours> within(List<Billing.Capacity> all, LocalDate from, LocalDate to) {
    var byId = new LinkedHashMap<String, List<Part>>();
    Instant begin = from.atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant end = to.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    for (Billing.Capacity one : all) {
      long first = Math.max(Math.floorDiv(one.from().toEpochMilli(), HOUR_MILLIS), hour(begin));
      long last = Math.min(Math.ceilDiv(one.to().toEpochMilli(), HOUR_MILLIS), hour(end));
      if (first < last) {
        byId.computeIfAbsent(one.id(), _ -> new ArrayList<>()).add(new Part(one, last - first));
      }
    }
    return byId.values().stream().map(BoughtHours::new).toList();
  }

  private static long hour(Instant midnight) {
    return midnight.toEpochMilli() / HOUR_MILLIS;
  }

  private Billing.Capacity first() {
    return parts.getFirst().capacity();
  }

  /** In whole units of the currency. */
  BigDecimal amount() {
    return parts.stream()
        .map(part -> part.unitHours().multiply(part.capacity().terms().perUnitHour().amount()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  BigDecimal unitHours() {
    return parts.stream().map(Part::unitHours).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  String unit() {
    return first().terms().unit();
  }

  String id() {
    return first().id();
  }

  /** Whether it is billed under a vendor's name, where its host serves under several. */
  boolean isBilledAs(String vendor) {
    return first().eligible().vendor().equals(vendor);
  }

  /** Whether a line names its unit. */
  boolean isNamedIn(Billed line) {
    return BoughtWords.name(first(), line.name());
  }

  /** Whether it serves the model that a line names. */
  boolean serves(Billed line) {
    return first().eligible().models().stream()
        .anyMatch(pattern ->
            pattern.contains("*")
                ? new Glob(pattern).matches(line.model())
                : ModelNames.isSame(line.model(), pattern));
  }

  @Override
  public String toString() {
    return "%s (%s)"
        .formatted(String.join(" and ", parts.stream().map(Part::toString).toList()), id());
  }
}
