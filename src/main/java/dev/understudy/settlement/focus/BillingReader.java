package dev.understudy.settlement.focus;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.Commitment;
import dev.understudy.money.Money;
import dev.understudy.settlement.focus.Billing.Account;
import dev.understudy.settlement.focus.BillingBlocks.AccountBlock;
import dev.understudy.settlement.focus.BillingBlocks.CapacityBlock;
import dev.understudy.settlement.focus.BillingBlocks.ChargeBlock;
import dev.understudy.settlement.focus.BillingBlocks.InvoiceBlock;
import dev.understudy.settlement.focus.BillingBlocks.PartyBlock;
import dev.understudy.settlement.focus.BillingBlocks.SpendBlock;
import dev.understudy.text.Days;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Makes billing facts of a file, or says with line and column all that is wrong with it. */
public final class BillingReader {
  private final Problems problems;

  private BillingReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reads a file.
   *
   * @param file the name under which places are reported
   * @return empty if there are problems
   */
  public static Optional<Billing> read(String file, byte[] bytes, Problems problems) {
    Optional<BillingBlocks> said =
        YamlReader.read(BillingBlocks.class, file, bytes, Map.of(), problems);
    if (said.isEmpty()) {
      return Optional.empty();
    }
    Billing billing = new BillingReader(problems).billing(said.get());
    return problems.isEmpty() ? Optional.of(billing) : Optional.empty();
  }

  private Billing billing(BillingBlocks said) {
    Map<String, Billing.Party> vendors = new HashMap<>();
    for (Entries.Entry<PartyBlock> one : said.vendors().all()) {
      PartyBlock party = one.value();
      vendors.put(
          one.name().value(),
          new Billing.Party(
              party.provider().map(Text::value),
              party.issuer().map(Text::value),
              party.account().map(BillingReader::account)));
    }
    var capacity = new ArrayList<Billing.Capacity>();
    Set<String> ids = new HashSet<>();
    for (CapacityBlock block : said.capacity()) {
      unique(block.id(), ids);
      tried(block.id(), () -> capacity(block)).ifPresent(capacity::add);
    }
    var commitments = new ArrayList<Billing.Spend>();
    for (SpendBlock block : said.commitments()) {
      unique(block.id(), ids);
      tried(block.id(), () -> spend(block)).ifPresent(commitments::add);
    }
    var invoices = new ArrayList<Billing.Invoice>();
    Set<String> numbers = new HashSet<>();
    Set<String> periods = new HashSet<>();
    for (InvoiceBlock block : said.invoices()) {
      unique(block.id(), numbers);
      Optional<Billing.Invoice> invoice = tried(block.id(), () -> invoice(block));
      invoice.ifPresent(invoices::add);
      if (invoice.isPresent()
          && invoice.get().status() != Billing.InvoiceStatus.VOIDED
          && !periods.add(invoice.get().vendor() + " " + invoice.get().period())) {
        problems.add(
            block.period().place(),
            "two invoices of %s for %s; void one, or put their amounts together"
                .formatted(invoice.get().vendor(), invoice.get().period()));
      }
    }
    var charges = new ArrayList<Billing.Charge>();
    for (ChargeBlock block : said.charges()) {
      tried(block.vendor(), () -> charge(block)).ifPresent(charges::add);
    }
    return new Billing(
        said.account().map(BillingReader::account).orElse(Billing.PLAIN.account()),
        vendors,
        capacity,
        commitments,
        invoices,
        charges);
  }

  private static Account account(AccountBlock block) {
    return new Account(block.id().value(), block.name().value());
  }

  private void unique(Text id, Set<String> known) {
    if (!known.add(id.value())) {
      problems.add(id.place(), "two are called " + id.written());
    }
  }

