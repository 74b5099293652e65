package dev.understudy.settlement;

import dev.understudy.ledger.Account;
import dev.understudy.ledger.Draft;
import dev.understudy.ledger.EventId;
import dev.understudy.ledger.ExchangeRate;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.Posting;
import dev.understudy.money.Allocation;
import dev.understudy.money.Money;
import dev.understudy.settlement.Invoice.Item;
import dev.understudy.settlement.StatementStore.Kept;
import dev.understudy.settlement.StatementStore.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Issues invoices and credit notes: numbered without gaps, never changed. What is heard of after an
 * invoice was issued becomes a further invoice or a credit note for the difference.
 */
public final class InvoiceDesk {
  /** As whoever books invoices and credit notes is named in the ledger. */
  public static final Set<String> EVENTS = Set.of("invoice", "credit-note");

  private static final int TRIES_MAX = 10;

  private final Given given;
  private final SalesStore sales;
  private final StatementStore store;
  private final Ledger ledger;
  private final InstantSource clock;

  public InvoiceDesk(
      Given given, SalesStore sales, StatementStore store, Ledger ledger, InstantSource clock) {
    this.given = given;
    this.sales = sales;
    this.store = store;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * A document.
   *
   * @param number empty where it is only looked at
   * @param isNew whether it was issued now
   */
  public record Issued(
      Kind kind,
      Invoice invoice,
      String number,
      boolean isNew,
      Instant madeAt,
      List<String> doubts) {
    public Issued {
      doubts = List.copyOf(doubts);
    }
  }

  /** What an invoice for the whole month would say, whatever was issued. */
  public Issued preview(Tariff tariff, YearMonth period, Invoicer.Tag tag) throws IOException {
    Invoicer.Draft draft = Invoicer.invoice(tariff, period, given, tag);
    return new Issued(Kind.INVOICE, draft.invoice(), "", false, clock.instant(), draft.doubts());
  }

  /**
   * Issues what is missing for a month that is over, and books it.
   *
   * @return all documents of the month, in the order issued
   */
  public List<Issued> issue(Tariff tariff, Tariff.Issuer issuer, YearMonth period, Invoicer.Tag tag)
      throws IOException {
    if (clock.instant().isBefore(Statement.begin(period.plusMonths(1)))) {
      throw new Unsettled(
          "%s is not over: it is %s here; look at it with --dry-run"
              .formatted(period, clock.instant()));
    }
    Invoicer.Draft draft = Invoicer.invoice(tariff, period, given, tag);
    String fresh = "";
    for (int i = 0; i < TRIES_MAX; i++) {
      List<Kept> documents = documents(tariff.customer(), period);
      Invoice missing = missing(tariff, period, draft.invoice(), documents);
      if (missing.lines().isEmpty()) {
        return booked(documents, fresh, draft.doubts());
      }
      boolean back = missing.total().sign() < 0;
      Optional<String> first =
          documents.stream().filter(d -> d.kind() == Kind.INVOICE).map(Kept::number).findFirst();
      Kind kind = back ? Kind.CREDIT_NOTE : Kind.INVOICE;
      Invoice document =
          (back ? missing.back(first.orElse(""), "less was used than invoiced") : missing)
              .under(Optional.of(Invoice.Names.of(issuer, tariff.name(), tariff.address())));
      if (back) {
        bound(document, documents);
      }
      Kept kept = keep(kind, document, issuer, documents);
      fresh = kept.number();
    }
    throw new IOException(
        "the invoice of %s is made by others meanwhile".formatted(tariff.customer()));
  }

  private Kept keep(Kind kind, Invoice document, Tariff.Issuer issuer, List<Kept> documents)
      throws IOException {
    Instant now = clock.instant();
    int revision = 1 + (int) documents.stream().filter(d -> d.kind() == kind).count();
    String series =
        issuer.series()
            + (kind == Kind.INVOICE ? "" : "C")
            + now.atZone(ZoneOffset.UTC).getYear()
            + "-";
    return store.number(
        kind,
        document.customer(),
        document.period().toString(),
        revision,
        series,
        number -> {
          String body = document.json(number);
          return new Kept(
              kind,
              document.customer(),
              document.period().toString(),
              revision,
              number,
              StatementJson.digest(body),
              body,
              now);
        });
  }

  /** What was issued for a month: invoices, then credit notes. */
  private List<Kept> documents(String customer, YearMonth period) throws IOException {
    var all = new ArrayList<>(store.revisions(Kind.INVOICE, customer, period.toString()));
    all.addAll(store.revisions(Kind.CREDIT_NOTE, customer, period.toString()));
    return all;
  }

  /** The lines by which what was issued differs from what it should be. */
  private static Invoice missing(
      Tariff tariff, YearMonth period, Invoice wanted, List<Kept> documents) {
    var open = new LinkedHashMap<List<String>, Item>();
    wanted.lines().forEach(line -> open.put(line.key(), line));
    for (Kept document : documents) {
      Invoice issued = Invoice.read(document.body());
      if (!issued.event().isEmpty()) {
        // What was given back for another reason is not asked for again.
        continue;
      }
      BigDecimal sign = document.kind() == Kind.INVOICE ? BigDecimal.ONE.negate() : BigDecimal.ONE;
      for (Item line : issued.lines()) {
        Item change =
            new Item(
                line.label(),
                line.model(),
                line.item(),
                line.each(),
                line.quantity().multiply(sign),
                line.exact().times(sign),
                line.net().times(sign));
        open.merge(line.key(), change, InvoiceDesk::plus);
      }
    }
    List<Item> lines =
        open.values().stream()
            .filter(line -> line.quantity().signum() != 0 || !line.net().isZero())
            .toList();
    return Invoice.of(
            tariff.customer(), period, tariff.currency(), lines, tariff.tax(), tariff.sold())
        .exchanging(exchanged(wanted, documents));
  }

  /** What was not yet told as exchanged; nothing where a document of before does not tell it. */
  private static Optional<List<Exchange>> exchanged(Invoice wanted, List<Kept> documents) {
    var open = new LinkedHashMap<ExchangeRate, Exchange>();
    wanted.exchanged().orElse(List.of()).forEach(one -> open.put(one.rate(), one));
    for (Kept document : documents) {
      Invoice issued = Invoice.read(document.body());
      if (!issued.event().isEmpty()) {
        continue;
      }
      if (issued.exchanged().isEmpty()) {
        return Optional.empty();
      }
      for (Exchange one : issued.exchanged().get()) {
        Exchange change = document.kind() == Kind.INVOICE ? one.negate() : one;
        open.merge(one.rate(), change, Exchange::plus);
      }
    }
    return Optional.of(open.values().stream().filter(one -> !one.isNothing()).toList());
  }

  private static Item plus(Item one, Item other) {
    return new Item(
        one.label(),
        one.model(),
        one.item(),
        one.each(),
        one.quantity().add(other.quantity()),
        one.exact().plus(other.exact()),
        one.net().plus(other.net()));
  }

  /**
   * Gives back a part of an invoice for another reason than usage.
   *
   * @param event names the wish: told again, it is not granted again
   * @param amount tax included, at most what is left of the invoice; the tax goes along pro rata
   * @throws Unsettled if there is no such invoice, or not so much is left of it
   */
  public Issued credit(
      String number, String event, Money amount, String reason, Tariff.Issuer issuer)
      throws IOException {
    for (int i = 0; i < TRIES_MAX; i++) {
      Kept invoice =
          store
              .numbered(number)
              .filter(kept -> kept.kind() == Kind.INVOICE)
              .orElseThrow(() -> new Unsettled("there is no invoice " + number));
      Invoice said = Invoice.read(invoice.body());
      List<Kept> documents = documents(said.customer(), said.period());
      for (Kept kept : documents) {
        Invoice note = Invoice.read(kept.body());
        if (kept.kind() == Kind.CREDIT_NOTE && note.event().equals(event)) {
          if (!note.total().equals(amount) || !note.reference().equals(number)) {
            throw new Unsettled(
                "%s was granted already, by %s of %s on %s"
                    .formatted(event, kept.number(), note.total(), note.reference()));
          }
          book(kept);
          return new Issued(kept.kind(), note, kept.number(), i > 0, kept.madeAt(), List.of());
        }
      }
      Invoice note = note(said, number, event, amount, reason);
      bound(note, documents);
      keep(Kind.CREDIT_NOTE, note, issuer, documents);
    }
    throw new IOException("credit notes of %s are made by others meanwhile".formatted(number));
  }

  static Invoice note(Invoice invoice, String number, String event, Money amount, String reason) {
    int decimals = Invoice.rounding(invoice.currency()).decimals();
    if (amount.sign() <= 0
        || !amount.currency().equals(invoice.currency())
        || amount.amount().scale() > decimals) {
      throw new Unsettled(
          "a credit is an amount in %s above zero, with %d decimals at the most, not %s"
              .formatted(invoice.currency(), decimals, amount));
    }
    if (amount.compareAmount(invoice.total()) > 0) {
      throw new Unsettled(
          "%s is more than invoice %s of %s".formatted(amount, number, invoice.total()));
    }
    List<Item> from = invoice.lines().stream().filter(line -> line.net().sign() > 0).toList();
    List<Money> parts =
        Allocation.byLargestRemainder(
            amount, List.of(invoice.net().amount(), invoice.tax().amount()), decimals);
    List<Money> nets =
        Allocation.byLargestRemainder(
            parts.getFirst(), from.stream().map(line -> line.net().amount()).toList(), decimals);
    var lines = new ArrayList<Item>();
    for (int i = 0; i < from.size(); i++) {
      if (!nets.get(i).isZero()) {
        Item line = from.get(i);
        lines.add(
            new Item(
                line.label(),
                line.model(),
                line.item(),
                Optional.empty(),
                BigDecimal.ZERO,
                nets.get(i),
                nets.get(i)));
      }
    }
    return new Invoice(
        invoice.customer(),
        invoice.period(),
        invoice.currency(),
        lines,
        parts.getFirst(),
        parts.getLast(),
        amount,
        parts.getFirst(),
        invoice.taxRate(),
        number,
        reason,
        event,
        invoice.sold(),
        Optional.empty(),
        invoice.names());
  }

  /** No more is given back than was asked for, less what was given back. */
  private static void bound(Invoice note, List<Kept> documents) {
    Money left = Money.zero(note.currency());
    boolean known = false;
    for (Kept kept : documents) {
      Invoice issued = Invoice.read(kept.body());
      if (kept.kind() == Kind.INVOICE
          && (note.event().isEmpty() || kept.number().equals(note.reference()))) {
        known = true;
        left = left.plus(issued.total());
      } else if (kept.kind() == Kind.CREDIT_NOTE
          && (note.event().isEmpty() || issued.reference().equals(note.reference()))) {
        left = left.minus(issued.total());
      }
    }
    if (!known || note.total().compareAmount(left) > 0) {
      throw new Unsettled(
          "%s cannot be given back of %s: %s is left of it"
              .formatted(note.total(), note.reference(), left));
    }
  }

  private List<Issued> booked(List<Kept> documents, String fresh, List<String> doubts)
      throws IOException {
    var all = new ArrayList<Issued>();
    for (Kept kept : documents) {
      book(kept);
      all.add(
          new Issued(
              kept.kind(),
              Invoice.read(kept.body()),
              kept.number(),
              kept.number().equals(fresh),
              kept.madeAt(),
              doubts));
    }
    return all;
  }

  /** Books a document, and lets contracts know what was sold; once, however often. */
  private void book(Kept kept) throws IOException {
    Invoice invoice = Invoice.read(kept.body());
    boolean back = kept.kind() == Kind.CREDIT_NOTE;
    // What is given back counts when it is given back; what was sold, in its month.
    Instant at =
        back ? kept.madeAt() : Statement.begin(invoice.period().plusMonths(1)).minusMillis(1);
    var postings = new ArrayList<Posting>();
    String customer = Booking.owner(invoice.customer(), "customer");
    post(Account.of(Account.Kind.RECEIVABLE, customer), invoice.total(), back, postings);
    post(Account.of(Account.Kind.REVENUE, customer), invoice.exact().negate(), back, postings);
    post(Account.of(Account.Kind.TAX, "invoices"), invoice.tax().negate(), back, postings);
    post(
        Account.of(Account.Kind.ROUNDING, invoice.currency().getCurrencyCode()),
        invoice.exact().minus(invoice.net()),
        back,
        postings);
    if (!postings.isEmpty()) {
      SettlementDesk.demand(
          ledger.book(
              Draft.post(
                  new EventId(back ? "credit-note" : "invoice", kept.number()),
                  invoice.currency(),
                  at,
                  postings)));
    }
    List<SalesFact> facts = facts(kept, invoice, back, at);
    if (!facts.isEmpty()) {
      SalesStore.Kept came = sales.keep(facts, List.of(), kept.madeAt());
      if (!came.conflicts().isEmpty()) {
        throw new IOException(came.conflicts().getFirst());
      }
    }
  }

  private static void post(Account account, Money amount, boolean back, List<Posting> postings) {
    if (!amount.isZero()) {
      postings.add(new Posting(account, back ? amount.negate() : amount));
    }
  }

  /** What was sold of each model, for the contracts of those whose models they are. */
  private static List<SalesFact> facts(Kept kept, Invoice invoice, boolean back, Instant at) {
    Map<String, Money> byModel = new TreeMap<>();
    for (Item line : invoice.lines()) {
      byModel.merge(line.model(), back ? line.net().negate() : line.net(), Money::plus);
    }
    var facts = new ArrayList<SalesFact>();
    int place = 0;
    for (Map.Entry<String, Money> one : byModel.entrySet()) {
      place++;
      if (one.getValue().isZero()) {
        continue;
      }
      boolean sold = one.getValue().sign() > 0;
      facts.add(
          new SalesFact(
              "invoice",
              kept.number() + "/" + place,
              sold ? SalesFact.Kind.SALE : SalesFact.Kind.CREDIT,
              at,
              sold ? one.getValue() : one.getValue().negate(),
              "",
              "",
              invoice.sold().product(),
              invoice.sold().channel(),
              one.getKey().substring(one.getKey().indexOf('/') + 1),
              "",
              "",
              invoice.customer(),
              invoice.reference()));
    }
    return facts;
  }
}
