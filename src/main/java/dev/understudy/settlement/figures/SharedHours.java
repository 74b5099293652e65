package dev.understudy.settlement.figures;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import dev.understudy.settlement.focus.Billing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shares each hour of bought capacity out among the tokens it served, by their weight, and keeps
 * what of the hours nobody used.
 *
 * <p>What several purchases could serve counts for the first, as in exports.
 *
 * @param <K> what is told apart
 */
final class SharedHours<K> {
  private static final Rounding SHARES = new Rounding(RoundingMode.HALF_EVEN, 12);

  private final Instant from;
  private final Instant until;
  private final Taker<K> out;
  private final Map<Billing.Capacity, List<Within<K>>> running = new LinkedHashMap<>();
  private final Map<Billing.Capacity, Map<LocalDate, Money>> used = new HashMap<>();
  private Instant hour = Instant.MIN;

  /**
   * The part of an hour that some use bears.
   *
   * @param weight in the tokens in which the capacity is measured
   */
  record Share(Billing.Capacity capacity, BigDecimal weight, Money cost) {}

  /** Hears of what was used. */
  @FunctionalInterface
  interface Taker<K> {
    /**
     * Takes one sum.
     *
     * @param share empty for what capacity did not serve
     */
    void take(K key, Facts.Sum sum, Optional<Share> share);
  }

  /** Hears of what nobody used. */
  @FunctionalInterface
  interface Idle {
    void take(Billing.Capacity capacity, LocalDate day, Money cost);
  }

  private record Within<K>(K key, Facts.Sum sum, BigDecimal weight) {}

  /**
   * Begins a span.
   *
   * @param from a whole hour, as {@code until}
   */
  SharedHours(List<Billing.Capacity> capacity, Instant from, Instant until, Taker<K> out) {
    this.from = from;
    this.until = until;
    this.out = out;
    for (Billing.Capacity one : capacity) {
      if (one.from().isBefore(until) && from.isBefore(one.to())) {
        running.put(one, new ArrayList<>());
        used.put(one, new HashMap<>());
      }
    }
  }

  /** Sums by the hour where there is any capacity, else as was wished. */
  Facts.Grain grain(Facts.Grain wished) {
    return running.isEmpty() ? wished : Facts.Grain.HOUR;
  }

  /** Hears of use, earlier hours first. */
  void add(K key, Facts.Sum sum) {
    Optional<Billing.Capacity> serving = serving(sum);
    if (serving.isEmpty()) {
      out.take(key, sum, Optional.empty());
      return;
    }
    Instant begins = sum.begins().truncatedTo(ChronoUnit.HOURS);
    if (!begins.equals(hour)) {
      close();
      hour = begins;
    }
    CapacityPurchase.Throughput throughput = serving.get().terms().throughput().orElseThrow();
    running
        .computeIfAbsent(serving.get(), _ -> new ArrayList<>())
        .add(new Within<>(key, sum, throughput.weigh(sum.item(), sum.quantity())));
  }

  private Optional<Billing.Capacity> serving(Facts.Sum sum) {
    return running.keySet().stream().filter(one -> one.serves(sum)).findFirst();
  }

  /** Ends the hour of which was heard last. */
  void close() {
    running.forEach((capacity, calls) -> {
      if (calls.isEmpty()) {
        return;
      }
      CapacityPurchase.Hour came =
          capacity.terms().hour(calls.stream().map(Within::weight).toList(), SHARES);
      for (int i = 0; i < calls.size(); i++) {
        Within<K> call = calls.get(i);
        out.take(
            call.key(),
            call.sum(),
            Optional.of(new Share(capacity, call.weight(), came.shares().get(i))));
      }
      used.computeIfAbsent(capacity, _ -> new HashMap<>())
          .merge(day(hour), came.used(), Money::plus);
      calls.clear();
    });
  }

  /** Tells what of each day nobody used, so that with the shares it sums to what was paid. */
  void idle(Idle idle) {
    close();
    for (Billing.Capacity capacity : running.keySet()) {
      Instant begins = capacity.from().isBefore(from) ? from : capacity.from();
      Instant ends = capacity.to().isBefore(until) ? capacity.to() : until;
      Map<LocalDate, Money> days = used.getOrDefault(capacity, Map.of());
      while (begins.isBefore(ends)) {
        LocalDate day = day(begins);
        Instant midnight = day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        Instant next = midnight.isBefore(ends) ? midnight : ends;
        Money paid = capacity.terms().cost(Duration.between(begins, next).toHours());
        Money borne = days.getOrDefault(day, Money.zero(paid.currency()));
        idle.take(capacity, day, paid.minus(borne));
        begins = next;
      }
    }
  }

  private static LocalDate day(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC).toLocalDate();
  }
}
