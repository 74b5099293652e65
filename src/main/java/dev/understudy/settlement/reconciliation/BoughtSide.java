package dev.understudy.settlement.reconciliation;

import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import dev.understudy.settlement.focus.Billing;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds capacity that was bought by the hour against the lines of a bill that charge for it: hours
 * times units times the price of each hour.
 */
final class BoughtSide {
  private static final Rounding RATE = new Rounding(RoundingMode.HALF_EVEN, 15);

  /** For lines that are more than what was bought. */
  private static final BoughtHours NOTHING = new BoughtHours(List.of());

  private final List<Billing.Capacity> bought;
  private final Set<Currency> others = new HashSet<>();
  private final String vendor;
  private final BillSide bill;
  private final Comparison comparison;
  private final Currency currency;

  /** The one day of a month that bills all hours of it. */
  private final Map<YearMonth, LocalDate> monthly = new LinkedHashMap<>();

  /**
   * What came of a day.
   *
   * @param ours what was bought, as far as it belongs on this day's bill
   * @param rest lines that are for something else
   */
  record Held(BigDecimal ours, List<Billed> rest, List<Finding> findings) {}

  /** Purchases and the lines that charge for them together. */
  private record Pair(List<BoughtHours> bought, List<Billed> lines) {}

  BoughtSide(
      List<Billing.Capacity> all,
      String vendor,
      BillSide bill,
      Set<LocalDate> days,
      Comparison comparison,
      Currency currency) {
    this.vendor = vendor;
    this.bill = bill;
    this.comparison = comparison;
    this.currency = currency;
    var mine = new ArrayList<Billing.Capacity>();
    for (Billing.Capacity one : all) {
      if (one.eligible().vendors().contains(vendor)) {
        if (one.terms().perUnitHour().currency().equals(currency)) {
          mine.add(one);
        } else {
          others.add(one.terms().perUnitHour().currency());
        }
      }
    }
    this.bought = List.copyOf(mine);
    months(days);
  }

  /** Looks which months are billed on one day, as reservations are. */
  private void months(Set<LocalDate> days) {
    Map<YearMonth, List<LocalDate>> charging = new LinkedHashMap<>();
    for (LocalDate day : days) {
      if (bill.together(day).stream().anyMatch(this::isCapacity)) {
        charging.computeIfAbsent(YearMonth.from(day), _ -> new ArrayList<>()).add(day);
      }
    }
    charging.forEach((month, on) -> {
      if (on.size() == 1) {
        BigDecimal billed =
            sum(bill.together(on.getFirst()).stream().filter(this::isCapacity).toList());
        BigDecimal whole = amount(BoughtHours.within(bought, month.atDay(1), month.atEndOfMonth()));
        BigDecimal day = amount(BoughtHours.within(bought, on.getFirst(), on.getFirst()));
        if (Close.near(billed, whole, Close.SAME) && !Close.near(billed, day, Close.SAME)) {
          monthly.put(month, on.getFirst());
        }
      }
    });
  }

  private boolean isCapacity(Billed line) {
    return BoughtWords.areIn(line.name(), line.meter())
        || (!line.meter().isUnderstood()
            && bought.stream().anyMatch(one -> BoughtWords.name(one, line.name())));
  }

  /** What belongs on the bill of a day. */
  private List<BoughtHours> due(LocalDate day) {
    YearMonth month = YearMonth.from(day);
    LocalDate billing = monthly.get(month);
    if (billing == null) {
      return BoughtHours.within(bought, day, day);
    }
    return billing.equals(day)
        ? BoughtHours.within(bought, month.atDay(1), month.atEndOfMonth())
        : List.of();
  }

  /** Holds a day's lines against what was bought. */
  Held hold(LocalDate day) {
    List<BoughtHours> due = due(day);
    var rest = new ArrayList<Billed>();
    Map<List<BoughtHours>, List<Billed>> fitting = new LinkedHashMap<>();
    for (Billed line : bill.together(day)) {
      List<BoughtHours> candidates = isCapacity(line) ? candidates(due, line) : List.of();
      if (candidates.isEmpty()) {
        rest.add(line);
      } else {
        fitting.computeIfAbsent(candidates, _ -> new ArrayList<>()).add(line);
      }
    }
    Set<BoughtHours> taken = new HashSet<>();
    var findings = new ArrayList<Finding>();
    BigDecimal ours = BigDecimal.ZERO;
    for (Map.Entry<List<BoughtHours>, List<Billed>> one : fitting.entrySet()) {
      for (Pair pair : pairs(one.getKey(), one.getValue(), taken)) {
        findings.add(compare(pair));
        ours = ours.add(amount(pair.bought()));
      }
    }
    for (BoughtHours one : due) {
      if (one.isBilledAs(vendor) && taken.add(one)) {
        ours = ours.add(one.amount());
        if (bill.has(day) && one.amount().signum() != 0) {
          findings.add(
              finding(
                  Finding.Kind.UNEXPLAINED,
                  one.id(),
                  one.amount().negate(),
                  "bought were %s, and the bill has no line for it".formatted(one)));
        }
      }
    }
    return new Held(ours, rest, findings);
  }

  /** What a line may be for: what it names by unit or model, else anything bought. */
  private static List<BoughtHours> candidates(List<BoughtHours> due, Billed line) {
    List<BoughtHours> byUnit = due.stream().filter(one -> one.isNamedIn(line)).toList();
    List<BoughtHours> some = byUnit.isEmpty() ? due : byUnit;
    List<BoughtHours> byModel = some.stream().filter(one -> one.serves(line)).toList();
    return byModel.isEmpty() ? some : byModel;
  }

