package dev.understudy.settlement.focus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The columns in which our own datasets are written: those of the specification, then our own. */
final class Columns {
  /** Our own columns of costs and usage. */
  static final List<String> OWN =
      List.of(
          "x_Attempts",
          "x_Estimated",
          "x_Item",
          "x_KeyId",
          "x_ListPriceKnown",
          "x_ModelId",
          "x_Organisation",
          "x_PriceVersion",
          "x_Purpose",
          "x_Route",
          "x_ServiceTier",
          "x_SuspenseCost",
          "x_SuspenseReason",
          "x_TokenCacheAction",
          "x_TokenDirection",
          "x_TokenModality",
          "x_TokenPhase",
          "x_Vendor");

  /** What we do not have: availability zones, reservations, second currencies, several types. */
  private static final Set<String> ABSENT =
      Set.of(
          "AllocatedMethodDetails",
          "AllocatedMethodId",
          "AllocatedResourceId",
          "AllocatedResourceName",
          "AllocatedTags",
          "AvailabilityZone",
          "BillingAccountType",
          "CapacityReservationId",
          "CapacityReservationStatus",
          "CommitmentProgramEligibilityDetails",
          "ContractCommitmentPaymentUpfrontPercentage",
          "PaymentCurrency",
          "PaymentCurrencyBilledCost",
          "PaymentCurrencyInvoiceDetailId",
          "PricingCurrency",
          "PricingCurrencyContractCommitmentCost",
          "PricingCurrencyContractedUnitPrice",
          "PricingCurrencyEffectiveCost",
          "PricingCurrencyListUnitPrice",
          "SubAccountType");

  private Columns() {}

  /** Of a dataset, in order. */
  static List<String> of(RuleBook.Dataset dataset) {
    var columns = new TreeSet<>(RuleBook.of(dataset).columns());
    columns.removeAll(ABSENT);
    var all = new ArrayList<>(columns);
    if (dataset.word().equals("cost-and-usage")) {
      all.addAll(OWN);
    }
    return all;
  }

  /** Those that hold numbers. */
  static Set<String> numbers(RuleBook.Dataset dataset) {
    var numbers = new HashSet<String>(Set.of("x_Attempts", "x_SuspenseCost"));
    for (Rule rule : RuleBook.of(dataset).rules()) {
      if (rule.word().equals("decimal")) {
        numbers.add(rule.column());
      }
    }
    return numbers;
  }

  /** Those that hold JSON. */
  static Set<String> objects(RuleBook.Dataset dataset) {
    var objects = new HashSet<String>();
    for (Rule rule : RuleBook.of(dataset).rules()) {
      if (rule.word().equals("keyvalue") || rule.word().equals("object")) {
        objects.add(rule.column());
      }
    }
    return objects;
  }
}
