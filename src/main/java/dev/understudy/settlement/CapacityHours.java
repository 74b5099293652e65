package dev.understudy.settlement;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.CapacityPurchase.Throughput;
import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was bought by the hour, added up hour by hour: who used how much of it, what was served
 * beyond it, and what its routes were answered elsewhere. Sums are to come in the order of their
 * hours.
 */
final class CapacityHours {
  private static final BigDecimal MINUTES = BigDecimal.valueOf(60);

  /** As finely as units and hours are told. */
  static final Rounding FINE = new Rounding(RoundingMode.HALF_EVEN, 6);

  private final CapacityClause clause;
  private final CapacityPurchase terms;
  private final Throughput throughput;
  private final Rounding rounding;
  private final Map<String, BigDecimal> weights = new TreeMap<>();
  private final Set<String> routes = new HashSet<>();
  private final List<Facts.Sum> elsewhere = new ArrayList<>();
  private final Map<String, Money> borne = new TreeMap<>();
  private final Map<String, Spilled> spilled = new TreeMap<>();
  private Instant hour = Instant.MIN;
  private Money used;
  private BigDecimal within = BigDecimal.ZERO;
  private BigDecimal over = BigDecimal.ZERO;
  private BigDecimal priced = BigDecimal.ZERO;

  /** What one target answered of what would have been answered inside. */
  static final class Spilled {
    private final Map<LocalDate, Map<Currency, Money>> amounts = new TreeMap<>();
    private final Set<String> unpriced = new TreeSet<>();
    private BigDecimal tokens = BigDecimal.ZERO;

    private void add(Facts.Sum one) {
      if (one.isOfTokens()) {
        tokens = tokens.add(one.quantity());
      }
      if (one.priced()) {
        amounts
            .computeIfAbsent(
                one.begins().atZone(ZoneOffset.UTC).toLocalDate(), _ -> new HashMap<>())
            .merge(one.amount().currency(), one.amount(), Money::plus);
      } else if (!one.item().isEmpty()) {
        unpriced.add(one.item());
      }
    }

    /** Tokens in and out, as they were counted. */
    BigDecimal tokens() {
      return tokens;
    }

    /** What has no price. */
    Set<String> unpriced() {
      return unpriced;
    }

    /** What they came to, at the rates of exchange of their days. */
    Money worth(Currency currency, Exchanged exchanged) {
      Money all = Money.zero(currency);
      for (Map.Entry<LocalDate, Map<Currency, Money>> day : amounts.entrySet()) {
        for (Money amount : day.getValue().values()) {
          all = all.plus(exchanged.in(currency, amount, day.getKey()));
        }
      }
      return all;
    }
  }

  /**
   * Of a clause that says what a unit serves.
   *
   * @param rounding of what is borne
   */
  CapacityHours(CapacityClause clause, Rounding rounding) {
    this.clause = clause;
    this.terms = clause.terms();
    this.throughput = terms.throughput().orElseThrow();
    this.rounding = rounding;
    this.used = Money.zero(terms.perUnitHour().currency());
  }

  /** Takes a sum of an hour. */
  void take(Facts.Sum one) {
    Facts.Group group = one.group();
    if (!one.begins().equals(hour)) {
      close();
      hour = one.begins();
    }
    if (Inside.serves(clause, group)) {
      weights.merge(
          group.organisation() + "/" + group.team(),
          throughput.weigh(one.item(), one.quantity()),
          BigDecimal::add);
      routes.add(group.route());
      priced = priced.add(one.amount().amount());
    } else if (clause.serves(group.vendor(), group.kind(), group.model())) {
      // Served by the same target at the usual price, as its replies say.
      spilled.computeIfAbsent(target(group), _ -> new Spilled()).add(one);
    } else if (mayTakeSpill(group)) {
      elsewhere.add(one);
    }
  }

  private boolean mayTakeSpill(Facts.Group group) {
    return terms.spill().isPresent()
        && (clause.spillTargets().isEmpty() || clause.spillTargets().contains(target(group)));
  }

  private static String target(Facts.Group group) {
    return group.vendor() + "/" + group.model();
  }

  /** The last hour is over. */
  void close() {
    if (!weights.isEmpty()) {
      var owners = List.copyOf(weights.keySet());
      CapacityPurchase.Hour came = terms.hour(List.copyOf(weights.values()), rounding);
      for (int i = 0; i < owners.size(); i++) {
        borne.merge(owners.get(i), came.shares().get(i), Money::plus);
      }
      used = used.plus(came.used());
      over = over.add(came.over());
      BigDecimal served = weights.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
      within = within.add(served.subtract(came.over()));
      for (Facts.Sum one : elsewhere) {
        // Who asked for nothing that is served inside in this hour did not spill.
        if (routes.contains(one.group().route())) {
          spilled.computeIfAbsent(target(one.group()), _ -> new Spilled()).add(one);
        }
      }
    }
    weights.clear();
    routes.clear();
    elsewhere.clear();
  }

  /** The part of the purchase that calls bear. */
  Money used() {
    return used;
  }

  /** What each team bears, by {@code organisation/team}; it sums to what is used. */
  Map<String, Money> borne() {
    return borne;
  }

  /** Weighed tokens served beyond what the units serve. */
  BigDecimal over() {
    return over;
  }

  /** Units times hours that were used. */
  BigDecimal unitHours() {
    BigDecimal hours = FINE.divide(within, throughput.inputTokensPerMinute().multiply(MINUTES));
    return hours.signum() == 0 ? BigDecimal.ZERO : hours.stripTrailingZeros();
  }

  /** What the calls inside came to by the token, which is to be nothing. */
  BigDecimal priced() {
    return priced;
  }

  /** What was answered elsewhere, by target. */
  Map<String, Spilled> spilled() {
    return spilled;
  }

  /**
   * The hours that are paid of a piece of time: those that begin in it, and where nothing went
   * before, the one in which it begins.
   *
   * @param follows whether the same capacity was bought right before, so that this hour is paid
   */
  static long begun(Instant from, Instant until, boolean follows) {
    long first = Math.ceilDiv(from.toEpochMilli(), 3_600_000L);
    long end = Math.ceilDiv(until.toEpochMilli(), 3_600_000L);
    boolean within = Math.floorMod(from.toEpochMilli(), 3_600_000L) != 0;
    return end - first + (within && !follows ? 1 : 0);
  }
}
