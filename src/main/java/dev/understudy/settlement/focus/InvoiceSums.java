package dev.understudy.settlement.focus;

import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the rows of each invoice come to, held against what is payable on it. */
final class InvoiceSums {
  private static final int INVOICES_MAX = 100_000;

  /** What differs of one invoice, and the rule that says it must not. */
  record Difference(String rule, String id, String message) {}

  private final Map<String, Money> payable;
  private final Map<String, BigDecimal> sums = new TreeMap<>();
  private final Map<String, String> currencies = new TreeMap<>();

  InvoiceSums(Map<String, Money> payable) {
    this.payable = payable;
  }

  void add(Row row) {
    Optional<String> id = row.get("InvoiceId");
    if (payable.isEmpty() || id.isEmpty()) {
      return;
    }
    BigDecimal billed = row.get("BilledCost").flatMap(Formats::number).orElse(BigDecimal.ZERO);
    sums.merge(id.get(), billed, BigDecimal::add);
    currencies.putIfAbsent(id.get(), row.get("BillingCurrency").orElse(""));
    if (sums.size() > INVOICES_MAX) {
      throw new IllegalArgumentException("more than %d invoices".formatted(INVOICES_MAX));
    }
  }

  List<Difference> differences(boolean excerpt) {
    var differences = new ArrayList<Difference>();
    for (Map.Entry<String, BigDecimal> sum : sums.entrySet()) {
      Money due = payable.get(sum.getKey());
      if (due == null) {
        differences.add(
            new Difference(
                "InvoiceId-C-007-C", sum.getKey(), "no invoice of this name was registered"));
        continue;
      }
      String currency = currencies.getOrDefault(sum.getKey(), "");
      if (!due.currency().getCurrencyCode().equals(currency)) {
        differences.add(
            new Difference(
                "BillingCurrency-C-005-M",
                sum.getKey(),
                "the invoice is in %s, the rows in %s".formatted(due.currency(), currency)));
      }
      if (due.amount().compareTo(sum.getValue()) != 0) {
        differences.add(
            new Difference(
                "BilledCost-C-007-M",
                sum.getKey(),
                "%s is payable, and the rows come to %s"
                    .formatted(due, sum.getValue().toPlainString())));
      }
    }
    for (Map.Entry<String, Money> due : payable.entrySet()) {
      if (!excerpt && !sums.containsKey(due.getKey()) && !due.getValue().isZero()) {
        differences.add(
            new Difference(
                "BilledCost-C-007-M", due.getKey(), due.getValue() + " is payable, without a row"));
      }
    }
    return differences;
  }
}
