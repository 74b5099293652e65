package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.Verification;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.InvoiceDesk.Issued;
import dev.understudy.settlement.StatementStore.Kind;
import dev.understudy.store.Database;
import dev.understudy.store.SqlLedgerStore;
import dev.understudy.store.SqlSalesStore;
import dev.understudy.store.SqlStatementStore;
import dev.understudy.text.Problems;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InvoiceDeskTest {
  private static final YearMonth OCTOBER = YearMonth.parse("2026-10");
  private static final Tariff.Issuer ISSUER =
      new Tariff.Issuer("Example AI", List.of("1 Road"), "X 1", "INV-");
  private static final Invoicer.Tag NONE = fact -> fact.cost().orElseThrow();

  @TempDir private Path folder;
  private final Trade trade = new Trade();
  private final Instant now = Instant.parse("2026-11-03T08:00:00Z");
  private Database database = Database.embedded(Path.of("unused"));
  private Ledger ledger = new Ledger(new SqlLedgerStore(database), () -> now);

  @BeforeEach
  void open() {
    database = Database.embedded(folder.resolve("understudy.db"));
    ledger = new Ledger(new SqlLedgerStore(database), () -> now);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private InvoiceDesk desk() {
    return new InvoiceDesk(
        trade.given(),
        new SqlSalesStore(database),
        new SqlStatementStore(database),
        ledger,
        () -> now);
  }

  private static Tariff tariff(String customer, Tariff.Basis basis, Tariff.By by) {
    return new Tariff(
        customer,
        "Acme Corp",
        List.of("2 Street"),
        customer,
        Set.of(),
        Set.of(),
        Currencies.USD,
        Optional.of(new BigDecimal("0.19")),
        by,
        basis,
        "resale",
        "assistant");
  }

  private static Tariff.Basis costPlus(String times, String plus) {
    return new Tariff.Basis.CostPlus(new BigDecimal(times), new BigDecimal(plus));
  }

  @Test
  void whatIsExchangedIsSaidWithRateDayAndSource() throws Exception {
    trade
        .rate("2026-10-05", "EUR", "1.1")
        .rate("2026-10-06", "EUR", "1.2")
        .facts
        .with("2026-10-05T10:00:00Z", "acme/chat", "maker/m", "output.text 100 at 0.02 EUR")
        .with("2026-10-06T10:00:00Z", "acme/chat", "maker/m", "output.text 100 at 0.01 EUR");
    Tariff tariff = tariff("acme", costPlus("2", "0"), Tariff.By.MODEL);

    Issued first = desk().issue(tariff, ISSUER, OCTOBER, NONE).getFirst();

    // 4 EUR at 1.1 and 2 EUR at 1.2.
    assertThat(first.invoice().net()).isEqualTo(usd("6.80"));
    assertThat(exchanged(first))
        .containsExactly(
            "4 EUR at the rate of 2026-10-05 (ECB) = 4.4",
            "2 EUR at the rate of 2026-10-06 (ECB) = 2.4");
    assertThat(InvoicePaper.csv(first)).contains(",4 EUR at the rate of 2026-10-05 (ECB),,fx,4");
    assertThat(InvoicePaper.of(first, first.invoice().names().orElseThrow()).blocks().get(1).rows())
        .hasSize(2)
        .first()
        .satisfies(row -> assertThat(row.cells()).contains("1.1"));

    trade.facts.with("2026-10-06T11:00:00Z", "acme/chat", "maker/m", "output.text 50 at 0.01 EUR");
    List<Issued> further = desk().issue(tariff, ISSUER, OCTOBER, NONE);

    assertThat(exchanged(further.getLast()))
        .containsExactly("1 EUR at the rate of 2026-10-06 (ECB) = 1.2");
    assertThat(further.getLast().invoice().net()).isEqualTo(usd("1.20"));
  }

  private static List<String> exchanged(Issued issued) {
    return issued.invoice().exchanged().orElseThrow().stream()
        .map(one ->
            Exchange.read(one.json()).text().replaceAll("\\.0+ EUR", " EUR")
                + " = "
                + one.worth().stripTrailingZeros().toPlainString())
        .toList();
  }

  @Test
  void aMarginOnWhatTheVendorAsksIsInvoicedOnceWithTax() throws Exception {
    trade
        .facts
        .with(
            "2026-10-05T10:00:00Z", "acme/search", "maker/m", "input.text 1000000 at 0.000003 USD")
        .with("2026-10-06T10:00:00Z", "acme/chat", "maker/m", "output.text 100000 at 0.000015 USD")
        .with("2026-10-06T10:00:00Z", "other/chat", "maker/m", "output.text 1 at 9 USD")
        .with("2026-11-01T00:00:00Z", "acme/chat", "maker/m", "output.text 1 at 9 USD");
    Tariff tariff = tariff("acme", costPlus("1.15", "0"), Tariff.By.TEAM);

    List<Issued> first = desk().issue(tariff, ISSUER, OCTOBER, NONE);
    List<Issued> again = desk().issue(tariff, ISSUER, OCTOBER, NONE);

    assertThat(first).hasSize(1);
    Issued one = first.getFirst();
    assertThat(one.number()).isEqualTo("INV-2026-00001");
    // 3.45, and 1.725, which rounds to the even neighbour.
    assertThat(one.invoice().net()).isEqualTo(usd("5.17"));
    assertThat(one.invoice().tax()).isEqualTo(usd("0.98"));
    assertThat(one.invoice().total()).isEqualTo(usd("6.15"));
    assertThat(one.isNew()).isTrue();
    assertThat(again).hasSize(1);
    assertThat(again.getFirst().isNew()).isFalse();
    assertThat(balances())
        .containsEntry("receivable:acme", "6.15 USD")
        .containsEntry("revenue:acme", "-5.175 USD")
        .containsEntry("tax:invoices", "-0.98 USD")
        .containsEntry("rounding:USD", "0.005 USD");
    // What was sold of the vendor's model is known to its contracts.
    assertThat(sales())
        .singleElement()
        .satisfies(fact -> {
          assertThat(fact.kind()).isEqualTo(SalesFact.Kind.SALE);
          assertThat(fact.amount()).isEqualTo(usd("5.17"));
          assertThat(fact.model()).isEqualTo("m");
          assertThat(fact.channel()).isEqualTo("resale");
        });
  }

  @Test
  void aSumForEachAttemptAndBooksOfOnesOwn() throws Exception {
    for (int i = 0; i < 3; i++) {
      trade.facts.with(
          "2026-10-05T10:00:00Z", "acme/search", "own/m", "input.text 1000 at 0.001 USD");
    }
    Issued plus =
        desk().preview(tariff("acme", costPlus("1", "0.5"), Tariff.By.MODEL), OCTOBER, NONE);
    assertThat(plus.invoice().net()).isEqualTo(usd("4.50"));

    Invoicer.Tag book =
        fact -> {
          var each = new BigDecimal("0.02");
          BigDecimal quantity = fact.leaves().get("input.text");
          return Cost.of(
              List.of(
                  new Cost.Line(
                      "input.text", quantity, Optional.of(each), usd("0.02").times(quantity))),
              List.of(new Cost.Unpriced("audio", BigDecimal.ONE, "no price", usd("1"))),
              Currencies.USD,
              "ours");
        };
    Issued priced =
        desk()
            .preview(
                tariff("acme", new Tariff.Basis.Books(List.of("b.yaml")), Tariff.By.KEY),
                OCTOBER,
                book);
    assertThat(priced.invoice().net()).isEqualTo(usd("60"));
    assertThat(priced.invoice().lines().getFirst().label()).isEqualTo("k");
    assertThat(priced.doubts())
        .containsExactly("audio of m has no price and is not invoiced until it has");
  }

  @Test
  void whatIsHeardOfLaterBecomesAFurtherInvoiceAndWhatWasTooMuchACreditNote() throws Exception {
    trade.facts.with("2026-10-05T10:00:00Z", "acme/a", "maker/m", "input.text 100 at 1 USD");
    desk().issue(tariff("acme", costPlus("1", "0"), Tariff.By.MODEL), ISSUER, OCTOBER, NONE);
    trade.facts.with("2026-10-06T10:00:00Z", "acme/a", "maker/m", "input.text 10 at 1 USD");

    List<Issued> more =
        desk().issue(tariff("acme", costPlus("1", "0"), Tariff.By.MODEL), ISSUER, OCTOBER, NONE);
    assertThat(more).extracting(Issued::number).containsExactly("INV-2026-00001", "INV-2026-00002");
    assertThat(more.getLast().invoice().net()).isEqualTo(usd("10"));

    // The price turns out to have been lower.
    List<Issued> less =
        desk().issue(tariff("acme", costPlus("0.5", "0"), Tariff.By.MODEL), ISSUER, OCTOBER, NONE);
    assertThat(less).hasSize(3);
    assertThat(less.getLast().kind()).isEqualTo(Kind.CREDIT_NOTE);
    assertThat(less.getLast().number()).isEqualTo("INV-C2026-00001");
    assertThat(less.getLast().invoice().net()).isEqualTo(usd("55"));
    assertThat(balances()).containsEntry("receivable:acme", "65.45 USD");
    assertThat(
            desk()
                .issue(
                    tariff("acme", costPlus("0.5", "0"), Tariff.By.MODEL), ISSUER, OCTOBER, NONE))
        .hasSize(3);
    for (Verification currency : ledger.verify()) {
      assertThat(currency.problems()).isEmpty();
    }
  }

  @Test
  void aCreditIsBoundedByWhatIsLeftAndItsTaxGoesAlongProRata() throws Exception {
    trade
        .facts
        .with("2026-10-05T10:00:00Z", "acme/a", "maker/m", "input.text 70 at 1 USD")
        .with("2026-10-05T10:00:00Z", "acme/a", "maker/n", "input.text 30 at 1 USD");
    Tariff tariff = tariff("acme", costPlus("1", "0"), Tariff.By.MODEL);
    desk().issue(tariff, ISSUER, OCTOBER, NONE);

    Issued note = desk().credit("INV-2026-00001", "t-1", usd("10"), "an outage", ISSUER);

    // 10 of 119: 8.40 net and 1.60 tax; 5.88 and 2.52 of the lines.
    assertThat(note.invoice().net()).isEqualTo(usd("8.40"));
    assertThat(note.invoice().tax()).isEqualTo(usd("1.60"));
    assertThat(note.invoice().lines())
        .extracting(Invoice.Item::net)
        .containsExactly(usd("5.88"), usd("2.52"));
    assertThat(note.isNew()).isTrue();
    assertThat(desk().credit("INV-2026-00001", "t-1", usd("10"), "an outage", ISSUER).number())
        .isEqualTo(note.number());
    assertThatThrownBy(
            () -> desk().credit("INV-2026-00001", "t-2", usd("109.01"), "all of it", ISSUER))
        .hasMessage("109.01 USD cannot be given back of INV-2026-00001: 109 USD is left of it");
    assertThatThrownBy(() -> desk().credit("INV-2026-00001", "t-1", usd("11"), "more", ISSUER))
        .hasMessageContaining("was granted already");
    assertThatThrownBy(() -> desk().credit("INV-9", "t-3", usd("1"), "x", ISSUER))
        .hasMessage("there is no invoice INV-9");
    desk().credit("INV-2026-00001", "t-4", usd("109"), "the rest", ISSUER);
    assertThat(balances()).doesNotContainKey("receivable:acme");
    // What was given back for another reason is not asked for again.
    assertThat(desk().issue(tariff, ISSUER, OCTOBER, NONE)).hasSize(3);
  }

  @Property(tries = 40)
  void creditsSumToTheirPartsWhateverTheLines(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 99_999) Integer> cents,
      @ForAll @IntRange(min = 1, max = 1_000) int part) {
    var lines = new ArrayList<Invoice.Item>();
    for (int i = 0; i < cents.size(); i++) {
      Money net = Money.of(BigDecimal.valueOf(cents.get(i), 2), Currencies.USD);
      lines.add(new Invoice.Item("", "m/" + i, "x", Optional.empty(), BigDecimal.ONE, net, net));
    }
    Invoice invoice =
        Invoice.of(
            "c",
            OCTOBER,
            Currencies.USD,
            lines,
            Optional.of(new BigDecimal("0.077")),
            new Invoice.Sold("", ""));
    Money amount =
        Money.of(
            BigDecimal.valueOf(
                Math.max(
                    1, invoice.total().amount().movePointRight(2).longValueExact() * part / 1_000),
                2),
            Currencies.USD);

    Invoice note = InvoiceDesk.note(invoice, "n", "e", amount, "why");

    assertThat(note.net().plus(note.tax())).isEqualTo(amount);
    assertThat(note.lines().stream().map(Invoice.Item::net).reduce(usd("0"), Money::plus))
        .isEqualTo(note.net());
  }

  @Test
  void tariffsAreReadStrictly() {
    var problems = new Problems();
    String yaml =
        """
        issuer: {name: Example AI}
        series: "INV-"
        customers:
          acme:
            name: Acme
            currency: EUR
            tax: 19
            lines: modell
          globex:
            name: Globex
            currency: USX
            cost-plus: {times: 1.2}
            bookz: [a.yaml]
        """;
    assertThat(TariffReader.read("t.yaml", yaml.getBytes(StandardCharsets.UTF_8), problems))
        .isEmpty();
    assertThat(problems.lines())
        .containsExactly(
            "t.yaml:4:3: either cost-plus or books say what it pays, and one must",
            "t.yaml:7:10: a tax is from 0 to 1, such as 0.19, not 19",
            "t.yaml:8:12: unknown way \"modell\"; near: model; known: model, team, key",
            "t.yaml:11:15: unknown currency \"USX\"; currencies are written by their code, such as"
                + " USD or EUR",
            "t.yaml:13:5: unknown field \"bookz\"; near: books");
  }

  private List<SalesFact> sales() throws IOException {
    var all = new ArrayList<SalesFact>();
    new SqlSalesStore(database)
        .each(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), all::add);
    return all;
  }

  private TreeMap<String, String> balances() throws IOException {
    var balances = new TreeMap<String, String>();
    ledger
        .balances(Currencies.USD)
        .forEach(
            (account, balance) -> balances.put(account.toString(), balance.posted().toString()));
    return balances;
  }

  private static Money usd(String amount) {
    return Money.parse(amount + " USD");
  }
}