  /** Which lines are for which purchases; one line may be for several only if it fits exactly. */
  private List<Pair> pairs(
      List<BoughtHours> candidates, List<Billed> lines, Set<BoughtHours> taken) {
    List<BoughtHours> open = candidates.stream().filter(one -> !taken.contains(one)).toList();
    if (open.size() != 1 && isAgreed(open, lines)) {
      taken.addAll(open);
      return List.of(new Pair(open, lines));
    }
    Map<BoughtHours, List<Billed>> each = new LinkedHashMap<>();
    for (Billed line : lines) {
      List<BoughtHours> free = candidates.stream().filter(one -> !taken.contains(one)).toList();
      // Two lines for one purchase are told together, as long as it is no other line's.
      List<BoughtHours> own = candidates.stream().filter(each::containsKey).toList();
      List<BoughtHours> from = free.isEmpty() ? own : free;
      Optional<BoughtHours> nearest =
          from.stream()
              .min(Comparator.comparing(one -> line.amount().subtract(one.amount()).abs()));
      nearest.ifPresent(taken::add);
      each.computeIfAbsent(nearest.orElse(NOTHING), _ -> new ArrayList<>()).add(line);
    }
    var pairs = new ArrayList<Pair>();
    each.forEach(
        (one, its) -> pairs.add(new Pair(one.equals(NOTHING) ? List.of() : List.of(one), its)));
    return pairs;
  }

  private boolean isAgreed(List<BoughtHours> bought, List<Billed> lines) {
    BigDecimal apart = sum(lines).subtract(amount(bought));
    return !bought.isEmpty() && (apart.signum() == 0 || writing(lines, apart).isPresent());
  }

  private Optional<Finding> writing(List<Billed> lines, BigDecimal apart) {
    int decimals = lines.stream().mapToInt(Billed::decimals).max().orElse(0);
    int count = lines.stream().mapToInt(Billed::lines).sum();
    return comparison.writing(name(lines), apart, sum(lines), decimals, count);
  }

  private Finding compare(Pair pair) {
    List<Billed> lines = pair.lines();
    BigDecimal billed = sum(lines);
    BigDecimal rest = billed.subtract(amount(pair.bought()));
    if (pair.bought().isEmpty()) {
      return finding(
          Finding.Kind.UNEXPLAINED,
          name(lines),
          rest,
          "what was bought goes with other lines, and nothing with this one");
    }
    String text = String.join(" and ", pair.bought().stream().map(BoughtHours::toString).toList());
    if (rest.signum() == 0) {
      return finding(Finding.Kind.CAPACITY, name(lines), rest, text);
    }
    Optional<Finding> written = writing(lines, rest);
    if (written.isPresent()) {
      return finding(Finding.Kind.CAPACITY, name(lines), rest, text + "; " + written.get().text());
    }
    return finding(
        Finding.Kind.UNEXPLAINED, name(lines), rest, differing(pair, billed) + ": " + text);
  }

  /** Whether hours or price differ, as far as the bill says how many there were. */
  private static String differing(Pair pair, BigDecimal billed) {
    BigDecimal owed = amount(pair.bought());
    String plainly = "billed %s, bought %s".formatted(Close.plain(billed), Close.plain(owed));
    Optional<BigDecimal> said = Optional.of(BigDecimal.ZERO);
    for (Billed line : pair.lines()) {
      said = said.flatMap(sum -> line.quantity().map(sum::add));
    }
    if (said.isEmpty() || said.get().signum() <= 0) {
      return plainly + "; no quantity is stated";
    }
    BigDecimal hours =
        pair.bought().stream().map(BoughtHours::unitHours).reduce(BigDecimal.ZERO, BigDecimal::add);
    String unit = pair.bought().getFirst().unit();
    return said.get().compareTo(hours) == 0
        ? "%s; the %s %s-hours agree, billed at %s for one, agreed is %s"
            .formatted(
                plainly,
                Close.plain(hours),
                unit,
                Close.plain(RATE.divide(billed, hours)),
                Close.plain(RATE.divide(owed, hours)))
        : "%s; the vendor counts %s %s-hours, bought were %s"
            .formatted(plainly, Close.plain(said.get()), unit, Close.plain(hours));
  }

  /** What may help with a line for capacity that nothing goes with; empty for any other line. */
  String hint(Billed line) {
    if (!isCapacity(line)) {
      return "";
    }
    if (!others.isEmpty()) {
      return "; it reads like bought capacity, and what was bought is in %s, the bill in %s"
          .formatted(
              String.join(", ", others.stream().map(Currency::getCurrencyCode).sorted().toList()),
              currency);
    }
    return bought.isEmpty()
        ? "; it reads like bought capacity: name the contract with --contracts, or say it in the billing file"
        : "; it reads like bought capacity, and none was bought for this day";
  }

  private static String name(List<Billed> lines) {
    return String.join(" and ", lines.stream().map(Billed::name).distinct().toList());
  }

  private static BigDecimal sum(List<Billed> lines) {
    return lines.stream().map(Billed::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static BigDecimal amount(List<BoughtHours> bought) {
    return bought.stream().map(BoughtHours::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private Finding finding(Finding.Kind kind, String line, BigDecimal amount, String text) {
    return new Finding(kind, line, Money.of(amount, currency), text);
  }
}
