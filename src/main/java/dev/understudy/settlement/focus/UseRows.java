package dev.understudy.settlement.focus;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.Commitment;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Fact;
import dev.understudy.json.Json;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Rounding;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gathers calls by hour and period and writes their rows when those end: an hour of capacity is
 * shared out among the calls it served, what was paid ahead is drawn down row by row.
 */
final class UseRows {
  private static final Rounding SHARES =
      new Rounding(RoundingMode.HALF_EVEN, CostAndUsage.DECIMALS);
  private static final Duration HOUR = Duration.ofHours(1);

  private final CostRows kit;
  private final ListPrices lists;
  private final Corrections corrections;
  private final Instant now;
  private final Duration step;
  private final BoughtRows bought;
  private final UseRow row;
  private final Passing out;
  private Instant period;
  private Instant hour;
  private Map<UseKey, UseSum> uses = new HashMap<>();
  private final Map<Billing.Capacity, Map<UseKey, UseSum>> within = new LinkedHashMap<>();
  private final Map<Billing.Spend, BigDecimal> left;

  /**
   * Begins a span.
   *
   * @param now hours of capacity that have not begun by then are left out
   * @param step how long a period is
   * @param left what is left of what was paid ahead
   */
  UseRows(
      CostRows kit,
      ListPrices lists,
      Corrections corrections,
      List<Billing.Capacity> capacity,
      Instant now,
      Instant from,
      Duration step,
      BoughtRows bought,
      Map<Billing.Spend, BigDecimal> left,
      Passing out) {
    this.kit = kit;
    this.lists = lists;
    this.corrections = corrections;
    this.now = now;
    this.step = step;
    this.bought = bought;
    this.left = new LinkedHashMap<>(left);
    this.row = new UseRow(kit, out);
    this.out = out;
    period = from;
    hour = from;
    capacity.forEach(one -> within.put(one, new HashMap<>()));
  }

  /** Counts one call; what begins later than the running hour or period ends those. */
  void use(Fact fact) throws IOException {
    if (fact.cost().isEmpty()) {
      return;
    }
    advance(fact.occurredAt());
    Cost cost = fact.cost().get();
    ListPrices.Listed listed = lists.of(fact);
    Optional<YearMonth> correction = corrections.bookedAt(fact).map(Months::of);
    String tags = tags(fact.tags());
    Optional<Billing.Capacity> capacity = capacity(fact);
    for (Cost.Line line : cost.lines()) {
      Optional<BigDecimal> listEach = Optional.ofNullable(listed.each().get(line.item()));
      UseKey key =
          key(fact, tags, line.item(), cost, listed.price(), line.each(), listEach, "", correction);
      sum(into(capacity, line.item()), key)
          .add(line.quantity(), line.amount().amount(), line.amount().amount());
    }
    for (Cost.Unpriced unpriced : cost.unpriced()) {
      UseKey key =
          key(
              fact,
              tags,
              unpriced.item(),
              cost,
              listed.price(),
              Optional.empty(),
              Optional.empty(),
              unpriced.reason(),
              correction);
      sum(into(capacity, unpriced.item()), key)
          .add(unpriced.quantity(), BigDecimal.ZERO, unpriced.counted().amount());
    }
  }

  /** Capacity serves tokens; what else a call takes is charged beside it. */
  private Map<UseKey, UseSum> into(Optional<Billing.Capacity> capacity, String item) {
    boolean covered = capacity.isPresent() && new Item(item).isTokens();
    return covered ? within.getOrDefault(capacity.get(), uses) : uses;
  }

  private UseSum sum(Map<UseKey, UseSum> into, UseKey key) {
    UseSum sum = into.computeIfAbsent(key, _ -> new UseSum());
    if (into.size() > CostAndUsage.ROWS_MAX) {
      throw new IllegalArgumentException(
          "more than %d different rows from %s on; export by hour"
              .formatted(CostAndUsage.ROWS_MAX, period));
    }
    return sum;
  }

  private static UseKey key(
      Fact fact,
      String tags,
      String item,
      Cost cost,
      String listPrice,
      Optional<BigDecimal> each,
      Optional<BigDecimal> listEach,
      String suspense,
      Optional<YearMonth> correction) {
    return new UseKey(
        fact.vendor(),
        fact.kind(),
        fact.model(),
        fact.region(),
        fact.tier(),
        fact.organisation(),
        fact.team(),
        fact.keyId(),
        tags,
        fact.route(),
        fact.purpose().word(),
        item,
        cost.price(),
        listPrice,
        each,
        listEach,
        cost.currency(),
        fact.estimated(),
        suspense,
        correction);
  }

