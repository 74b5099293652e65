package dev.understudy.settlement.reconciliation;

import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import dev.understudy.settlement.focus.Billing;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Holds our records against a vendor's bill, day by day and line by line.
 *
 * <p>A difference is explained only by evidence: quantities that agree or differ, another day that
 * differs the other way, a class of service that is named, a price that a book has. What has none
 * is unexplained. The findings of a day sum to its difference.
 */
public final class Match {
  private final BillSide bill;
  private final OwnSide own;
  private final Midnight midnight;
  private final Comparison comparison;
  private final BoughtSide bought;
  private final Currency currency;

  private Match(
      VendorBill bill,
      OwnSide own,
      Rates rates,
      Currency currency,
      LocalDate from,
      LocalDate to,
      String vendor,
      List<Billing.Capacity> capacity) {
    this.bill = new BillSide(bill, own, from, to);
    this.own = own;
    this.currency = currency;
    this.midnight = new Midnight(this.bill, own);
    this.comparison = new Comparison(this.bill, midnight, rates, currency);
    this.bought =
        new BoughtSide(
            capacity, vendor, this.bill, bill.days().keySet(), this.comparison, currency);
  }

  /**
   * Holds them against each other.
   *
   * @param vendor its name in the settings
   * @param to the last day
   * @param currency of the bill, where it has no lines
   * @param capacity what was bought by the hour, of any vendor, as far as its hours have begun
   * @throws IllegalArgumentException if bill and records are in different currencies
   */
  public static List<Day> of(
      Facts facts,
      String vendor,
      LocalDate from,
      LocalDate to,
      VendorBill bill,
      Rates rates,
      Currency currency,
      List<Billing.Capacity> capacity)
      throws IOException {
    // With a day before and after, for what crosses midnight.
    OwnSide own = OwnSide.read(facts, vendor, from.minusDays(1), to.plusDays(1));
    Set<Currency> currencies = new HashSet<>(own.currencies());
    bill.days()
        .values()
        .forEach(lines -> lines.forEach(l -> currencies.add(l.amount().currency())));
    if (currencies.size() > 1) {
      throw new IllegalArgumentException(
          "bill and records are in several currencies, %s; give a price book in the bill's"
              .formatted(currencies));
    }
    Currency one = currencies.isEmpty() ? currency : currencies.iterator().next();
    var match = new Match(bill, own, rates, one, from, to, vendor, capacity);
    var days = new ArrayList<Day>();
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      days.add(match.day(day));
    }
    return days;
  }

  private Day day(LocalDate day) {
    var findings = new ArrayList<Finding>();
    BoughtSide.Held held = bought.hold(day);
    BigDecimal ours = own.amount(day).add(held.ours());
    BigDecimal billed = bill.billed(day);
    for (VendorBill.Notice notice : bill.notices()) {
      if (notice.day().equals(day)) {
        findings.add(new Finding(notice.kind(), "", Money.zero(currency), notice.text()));
      }
    }
    if (!bill.has(day)) {
      if (ours.signum() != 0) {
        findings.add(
            finding(Finding.Kind.MISSING_DAY, "", ours.negate(), "the bill has no such day"));
      }
    } else {
      lines(day, held, findings);
    }
    Optional<Money> reported = own.reported(day).map(amount -> Money.of(amount, currency));
    BigDecimal reckoned = billed.multiply(bill.scale(day));
    if (reported.isPresent()
        && ours.compareTo(reckoned) != 0
        && Close.near(reported.get().amount(), reckoned, Close.SAME)) {
      findings.add(
          new Finding(
              Finding.Kind.REPORTED,
              "",
              Money.zero(currency),
              "the replies' own cost, %s, agrees with the bill".formatted(reported.get())));
    }
    return new Day(day, Money.of(ours, currency), reported, Money.of(billed, currency), findings);
  }

  private void lines(LocalDate day, BoughtSide.Held held, List<Finding> findings) {
    if (bill.scale(day).compareTo(BigDecimal.ONE) != 0) {
      BigDecimal said = bill.billed(day);
      BigDecimal beyond = said.subtract(said.multiply(bill.scale(day)));
      if (beyond.signum() != 0) {
        findings.add(
            finding(
                Finding.Kind.CENTS,
                "",
                beyond,
                "all of the %s is %s"
                    .formatted(
                        bill.isWhole() ? "bill" : "day",
                        bill.isCents(day)
                            ? "a hundred times our records: it is in cents"
                            : "a hundredth of our records: it was divided twice")));
      }
    }
    var unmatched = new ArrayList<Billed>();
    SortedMap<OwnSide.Key, OwnCell> cells = new TreeMap<>(own.day(day));
    Map<OwnSide.Key, List<Billed>> matched = new TreeMap<>();
    findings.addAll(held.findings());
    for (Billed line : held.rest()) {
      List<OwnSide.Key> fitting =
          cells.keySet().stream()
              .filter(key ->
                  key.meter().equals(line.meter()) && ModelNames.isSame(line.model(), key.model()))
              .toList();
      if (fitting.isEmpty()) {
        unmatched.add(line);
      } else {
        // Of two versions of a model the one with the very name comes first.
        OwnSide.Key best =
            fitting.stream()
                .filter(key -> key.model().equalsIgnoreCase(line.model()))
                .findFirst()
                .orElse(fitting.getFirst());
        matched.computeIfAbsent(best, _ -> new ArrayList<>()).add(line);
      }
    }
    var alone = new ArrayList<OwnSide.Key>();
    for (Map.Entry<OwnSide.Key, OwnCell> one : cells.entrySet()) {
      List<Billed> both = matched.getOrDefault(one.getKey(), List.of());
      if (both.isEmpty()) {
        alone.add(one.getKey());
      } else {
        comparison.compare(day, one.getKey(), one.getValue(), both, findings);
      }
    }
    renamed(unmatched, alone, cells, findings);
    for (Billed line : unmatched) {
      onlyBilled(day, line, findings);
    }
    for (OwnSide.Key key : alone) {
      onlyOurs(day, key, cells.getOrDefault(key, new OwnCell()), findings);
    }
  }

  /** A line of another name that comes to what one of ours without a line comes to. */
  private void renamed(
      List<Billed> unmatched,
      List<OwnSide.Key> alone,
      SortedMap<OwnSide.Key, OwnCell> cells,
      List<Finding> findings) {
    for (Billed line : List.copyOf(unmatched)) {
      List<OwnSide.Key> fitting = new ArrayList<>();
      for (OwnSide.Key key : alone) {
        OwnCell cell = cells.getOrDefault(key, new OwnCell());
        boolean meters = !line.meter().isUnderstood() || line.meter().equals(key.meter());
        if (meters
            && cell.amount().signum() != 0
            && Close.near(line.amount(), cell.amount(), Close.SAME)) {
          fitting.add(key);
        }
      }
      // Of two that fit nobody knows which it is.
      if (fitting.size() == 1) {
        OwnSide.Key key = fitting.getFirst();
        OwnCell cell = cells.getOrDefault(key, new OwnCell());
        unmatched.remove(line);
        alone.remove(key);
        findings.add(
            finding(
                Finding.Kind.RENAMED,
                line.name(),
                line.amount().subtract(cell.amount()),
                "comes to what %s comes to".formatted(key)));
      }
    }
  }

  private void onlyBilled(LocalDate day, Billed line, List<Finding> findings) {
    if (line.amount().signum() == 0) {
      return;
    }
    boolean known = !line.model().isEmpty() && line.meter().isUnderstood();
    boolean called =
        own.day(day).keySet().stream()
            .anyMatch(key -> ModelNames.isSame(line.model(), key.model()));
    findings.add(
        finding(
            known && !called ? Finding.Kind.OUTSIDE : Finding.Kind.UNEXPLAINED,
            line.name(),
            line.amount(),
            known && !called
                ? "no call to this model went through the gateway that day"
                : "nothing of ours goes with this line" + bought.hint(line)));
  }

  private void onlyOurs(LocalDate day, OwnSide.Key key, OwnCell cell, List<Finding> findings) {
    BigDecimal rest = cell.amount().negate();
    if (rest.signum() == 0) {
      return;
    }
    boolean acrossIt =
        midnight.byAmount(day, key, rest)
            || (bill.used(day.plusDays(1), key).isPresent()
                && midnight.byQuantity(day, key, cell.quantity().negate()));
    Finding.Kind kind =
        acrossIt
            ? Finding.Kind.MIDNIGHT
            : cell.estimatedAmount().compareTo(cell.amount()) >= 0
                ? Finding.Kind.ESTIMATED
                : Finding.Kind.UNEXPLAINED;
    findings.add(
        finding(
            kind,
            key.toString(),
            rest,
            switch (kind) {
              case MIDNIGHT -> "billed on the day after";
              case ESTIMATED -> "all of it is our estimate, and the vendor bills nothing";
              default -> "the bill has no line for it";
            }));
  }

  private Finding finding(Finding.Kind kind, String line, BigDecimal amount, String text) {
    return new Finding(kind, line, Money.of(amount, currency), text);
  }
}
