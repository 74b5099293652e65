package dev.understudy.settlement.figures;

import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.settlement.focus.Billing;
import dev.understudy.settlement.focus.Parties;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds up what was used, by whatever it is to be told apart. */
public final class Figures {
  /** More groups than anybody reads. */
  static final int GROUPS_MAX = 100_000;

  /** The word before the name of a tag. */
  private static final String TAG = "tag:";

  /** Before the id of capacity, where what of it nobody used belongs to nobody. */
  private static final String UNUSED = "unused:";

  private final Facts facts;
  private final Parties parties;
  private final Listed lists;
  private final Revenue revenue;
  private final Booked booked;
  private final List<Billing.Capacity> capacity;

  /**
   * By what customers are charged by their tariffs.
   *
   * @param capacity what was bought by the hour, of which calls bear their part
   */
  public Figures(
      Facts facts,
      Parties parties,
      Listed lists,
      Revenue revenue,
      List<Billing.Capacity> capacity) {
    this(facts, parties, lists, revenue, Booked.NONE, capacity);
  }

  /** By what was booked. */
  public Figures(
      Facts facts, Parties parties, Listed lists, Booked booked, List<Billing.Capacity> capacity) {
    this(facts, parties, lists, Revenue.NONE, booked, capacity);
  }

  private Figures(
      Facts facts,
      Parties parties,
      Listed lists,
      Revenue revenue,
      Booked booked,
      List<Billing.Capacity> capacity) {
    this.facts = facts;
    this.parties = parties;
    this.lists = lists;
    this.revenue = revenue;
    this.booked = booked;
    this.capacity = List.copyOf(capacity);
  }

  private record Key(List<String> names, Currency currency) {}

  private static final class Sum {
    private BigDecimal input = BigDecimal.ZERO;
    private BigDecimal output = BigDecimal.ZERO;
    private BigDecimal spend = BigDecimal.ZERO;
    private BigDecimal list = BigDecimal.ZERO;
    private BigDecimal suspense = BigDecimal.ZERO;
    private Optional<BigDecimal> revenue = Optional.empty();
  }

  /**
   * The figures of a span, the dearest first.
   *
   * @param by such as {@code vendor,model} or {@code tag:app}; a tag stands alone, and is read from
   *     the calls themselves, so as far back as they are kept
   * @throws IllegalArgumentException if that is not understood, or makes more groups than anybody
   *     reads
   */
  public List<Figure> of(Instant from, Instant until, String by) throws IOException {
    if (!from.isBefore(until)) {
      throw new IllegalArgumentException("a span ends after it begins");
    }
    Map<Key, Sum> sums = new HashMap<>();
    Instant begins = Sharing.month(from).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant ends =
        Sharing.month(until.minusNanos(1))
            .plusMonths(1)
            .atDay(1)
            .atStartOfDay()
            .toInstant(ZoneOffset.UTC);
    List<Booked.Sale> sales = booked.between(begins, ends);
    var sharing = new Sharing<List<String>>(booked, sales);
    var hours =
        new SharedHours<List<String>>(
            capacity, from, until, (names, sum, share) -> add(names, sum, share, sums, sharing));
    List<Dimension> dimensions = List.of();
    if (by.startsWith(TAG)) {
      String tag = by.substring(TAG.length());
      if (tag.isBlank() || tag.contains(",")) {
        throw new IllegalArgumentException("a tag stands alone, such as tag:app");
      }
      facts.each(from, until, fact -> tagged(fact, tag, hours));
    } else {
      dimensions = Dimension.parse(by);
      List<Dimension> apart = dimensions;
      boolean days = dimensions.contains(Dimension.DAY) || dimensions.contains(Dimension.MONTH);
      facts.sums(
          from,
          until,
          hours.grain(days || !sales.isEmpty() ? Facts.Grain.DAY : Facts.Grain.WHOLE),
          sum -> hours.add(names(sum, apart), sum));
    }
    List<Dimension> apart = dimensions;
    hours.idle((unused, day, cost) -> {
      if (!cost.isZero()) {
        Sum sum = sum(names(unused, day, apart), cost.currency(), sums);
        sum.spend = sum.spend.add(cost.amount());
      }
    });
    if (!sales.isEmpty()) {
      outside(begins, from, sharing);
      outside(until, ends, sharing);
      sharing.shareOut(
          (names, amount) -> sold(names, amount, sums),
          sale -> {
            if (!sale.at().isBefore(from) && sale.at().isBefore(until)) {
              sold(names(sale, apart), sale.amount(), sums);
            }
          });
    }
    return sorted(sums);
  }