  /** What cannot be made is a problem at the place of its name. */
  private <T> Optional<T> tried(Text at, Supplier<T> made) {
    try {
      return Optional.of(made.get());
    } catch (WrongAt e) {
      problems.add(e.at.place(), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      problems.add(at.place(), String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /** A value that is not what it must be. */
  private static final class WrongAt extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final transient Text at;

    WrongAt(Text at, String message) {
      super(message);
      this.at = at;
    }
  }

  private static Billing.Capacity capacity(CapacityBlock block) {
    var terms =
        new CapacityPurchase(
            block.units().value(),
            block.unit().value(),
            money(block.pricePerUnitHour()),
            Optional.of(
                new CapacityPurchase.Throughput(
                    block.inputTokensPerMinute().value(),
                    block.outputWeight().map(Decimal::value).orElse(BigDecimal.ONE),
                    block.cachedWeight().map(Decimal::value).orElse(BigDecimal.ONE))),
            Optional.empty());
    Instant from = instant(block.from());
    Instant to = instant(block.to());
    if (!from.isBefore(to)) {
      throw new WrongAt(block.to(), "ends before it begins");
    }
    return new Billing.Capacity(
        block.id().value(),
        block.name().map(Text::value).orElse(block.id().value()),
        block.contract().map(Text::value),
        new Billing.Eligible.Named(block.vendor().value(), texts(block.models())),
        terms,
        from,
        to);
  }

  private static Billing.Spend spend(SpendBlock block) {
    Money amount = money(block.amount());
    boolean prepaid = block.prepaid().orElse(false);
    Instant from = instant(block.from());
    var terms =
        new Commitment(
            Commitment.Kind.SPEND,
            amount.amount(),
            amount.currency().getCurrencyCode(),
            from,
            instant(block.to()),
            block.floorPerMonth().map(Decimal::value),
            prepaid ? Commitment.Shortfall.FORFEIT : Commitment.Shortfall.PAY,
            Optional.empty(),
            prepaid ? Optional.of(new Commitment.Prepay(BigDecimal.ONE, from)) : Optional.empty(),
            Commitment.Counts.CONTRACTED);
    return new Billing.Spend(
        block.id().value(),
        block.name().map(Text::value).orElse(block.id().value()),
        block.contract().map(Text::value),
        new Billing.Eligible.Named(block.vendor().value(), texts(block.models())),
        terms);
  }

  private static Billing.Invoice invoice(InvoiceBlock block) {
    return new Billing.Invoice(
        block.id().value(),
        block.vendor().value(),
        month(block.period()),
        money(block.amount()),
        block.issued().map(BillingReader::instant),
        block.due().map(BillingReader::instant),
        block
            .status()
            .map(text -> word(text, Billing.InvoiceStatus.class))
            .orElse(Billing.InvoiceStatus.ISSUED),
        block.terms().map(Text::value).orElse("unstated"),
        block.reference().map(Text::value),
        block.order().map(Text::value));
  }

  private static Billing.Charge charge(ChargeBlock block) {
    Instant from = instant(block.from());
    Instant to = block.to().map(BillingReader::instant).orElse(from.plus(Duration.ofDays(1)));
    if (!from.isBefore(to)) {
      throw new WrongAt(block.from(), "ends before it begins");
    }
    return new Billing.Charge(
        block.vendor().value(),
        word(block.kind(), Billing.ChargeKind.class),
        from,
        to,
        money(block.amount()),
        block.description().value(),
        block.correction().orElse(false));
  }

  private static List<String> texts(List<Text> texts) {
    return texts.stream().map(Text::value).toList();
  }

  private static <E extends Enum<E>> E word(Text text, Class<E> kind) {
    var known = new ArrayList<String>();
    for (E one : kind.getEnumConstants()) {
      String name = one.name().toLowerCase(Locale.ROOT);
      known.add(name);
      if (name.equals(text.value())) {
        return one;
      }
    }
    throw new WrongAt(text, "must be one of " + String.join(", ", known));
  }

  private static Money money(Text text) {
    try {
      return Money.parse(text.value());
    } catch (IllegalArgumentException e) {
      throw new WrongAt(text, String.valueOf(e.getMessage()));
    }
  }

  private static YearMonth month(Text text) {
    try {
      return Days.month(text.value());
    } catch (DateTimeException e) {
      throw new WrongAt(text, "must be a month, such as 2026-10");
    } catch (IllegalArgumentException e) {
      throw new WrongAt(text, String.valueOf(e.getMessage()));
    }
  }

  /** A day, which begins at midnight in UTC, or an instant. */
  private static Instant instant(Text text) {
    try {
      return text.value().length() == "2026-10-01".length()
          ? Days.day(text.value()).atStartOfDay().toInstant(ZoneOffset.UTC)
          : Days.moment(text.value());
    } catch (DateTimeException e) {
      throw new WrongAt(text, "must be a day such as 2026-10-01 or 2026-10-01T00:00:00Z");
    } catch (IllegalArgumentException e) {
      throw new WrongAt(text, String.valueOf(e.getMessage()));
    }
  }
}
