package dev.understudy.settlement.focus;

import dev.understudy.contract.Commitment;
import dev.understudy.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the datasets of version 1.4 that go with costs and usage: contract commitments, invoice
 * details, billing periods.
 */
public final class SmallDatasets {
  private final Billing billing;
  private final Parties parties;
  private final Instant now;

  /**
   * Makes them.
   *
   * @param now decides what is pending, active or expired, and open or closed
   */
  public SmallDatasets(Billing billing, Parties parties, Instant now) {
    this.billing = billing;
    this.parties = parties;
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** One row for each commitment. */
  public void contractCommitments(CostAndUsage.Rows rows) throws IOException {
    for (Billing.Capacity one : billing.capacity()) {
      Map<String, String> row =
          commitment(one.id(), one.name(), one.contract(), one.eligible(), one.from(), one.to());
      BigDecimal hours = BigDecimal.valueOf(Duration.between(one.from(), one.to()).toHours());
      row.put("ContractCommitmentCategory", "Usage");
      row.put("ContractCommitmentBenefitCategory", "Availability");
      row.put("ContractCommitmentType", "Provisioned Capacity");
      row.put("ContractCommitmentModel", "Continuous");
      row.put("ContractCommitmentFulfillmentInterval", "Hourly");
      row.put("ContractCommitmentPaymentModel", "No Upfront");
      row.put("ContractCommitmentPaymentInterval", "Monthly");
      row.put("ContractCommitmentQuantity", CostRows.text(one.terms().units().multiply(hours)));
      row.put("ContractCommitmentUnit", one.terms().unit() + "-Hours");
      row.put(
          "ContractCommitmentCost", CostRows.text(one.terms().perHour().amount().multiply(hours)));
      row.put("BillingCurrency", one.terms().perUnitHour().currency().getCurrencyCode());
      rows.add(row);
    }
    for (Billing.Spend one : billing.commitments()) {
      Commitment terms = one.terms();
      Map<String, String> row =
          commitment(
              one.id(), one.name(), one.contract(), one.eligible(), terms.from(), terms.to());
      boolean months = terms.floorPerMonth().isPresent();
      boolean units = one.held().isPresent();
      row.put("ContractCommitmentCategory", units ? "Usage" : "Spend");
      row.put("ContractCommitmentBenefitCategory", one.isPrepaid() ? "Entitlement" : "Discount");
      row.put("ContractCommitmentType", units ? "Provisioned Capacity" : "Spend Commitment");
      row.put("ContractCommitmentModel", months ? "Continuous" : "Discontinuous");
      row.put("ContractCommitmentFulfillmentInterval", months ? "Monthly" : "Full Period");
      row.put("ContractCommitmentPaymentModel", one.isPrepaid() ? "All Upfront" : "No Upfront");
      row.put("ContractCommitmentPaymentInterval", one.isPrepaid() ? "One-Time" : "Monthly");
      // Capacity is promised for every hour.
      BigDecimal all = terms.inUnitHours(0).amount();
      if (units) {
        row.put("ContractCommitmentQuantity", CostRows.text(all));
        row.put("ContractCommitmentUnit", one.unit());
      }
      row.put("ContractCommitmentCost", CostRows.text(all.multiply(one.each())));
      row.put("BillingCurrency", one.currency().getCurrencyCode());
      rows.add(row);
    }
  }

  private Map<String, String> commitment(
      String id,
      String name,
      Optional<String> contract,
      Billing.Eligible eligible,
      Instant from,
      Instant to) {
    Map<String, String> row = new HashMap<>();
    String kind = parties.kind(eligible.vendor(), "");
    row.put("ContractId", contract.orElse(id));
    row.put("ContractCommitmentId", id);
    row.put("ContractCommitmentDescription", name);
    row.put("ContractPeriodStart", from.toString());
    row.put("ContractPeriodEnd", to.toString());
    row.put("ContractCommitmentPeriodStart", from.toString());
    row.put("ContractCommitmentPeriodEnd", to.toString());
    row.put("ContractCommitmentCreated", from.toString());
    row.put("ContractCommitmentLastUpdated", from.toString());
    row.put(
        "ContractCommitmentLifecycleStatus",
        now.isBefore(from) ? "Pending" : now.isBefore(to) ? "Active" : "Expired");
    row.put("ContractCommitmentOfferCategory", "Negotiated");
    long months =
        ChronoUnit.MONTHS.between(from.atOffset(ZoneOffset.UTC), to.atOffset(ZoneOffset.UTC));
    row.put(
        "ContractCommitmentDurationType",
        months > 0 && months % 12 == 0 ? months / 12 + " Year" : Math.max(months, 1) + " Month");
    row.put("ContractCommitmentApplicability", applicability(eligible));
    row.put("ServiceProviderName", parties.provider(eligible.vendor(), kind));
    row.put("InvoiceIssuerName", parties.issuer(eligible.vendor(), kind));
    return row;
  }

  private static String applicability(Billing.Eligible eligible) {
    ObjectNode scope = Json.object();
    boolean one = eligible.models().isEmpty() && eligible.vendors().size() == 1;
    scope.put("InclusionOperator", one ? "And" : "Or");
    ArrayNode rules = scope.putArray("Inclusions");
    for (String vendor : eligible.vendors()) {
      if (eligible.models().isEmpty()) {
        rule(rules, "StartsWith", vendor + "/");
      }
      for (String pattern : eligible.models()) {
        int star = pattern.indexOf('*');
        boolean beginning = star >= 0 && star == pattern.length() - 1;
        String whole = vendor + "/" + (beginning ? pattern.substring(0, star) : pattern);
        rule(rules, beginning ? "StartsWith" : "In", whole);
      }
    }
    return Json.text(scope);
  }

  private static void rule(ArrayNode rules, String operator, String value) {
    ObjectNode rule = rules.addObject();
    rule.put("Dimension", "ResourceId");
    rule.put("Operator", operator);
    rule.putArray("Values").add(value);
  }

  /**
   * One row for each invoice: it is not broken down, since vendors' invoices are registered whole.
   */
  public void invoiceDetails(CostAndUsage.Rows rows) throws IOException {
    for (Billing.Invoice one : billing.invoices()) {
      Map<String, String> row = new HashMap<>();
      Instant begins = Months.begin(one.period());
      Instant ends = Months.begin(one.period().plusMonths(1));
      Instant created = one.issued().orElse(ends);
      String kind = parties.kind(one.vendor(), "");
      row.put("InvoiceId", one.id());
      row.put("InvoiceDetailId", one.id() + "/1");
      row.put(
          "InvoiceDetailDescription",
          "Use of %s in %s".formatted(parties.service(kind), one.period()));
      row.put("InvoiceDetailCreated", created.toString());
      row.put("InvoiceDetailLastUpdated", created.toString());
      row.put(
          "InvoiceDetailGrain", Json.text(Json.object().put("ServiceName", parties.service(kind))));
      row.put("InvoiceIssueStatus", word(one.status()));
      one.issued().ifPresent(at -> row.put("InvoiceIssueDate", at.toString()));
      one.due().ifPresent(at -> row.put("PaymentDueDate", at.toString()));
      row.put("PaymentTerms", one.terms());
      // An invoice that mends no other refers to itself: the column must not be null.
      row.put("ReferenceInvoiceId", one.reference().orElse(one.id()));
      row.put("InvoiceIssuerName", parties.issuer(one.vendor(), kind));
      row.put("BillingAccountId", parties.account(one.vendor()).id());
      row.put("BillingCurrency", one.amount().currency().getCurrencyCode());
      row.put("BillingPeriodStart", begins.toString());
      row.put("BillingPeriodEnd", ends.toString());
      row.put("BilledCost", CostRows.text(one.amount().amount()));
      row.put("ChargeCategory", one.amount().sign() < 0 ? "Credit" : "Usage");
      one.order().ifPresent(number -> row.put("PurchaseOrderNumber", number));
      rows.add(row);
    }
  }

  private static String word(Billing.InvoiceStatus status) {
    String name = status.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  /**
   * One row for each month of each issuer.
   *
   * @param spend what was used, by vendor, with the months in which it was
   * @param closedUntil before this instant the ledger is closed
   */
  public void billingPeriods(
      Map<String, Set<YearMonth>> spend, Optional<Instant> closedUntil, CostAndUsage.Rows rows)
      throws IOException {
    Map<String, TreeSet<YearMonth>> issuers = new TreeMap<>();
    spend.forEach((vendor, months) ->
        issuers
            .computeIfAbsent(parties.issuer(vendor, parties.kind(vendor, "")), _ -> new TreeSet<>())
            .addAll(months));
    for (Billing.Invoice one : billing.invoices()) {
      issuers
          .computeIfAbsent(
              parties.issuer(one.vendor(), parties.kind(one.vendor(), "")), _ -> new TreeSet<>())
          .add(one.period());
    }
    for (Map.Entry<String, TreeSet<YearMonth>> issuer : issuers.entrySet()) {
      for (YearMonth month : issuer.getValue()) {
        Instant ends = Months.begin(month.plusMonths(1));
        boolean closed = closedUntil.isPresent() && !closedUntil.get().isBefore(ends);
        Instant begins = Months.begin(month);
        rows.add(
            Map.of(
                "BillingPeriodStart", begins.toString(),
                "BillingPeriodEnd", ends.toString(),
                "BillingPeriodCreated", begins.toString(),
                "BillingPeriodLastUpdated", (closed ? ends : now).toString(),
                "BillingPeriodStatus", closed ? "Closed" : "Open",
                "InvoiceIssuerName", issuer.getKey()));
      }
    }
  }
}