  /** What was used in the same months beside what is asked for, which bears its part of sales. */
  private void outside(Instant from, Instant until, Sharing<List<String>> sharing)
      throws IOException {
    if (from.isBefore(until)) {
      var hours =
          new SharedHours<Boolean>(
              capacity, from, until, (_, sum, share) -> sharing.usedOutside(sum, cost(sum, share)));
      facts.sums(from, until, hours.grain(Facts.Grain.DAY), sum -> hours.add(true, sum));
      hours.close();
    }
  }

  /** What some use costs us: its part of what was bought by the hour, else by our prices. */
  private static Money cost(Facts.Sum sum, Optional<SharedHours.Share> share) {
    return share
        .map(SharedHours.Share::cost)
        .orElseGet(() -> sum.priced() ? sum.amount() : Money.zero(currency(sum)));
  }

  /** What has no price is in the currency of the books that say for how much budgets count it. */
  static Currency currency(Facts.Sum sum) {
    return sum.priced() ? sum.amount().currency() : sum.counted().currency();
  }

  private static List<Figure> sorted(Map<Key, Sum> sums) {
    var figures = new ArrayList<Figure>();
    sums.forEach((key, sum) ->
        figures.add(
            new Figure(
                key.names(),
                key.currency(),
                sum.input,
                sum.output,
                sum.spend,
                sum.list,
                sum.suspense,
                sum.revenue)));
    figures.sort(
        Comparator.comparing((Figure figure) -> figure.currency().getCurrencyCode())
            .thenComparing(Figure::spend, Collections.reverseOrder())
            .thenComparing(figure -> String.join("\t", figure.names())));
    return figures;
  }

  private static void tagged(Fact fact, String tag, SharedHours<List<String>> hours) {
    if (fact.cost().isEmpty()) {
      return;
    }
    Cost cost = fact.cost().get();
    var group = Facts.Group.of(fact);
    Instant at = fact.occurredAt();
    List<String> names = List.of(fact.tags().getOrDefault(tag, ""));
    for (Cost.Line line : cost.lines()) {
      hours.add(
          names,
          new Facts.Sum(
              group,
              at,
              at,
              line.item(),
              line.each(),
              line.quantity(),
              line.amount(),
              line.amount(),
              true,
              1));
    }
    for (Cost.Unpriced one : cost.unpriced()) {
      hours.add(
          names,
          new Facts.Sum(
              group,
              at,
              at,
              one.item(),
              Optional.empty(),
              one.quantity(),
              Money.zero(cost.currency()),
              one.counted(),
              false,
              1));
    }
  }

  private void add(
      List<String> names,
      Facts.Sum one,
      Optional<SharedHours.Share> share,
      Map<Key, Sum> sums,
      Sharing<List<String>> sharing) {
    if (one.item().isEmpty()) {
      // Attempts that cost nothing, in no currency.
      return;
    }
    Money cost = cost(one, share);
    sharing.used(names, one, cost);
    Sum sum = sum(names, cost.currency(), sums);
    if (one.item().startsWith("input.")) {
      sum.input = sum.input.add(one.quantity());
    } else if (one.item().startsWith("output.")) {
      sum.output = sum.output.add(one.quantity());
    }
    if (!one.priced() && share.isEmpty()) {
      sum.suspense = sum.suspense.add(one.counted().amount());
    } else {
      sum.spend = sum.spend.add(cost.amount());
      sum.list = sum.list.add(listed(one, cost));
    }
    Optional<BigDecimal> charged = revenue.of(one);
    if (charged.isPresent()) {
      // Tariffs go by the call's own cost, which may be in another currency than the capacity's.
      sold(names, Money.of(charged.get(), currency(one)), sums);
    }
  }

