package dev.understudy.settlement.figures;

import dev.understudy.exchange.Facts;
import dev.understudy.money.Allocation;
import dev.understudy.money.Money;
import dev.understudy.settlement.figures.Booked.Sale;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Shares out what was booked of a customer's month among what the customer used in it, by what that
 * cost, so that the shares sum to what was booked.
 *
 * @param <K> what is told apart
 */
final class Sharing<K> {
  /** Decimals of a share at the least. */
  private static final int DECIMALS = 12;

  private record Month(String owner, YearMonth month) {}

  private record Due(Month month, Currency currency) {}

  private final Booked booked;
  private final Map<Due, List<Sale>> sales = new LinkedHashMap<>();
  private final List<Sale> others = new ArrayList<>();
  private final Map<YearMonth, Set<String>> owners = new TreeMap<>();

  /** By month of an owner, by currency of the cost, by what is told apart: what it cost. */
  private final Map<Month, Map<String, Map<K, BigDecimal>>> weights = new LinkedHashMap<>();

  /** The same for what lies outside of what was asked for. */
  private final Map<Month, Map<String, BigDecimal>> outside = new LinkedHashMap<>();

  Sharing(Booked booked, List<Sale> all) {
    this.booked = booked;
    for (Sale sale : all) {
      if (!sale.customer()) {
        others.add(sale);
        continue;
      }
      var month = new Month(sale.owner(), month(sale.at()));
      sales
          .computeIfAbsent(new Due(month, sale.amount().currency()), _ -> new ArrayList<>())
          .add(sale);
      owners.computeIfAbsent(month.month(), _ -> new TreeSet<>()).add(sale.owner());
    }
  }

  static YearMonth month(Instant at) {
    return YearMonth.from(at.atOffset(ZoneOffset.UTC));
  }

  /**
   * Hears of what was used.
   *
   * @param cost what it came to
   */
  void used(K key, Facts.Sum sum, Money cost) {
    each(
        sum,
        cost,
        month ->
            weights
                .computeIfAbsent(month, _ -> new TreeMap<>())
                .computeIfAbsent(cost.currency().getCurrencyCode(), _ -> new LinkedHashMap<>())
                .merge(key, cost.amount(), BigDecimal::add));
  }

  /** Hears of what was used in the same months, and is not asked for. */
  void usedOutside(Facts.Sum sum, Money cost) {
    each(
        sum,
        cost,
        month ->
            outside
                .computeIfAbsent(month, _ -> new TreeMap<>())
                .merge(cost.currency().getCurrencyCode(), cost.amount(), BigDecimal::add));
  }

  private void each(Facts.Sum sum, Money cost, Consumer<Month> use) {
    if (sum.item().isEmpty() || cost.sign() <= 0) {
      return;
    }
    YearMonth month = month(sum.begins());
    for (String owner : owners.getOrDefault(month, Set.of())) {
      if (booked.pays(owner, sum.group())) {
        use.accept(new Month(owner, month));
      }
    }
  }

  /**
   * Tells what each bears.
   *
   * @param rest hears of what belongs to no call that is known
   */
  void shareOut(BiConsumer<K, Money> share, Consumer<Sale> rest) {
    others.forEach(rest);
    sales.forEach((due, all) -> {
      Map<String, Map<K, BigDecimal>> inside = weights.getOrDefault(due.month(), Map.of());
      Map<String, BigDecimal> beside = outside.getOrDefault(due.month(), Map.of());
      var currencies = new TreeSet<>(inside.keySet());
      currencies.addAll(beside.keySet());
      String own = due.currency().getCurrencyCode();
      // What was used in several other currencies cannot be weighed against each other.
      if (!currencies.contains(own) && currencies.size() != 1) {
        all.forEach(rest);
        return;
      }
      String by = currencies.contains(own) ? own : currencies.first();
      Map<K, BigDecimal> costs = inside.getOrDefault(by, Map.of());
      List<K> keys = List.copyOf(costs.keySet());
      var parts = new ArrayList<BigDecimal>(costs.values());
      parts.add(beside.getOrDefault(by, BigDecimal.ZERO));
      Money sum = Money.zero(due.currency());
      for (Sale sale : all) {
        sum = sum.plus(sale.amount());
      }
      int decimals = Math.max(DECIMALS, sum.amount().stripTrailingZeros().scale());
      boolean back = sum.sign() < 0;
      List<Money> shares =
          Allocation.byLargestRemainder(back ? sum.negate() : sum, parts, decimals);
      for (int i = 0; i < keys.size(); i++) {
        share.accept(keys.get(i), back ? shares.get(i).negate() : shares.get(i));
      }
    });
  }
}
