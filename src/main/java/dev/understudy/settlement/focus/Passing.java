package dev.understudy.settlement.focus;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.HashMap;
import java.util.Map;

/** Passes rows on, and counts what they come to. */
final class Passing {
  private final CostAndUsage.Rows rows;
  private final Map<Currency, BigDecimal> billed = new HashMap<>();
  private long written;
  private long suspense;

  Passing(CostAndUsage.Rows rows) {
    this.rows = rows;
  }

  void emit(Map<String, String> row, BigDecimal cost, Currency currency) throws IOException {
    // Somebody between us and the provider takes the money, and writes rows of their own.
    boolean elsewhere =
        !row.getOrDefault("ProviderName", "").equals(row.getOrDefault("InvoiceIssuerName", ""));
    BigDecimal asked = elsewhere ? BigDecimal.ZERO : cost;
    row.put("BilledCost", CostRows.text(asked));
    rows.add(row);
    written++;
    billed.merge(currency, asked, BigDecimal::add);
  }

  /** The next row has no price. */
  void inSuspense() {
    suspense++;
  }

  CostAndUsage.Written written() {
    return new CostAndUsage.Written(written, suspense, billed);
  }
}
