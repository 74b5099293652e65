package dev.understudy.settlement.reconciliation;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A vendor's bill and usage, put together from all documents in the order given.
 *
 * @param days the lines of each day that the bill has, even if it has none
 * @param usage what the usage API counted
 * @param notices what was found while putting them together: repeated and restated days
 */
public record VendorBill(
    SortedMap<LocalDate, List<BillLine>> days, List<UsageLine> usage, List<Notice> notices) {

  /** Something about a day that changes no amount. */
  public record Notice(LocalDate day, Finding.Kind kind, String text) {}

  /**
   * One document.
   *
   * @param days its buckets in its order; a day may come twice
   */
  public record Document(String name, List<Bucket> days, List<UsageLine> usage) {
    public Document {
      days = List.copyOf(days);
      usage = List.copyOf(usage);
    }
  }

  /** The lines of one day in one document. */
  public record Bucket(LocalDate day, List<BillLine> lines) {
    public Bucket {
      lines = List.copyOf(lines);
    }
  }

  public VendorBill {
    days = Collections.unmodifiableSortedMap(new TreeMap<>(days));
    usage = List.copyOf(usage);
    notices = List.copyOf(notices);
  }

  /**
   * Puts documents together: a day that comes again with the same lines counts once, one that comes
   * again with others is restated, and the last word counts. Both are noted.
   */
  public static VendorBill of(List<Document> documents) {
    var days = new TreeMap<LocalDate, List<BillLine>>();
    Map<LocalDate, String> told = new TreeMap<>();
    var notices = new ArrayList<Notice>();
    Map<String, UsageLine> usage = new TreeMap<>();
    for (Document document : documents) {
      for (Bucket bucket : document.days()) {
        List<BillLine> before = days.get(bucket.day());
        if (before != null) {
          boolean same = Sums.amounts(before).equals(Sums.amounts(bucket.lines()));
          notices.add(
              new Notice(
                  bucket.day(),
                  same ? Finding.Kind.REPEATED : Finding.Kind.RESTATED,
                  same
                      ? "the bill has the day again in %s; it is counted once"
                          .formatted(document.name())
                      : "%s in %s, and %s in %s, which counts"
                          .formatted(
                              Sums.text(before),
                              told.getOrDefault(bucket.day(), ""),
                              Sums.text(bucket.lines()),
                              document.name())));
        }
        days.put(bucket.day(), bucket.lines());
        told.put(bucket.day(), document.name());
      }
      // The same day, model and meter of two documents is one figure, told twice.
      Map<String, UsageLine> own = new TreeMap<>();
      for (UsageLine line : document.usage()) {
        own.merge(
            line.day() + " " + line.model() + " " + line.meter() + " " + line.tier(),
            line,
            (a, b) ->
                new UsageLine(
                    a.day(), a.model(), a.meter(), a.tier(), a.quantity().add(b.quantity())));
      }
      usage.putAll(own);
    }
    return new VendorBill(days, List.copyOf(usage.values()), notices);
  }
}
