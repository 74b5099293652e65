package dev.understudy.settlement.reconciliation;

import dev.understudy.money.Money;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Adds lines of bills up. */
final class Sums {
  private Sums() {}

  /** By name and currency, whatever the order of the lines. */
  static SortedMap<String, Money> amounts(List<BillLine> lines) {
    var sums = new TreeMap<String, Money>();
    for (BillLine line : lines) {
      sums.merge(line.name() + " " + line.amount().currency(), line.amount(), Money::plus);
    }
    return sums;
  }

  /** In words; lines of several currencies are told one behind the other. */
  static String text(List<BillLine> lines) {
    var sums = new TreeMap<String, Money>();
    for (BillLine line : lines) {
      sums.merge(line.amount().currency().getCurrencyCode(), line.amount(), Money::plus);
    }
    return sums.isEmpty()
        ? "nothing"
        : String.join(", ", sums.values().stream().map(Money::toString).toList());
  }
}
