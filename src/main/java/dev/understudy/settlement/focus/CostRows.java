package dev.understudy.settlement.focus;

import dev.understudy.json.Json;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Currency;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Begins rows of Cost and Usage: what every row has, and what rows of a commitment have beside. */
final class CostRows {
  private final Billing billing;
  private final Parties parties;

  CostRows(Billing billing, Parties parties) {
    this.billing = billing;
    this.parties = parties;
  }

  Parties parties() {
    return parties;
  }

  /** What every row has. */
  Map<String, String> row(
      String vendor, String kind, Instant begins, Instant ends, Currency currency) {
    Map<String, String> row = new HashMap<>();
    String meant = parties.kind(vendor, kind);
    row.put("BillingAccountId", parties.account(vendor).id());
    row.put("BillingAccountName", parties.account(vendor).name());
    row.put("BillingCurrency", currency.getCurrencyCode());
    row.put("ChargePeriodStart", begins.toString());
    row.put("ChargePeriodEnd", ends.toString());
    row.put("ProviderName", parties.provider(vendor, meant));
    row.put("ServiceProviderName", parties.provider(vendor, meant));
    row.put("HostProviderName", parties.provider(vendor, meant));
    row.put("PublisherName", parties.provider(vendor, meant));
    row.put("InvoiceIssuerName", parties.issuer(vendor, meant));
    row.put("ServiceCategory", "AI and Machine Learning");
    row.put("ServiceSubcategory", "Generative AI");
    row.put("ServiceName", parties.service(meant));
    month(row, vendor, Months.of(begins));
    return row;
  }

  /** The billing period and, if there is one, the invoice of it. */
  void month(Map<String, String> row, String vendor, YearMonth month) {
    row.put("BillingPeriodStart", Months.begin(month).toString());
    row.put("BillingPeriodEnd", Months.begin(month.plusMonths(1)).toString());
    billing
        .invoice(vendor, month)
        .ifPresent(invoice -> {
          row.put("InvoiceId", invoice.id());
          row.put("InvoiceDetailId", invoice.id() + "/1");
        });
  }

  /** A row of a commitment itself: its purchase, or what was not used of it. */
  Map<String, String> commitmentRow(
      Billing.Eligible eligible, Cover cover, Instant begins, Instant ends, Currency currency) {
    Map<String, String> row = row(eligible.vendor(), eligible.vendor(), begins, ends, currency);
    row.put("ResourceId", cover.id());
    row.put("ResourceType", "Commitment");
    row.put("SkuId", eligible.vendor() + "/commitment/" + cover.id());
    row.put("SkuPriceId", eligible.vendor() + "/commitment/" + cover.id() + "/usual");
    row.put("SkuMeter", cover.spend() ? "Spend" : "Capacity");
    row.put("EffectiveCost", text(cover.effective()));
    row.put("x_Vendor", eligible.vendor());
    commitment(row, cover);
    return row;
  }

  /** What is told of the commitment that takes part in a row. */
  static void commitment(Map<String, String> row, Cover cover) {
    row.put("CommitmentDiscountId", cover.id());
    row.put("CommitmentDiscountName", cover.name());
    row.put("CommitmentDiscountCategory", cover.spend() ? "Spend" : "Usage");
    row.put("CommitmentDiscountType", cover.spend() ? "Spend Commitment" : "Provisioned Capacity");
    say(row, "CommitmentDiscountStatus", cover.status());
    row.put("CommitmentDiscountQuantity", text(cover.quantity()));
    row.put("CommitmentDiscountUnit", cover.unit());
    if (cover.contract().isPresent() && !cover.status().isEmpty()) {
      ObjectNode applied = Json.object();
      ObjectNode element = applied.putArray("Elements").addObject();
      element.put("ContractId", cover.contract().get());
      element.put("ContractCommitmentId", cover.id());
      if (cover.spend()) {
        element.put("ContractCommitmentAppliedCost", cover.effective());
      } else {
        element.put("ContractCommitmentAppliedQuantity", cover.quantity());
        element.put("ContractCommitmentAppliedUnit", cover.unit());
      }
      row.put("ContractApplied", Json.text(applied));
    }
  }

  /** Quantity, unit, prices of one and what they come to; nothing is rounded. */
  static void priced(
      Map<String, String> row, BigDecimal quantity, String unit, BigDecimal list, BigDecimal ours) {
    row.put("PricingQuantity", text(quantity));
    row.put("PricingUnit", unit);
    row.put("ListUnitPrice", text(list));
    row.put("ContractedUnitPrice", text(ours));
    row.put("ListCost", text(list.multiply(quantity)));
    row.put("ContractedCost", text(ours.multiply(quantity)));
  }

  /** Puts what is known. */
  static void say(Map<String, String> row, String column, String value) {
    if (!value.isBlank()) {
      row.put(column, value);
    }
  }

  /** Without trailing zeros and exponents. */
  static String text(BigDecimal number) {
    return Money.of(number, Currencies.USD).amount().toPlainString();
  }
}