  /**
   * At the list; what it does not have, or has in another currency, counts at our price by the
   * token, else at what it costs.
   */
  private BigDecimal listed(Facts.Sum one, Money cost) {
    Currency currency = cost.currency();
    Optional<Money> ours =
        one.priced() && one.amount().sign() > 0 ? Optional.of(one.amount()) : Optional.empty();
    return lists
        .each(one)
        .map(each -> each.times(one.quantity()))
        .filter(sum -> sum.currency().equals(currency))
        .or(() -> ours.filter(sum -> sum.currency().equals(currency)))
        .orElse(cost)
        .amount();
  }

  private static Sum sum(List<String> names, Currency currency, Map<Key, Sum> sums) {
    Sum sum = sums.computeIfAbsent(new Key(names, currency), _ -> new Sum());
    if (sums.size() > GROUPS_MAX) {
      throw new IllegalArgumentException(
          "more than %d groups; ask for a shorter span, or for less detail".formatted(GROUPS_MAX));
    }
    return sum;
  }

  private static void sold(List<String> names, Money amount, Map<Key, Sum> sums) {
    Sum sum = sum(names, amount.currency(), sums);
    sum.revenue = Optional.of(sum.revenue.orElse(BigDecimal.ZERO).add(amount.amount()));
  }

  /** Of what nobody used: whose it is, when it was paid for, else which capacity. */
  private List<String> names(Billing.Capacity unused, LocalDate day, List<Dimension> dimensions) {
    String vendor = unused.eligible().vendor();
    String idle = UNUSED + unused.id();
    if (dimensions.isEmpty()) {
      return List.of(idle);
    }
    var names = new ArrayList<String>();
    for (Dimension one : dimensions) {
      names.add(
          switch (one) {
            case VENDOR -> vendor;
            case HOST -> parties.provider(vendor, parties.kind(vendor, ""));
            case DAY -> day.toString();
            case MONTH -> YearMonth.from(day).toString();
            case DEVELOPER, MODEL, ROUTE, ORGANISATION, TEAM, KEY, PURPOSE, REGION, TIER, ITEM ->
                idle;
          });
    }
    return names;
  }

  /** Of what belongs to no call: what is known of it, else nothing. */
  private static List<String> names(Booked.Sale sale, List<Dimension> dimensions) {
    if (dimensions.isEmpty()) {
      return List.of("");
    }
    var names = new ArrayList<String>();
    for (Dimension one : dimensions) {
      names.add(
          switch (one) {
            // Products and contracts may have an organisation's name, and are none.
            case ORGANISATION -> sale.customer() ? sale.owner() : "revenue:" + sale.owner();
            case DAY -> sale.at().atOffset(ZoneOffset.UTC).toLocalDate().toString();
            case MONTH -> Sharing.month(sale.at()).toString();
            case VENDOR, DEVELOPER, HOST, MODEL, ROUTE, TEAM, KEY, PURPOSE, REGION, TIER, ITEM ->
                "";
          });
    }
    return names;
  }

  private List<String> names(Facts.Sum sum, List<Dimension> dimensions) {
    var names = new ArrayList<String>();
    Facts.Group group = sum.group();
    for (Dimension one : dimensions) {
      names.add(
          switch (one) {
            case VENDOR -> group.vendor();
            case DEVELOPER -> parties.developer(group.vendor(), group.kind(), group.model());
            case HOST -> parties.provider(group.vendor(), group.kind());
            case MODEL -> group.model();
            case ROUTE -> group.route();
            case ORGANISATION -> group.organisation();
            case TEAM -> group.team();
            case KEY -> group.keyId();
            case PURPOSE -> group.purpose().word();
            case REGION -> group.region();
            case TIER -> group.tier();
            case ITEM -> sum.item();
            case DAY -> sum.begins().atOffset(ZoneOffset.UTC).toLocalDate().toString();
            case MONTH -> YearMonth.from(sum.begins().atOffset(ZoneOffset.UTC)).toString();
          });
    }
    return names;
  }
}
