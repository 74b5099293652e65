package dev.understudy.settlement.figures;

import dev.understudy.contract.Commitment;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Rounding;
import dev.understudy.settlement.focus.Billing;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * How far a commitment is used, where it is heading, and how likely it falls short.
 *
 * <p>The forecast goes on at the mean of the last four weeks. The risk takes days for independent
 * and alike: it is a guide, not a promise, and knows no seasons.
 *
 * @param used so far, in the commitment's unit; of capacity the units times the hours it was held
 * @param floors billed for months below their floor, which count for it too
 * @param perDay the mean of the last days
 * @param forecast what will be used by the end, at that rate
 * @param shortfall what will be missing then
 * @param pressure above 1 it will not be used up; empty where nothing is used at all
 * @param risk the chance that it is not used up, from 0 to 1
 */
public record BurnDown(
    Promise promise,
    BigDecimal used,
    BigDecimal floors,
    BigDecimal remaining,
    long daysLeft,
    BigDecimal perDay,
    BigDecimal forecast,
    BigDecimal shortfall,
    Optional<BigDecimal> pressure,
    double risk) {
  private static final int WINDOW_DAYS = 28;
  private static final Rounding RATE = new Rounding(RoundingMode.HALF_EVEN, 6);
  private static final Rounding RATIO = new Rounding(RoundingMode.HALF_EVEN, 4);

  /**
   * As of an instant; use of that day counts as far as it is known.
   *
   * @param bought capacity; what is served inside it is paid by the hour, and not spent by the
   *     token
   */
  public static BurnDown of(
      Facts facts, Promise promise, List<Billing.Capacity> bought, Instant now) throws IOException {
    Commitment terms = inAll(promise);
    Instant until = now.isBefore(terms.to()) ? now : terms.to();
    Map<LocalDate, BigDecimal> days = new TreeMap<>();
    if (terms.kind() == Commitment.Kind.CAPACITY) {
      held(promise, terms.from(), until, days);
    } else if (terms.from().isBefore(until)) {
      facts.sums(
          terms.from(),
          until,
          bought.isEmpty() ? Facts.Grain.DAY : Facts.Grain.HOUR,
          sum -> {
            boolean byTheHour =
                terms.kind() == Commitment.Kind.SPEND
                    && bought.stream().anyMatch(one -> one.serves(sum));
            if (!byTheHour && promise.eligible().test(sum.group())) {
              counted(terms, sum)
                  .ifPresent(much -> days.merge(day(sum.begins()), much, BigDecimal::add));
            }
          });
    }
    BigDecimal used = days.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal floors = floors(promise.terms(), days, until);
    BigDecimal remaining = terms.amount().subtract(used).subtract(floors).max(BigDecimal.ZERO);
    Instant opens = now.isBefore(terms.from()) ? terms.from() : now;
    long left = opens.isBefore(terms.to()) ? ceilingDays(Duration.between(opens, terms.to())) : 0;
    LocalDate last = day(until).minusDays(1);
    LocalDate begun = day(terms.from());
    LocalDate first = last.minusDays(WINDOW_DAYS - 1L);
    first = first.isBefore(begun) ? begun : first;
    long count =
        Math.max(
            0, Duration.between(first.atStartOfDay(), last.plusDays(1).atStartOfDay()).toDays());
    BigDecimal sum = BigDecimal.ZERO;
    for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
      sum = sum.add(days.getOrDefault(day, BigDecimal.ZERO));
    }
    BigDecimal perDay = count == 0 ? BigDecimal.ZERO : RATE.divide(sum, BigDecimal.valueOf(count));
    boolean units = terms.kind() == Commitment.Kind.CAPACITY;
    // What is held until when is agreed already; how calls go on is not.
    BigDecimal ahead =
        units ? heldWithin(promise, until, terms.to()) : perDay.multiply(BigDecimal.valueOf(left));
    BigDecimal forecast = used.add(ahead);
    BigDecimal shortfall = remaining.subtract(ahead).max(BigDecimal.ZERO);
    return new BurnDown(
        promise,
        used,
        floors,
        remaining,
        left,
        perDay,
        forecast,
        shortfall,
        terms.burnPressure(remaining, now, perDay, RATIO),
        units ? shortfall.signum() : risk(days, first, last, count, left, remaining));
  }

  /** What was promised, in what {@link #used} is counted in. */
  public Commitment terms() {
    return inAll(promise);
  }

  private static Commitment inAll(Promise promise) {
    Commitment said = promise.terms();
    return said.kind() == Commitment.Kind.CAPACITY ? said.withoutFloor().inUnitHours(0) : said;
  }

  private static void held(
      Promise promise, Instant from, Instant until, Map<LocalDate, BigDecimal> days) {
    for (Instant begins = from; begins.isBefore(until); ) {
      Instant next = day(begins).plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
      Instant ends = next.isBefore(until) ? next : until;
      days.put(day(begins), heldWithin(promise, begins, ends));
      begins = next;
    }
  }

  private static BigDecimal heldWithin(Promise promise, Instant from, Instant until) {
    BigDecimal held = BigDecimal.ZERO;
    for (Promise.Held one : promise.held()) {
      held = held.add(one.within(from, until));
    }
    return held;
  }

  private static Optional<BigDecimal> counted(Commitment terms, Facts.Sum sum) {
    return switch (terms.kind()) {
      case SPEND ->
          sum.priced() && sum.amount().currency().getCurrencyCode().equals(terms.unit())
              ? Optional.of(sum.amount().amount())
              : Optional.empty();
      case USAGE -> sum.isOfTokens() ? Optional.of(sum.quantity()) : Optional.empty();
      case CAPACITY -> Optional.empty();
    };
  }

  /** What whole months below their floor were billed beside their use. */
  private static BigDecimal floors(
      Commitment terms, Map<LocalDate, BigDecimal> days, Instant until) {
    Commitment.Standing standing = Commitment.Standing.START;
    BigDecimal floors = BigDecimal.ZERO;
    LocalDate begins = day(terms.from());
    LocalDate end = day(terms.to());
    while (begins.isBefore(end)) {
      LocalDate next = begins.withDayOfMonth(1).plusMonths(1);
      next = next.isAfter(end) ? end : next;
      if (next.isAfter(day(until))) {
        break;
      }
      BigDecimal used = BigDecimal.ZERO;
      for (LocalDate day = begins; day.isBefore(next); day = day.plusDays(1)) {
        used = used.add(days.getOrDefault(day, BigDecimal.ZERO));
      }
      long hours = 24L * begins.lengthOfMonth();
      Commitment.Month month = terms.inUnitHours(hours).month(standing, used, false);
      floors = floors.add(month.trueUp());
      standing = month.after();
      begins = next;
    }
    return floors;
  }

  private static double risk(
      Map<LocalDate, BigDecimal> days,
      LocalDate first,
      LocalDate last,
      long count,
      long left,
      BigDecimal remaining) {
    if (remaining.signum() <= 0) {
      return 0;
    }
    if (left == 0 || count == 0) {
      return 1;
    }
    double mean = 0;
    double squares = 0;
    long seen = 0;
    for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
      // Welford's way, since a sum of squares of large amounts loses the variance.
      double much = days.getOrDefault(day, BigDecimal.ZERO).doubleValue();
      seen++;
      double away = much - mean;
      mean += away / seen;
      squares += away * (much - mean);
    }
    double variance = count > 1 ? squares / (count - 1) : 0;
    double needed = remaining.doubleValue() - mean * left;
    if (variance <= 0) {
      return needed > 0 ? 1 : 0;
    }
    // The mean itself is known from so many days only.
    double spread = Math.sqrt(variance * left * (1 + (double) left / count));
    return NormalDistribution.of(0, 1).cumulativeProbability(needed / spread);
  }

  private static LocalDate day(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private static long ceilingDays(Duration span) {
    return span.minusNanos(1).toDays() + 1;
  }
}