  private Optional<Billing.Capacity> capacity(Fact fact) {
    for (Billing.Capacity one : within.keySet()) {
      if (one.serves(Subject.of(fact), fact.tier(), fact.occurredAt())) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** Ends every hour and period that is over at an instant. */
  void advance(Instant now) throws IOException {
    while (!now.isBefore(hour.plus(HOUR))) {
      for (Map.Entry<Billing.Capacity, Map<UseKey, UseSum>> one : within.entrySet()) {
        endHour(one.getKey(), one.getValue());
        one.getValue().clear();
      }
      hour = hour.plus(HOUR);
      if (!hour.isBefore(period.plus(step))) {
        endPeriod();
        period = hour;
      }
    }
  }

  private void endHour(Billing.Capacity capacity, Map<UseKey, UseSum> calls) throws IOException {
    if (hour.isBefore(capacity.from()) || !hour.isBefore(capacity.endBy(now))) {
      return;
    }
    CapacityPurchase terms = capacity.terms();
    CapacityPurchase.Throughput throughput = terms.throughput().orElseThrow();
    List<UseKey> keys = calls.keySet().stream().sorted(UseKey.ORDER).toList();
    var weights = new ArrayList<BigDecimal>();
    for (UseKey key : keys) {
      weights.add(throughput.weigh(key.item(), calls.getOrDefault(key, new UseSum()).quantity()));
    }
    CapacityPurchase.Hour shared = terms.hour(weights, SHARES);
    Currency currency = terms.perUnitHour().currency();
    BigDecimal all = terms.units();
    Instant ends = hour.plus(HOUR);
    for (int i = 0; i < keys.size(); i++) {
      UseKey key = keys.get(i);
      UseSum sum = calls.getOrDefault(key, new UseSum());
      if (!key.currency().equals(currency)) {
        throw new IllegalArgumentException(
            "capacity %s is priced in %s and what it serves in %s; a row has one currency"
                .formatted(capacity.id(), currency, key.currency()));
      }
      BigDecimal share = shared.shares().get(i).amount();
      BigDecimal unitHours =
          terms.perUnitHour().isZero()
              ? BigDecimal.ZERO
              : SHARES.divide(share, terms.perUnitHour().amount());
      all = all.subtract(unitHours);
      row.write(
          key, sum, hour, ends, Optional.of(Cover.covered(capacity, "Used", unitHours, share)));
    }
    if (shared.unused().sign() > 0) {
      Cover cover = Cover.covered(capacity, "Unused", all, shared.unused().amount());
      Map<String, String> unused =
          kit.commitmentRow(capacity.eligible(), cover, hour, ends, currency);
      unused.put("ChargeCategory", "Usage");
      unused.put("ChargeFrequency", "Usage-Based");
      unused.put("ChargeDescription", "Unused part of " + capacity.name());
      unused.put("PricingCategory", "Committed");
      BigDecimal each = terms.perUnitHour().amount();
      CostRows.priced(unused, all, cover.unit(), each, each);
      out.emit(unused, BigDecimal.ZERO, currency);
    }
  }

  private void endPeriod() throws IOException {
    Instant ends = period.plus(step);
    for (UseKey key : uses.keySet().stream().sorted(UseKey.ORDER).toList()) {
      UseSum sum = uses.getOrDefault(key, new UseSum());
      Optional<Billing.Spend> spend = paid(key);
      if (spend.isPresent()) {
        drawDown(spend.get(), key, sum, ends);
      } else {
        row.write(key, sum, period, ends, Optional.empty());
      }
    }
    uses = new HashMap<>();
    for (Billing.Spend spend : List.copyOf(left.keySet())) {
      Commitment terms = spend.terms();
      BigDecimal rest = left.getOrDefault(spend, BigDecimal.ZERO);
      boolean over =
          !terms.to().isAfter(ends) && !terms.to().isAfter(now) && terms.to().isAfter(period);
      if (over && rest.signum() > 0) {
        bought.unused(spend, rest, period, terms.to(), Currencies.of(terms.unit()));
        left.put(spend, BigDecimal.ZERO);
      }
    }
  }

  /** What was paid ahead for it and is not used up. */
  private Optional<Billing.Spend> paid(UseKey key) {
    for (Map.Entry<Billing.Spend, BigDecimal> one : left.entrySet()) {
      Commitment terms = one.getKey().terms();
      if (one.getValue().signum() > 0
          && key.each().isPresent()
          && key.each().get().signum() > 0
          && one.getKey().eligible().covers(key.subject())
          && key.currency().getCurrencyCode().equals(terms.unit())
          && !period.isBefore(terms.from())
          && period.isBefore(terms.to())) {
        return Optional.of(one.getKey());
      }
    }
    return Optional.empty();
  }

  /**
   * Takes a row out of what was paid ahead; what is beyond it becomes a row of its own. Units are
   * not broken, so less than the price of one may be left, which ends as unused.
   */
  private void drawDown(Billing.Spend spend, UseKey key, UseSum sum, Instant ends)
      throws IOException {
    BigDecimal rest = left.getOrDefault(spend, BigDecimal.ZERO);
    BigDecimal each = key.each().orElseThrow();
    BigDecimal inside =
        sum.amount().compareTo(rest) <= 0
            ? sum.quantity()
            : new Rounding(RoundingMode.DOWN, 0).divide(rest, each).min(sum.quantity());
    BigDecimal amount = inside.multiply(each);
    left.put(spend, rest.subtract(amount));
    if (inside.signum() > 0) {
      UseSum used = UseSum.of(inside, amount, sum.attempts());
      row.write(
          key,
          used,
          period,
          ends,
          Optional.of(Cover.spent(spend, "Used", amount, BigDecimal.ZERO, amount)));
    }
    if (inside.compareTo(sum.quantity()) < 0) {
      UseSum beyond =
          UseSum.of(
              sum.quantity().subtract(inside),
              sum.amount().subtract(amount),
              inside.signum() > 0 ? 0 : sum.attempts());
      row.write(key, beyond, period, ends, Optional.empty());
    }
  }

  private static String tags(Map<String, String> tags) {
    if (tags.isEmpty()) {
      return "";
    }
    var object = Json.object();
    new TreeMap<>(tags).forEach(object::put);
    return Json.text(object);
  }
}
