package dev.understudy.settlement.focus;

import dev.understudy.access.Glob;
import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.Commitment;
import dev.understudy.contract.MoneyTerms.CapacityClause;
import dev.understudy.contract.MoneyTerms.CommitmentClause;
import dev.understudy.contract.Subject;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.Inside;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What records of calls do not say: who is billed by whom, and what was bought, charged and
 * invoiced.
 *
 * @param account whom vendors bill, unless they know us by another name
 * @param vendors how vendors of the settings are called on bills
 */
public record Billing(
    Account account,
    Map<String, Party> vendors,
    List<Capacity> capacity,
    List<Spend> commitments,
    List<Invoice> invoices,
    List<Charge> charges) {

  /** Nothing beside the calls. */
  public static final Billing PLAIN =
      new Billing(
          new Account("default", "default"), Map.of(), List.of(), List.of(), List.of(), List.of());

  /** Whom a vendor bills. */
  public record Account(String id, String name) {}

  /**
   * A vendor on bills.
   *
   * @param provider who sells, such as {@code Microsoft}
   * @param issuer who invoices
   * @param account under which name it bills us
   */
  public record Party(
      Optional<String> provider, Optional<String> issuer, Optional<Account> account) {
    public static final Party USUAL =
        new Party(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Which calls count. */
  public sealed interface Eligible {
    /** Those of a vendor to certain models; patterns have {@code *}, and none mean all. */
    record Named(String vendor, List<String> models) implements Eligible {
      public Named {
        models = List.copyOf(models);
      }
    }

    /**
     * Those that a clause of a contract says are served by what was bought.
     *
     * @param vendors of the settings through which its host serves, at least one
     */
    record ByCapacity(List<String> vendors, CapacityClause clause) implements Eligible {
      public ByCapacity {
        vendors = List.copyOf(vendors);
      }
    }

    /**
     * Those that a clause of a contract counts for what was promised.
     *
     * @param vendors of the settings through which its creditor serves, at least one
     */
    record ByCommitment(List<String> vendors, CommitmentClause clause) implements Eligible {
      public ByCommitment {
        vendors = List.copyOf(vendors);
      }
    }

    /** Under whose name it is billed. */
    default String vendor() {
      return vendors().getFirst();
    }

    /** All vendors of the settings whose calls may count. */
    default List<String> vendors() {
      return switch (this) {
        case Named named -> List.of(named.vendor());
        case ByCapacity bought -> bought.vendors();
        case ByCommitment promised -> promised.vendors();
      };
    }

    /** Patterns of models; none mean all. */
    default List<String> models() {
      return switch (this) {
        case Named named -> named.models();
        case ByCapacity bought -> bought.clause().models().stream().map(Glob::text).toList();
        case ByCommitment promised ->
            promised.clause().eligible().models().stream().map(Glob::text).toList();
      };
    }

    /** Whether a call counts. */
    default boolean covers(Subject call) {
      return switch (this) {
        case Named(String vendor, List<String> models) ->
            vendor.equals(call.vendor())
                && (models.isEmpty()
                    || models.stream().anyMatch(pattern -> fits(pattern, call.model())));
        case ByCapacity bought -> bought.clause().serves(call.vendor(), call.kind(), call.model());
        case ByCommitment promised ->
            promised.clause().creditor().serves(call) && promised.clause().eligible().matches(call);
      };
    }

    private static boolean fits(String pattern, String model) {
      return Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), model);
    }
  }

  /** Capacity that is paid by the hour, from one instant to another. */
  public record Capacity(
      String id,
      String name,
      Optional<String> contract,
      Eligible eligible,
      CapacityPurchase terms,
      Instant from,
      Instant to) {

    /**
     * Whether it served a call.
     *
     * @param tier the class of service that was given
     */
    public boolean serves(Subject call, String tier, Instant at) {
      return !at.isBefore(from)
          && at.isBefore(to)
          && eligible.covers(call)
          && !Inside.isOnDemand(call.kind(), tier);
    }

    /** Whether it served what a sum of an hour or less holds. */
    public boolean serves(Facts.Sum sum) {
      return sum.isOfTokens() && serves(Subject.of(sum.group()), sum.group().tier(), sum.begins());
    }

    /** The end of the last hour that has begun; hours to come are not spent yet. */
    public Instant endBy(Instant now) {
      if (!now.isBefore(to)) {
        return to;
      }
      Instant begun = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
      return begun.isBefore(to) ? begun : to;
    }

    /** The same as far as its hours have begun; empty where none has. */
    public Optional<Capacity> begunBy(Instant now) {
      Instant end = endBy(now);
      return from.isBefore(end)
          ? Optional.of(new Capacity(id, name, contract, eligible, terms, from, end))
          : Optional.empty();
    }
  }

  /**
   * Capacity that is held for a promise of it.
   *
   * @param currency of what is paid for units that are not held
   */
  public record Held(Currency currency, List<Units> units) {
    public Held {
      units = List.copyOf(units);
    }

    /** Units, by whole hours. */
    public record Units(BigDecimal units, Instant from, Instant to) {}

    /** Units times hours within a span. */
    BigDecimal within(Instant from, Instant until) {
      BigDecimal held = BigDecimal.ZERO;
      for (Units one : units) {
        Instant begins = one.from().isBefore(from) ? from : one.from();
        Instant ends = one.to().isBefore(until) ? one.to() : until;
        if (begins.isBefore(ends)) {
          // Parts of an hour are told to the minute.
          BigDecimal minutes = BigDecimal.valueOf(Duration.between(begins, ends).toMinutes());
          held =
              held.add(
                  one.units()
                      .multiply(minutes)
                      .divide(BigDecimal.valueOf(60), MathContext.DECIMAL64));
        }
      }
      return held;
    }
  }

  /**
   * A promise to spend, or to hold capacity.
   *
   * @param held what is held of capacity that was promised; empty for money
   */
  public record Spend(
      String id,
      String name,
      Optional<String> contract,
      Eligible eligible,
      Commitment terms,
      Optional<Held> held) {

    /** A promise of money. */
    public Spend(
        String id, String name, Optional<String> contract, Eligible eligible, Commitment terms) {
      this(id, name, contract, eligible, terms, Optional.empty());
    }

    /** In which it is paid. */
    Currency currency() {
      return held.map(Held::currency).orElseGet(() -> Currencies.of(terms.unit()));
    }

    /** What is counted: money, or units times hours. */
    String unit() {
      return held.isPresent() ? terms.unit() + "-Hours" : terms.unit();
    }

    /** What one costs that was not used. */
    BigDecimal each() {
      return terms.price().orElse(BigDecimal.ONE);
    }

    /** Whether all of it was paid ahead. */
    public boolean isPrepaid() {
      return terms.prepay().isPresent();
    }
  }

  /** Where an invoice stands. */
  public enum InvoiceStatus {
    OPEN,
    ISSUED,
    VOIDED
  }

  /**
   * An invoice of a vendor.
   *
   * @param amount payable, without what was paid ahead on other invoices
   * @param period the month it is for
   */
  public record Invoice(
      String id,
      String vendor,
      YearMonth period,
      Money amount,
      Optional<Instant> issued,
      Optional<Instant> due,
      InvoiceStatus status,
      String terms,
      Optional<String> reference,
      Optional<String> order) {}

  /** What is charged beside use. */
  public enum ChargeKind {
    TAX,
    CREDIT,
    ADJUSTMENT
  }

  /**
   * One charge that is no use.
   *
   * @param amount below zero for a credit
   * @param correction whether it mends a month that was invoiced before
   */
  public record Charge(
      String vendor,
      ChargeKind kind,
      Instant from,
      Instant to,
      Money amount,
      String description,
      boolean correction) {}

  public Billing {
    vendors = Map.copyOf(vendors);
    capacity = List.copyOf(capacity);
    commitments = List.copyOf(commitments);
    invoices = List.copyOf(invoices);
    charges = List.copyOf(charges);
  }

  /** What is payable on each invoice that was issued. */
  public SortedMap<String, Money> payable() {
    var payable = new TreeMap<String, Money>();
    for (Invoice invoice : invoices) {
      if (invoice.status() == InvoiceStatus.ISSUED) {
        payable.put(invoice.id(), invoice.amount());
      }
    }
    return payable;
  }

  /** The invoice of a vendor for a month, if there is one that is not void. */
  Optional<Invoice> invoice(String vendor, YearMonth month) {
    return invoices.stream()
        .filter(invoice -> invoice.status() != InvoiceStatus.VOIDED)
        .filter(invoice -> invoice.vendor().equals(vendor) && invoice.period().equals(month))
        .findFirst();
  }

  Party party(String vendor) {
    return vendors.getOrDefault(vendor, Party.USUAL);
  }
}
