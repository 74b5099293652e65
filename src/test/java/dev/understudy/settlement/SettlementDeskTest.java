package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.Contracts;
import dev.understudy.ledger.Account;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.Verification;
import dev.understudy.money.Currencies;
import dev.understudy.store.Database;
import dev.understudy.store.SqlLedgerStore;
import dev.understudy.store.SqlStatementStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettlementDeskTest {
  private static final YearMonth OCTOBER = YearMonth.parse("2026-10");

  @TempDir private Path folder;
  private final Trade trade = new Trade();
  private Instant now = Instant.parse("2026-11-03T08:00:00Z");
  private Database database = Database.embedded(Path.of("unused"));
  private SqlStatementStore store = new SqlStatementStore(database);
  private Ledger ledger = new Ledger(new SqlLedgerStore(database), () -> now);

  private final Contract contract =
      new Contract(
          "resale",
          List.of(
              Contracts.resale(
                  1,
                  "2026-01-01",
                  """
                  revenue-share:
                    - {id: rs-1, payer: us, payee: maker, deduct: [credits], tiers: [{rate: 0.2}]}
                  """)));

  @BeforeEach
  void open() {
    database = Database.embedded(folder.resolve("understudy.db"));
    store = new SqlStatementStore(database);
    ledger = new Ledger(new SqlLedgerStore(database), () -> now);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private SettlementDesk desk() {
    return new SettlementDesk(trade.given(), store, ledger, () -> now);
  }

  @Test
  void nineThousandLessThreeHundredAtAFifthAreBookedAsTheContractsPageSays() throws Exception {
    trade.fact("2026-10-05 sale 9000 USD").fact("2026-10-07 credit 300 USD");

    SettlementDesk.book(trade.sales, ledger);
    desk().settle(contract, OCTOBER, "us");

    assertThat(balances())
        .containsOnlyKeys("receivable:sales", "revenue:sales", "share:resale", "payable:maker")
        .containsEntry("receivable:sales", "8700 USD")
        .containsEntry("revenue:sales", "-8700 USD")
        .containsEntry("share:resale", "1740 USD")
        .containsEntry("payable:maker", "-1740 USD");
    // Again, however often: nothing more.
    assertThat(SettlementDesk.book(trade.sales, ledger)).isZero();
    assertThat(desk().settle(contract, OCTOBER, "us").isNew()).isFalse();
    assertThat(balances()).containsEntry("payable:maker", "-1740 USD");
    assertSound(3);
  }

  @Test
  void aLateSaleMakesARevisionThatTakesBackWhatWasBookedAndBooksAnew() throws Exception {
    trade.fact("2026-10-05 sale 100 USD");
    assertThat(desk().settle(contract, OCTOBER, "us").revision()).isEqualTo(1);
    trade.fact("2026-10-30 sale 50 USD");

    SettlementDesk.Made second = desk().settle(contract, OCTOBER, "us");

    assertThat(second.revision()).isEqualTo(2);
    assertThat(second.isNew()).isTrue();
    assertThat(balances()).containsEntry("payable:maker", "-30 USD");
    assertThat(desk().settle(contract, OCTOBER, "us").revision()).isEqualTo(2);
    assertSound(3);
    // And back to what it was: a third one, which books what the first did.
    trade.sales.removeLast();
    assertThat(desk().settle(contract, OCTOBER, "us").revision()).isEqualTo(3);
    assertThat(balances()).containsEntry("payable:maker", "-20 USD");
    assertSound(5);
  }

  @Test
  void whatWasInterruptedBetweenKeepingAndBookingIsBookedByTheNextRun() throws Exception {
    trade.fact("2026-10-05 sale 100 USD");
    keepUnbooked();
    trade.fact("2026-10-06 sale 100 USD");
    keepUnbooked();
    assertThat(ledger.currencies()).isEmpty();

    assertThat(desk().settle(contract, OCTOBER, "us").isNew()).isFalse();

    assertThat(balances()).containsEntry("payable:maker", "-40 USD");
    assertSound(3);
  }

  @Test
  void otherWordsForTheSameMakeNoRevisionAndBookNothing() throws Exception {
    trade.fact("2026-10-05 sale 9000 USD").fact("2026-10-07 credit 300 USD");
    SettlementDesk.Made today = desk().preview(contract, OCTOBER, "us");
    // As a version of the program kept it that had other words, another order and fewer lines.
    String before =
        today
            .body()
            .replace("\"form\":2,", "")
            .replace("gross sales", "sales before anything is taken off")
            .replace("\"basis\":\"", "\"basis\":\"clause ")
            .replaceFirst("\\{\"item\":\"opening\"[^}]*},", "")
            .replaceFirst("\\{\"item\":\"closing\",\"text\":\"owed[^}]*},?", "")
            .replace(",]", "]");
    assertThat(before).isNotEqualTo(today.body()).doesNotContain("opening", "gross sales");
    keep(before, 1);

    SettlementDesk.Made again = desk().settle(contract, OCTOBER, "us");

    assertThat(again.isNew()).isFalse();
    assertThat(again.revision()).isEqualTo(1);
    // It reads as it was sent.
    assertThat(again.body()).isEqualTo(before);
    assertThat(store.revisions(StatementStore.Kind.STATEMENT, "resale", "2026-10")).hasSize(1);
    assertThat(balances()).containsEntry("payable:maker", "-1740 USD");
    assertSound(1);
  }

  @Test
  void anotherAmountMakesARevisionThoughNothingMoreIsDue() throws Exception {
    trade.fact("2026-10-05 sale 100 USD");
    desk().settle(contract, OCTOBER, "us");
    trade.fact("2026-10-06 sale 10 USD").fact("2026-10-07 credit 10 USD");

    SettlementDesk.Made second = desk().settle(contract, OCTOBER, "us");

    assertThat(second.revision()).isEqualTo(2);
    assertThat(second.body()).contains("\"item\":\"gross\"", "\"amount\":\"110\"");
    assertThat(balances()).containsEntry("payable:maker", "-20 USD");
  }

  @Test
  void anOlderFormIsNoExcuseForAnotherAmount() throws Exception {
    trade.fact("2026-10-05 sale 100 USD");
    String body = desk().preview(contract, OCTOBER, "us").body();
    keep(body.replace("\"form\":2,", "").replace("\"amount\":\"100\"", "\"amount\":\"90\""), 1);

    assertThat(desk().settle(contract, OCTOBER, "us").revision()).isEqualTo(2);
  }

  private void keepUnbooked() throws IOException {
    SettlementDesk.Made made = desk().preview(contract, OCTOBER, "us");
    keep(made.body(), made.revision());
  }

  private void keep(String body, int revision) throws IOException {
    store.keep(
        new StatementStore.Kept(
            StatementStore.Kind.STATEMENT,
            "resale",
            "2026-10",
            revision,
            "",
            StatementJson.digest(body),
            body,
            now));
  }

  @Test
  void manyWhoSettleAtOnceBookOnce() throws Exception {
    trade.fact("2026-10-05 sale 100 USD");
    Callable<Boolean> settle = () -> desk().settle(contract, OCTOBER, "us").isNew();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done :
          threads.invokeAll(List.of(settle, settle, settle, settle, settle, settle, settle))) {
        done.get();
      }
    }

    assertThat(balances()).containsEntry("payable:maker", "-20 USD");
    assertSound(1);
  }

  @Test
  void aMonthThatIsNotOverIsOnlyLookedAt() throws Exception {
    now = Instant.parse("2026-10-31T23:59:59Z");
    trade.fact("2026-10-05 sale 100 USD");

    assertThatThrownBy(() -> desk().settle(contract, OCTOBER, "us"))
        .isInstanceOf(Unsettled.class)
        .hasMessage(
            "2026-10 is not over: it is 2026-10-31T23:59:59Z here; look at it with --dry-run");
    assertThat(desk().preview(contract, OCTOBER, "us").revision()).isEqualTo(1);
    assertThat(ledger.currencies()).isEmpty();
    assertThat(store.all(StatementStore.Kind.STATEMENT)).isEmpty();
  }

  @Test
  void aClosedPeriodIsCorrectedNotOpened() throws Exception {
    ledger.close(Currencies.USD, Instant.parse("2026-11-01T00:00:00Z"));
    trade.fact("2026-10-05 sale 100 USD");

    desk().settle(contract, OCTOBER, "us");

    assertThat(balances()).containsEntry("payable:maker", "-20 USD");
    assertSound(1);
  }

  @Test
  void whatIsBookedAndTakenBackComesToNothing() throws Exception {
    trade.fact("2026-10-05 sale 0.33 USD");
    desk().settle(contract, OCTOBER, "us");
    assertThat(balances())
        .containsEntry("share:resale", "0.066 USD")
        .containsEntry("rounding:USD", "0.004 USD");
    trade.sales.clear();

    assertThat(desk().settle(contract, OCTOBER, "us").revision()).isEqualTo(2);

    assertThat(balances()).isEmpty();
    assertSound(2);
  }

  @Test
  void capacityIsBookedAsUsedAndUnused() throws Exception {
    ContractVersion version =
        Contracts.bought(
            1,
            "2026-01-01",
            """
            capacity:
              - {id: ptu-1, host: maker, units: 100, unit: PTU, price-per-unit-hour: 1, throughput: {input-tokens-per-minute: 2500, output-weight: 4}}
            """);
    trade.facts.with(
        "2026-09-05T10:00:00Z", "acme/search", "maker/m", "input.text 7500000 at 0 USD");

    desk().settle(new Contract("bought", List.of(version)), YearMonth.parse("2026-09"), "us");

    assertThat(balances())
        .containsEntry("commitment-used:bought/ptu-1", "50 USD")
        .containsEntry("commitment-unused:bought/ptu-1", "71950 USD")
        .containsEntry("payable:maker", "-72000 USD");
  }

  @Test
  void writesFilesToSendAndToLoad() throws Exception {
    trade.fact("2026-10-05 sale 9000 USD", "us", "<api> & \"co\"");

    List<Path> files =
        StatementFiles.write(desk().settle(contract, OCTOBER, "us"), folder.resolve("out"));

    assertThat(files)
        .extracting(f -> f.getFileName().toString())
        .containsExactly(
            "resale-2026-10-r1.html",
            "resale-2026-10-r1.pdf",
            "resale-2026-10-r1.csv",
            "resale-2026-10-r1.json");
    assertThat(Files.readString(files.getFirst())).contains("<td class=\"f\">1,800.00 USD</td>");
    List<Csv.Row> rows = Csv.read(Files.readString(files.get(2)));
    assertThat(rows.getFirst().fields()).startsWith("contract", "period", "revision");
    assertThat(rows).anySatisfy(row -> assertThat(row.fields()).contains("due", "1800", "USD"));
    assertThat(new String(Files.readAllBytes(files.get(1)), StandardCharsets.US_ASCII))
        .startsWith("%PDF-1.4")
        .contains("(1,800.00 USD)");
  }

  private TreeMap<String, String> balances() throws IOException {
    var balances = new TreeMap<String, String>();
    ledger
        .balances(Currencies.USD)
        .forEach((account, balance) -> balances.put(name(account), balance.posted().toString()));
    return balances;
  }

  private static String name(Account account) {
    return account.toString();
  }

  private void assertSound(long entries) throws IOException {
    for (Verification currency : ledger.verify()) {
      assertThat(currency.problems()).isEmpty();
      assertThat(currency.entries()).isEqualTo(entries);
    }
  }
}
