package dev.understudy.settlement.focus;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What was paid for each commitment, and what of it was used and unused. */
final class CommitmentSums {
  private static final int COMMITMENTS_MAX = 100_000;

  /** What differs of one commitment. */
  record Difference(String id, String message) {}

  private static final class Sum {
    private BigDecimal paid = BigDecimal.ZERO;
    private BigDecimal effective = BigDecimal.ZERO;
    private boolean purchased;
    private boolean elsewhere;
    private Instant paidUntil = Instant.MIN;
    private Instant usedUntil = Instant.MIN;
  }

  private final Map<String, Sum> sums = new TreeMap<>();

  void add(Row row) {
    Optional<String> id = row.get("CommitmentDiscountId");
    if (id.isEmpty()) {
      return;
    }
    Sum sum = sums.computeIfAbsent(id.get(), _ -> new Sum());
    if (sums.size() > COMMITMENTS_MAX) {
      throw new IllegalArgumentException("more than %d commitments".formatted(COMMITMENTS_MAX));
    }
    Instant end = row.get("ChargePeriodEnd").flatMap(Formats::instant).orElse(Instant.MIN);
    if (row.is("ChargeCategory", "Purchase")) {
      sum.purchased = true;
      Optional<String> provider = row.get("ProviderName").or(() -> row.get("ServiceProviderName"));
      sum.elsewhere |= provider.isPresent() && !provider.equals(row.get("InvoiceIssuerName"));
      sum.paid = sum.paid.add(number(row, "BilledCost"));
      sum.paidUntil = later(sum.paidUntil, end);
    } else if (row.is("CommitmentDiscountStatus", "Used")
        || row.is("CommitmentDiscountStatus", "Unused")) {
      sum.effective = sum.effective.add(number(row, "EffectiveCost"));
      sum.usedUntil = later(sum.usedUntil, end);
    }
  }

  private static BigDecimal number(Row row, String column) {
    return row.get(column).flatMap(Formats::number).orElse(BigDecimal.ZERO);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }

  /**
   * Those whose sums differ.
   *
   * @param notes hears of those that cannot be compared, since the file does not hold all of them
   */
  List<Difference> differences(List<String> notes) {
    var differences = new ArrayList<Difference>();
    for (Map.Entry<String, Sum> one : sums.entrySet()) {
      Sum sum = one.getValue();
      if (sum.elsewhere) {
        notes.add(
            "commitment %s is not compared: somebody else than its provider bills it"
                .formatted(one.getKey()));
      } else if (!sum.purchased || sum.usedUntil.isBefore(sum.paidUntil)) {
        notes.add(
            "commitment %s is not compared: the file holds %s"
                .formatted(
                    one.getKey(),
                    sum.purchased ? "its use for a part of its term only" : "no purchase of it"));
      } else if (sum.paid.compareTo(sum.effective) != 0) {
        differences.add(
            new Difference(
                one.getKey(),
                "%s was paid, and used and unused come to %s"
                    .formatted(sum.paid.toPlainString(), sum.effective.toPlainString())));
      }
    }
    return differences;
  }
}
