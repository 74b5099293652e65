package dev.understudy.settlement.focus;

import dev.understudy.contract.Commitment;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Currencies;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what was bought and charged beside the calls: capacity, what was paid ahead, what a
 * promise lacks, taxes and credits.
 */
final class BoughtRows {
  private final Billing billing;
  private final CostRows kit;
  private final Facts facts;
  private final Instant from;
  private final Instant until;
  private final Instant now;
  private final Passing out;

  BoughtRows(
      Billing billing,
      CostRows kit,
      Facts facts,
      Instant from,
      Instant until,
      Instant now,
      Passing out) {
    this.billing = billing;
    this.kit = kit;
    this.facts = facts;
    this.from = from;
    this.until = until;
    this.now = now;
    this.out = out;
  }

  /**
   * Writes the rows whose charges begin in the span.
   *
   * @return what is left, at the span's beginning, of what was paid ahead
   */
  Map<Billing.Spend, BigDecimal> write() throws IOException {
    Map<Billing.Spend, BigDecimal> left = new LinkedHashMap<>();
    for (Billing.Capacity capacity : billing.capacity()) {
      purchases(capacity);
    }
    for (Billing.Spend spend : billing.commitments()) {
      if (spend.isPrepaid()) {
        left.put(spend, prepaid(spend));
      } else {
        promised(spend);
      }
    }
    for (Billing.Charge charge : billing.charges()) {
      if (!charge.from().isBefore(from) && charge.from().isBefore(until)) {
        charge(charge);
      }
    }
    return left;
  }

  /** One purchase for each month, or part of one, of the term. */
  private void purchases(Billing.Capacity capacity) throws IOException {
    Instant begins = later(capacity.from(), from);
    Instant ends = earlier(capacity.endBy(now), until);
    while (begins.isBefore(ends)) {
      Instant next = earlier(Months.monthAfter(begins), ends);
      BigDecimal hours = BigDecimal.valueOf(Duration.between(begins, next).toHours());
      BigDecimal unitHours = capacity.terms().units().multiply(hours);
      BigDecimal each = capacity.terms().perUnitHour().amount();
      BigDecimal cost = unitHours.multiply(each);
      Cover cover = Cover.bought(capacity, unitHours, cost);
      Map<String, String> row =
          kit.commitmentRow(
              capacity.eligible(), cover, begins, next, capacity.terms().perUnitHour().currency());
      row.put("ChargeCategory", "Purchase");
      row.put("ChargeFrequency", "Recurring");
      row.put("ChargeDescription", "Purchase of " + capacity.name());
      row.put("PricingCategory", "Standard");
      CostRows.priced(row, unitHours, cover.unit(), each, each);
      out.emit(row, cost, capacity.terms().perUnitHour().currency());
      begins = next;
    }
  }

  /** A purchase at the start, and what is left of it when the span begins. */
  private BigDecimal prepaid(Billing.Spend spend) throws IOException {
    Commitment terms = spend.terms();
    Currency currency = Currencies.of(terms.unit());
    if (!terms.from().isBefore(from) && terms.from().isBefore(until)) {
      var cover = Cover.spent(spend, "", terms.amount(), terms.amount(), BigDecimal.ZERO);
      purchase(spend, cover, terms.from(), terms.to(), "One-Time", "Purchase of ", currency);
    }
    BigDecimal used =
        terms.from().isBefore(from)
            ? used(spend, terms.from(), earlier(from, terms.to()))
            : BigDecimal.ZERO;
    return terms.amount().subtract(used).max(BigDecimal.ZERO);
  }

  /** What months below their floor, and an end below the promise, are billed. */
  private void promised(Billing.Spend spend) throws IOException {
    Commitment said = spend.terms();
    Currency currency = spend.currency();
    Commitment.Standing standing = Commitment.Standing.START;
    Instant begins = said.from();
    while (begins.isBefore(said.to())) {
      Instant ends = earlier(Months.monthAfter(begins), said.to());
      Commitment terms = said.inUnitHours(Months.of(begins).lengthOfMonth() * 24L);
      if (ends.isAfter(until) || ends.isAfter(now)) {
        return;
      }
      // Floors hold for whole months, as on statements.
      boolean whole =
          begins.equals(Months.begin(Months.of(begins))) && ends.equals(Months.monthAfter(begins));
      Commitment.Month month =
          (whole ? terms : terms.withoutFloor())
              .month(standing, counted(spend, begins, ends), ends.equals(terms.to()));
      standing = month.after();
      BigDecimal due = month.trueUp().add(month.due());
      if (due.signum() > 0 && ends.isAfter(from)) {
        purchase(
            spend,
            Cover.spent(spend, "", due, due.multiply(spend.each()), BigDecimal.ZERO),
            begins,
            ends,
            "One-Time",
            "Shortfall of ",
            currency);
        unused(spend, due, begins, ends, currency);
      }
      begins = ends;
    }
  }

