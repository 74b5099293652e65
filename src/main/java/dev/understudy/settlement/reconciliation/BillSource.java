package dev.understudy.settlement.reconciliation;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;

/** Where a vendor gives out its bills. */
public interface BillSource {
  /**
   * Costs and usage of a span, as the vendor's pages have them.
   *
   * @param to the last day
   * @throws IOException if they cannot be fetched; the message is fit for an operator
   */
  List<VendorBill.Document> fetch(LocalDate from, LocalDate to) throws IOException;
}
