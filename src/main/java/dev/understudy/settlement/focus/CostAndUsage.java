package dev.understudy.settlement.focus;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.Commitment;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.json.Json;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the dataset Cost and Usage from the records of calls and from what was bought, charged and
 * invoiced beside them.
 *
 * <p>A row is one item of one kind of call in one hour or day. Amounts are exact: a price is for a
 * million tokens and the quantity in millions, so that their product is the cost to the last digit.
 * What is shared out (an hour of capacity among calls) has {@value #DECIMALS} decimals, and the
 * shares sum to the whole.
 */
public final class CostAndUsage {
  /** Decimals of what is shared out. */
  static final int DECIMALS = 12;

  /** Different rows of one hour or day; beyond this, names of routes or models are made up. */
  static final int ROWS_MAX = 500_000;

  private static final Rounding SHARES = new Rounding(RoundingMode.HALF_EVEN, DECIMALS);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Billing billing;
  private final Parties parties;
  private final ListPrices lists;
  private final Corrections corrections;

  /** Takes rows one by one: a value under each column that has one. */
  @FunctionalInterface
  public interface Rows {
    void add(Map<String, String> row) throws IOException;
  }

  /**
   * What was written.
   *
   * @param suspense how many rows have no price
   * @param billed by currency
   */
  public record Written(long rows, long suspense, Map<Currency, BigDecimal> billed) {}

  public CostAndUsage(Billing billing, Parties parties, ListPrices lists, Corrections corrections) {
    this.billing = billing;
    this.parties = parties;
    this.lists = lists;
    this.corrections = corrections;
  }

  /**
   * Writes the rows whose charges begin in a span.
   *
   * @param from a whole hour, with days a midnight in UTC
   * @param until likewise
   * @param grain hours or days; capacity goes by hours either way
   * @throws IllegalArgumentException if the span does not fit the grain, or what was bought cannot
   *     be told apart from it
   */
  public Written write(Facts facts, Instant from, Instant until, Facts.Grain grain, Rows rows)
      throws IOException {
    ChronoUnit unit = grain == Facts.Grain.HOUR ? ChronoUnit.HOURS : ChronoUnit.DAYS;
    if (!from.isBefore(until)
        || !from.truncatedTo(unit).equals(from)
        || !until.truncatedTo(unit).equals(until)) {
      throw new IllegalArgumentException(
          "a span from %s to %s is not made of whole %s"
              .formatted(from, until, unit == ChronoUnit.HOURS ? "hours" : "days in UTC"));
    }
    var run = new Run(from, until, Duration.of(1, unit), rows);
    try {
      run.bought(facts);
      facts.each(
          from,
          until,
          fact -> {
            try {
              run.use(fact);
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      run.advance(until);
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
    return new Written(run.written, run.suspense, run.billed);
  }

  /** What use there was under one key. */
  private static final class UseSum {
    private BigDecimal quantity = BigDecimal.ZERO;
    private BigDecimal amount = BigDecimal.ZERO;
    private BigDecimal counted = BigDecimal.ZERO;
    private long attempts;

    private void add(BigDecimal more, BigDecimal cost, BigDecimal budgets) {
      quantity = quantity.add(more);
      amount = amount.add(cost);
      counted = counted.add(budgets);
      attempts++;
    }
  }

  /**
   * How a commitment takes part in a row.
   *
   * @param status {@code Used} or {@code Unused}; empty for a purchase
   */
  private record Cover(
      String id,
      String name,
      Optional<String> contract,
      boolean spend,
      String status,
      BigDecimal quantity,
      String unit,
      BigDecimal billed,
      BigDecimal effective) {}

  /** One writing of a span. */
  private final class Run {
    private final Instant from;
    private final Instant until;
    private final Duration step;
    private final Rows rows;
    private Instant period;
    private Instant hour;
    private Map<UseKey, UseSum> uses = new HashMap<>();
    private final Map<Billing.Capacity, Map<UseKey, UseSum>> within = new LinkedHashMap<>();
    private final Map<Billing.Spend, BigDecimal> left = new LinkedHashMap<>();
    private final Map<Currency, BigDecimal> billed = new HashMap<>();
    private long written;
    private long suspense;

    Run(Instant from, Instant until, Duration step, Rows rows) {
      this.from = from;
      this.until = until;
      this.step = step;
      this.rows = rows;
      period = from;
      hour = from;
    }

    /** Purchases and charges of the span, and what is left of what was paid ahead. */
    void bought(Facts facts) throws IOException {
      for (Billing.Capacity capacity : billing.capacity()) {
        within.put(capacity, new HashMap<>());
        purchases(capacity);
      }
      for (Billing.Spend spend : billing.commitments()) {
        if (spend.isPrepaid()) {
          prepaid(spend, facts);
        } else {
          promised(spend, facts);
        }
      }
      for (Billing.Charge charge : billing.charges()) {
        if (!charge.from().isBefore(from) && charge.from().isBefore(until)) {
          charge(charge);
        }
      }
    }

    /** One purchase for each month, or part of one, of the term. */
    private void purchases(Billing.Capacity capacity) throws IOException {
      Instant begins = later(capacity.from(), from);
      Instant ends = earlier(capacity.to(), until);
      while (begins.isBefore(ends)) {
        Instant next = earlier(monthAfter(begins), ends);
        BigDecimal hours = BigDecimal.valueOf(Duration.between(begins, next).toHours());
        BigDecimal unitHours = capacity.terms().units().multiply(hours);
        BigDecimal each = capacity.terms().perUnitHour().amount();
        BigDecimal cost = unitHours.multiply(each);
        var cover =
            new Cover(
                capacity.id(),
                capacity.name(),
                capacity.contract(),
                false,
                "",
                unitHours,
                capacity.terms().unit() + "-Hours",
                cost,
                BigDecimal.ZERO);
        Map<String, String> row =
            commitmentRow(
                capacity.eligible(),
                cover,
                begins,
                next,
                capacity.terms().perUnitHour().currency());
        row.put("ChargeCategory", "Purchase");
        row.put("ChargeFrequency", "Recurring");
        row.put("ChargeDescription", "Purchase of " + capacity.name());
        row.put("PricingCategory", "Standard");
        priced(row, unitHours, cover.unit(), each, each);
        emit(row, cost, capacity.terms().perUnitHour().currency());
        begins = next;
      }
    }

    private void prepaid(Billing.Spend spend, Facts facts) throws IOException {
      Commitment terms = spend.terms();
      Currency currency = Currencies.of(terms.unit());
      if (!terms.from().isBefore(from) && terms.from().isBefore(until)) {
        var cover = spent(spend, "", terms.amount(), terms.amount(), BigDecimal.ZERO);
        purchase(spend, cover, terms.from(), terms.to(), "One-Time", "Purchase of ", currency);
      }
      BigDecimal used =
          terms.from().isBefore(from)
              ? used(facts, spend, terms.from(), earlier(from, terms.to()))
              : BigDecimal.ZERO;
      left.put(spend, terms.amount().subtract(used).max(BigDecimal.ZERO));
    }

    /** What months below their floor, and an end below the promise, are billed. */
    private void promised(Billing.Spend spend, Facts facts) throws IOException {
      Commitment terms = spend.terms();
      Currency currency = Currencies.of(terms.unit());
      Commitment.Standing standing = Commitment.Standing.START;
      Instant begins = terms.from();
      while (begins.isBefore(terms.to())) {
        Instant ends = earlier(monthAfter(begins), terms.to());
        if (ends.isAfter(until)) {
          return;
        }
        // Floors hold for whole months, as on statements.
        boolean whole =
            begins.equals(begin(YearMonth.from(begins.atOffset(ZoneOffset.UTC))))
                && ends.equals(monthAfter(begins));
        Commitment.Month month =
            (whole ? terms : terms.withoutFloor())
                .month(standing, used(facts, spend, begins, ends), ends.equals(terms.to()));
        standing = month.after();
        BigDecimal due = month.trueUp().add(month.due());
        if (due.signum() > 0 && ends.isAfter(from)) {
          purchase(
              spend,
              spent(spend, "", due, due, BigDecimal.ZERO),
              begins,
              ends,
              "One-Time",
              "Shortfall of ",
              currency);
          unused(spend, due, begins, ends, currency);
        }
        begins = ends;
      }
    }

    private void purchase(
        Billing.Spend spend,
        Cover cover,
        Instant begins,
        Instant ends,
        String frequency,
        String what,
        Currency currency)
        throws IOException {
      Map<String, String> row = commitmentRow(spend.eligible(), cover, begins, ends, currency);
      row.put("ChargeCategory", "Purchase");
      row.put("ChargeFrequency", frequency);
      row.put("ChargeDescription", what + spend.name());
      row.put("PricingCategory", "Standard");
      priced(row, cover.billed(), currency.getCurrencyCode(), BigDecimal.ONE, BigDecimal.ONE);
      emit(row, cover.billed(), currency);
    }

    private void unused(
        Billing.Spend spend, BigDecimal amount, Instant begins, Instant ends, Currency currency)
        throws IOException {
      Cover cover = spent(spend, "Unused", amount, BigDecimal.ZERO, amount);
      Map<String, String> row = commitmentRow(spend.eligible(), cover, begins, ends, currency);
      row.put("ChargeCategory", "Usage");
      row.put("ChargeFrequency", "Usage-Based");
      row.put("ChargeDescription", "Unused part of " + spend.name());
      row.put("PricingCategory", "Committed");
      priced(row, amount, currency.getCurrencyCode(), BigDecimal.ONE, BigDecimal.ONE);
      emit(row, BigDecimal.ZERO, currency);
    }

    private static Cover spent(
        Billing.Spend spend,
        String status,
        BigDecimal quantity,
        BigDecimal billed,
        BigDecimal effective) {
      return new Cover(
          spend.id(),
          spend.name(),
          spend.contract(),
          true,
          status,
          quantity,
          spend.terms().unit(),
          billed,
          effective);
    }

    private static BigDecimal used(Facts facts, Billing.Spend spend, Instant from, Instant until)
        throws IOException {
      var sum = new BigDecimal[] {BigDecimal.ZERO};
      facts.sums(
          from,
          until,
          Facts.Grain.WHOLE,
          one -> {
            boolean counts =
                one.priced()
                    && spend.eligible().covers(Subject.of(one.group()))
                    && one.amount().currency().getCurrencyCode().equals(spend.terms().unit());
            if (counts) {
              sum[0] = sum[0].add(one.amount().amount());
            }
          });
      return sum[0];
    }

    private void charge(Billing.Charge charge) throws IOException {
      BigDecimal amount = charge.amount().amount();
      Map<String, String> row =
          row(
              charge.vendor(),
              charge.vendor(),
              charge.from(),
              charge.to(),
              charge.amount().currency());
      String category =
          switch (charge.kind()) {
            case TAX -> "Tax";
            case CREDIT -> "Credit";
            case ADJUSTMENT -> "Adjustment";
          };
      row.put("ChargeCategory", category);
      row.put("ChargeFrequency", "One-Time");
      row.put("ChargeDescription", charge.description());
      if (charge.correction()) {
        row.put("ChargeClass", "Correction");
      }
      row.put("ListCost", text(amount));
      row.put("ContractedCost", text(amount));
      row.put("EffectiveCost", text(amount));
      emit(row, amount, charge.amount().currency());
    }

    /** Counts one call; what begins later than the running hour or period ends those. */
    void use(Fact fact) throws IOException {
      if (fact.cost().isEmpty()) {
        return;
      }
      advance(fact.occurredAt());
      Cost cost = fact.cost().get();
      ListPrices.Listed listed = lists.of(fact);
      Optional<YearMonth> correction =
          corrections.bookedAt(fact).map(at -> YearMonth.from(at.atOffset(ZoneOffset.UTC)));
      String tags = tags(fact.tags());
      Optional<Billing.Capacity> capacity = capacity(fact);
      for (Cost.Line line : cost.lines()) {
        Optional<BigDecimal> listEach = Optional.ofNullable(listed.each().get(line.item()));
        UseKey key =
            key(
                fact,
                tags,
                line.item(),
                cost,
                listed.price(),
                line.each(),
                listEach,
                "",
                correction);
        boolean covered = capacity.isPresent() && new Item(line.item()).isTokens();
        Map<UseKey, UseSum> into = covered ? within.getOrDefault(capacity.get(), uses) : uses;
        sum(into, key).add(line.quantity(), line.amount().amount(), line.amount().amount());
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
        boolean covered = capacity.isPresent() && new Item(unpriced.item()).isTokens();
        Map<UseKey, UseSum> into = covered ? within.getOrDefault(capacity.get(), uses) : uses;
        sum(into, key).add(unpriced.quantity(), BigDecimal.ZERO, unpriced.counted().amount());
      }
    }

    private UseSum sum(Map<UseKey, UseSum> into, UseKey key) {
      UseSum sum = into.computeIfAbsent(key, _ -> new UseSum());
      if (into.size() > ROWS_MAX) {
        throw new IllegalArgumentException(
            "more than %d different rows from %s on; export by hour".formatted(ROWS_MAX, period));
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
        if (one.eligible().covers(Subject.of(fact))
            && !fact.occurredAt().isBefore(one.from())
            && fact.occurredAt().isBefore(one.to())) {
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
      if (hour.isBefore(capacity.from()) || !hour.isBefore(capacity.to())) {
        return;
      }
      CapacityPurchase terms = capacity.terms();
      List<UseKey> keys = calls.keySet().stream().sorted(UseKey.ORDER).toList();
      var weights = new ArrayList<BigDecimal>();
      for (UseKey key : keys) {
        weights.add(weight(terms, key.item(), calls.getOrDefault(key, new UseSum()).quantity));
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
        write(key, sum, hour, ends, Optional.of(covered(capacity, "Used", unitHours, share)));
      }
      if (shared.unused().sign() > 0) {
        Cover cover = covered(capacity, "Unused", all, shared.unused().amount());
        Map<String, String> row = commitmentRow(capacity.eligible(), cover, hour, ends, currency);
        row.put("ChargeCategory", "Usage");
        row.put("ChargeFrequency", "Usage-Based");
        row.put("ChargeDescription", "Unused part of " + capacity.name());
        row.put("PricingCategory", "Committed");
        BigDecimal each = terms.perUnitHour().amount();
        priced(row, all, cover.unit(), each, each);
        emit(row, BigDecimal.ZERO, currency);
      }
    }

    private static Cover covered(
        Billing.Capacity capacity, String status, BigDecimal unitHours, BigDecimal effective) {
      return new Cover(
          capacity.id(),
          capacity.name(),
          capacity.contract(),
          false,
          status,
          unitHours,
          capacity.terms().unit() + "-Hours",
          BigDecimal.ZERO,
          effective);
    }

    private static BigDecimal weight(CapacityPurchase terms, String item, BigDecimal quantity) {
      CapacityPurchase.Throughput throughput = terms.throughput().orElseThrow();
      if (item.startsWith("output.")) {
        return throughput.weigh(BigDecimal.ZERO, BigDecimal.ZERO, quantity);
      }
      return item.contains(".read")
          ? throughput.weigh(BigDecimal.ZERO, quantity, BigDecimal.ZERO)
          : throughput.weigh(quantity, BigDecimal.ZERO, BigDecimal.ZERO);
    }

    private void endPeriod() throws IOException {
      Instant ends = period.plus(step);
      for (UseKey key : uses.keySet().stream().sorted(UseKey.ORDER).toList()) {
        UseSum sum = uses.getOrDefault(key, new UseSum());
        Optional<Billing.Spend> spend = paid(key);
        if (spend.isPresent()) {
          drawDown(spend.get(), key, sum, ends);
        } else {
          write(key, sum, period, ends, Optional.empty());
        }
      }
      uses = new HashMap<>();
      for (Billing.Spend spend : List.copyOf(left.keySet())) {
        Commitment terms = spend.terms();
        BigDecimal rest = left.getOrDefault(spend, BigDecimal.ZERO);
        boolean over = !terms.to().isAfter(ends) && terms.to().isAfter(period);
        if (over && rest.signum() > 0) {
          unused(spend, rest, period, terms.to(), Currencies.of(terms.unit()));
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
          sum.amount.compareTo(rest) <= 0
              ? sum.quantity
              : new Rounding(RoundingMode.DOWN, 0).divide(rest, each).min(sum.quantity);
      BigDecimal amount = inside.multiply(each);
      left.put(spend, rest.subtract(amount));
      if (inside.signum() > 0) {
        var used = new UseSum();
        used.add(inside, amount, amount);
        used.attempts = sum.attempts;
        write(
            key,
            used,
            period,
            ends,
            Optional.of(spent(spend, "Used", amount, BigDecimal.ZERO, amount)));
      }
      if (inside.compareTo(sum.quantity) < 0) {
        var beyond = new UseSum();
        BigDecimal more = sum.amount.subtract(amount);
        beyond.add(sum.quantity.subtract(inside), more, more);
        beyond.attempts = inside.signum() > 0 ? 0 : sum.attempts;
        write(key, beyond, period, ends, Optional.empty());
      }
    }

    private void write(UseKey key, UseSum sum, Instant begins, Instant ends, Optional<Cover> cover)
        throws IOException {
      if (sum.quantity.signum() == 0 && sum.amount.signum() == 0) {
        return;
      }
      Map<String, String> row = row(key.vendor(), key.kind(), begins, ends, key.currency());
      key.correction()
          .ifPresent(month -> {
            row.put("ChargeClass", "Correction");
            month(row, key.vendor(), month);
          });
      var item = new Item(key.item());
      boolean inSuspense = !key.suspense().isEmpty();
      row.put("ChargeCategory", "Usage");
      row.put("ChargeFrequency", "Usage-Based");
      row.put("PricingCategory", cover.isPresent() ? "Committed" : "Standard");
      row.put(
          "ChargeDescription",
          "%s of %s%s"
              .formatted(item.meter(), key.model(), inSuspense ? ", in suspense: no price" : ""));
      row.put("PublisherName", parties.developer(key.vendor(), key.kind(), key.model()));
      say(row, "RegionId", key.region());
      say(row, "RegionName", key.region());
      row.put("ResourceId", key.vendor() + "/" + key.model());
      row.put("ResourceType", "Model");
      say(row, "SubAccountId", key.team().isEmpty() ? "" : key.organisation() + "/" + key.team());
      say(row, "SubAccountName", key.team());
      say(row, "Tags", key.tags());
      row.put("SkuId", key.sku());
      row.put("SkuPriceId", key.skuPrice());
      row.put("SkuMeter", item.meter());
      row.put("SkuPriceDetails", details(key, item));
      row.put("ConsumedQuantity", text(sum.quantity));
      row.put("ConsumedUnit", item.unit());
      prices(row, key, sum, item, inSuspense);
      own(row, key, sum, item);
      BigDecimal cost = cover.map(Cover::billed).orElse(sum.amount);
      if (!row.getOrDefault("ProviderName", "").equals(row.getOrDefault("InvoiceIssuerName", ""))) {
        // Somebody between us and the provider takes the money, and writes rows of their own.
        cost = BigDecimal.ZERO;
      }
      row.put("EffectiveCost", text(cover.map(Cover::effective).orElse(sum.amount)));
      cover.ifPresent(one -> commitment(row, one));
      if (inSuspense) {
        suspense++;
      }
      emit(row, cost, key.currency());
    }

    private static void prices(
        Map<String, String> row, UseKey key, UseSum sum, Item item, boolean inSuspense) {
      if (key.each().isEmpty() && !inSuspense) {
        // By steps, packages or a minimum: what it came to is counted in money, at one for one.
        priced(row, sum.amount, key.currency().getCurrencyCode(), BigDecimal.ONE, BigDecimal.ONE);
        return;
      }
      BigDecimal each = key.each().orElse(BigDecimal.ZERO);
      BigDecimal list = key.listEach().orElse(each);
      if (item.unit().equals("Tokens")) {
        priced(
            row,
            sum.quantity.movePointLeft(Item.TOKENS),
            "1000000 Tokens",
            list.movePointRight(Item.TOKENS),
            each.movePointRight(Item.TOKENS));
      } else {
        priced(row, sum.quantity, item.unit(), list, each);
      }
    }

    private static void own(Map<String, String> row, UseKey key, UseSum sum, Item item) {
      item.leaf()
          .ifPresent(leaf -> {
            row.put("x_TokenDirection", Item.title(leaf.direction()));
            row.put("x_TokenModality", Item.title(leaf.modality()));
            row.put("x_TokenPhase", Item.title(leaf.phase()));
            if (leaf.direction() == dev.understudy.chat.Leaf.Direction.INPUT) {
              row.put("x_TokenCacheAction", Item.cacheAction(leaf));
            }
          });
      row.put("x_Item", key.item());
      row.put("x_ModelId", key.model());
      row.put("x_Vendor", key.vendor());
      say(row, "x_Organisation", key.organisation());
      say(row, "x_KeyId", key.keyId());
      say(row, "x_Route", key.route());
      row.put("x_Purpose", key.purpose());
      say(row, "x_ServiceTier", key.tier());
      say(row, "x_PriceVersion", key.price());
      row.put("x_ListPriceKnown", Boolean.toString(key.listEach().isPresent()));
      row.put("x_Estimated", Boolean.toString(key.estimated()));
      row.put("x_Attempts", Long.toString(sum.attempts));
      if (!key.suspense().isEmpty()) {
        row.put("x_SuspenseReason", key.suspense());
        row.put("x_SuspenseCost", text(sum.counted));
      }
    }

    private String details(UseKey key, Item item) {
      var details = Json.object();
      details.put("x_ModelId", key.model());
      item.details().forEach(details::put);
      if (!key.conditions().isEmpty()) {
        details.put("x_Conditions", key.conditions());
      }
      return Json.text(details);
    }

    private void commitment(Map<String, String> row, Cover cover) {
      row.put("CommitmentDiscountId", cover.id());
      row.put("CommitmentDiscountName", cover.name());
      row.put("CommitmentDiscountCategory", cover.spend() ? "Spend" : "Usage");
      row.put(
          "CommitmentDiscountType", cover.spend() ? "Spend Commitment" : "Provisioned Capacity");
      say(row, "CommitmentDiscountStatus", cover.status());
      row.put("CommitmentDiscountQuantity", text(cover.quantity()));
      row.put("CommitmentDiscountUnit", cover.unit());
      if (cover.contract().isPresent() && !cover.status().isEmpty()) {
        ObjectNode applied = Json.object();
        ObjectNode element = applied.putArray("Elements").addObject();
        element.put("ContractId", cover.contract().get());
        element.put("ContractCommitmentId", cover.id());
        if (cover.spend()) {
          element.put("ContractCommitmentAppliedCost", cover.effective());
        } else {
          element.put("ContractCommitmentAppliedQuantity", cover.quantity());
          element.put("ContractCommitmentAppliedUnit", cover.unit());
        }
        row.put("ContractApplied", Json.text(applied));
      }
    }

    /** A row of a commitment itself: its purchase, or what was not used of it. */
    private Map<String, String> commitmentRow(
        Billing.Eligible eligible, Cover cover, Instant begins, Instant ends, Currency currency) {
      Map<String, String> row = row(eligible.vendor(), eligible.vendor(), begins, ends, currency);
      row.put("ResourceId", cover.id());
      row.put("ResourceType", "Commitment");
      row.put("SkuId", eligible.vendor() + "/commitment/" + cover.id());
      row.put("SkuPriceId", eligible.vendor() + "/commitment/" + cover.id() + "/usual");
      row.put("SkuMeter", cover.spend() ? "Spend" : "Capacity");
      row.put("EffectiveCost", text(cover.effective()));
      row.put("x_Vendor", eligible.vendor());
      commitment(row, cover);
      return row;
    }

    /** What every row has. */
    private Map<String, String> row(
        String vendor, String kind, Instant begins, Instant ends, Currency currency) {
      Map<String, String> row = new HashMap<>();
      String meant = parties.kind(vendor, kind);
      row.put("BillingAccountId", parties.account(vendor).id());
      row.put("BillingAccountName", parties.account(vendor).name());
      row.put("BillingCurrency", currency.getCurrencyCode());
      row.put("ChargePeriodStart", begins.toString());
      row.put("ChargePeriodEnd", ends.toString());
      row.put("ProviderName", parties.provider(vendor, meant));
      row.put("ServiceProviderName", parties.provider(vendor, meant));
      row.put("HostProviderName", parties.provider(vendor, meant));
      row.put("PublisherName", parties.provider(vendor, meant));
      row.put("InvoiceIssuerName", parties.issuer(vendor, meant));
      row.put("ServiceCategory", "AI and Machine Learning");
      row.put("ServiceSubcategory", "Generative AI");
      row.put("ServiceName", parties.service(meant));
      month(row, vendor, YearMonth.from(begins.atOffset(ZoneOffset.UTC)));
      return row;
    }

    private void month(Map<String, String> row, String vendor, YearMonth month) {
      row.put("BillingPeriodStart", begin(month).toString());
      row.put("BillingPeriodEnd", begin(month.plusMonths(1)).toString());
      billing
          .invoice(vendor, month)
          .ifPresent(invoice -> {
            row.put("InvoiceId", invoice.id());
            row.put("InvoiceDetailId", invoice.id() + "/1");
          });
    }

    private void emit(Map<String, String> row, BigDecimal cost, Currency currency)
        throws IOException {
      row.put("BilledCost", text(cost));
      rows.add(row);
      written++;
      billed.merge(currency, cost, BigDecimal::add);
    }
  }

  private static void priced(
      Map<String, String> row, BigDecimal quantity, String unit, BigDecimal list, BigDecimal ours) {
    row.put("PricingQuantity", text(quantity));
    row.put("PricingUnit", unit);
    row.put("ListUnitPrice", text(list));
    row.put("ContractedUnitPrice", text(ours));
    row.put("ListCost", text(list.multiply(quantity)));
    row.put("ContractedCost", text(ours.multiply(quantity)));
  }

  private static void say(Map<String, String> row, String column, String value) {
    if (!value.isBlank()) {
      row.put(column, value);
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

  /** Without trailing zeros and exponents. */
  static String text(BigDecimal number) {
    return Money.of(number, Currencies.USD).amount().toPlainString();
  }

  static Instant begin(YearMonth month) {
    return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  static Instant monthAfter(Instant instant) {
    return begin(YearMonth.from(instant.atOffset(ZoneOffset.UTC)).plusMonths(1));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