  private void purchase(
      Billing.Spend spend,
      Cover cover,
      Instant begins,
      Instant ends,
      String frequency,
      String what,
      Currency currency)
      throws IOException {
    Map<String, String> row = kit.commitmentRow(spend.eligible(), cover, begins, ends, currency);
    row.put("ChargeCategory", "Purchase");
    row.put("ChargeFrequency", frequency);
    row.put("ChargeDescription", what + spend.name());
    row.put("PricingCategory", "Standard");
    CostRows.priced(row, cover.quantity(), cover.unit(), spend.each(), spend.each());
    out.emit(row, cover.billed(), currency);
  }

  /**
   * What nobody used of what was promised or paid ahead, over a span.
   *
   * @param amount in what was promised
   */
  void unused(
      Billing.Spend spend, BigDecimal amount, Instant begins, Instant ends, Currency currency)
      throws IOException {
    Cover cover =
        Cover.spent(spend, "Unused", amount, BigDecimal.ZERO, amount.multiply(spend.each()));
    Map<String, String> row = kit.commitmentRow(spend.eligible(), cover, begins, ends, currency);
    row.put("ChargeCategory", "Usage");
    row.put("ChargeFrequency", "Usage-Based");
    row.put("ChargeDescription", "Unused part of " + spend.name());
    row.put("PricingCategory", "Committed");
    CostRows.priced(row, amount, cover.unit(), spend.each(), spend.each());
    out.emit(row, BigDecimal.ZERO, currency);
  }

  private BigDecimal counted(Billing.Spend spend, Instant from, Instant until) throws IOException {
    return spend.held().isPresent()
        ? spend.held().get().within(from, until)
        : used(spend, from, until);
  }

  /** What was spent by the token: what is served inside capacity is paid by its hours. */
  private BigDecimal used(Billing.Spend spend, Instant from, Instant until) throws IOException {
    var sum = new BigDecimal[] {BigDecimal.ZERO};
    facts.sums(
        from,
        until,
        billing.capacity().isEmpty() ? Facts.Grain.WHOLE : Facts.Grain.HOUR,
        one -> {
          boolean counts =
              one.priced()
                  && billing.capacity().stream().noneMatch(bought -> bought.serves(one))
                  && spend.eligible().covers(Subject.of(one.group()))
                  && one.amount().currency().getCurrencyCode().equals(spend.terms().unit());
          if (counts) {
            sum[0] = sum[0].add(one.amount().amount());
          }
        });
    return sum[0];
  }

  private void charge(Billing.Charge charge) throws IOException {
    BigDecimal amount = charge.amount().amount();
    Map<String, String> row =
        kit.row(
            charge.vendor(),
            charge.vendor(),
            charge.from(),
            charge.to(),
            charge.amount().currency());
    String category =
        switch (charge.kind()) {
          case TAX -> "Tax";
          case CREDIT -> "Credit";
          case ADJUSTMENT -> "Adjustment";
        };
    // A tax or credit comes from whoever invoices, also where the calls come from somebody else.
    for (String column :
        List.of("ProviderName", "ServiceProviderName", "HostProviderName", "PublisherName")) {
      row.put(column, row.get("InvoiceIssuerName"));
    }
    row.put("ChargeCategory", category);
    row.put("ChargeFrequency", "One-Time");
    row.put("ChargeDescription", charge.description());
    if (charge.correction()) {
      row.put("ChargeClass", "Correction");
    }
    row.put("ListCost", CostRows.text(amount));
    row.put("ContractedCost", CostRows.text(amount));
    row.put("EffectiveCost", CostRows.text(amount));
    out.emit(row, amount, charge.amount().currency());
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
