package dev.understudy.settlement.reconciliation;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bill as it is held against our records: in whole units of the currency, also where it is
 * written in cents or was divided by a hundred once too often.
 */
final class BillSide {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final BigDecimal HUNDREDTH = new BigDecimal("0.01");
  private static final int CENTS = 2;

  private final VendorBill bill;
  private final BigDecimal whole;
  private final SortedMap<LocalDate, BigDecimal> single = new TreeMap<>();

  /**
   * Looks in which unit it is written: all of it, else each day by itself.
   *
   * @param to the last day
   */
  BillSide(VendorBill bill, OwnSide own, LocalDate from, LocalDate to) {
    this.bill = bill;
    var all = new Sum();
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      if (has(day)) {
        var one = new Sum();
        one.add(day, own);
        all.add(day, own);
        single.put(day, one.scale());
      }
    }
    whole = all.scale();
  }

  /** Both sides, added up. */
  private final class Sum {
    private BigDecimal ours = BigDecimal.ZERO;
    private BigDecimal billed = BigDecimal.ZERO;
    private BigDecimal ourQuantity = BigDecimal.ZERO;
    private BigDecimal billedQuantity = BigDecimal.ZERO;

    void add(LocalDate day, OwnSide own) {
      ours = ours.add(own.amount(day));
      for (BillLine line : lines(day)) {
        // Hours that were bought are on no record of a call.
        if (!BoughtWords.areIn(line.name(), line.meter())) {
          billed = billed.add(line.amount().amount());
        }
      }
      own.day(day)
          .forEach((key, cell) -> {
            Optional<BigDecimal> counted = counted(day, key);
            if (counted.isPresent()) {
              ourQuantity = ourQuantity.add(cell.quantity());
              billedQuantity = billedQuantity.add(counted.get());
            }
          });
    }

    private Optional<BigDecimal> counted(LocalDate day, OwnSide.Key key) {
      Optional<BigDecimal> sum = Optional.empty();
      for (BillLine line : lines(day)) {
        if (line.quantity().isPresent()
            && line.meter().equals(key.meter())
            && ModelNames.isSame(line.model(), key.model())) {
          sum = Optional.of(sum.orElse(BigDecimal.ZERO).add(line.quantity().get()));
        }
      }
      return sum.isPresent() ? sum : used(day, key);
    }

    BigDecimal scale() {
      // A hundred times the money for a hundred times the tokens is no slip of the unit.
      boolean otherUse =
          billedQuantity.signum() > 0
              && ourQuantity.signum() > 0
              && (billedQuantity.compareTo(ourQuantity.multiply(BigDecimal.TEN)) > 0
                  || ourQuantity.compareTo(billedQuantity.multiply(BigDecimal.TEN)) > 0);
      if (otherUse) {
        return BigDecimal.ONE;
      }
      if (Close.near(billed, ours.multiply(HUNDRED), Close.NEAR)) {
        return HUNDREDTH;
      }
      return Close.near(billed.multiply(HUNDRED), ours, Close.NEAR) ? HUNDRED : BigDecimal.ONE;
    }
  }

  /** What a figure of a day is worth, where it is written a hundred times too large or small. */
  BigDecimal scale(LocalDate day) {
    return isWhole() ? whole : single.getOrDefault(day, BigDecimal.ONE);
  }

  /** Whether all of the bill is written in another unit. */
  boolean isWhole() {
    return whole.compareTo(BigDecimal.ONE) != 0;
  }

  boolean isCents(LocalDate day) {
    return scale(day).compareTo(HUNDREDTH) == 0;
  }

  boolean has(LocalDate day) {
    return bill.days().containsKey(day);
  }

  List<VendorBill.Notice> notices() {
    return bill.notices();
  }

  private List<BillLine> lines(LocalDate day) {
    return bill.days().getOrDefault(day, List.of());
  }

  /** As it is written. */
  BigDecimal billed(LocalDate day) {
    BigDecimal sum = BigDecimal.ZERO;
    for (BillLine line : lines(day)) {
      sum = sum.add(line.amount().amount());
    }
    return sum;
  }

  /**
   * Lines of one model, meter and tier, or else of one name, as one, in whole units of the
   * currency.
   */
  List<Billed> together(LocalDate day) {
    Map<String, Billed> together = new TreeMap<>();
    for (BillLine line : lines(day)) {
      int decimals = line.decimals() + (isCents(day) ? CENTS : 0);
      together.merge(
          line.model()
              + "\t"
              + line.meter()
              + "\t"
              + line.tier()
              + "\t"
              + (line.model().isEmpty() || !line.meter().isUnderstood() ? line.name() : ""),
          new Billed(
              line.name(),
              line.model(),
              line.meter(),
              line.tier(),
              line.amount().amount().multiply(scale(day)),
              decimals,
              1,
              line.quantity()),
          (a, b) ->
              new Billed(
                  a.name(),
                  a.model(),
                  a.meter(),
                  a.tier(),
                  a.amount().add(b.amount()),
                  Math.max(a.decimals(), b.decimals()),
                  a.lines() + b.lines(),
                  a.quantity().flatMap(q -> b.quantity().map(q::add))));
    }
    return List.copyOf(together.values());
  }

  /** Quantity of the bill's lines, or else what the usage API counted. */
  Optional<BigDecimal> quantity(LocalDate day, OwnSide.Key key, List<Billed> lines) {
    Optional<BigDecimal> said = Optional.of(BigDecimal.ZERO);
    for (Billed line : lines) {
      said = said.flatMap(sum -> line.quantity().map(sum::add));
    }
    return said.isPresent() && !lines.isEmpty() ? said : used(day, key);
  }

  /** What the usage API counted. */
  Optional<BigDecimal> used(LocalDate day, OwnSide.Key key) {
    Optional<BigDecimal> sum = Optional.empty();
    for (UsageLine line : bill.usage()) {
      if (line.day().equals(day)
          && line.meter().equals(key.meter())
          && ModelNames.isSame(line.model(), key.model())) {
        sum = Optional.of(sum.orElse(BigDecimal.ZERO).add(line.quantity()));
      }
    }
    return sum;
  }

  /** Its lines of one model and meter. */
  List<Billed> of(LocalDate day, OwnSide.Key key) {
    return together(day).stream()
        .filter(line ->
            line.meter().equals(key.meter()) && ModelNames.isSame(line.model(), key.model()))
        .toList();
  }
}
