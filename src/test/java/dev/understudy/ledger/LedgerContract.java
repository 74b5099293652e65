package dev.understudy.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.ledger.Account.Kind;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a ledger does wherever it is kept; each store runs it. */
public abstract class LedgerContract {
  private static final Currency USD = Currencies.USD;
  private static final Currency EUR = Currencies.of("EUR");
  private static final Instant NOVEMBER = Instant.parse("2026-11-27T19:00:00.123Z");
  private static final Account CALLER = Account.of(Kind.RECEIVABLE, "nightly");
  private static final Account SALES = Account.of(Kind.REVENUE, "nightly");
  private static final Account VENDOR = Account.of(Kind.PAYABLE, "anthropic");
  private static final Account COST = Account.of(Kind.USAGE, "anthropic");

  private final AtomicReference<Instant> now = new AtomicReference<>(NOVEMBER);
  private LedgerStore store;
  private Ledger ledger;

  /** A store in which nothing is booked. */
  protected abstract LedgerStore fresh() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = fresh();
    ledger = new Ledger(store, now::get);
  }

  private static EventId event(String id) {
    return new EventId("exchange", id);
  }

  private static Draft cost(String id, String amount) {
    Money money = Money.parse(amount);
    return Draft.post(
        event(id),
        money.currency(),
        NOVEMBER,
        List.of(Posting.debit(COST, money), Posting.credit(VENDOR, money)));
  }

  private static Draft as(Act act, Draft draft) {
    return new Draft(
        draft.event(), act, draft.currency(), NOVEMBER, draft.postings(), draft.notes());
  }

  private Balance balance(Account account) throws IOException {
    return ledger.balances(USD).getOrDefault(account, Balance.zero(USD));
  }

  private String posted(Account account) throws IOException {
    return balance(account).posted().toString();
  }

  private Entry booked(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Booked.class);
    return ((Verdict.Booked) verdict).entry();
  }

  private void verified() throws IOException {
    assertThat(ledger.verify()).allSatisfy(v -> assertThat(v.problems()).isEmpty());
  }

  @Test
  void anEntryIsBookedWithItsThreeClocksAndReadAsItWas() throws IOException {
    now.set(NOVEMBER.plusSeconds(60));
    Draft draft = cost("a", "0.054399 USD").noting("price", "list/anthropic/x@2025-09-29");

    Entry entry = booked(ledger.book(draft, NOVEMBER.plusSeconds(5)));

    assertThat(entry.number()).isEqualTo(1);
    assertThat(entry.draft().occurredAt()).isEqualTo(NOVEMBER);
    assertThat(entry.receivedAt()).isEqualTo(NOVEMBER.plusSeconds(5));
    assertThat(entry.bookedAt()).isEqualTo(NOVEMBER.plusSeconds(60));
    assertThat(entry.correction()).isFalse();
    assertThat(entry.previous()).isEqualTo(Chain.START);
    assertThat(store.<Object>read(pages -> pages.entry(event("a")).orElseThrow())).isEqualTo(entry);
    assertThat(posted(COST)).isEqualTo("0.054399 USD");
    assertThat(posted(VENDOR)).isEqualTo("-0.054399 USD");
    verified();
  }

  @Test
  void entriesBesideThoseOfOneSourceAreToldInEveryCurrency() throws IOException {
    booked(ledger.book(cost("a", "1 USD")));
    for (String source : List.of("credit-note", "invoice", "exchanges", "zeta")) {
      Money money = Money.parse(source.equals("zeta") ? "2 EUR" : "3 USD");
      booked(
          ledger.book(
              Draft.post(
                  new EventId(source, "1"),
                  money.currency(),
                  NOVEMBER,
                  List.of(Posting.debit(CALLER, money), Posting.credit(SALES, money)))));
    }

    var sources = new TreeSet<String>();
    store.read(pages -> {
      sources.clear();
      pages.eachBeside(
          "exchange",
          entry -> sources.add(entry.draft().event().source()),
          (number, why) -> sources.add(number + why));
      return 0;
    });

    assertThat(sources).containsExactly("credit-note", "exchanges", "invoice", "zeta");
  }

  @Test
  void aFactIsBookedOnceHoweverOftenItIsTold() throws IOException {
    Entry first = booked(ledger.book(cost("a", "1 USD")));
    now.set(NOVEMBER.plusSeconds(3_600));

    Verdict again = ledger.book(cost("a", "1.0 USD"));

    assertThat(again).isEqualTo(new Verdict.Known(first));
    assertThat(posted(COST)).isEqualTo("1 USD");
  }

  @Test
  void anotherFactUnderTheSameNameIsAConflictAndChangesNothing() throws IOException {
    booked(ledger.book(cost("a", "1 USD")));

    Verdict other = ledger.book(cost("a", "2 USD"));

    assertThat(other).isInstanceOf(Verdict.Conflict.class);
    assertThat(((Verdict.Conflict) other).reason())
        .isEqualTo("exchange a is booked already, with another content");
    assertThat(posted(COST)).isEqualTo("1 USD");
    // Another currency is another content too.
    assertThat(ledger.book(cost("a", "1 EUR"))).isInstanceOf(Verdict.Conflict.class);
  }

  @Test
  void whatDoesNotBalanceOrMixesCurrenciesIsNoFact() {
    Money dollar = Money.parse("1 USD");
    assertThatThrownBy(() ->
            Draft.post(
                event("a"),
                USD,
                NOVEMBER,
                List.of(
                    Posting.debit(COST, dollar), Posting.credit(VENDOR, Money.parse("0.99 USD")))))
        .hasMessage("exchange a does not balance: debits and credits differ by 0.01 USD");
    assertThatThrownBy(() ->
            Draft.post(
                event("a"),
                USD,
                NOVEMBER,
                List.of(Posting.debit(COST, dollar), Posting.credit(VENDOR, Money.parse("1 EUR")))))
        .hasMessageContaining("dated rate of exchange");
    assertThatThrownBy(() -> Draft.post(event("a"), USD, NOVEMBER, List.of()))
        .hasMessageContaining("0 postings");
  }

  @Test
  void aCorrectionTakesBackAndBooksAnew() throws IOException {
    booked(ledger.book(cost("a", "1 USD")));

    booked(ledger.correct(event("a/back"), event("a"), cost("a/2", "1.5 USD"), "rated anew"));

    assertThat(posted(COST)).isEqualTo("1.5 USD");
    assertThat(ledger.correct(event("a/back"), event("a"), cost("a/2", "1.5 USD"), "rated anew"))
        .as("told twice")
        .isInstanceOf(Verdict.Known.class);
    assertThat(posted(COST)).isEqualTo("1.5 USD");
    assertThat(ledger.reverse(event("a/back/2"), event("a"), "again"))
        .isEqualTo(
            new Verdict.Refused(
                "exchange a/back/2: exchange a is ended already, by exchange a/back"));
    assertThat(ledger.reverse(event("x"), event("a/back"), "of a taking back"))
        .isEqualTo(
            new Verdict.Refused("exchange x cannot reverse exchange a/back, which is a reverse"));
    assertThat(ledger.reverse(event("x"), event("none"), "of nothing"))
        .isEqualTo(new Verdict.Refused("exchange x: there is no entry exchange none to take back"));
    verified();
  }

  @Test
  void aCorrectionThatCannotBeBookedTakesNothingBack() throws IOException {
    booked(ledger.book(cost("a", "1 USD")));
    booked(ledger.book(cost("b", "7 USD")));

    Verdict verdict =
        ledger.correct(event("a/back"), event("a"), cost("b", "1.5 USD"), "wrong name");

    assertThat(verdict).isInstanceOf(Verdict.Conflict.class);
    assertThat(posted(COST)).isEqualTo("8 USD");
  }

  private static Draft held(String id, Act act, String amount) {
    Money money = Money.parse(amount);
    return new Draft(
        event(id),
        act,
        USD,
        NOVEMBER,
        List.of(Posting.debit(CALLER, money), Posting.credit(SALES, money)),
        new TreeMap<>());
  }

  private static Draft released(String id, String reservation) {
    return new Draft(
        event(id), new Act.Release(event(reservation)), USD, NOVEMBER, List.of(), new TreeMap<>());
  }

  @Test
  void whatBelongsTogetherIsBookedTogetherOrNotAtAll() throws IOException {
    List<Draft> both = List.of(cost("x", "1 USD"), cost("x/eur", "0.92 EUR"));

    booked(ledger.book(cost("x/eur", "0.93 EUR")));
    assertThat(ledger.bookTogether(both))
        .singleElement()
        .isInstanceOfSatisfying(
            Verdict.Conflict.class,
            one ->
                assertThat(one.reason())
                    .isEqualTo("exchange x/eur is booked already, with another content"));
    assertThat(balance(COST).isZero()).isTrue();

    List<Draft> others = List.of(cost("y", "1 USD"), cost("y/eur", "0.92 EUR"));
    assertThat(ledger.bookTogether(others)).hasOnlyElementsOfType(Verdict.Booked.class).hasSize(2);
    assertThat(ledger.bookTogether(others)).hasOnlyElementsOfType(Verdict.Known.class).hasSize(2);
    assertThat(posted(COST)).isEqualTo("1 USD");
    verified();
  }

  @Test
  void aReservationIsHeldBesideTheBalancesUntilItIsSettled() throws IOException {
    booked(ledger.book(held("r", new Act.Reserve(NOVEMBER.plusSeconds(60)), "5 USD")));
    assertThat(balance(CALLER)).isEqualTo(new Balance(Money.parse("0 USD"), Money.parse("5 USD")));

    booked(ledger.book(held("s", new Act.Settle(event("r")), "3.5 USD")));

    assertThat(balance(CALLER))
        .isEqualTo(new Balance(Money.parse("3.5 USD"), Money.parse("0 USD")));
    assertThat(ledger.book(held("s2", new Act.Settle(event("r")), "3.5 USD")))
        .isInstanceOf(Verdict.Refused.class);
    assertThat(ledger.book(released("s3", "r"))).isInstanceOf(Verdict.Refused.class);
    verified();
  }

  @Test
  void aReservationIsReleasedOnceAndOnlyIfItIsOne() throws IOException {
    booked(ledger.book(held("r", new Act.Reserve(NOVEMBER.plusSeconds(60)), "5 USD")));
    booked(ledger.book(released("x", "r")));

    assertThat(ledger.balances(USD)).isEmpty();
    assertThat(ledger.book(held("s", new Act.Settle(event("r")), "1 USD")))
        .isEqualTo(new Verdict.Refused("exchange s: exchange r is ended already, by exchange x"));
    assertThat(ledger.book(released("y", "nothing")))
        .isEqualTo(new Verdict.Refused("exchange y: there is no entry exchange nothing"));
    booked(ledger.book(cost("a", "1 USD")));
    assertThat(ledger.book(released("z", "a")))
        .isEqualTo(new Verdict.Refused("exchange z cannot release exchange a, which is a post"));
    verified();
  }

  @Test
  void reservationsThatExpireAreReleasedOnce() throws IOException {
    booked(ledger.book(held("r1", new Act.Reserve(NOVEMBER.plusSeconds(60)), "5 USD")));
    booked(ledger.book(held("r2", new Act.Reserve(NOVEMBER.plusSeconds(600)), "7 USD")));
    booked(ledger.book(held("r3", new Act.Reserve(NOVEMBER.plusSeconds(60)), "9 USD")));
    booked(ledger.book(held("s3", new Act.Settle(event("r3")), "9 USD")));
    assertThat(ledger.releaseExpired()).isZero();

    now.set(NOVEMBER.plusSeconds(61));

    assertThat(ledger.releaseExpired()).isEqualTo(1);
    assertThat(ledger.releaseExpired()).isZero();
    assertThat(balance(CALLER)).isEqualTo(new Balance(Money.parse("9 USD"), Money.parse("7 USD")));
    verified();
  }

  @Test
  void lateFactsIntoAClosedPeriodBecomeCorrections() throws IOException {
    now.set(Instant.parse("2026-12-03T00:00:00Z"));
    ledger.close(USD, Instant.parse("2026-12-01T00:00:00Z"));

    Entry late = booked(ledger.book(cost("late", "1 USD")));

    assertThat(late.correction()).isTrue();
    assertThat(late.draft().occurredAt()).isEqualTo(NOVEMBER);
    assertThat(late.bookedAt()).isEqualTo(now.get());
    assertThat(booked(ledger.book(cost("other", "1 EUR"))).correction()).isFalse();
    assertThatThrownBy(() -> ledger.close(USD, Instant.parse("2026-11-01T00:00:00Z")))
        .hasMessageContaining("is not opened again");
    assertThatThrownBy(() -> ledger.close(USD, Instant.parse("2027-01-01T00:00:00Z")))
        .hasMessageContaining("not over");
    verified();
  }

  @Test
  void aClockThatJumpsDoesNotMakeTheBookRunBackwards() throws IOException {
    booked(ledger.book(cost("a", "1 USD")));
    now.set(NOVEMBER.minusSeconds(600));

    assertThat(booked(ledger.book(cost("b", "1 USD"))).bookedAt()).isEqualTo(NOVEMBER);

    now.set(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(ledger.book(cost("c", "1 USD")))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).contains("look at the clocks"));
  }

  @Test
  void currenciesAreLedgersOfTheirOwnAndAnExchangeLinksTwo() throws IOException {
    booked(ledger.book(cost("a", "10 USD")));
    var rate =
        new ExchangeRate(
            EUR,
            USD,
            new BigDecimal("1.08337"),
            LocalDate.parse("2026-11-27"),
            "ECB reference rate");

    for (Draft side :
        rate.exchange(event("fx"), VENDOR, Money.parse("-7.77 EUR"), Rounding.of(USD), NOVEMBER)) {
      booked(ledger.book(side));
    }

    // 7.77 x 1.08337 = 8.4177849, of which 8.42 is booked.
    assertThat(posted(VENDOR)).isEqualTo("-18.42 USD");
    assertThat(posted(Account.of(Kind.ROUNDING, "USD"))).isEqualTo("0.0022151 USD");
    assertThat(posted(Account.of(Kind.EXCHANGE, "EUR"))).isEqualTo("8.4177849 USD");
    assertThat(ledger.balances(EUR).get(VENDOR).posted()).hasToString("7.77 EUR");
    Entry dollars = store.read(pages -> pages.entry(event("fx/USD")).orElseThrow());
    assertThat(dollars.draft().notes())
        .containsEntry("rate", "1 EUR = 1.08337 USD")
        .containsEntry("rate day", "2026-11-27")
        .containsEntry("rate source", "ECB reference rate")
        .containsEntry("other side", "exchange fx/EUR");
    assertThat(ledger.currencies()).containsExactlyInAnyOrder(EUR, USD);
    verified();
  }

  @Test
  void whatWasTamperedWithIsFound() throws IOException {
    booked(ledger.book(cost("a", "1 USD")));
    booked(ledger.book(cost("b", "2 USD")));
    store.write(pages -> {
      Entry last = pages.last(USD).orElseThrow();
      // An entry of one's own making, in the right place but with a wrong hash.
      pages.append(
          new Entry(
              3, cost("c", "1000 USD"), NOVEMBER, NOVEMBER, false, last.hash(), "f".repeat(64)));
      pages.put(USD, VENDOR, new Balance(Money.parse("-1 USD"), Money.zero(USD)));
      return 0;
    });

    assertThat(ledger.verify())
        .singleElement()
        .satisfies(v ->
            assertThat(v.problems())
                .containsExactlyInAnyOrder(
                    "entry 3 (exchange c) is not what was booked: its hash differs",
                    "the balance of payable:anthropic is kept as -1 USD (0 USD pending), its"
                        + " entries come to -1003 USD (0 USD pending)",
                    "the balance of usage:anthropic is kept as 3 USD (0 USD pending), its entries"
                        + " come to 1003 USD (0 USD pending)"));
  }

  @Test
  void aHeadThatWasKeptIsFoundInTheChainThatGoesOnFromIt() throws IOException {
    booked(ledger.book(cost("a", "1 USD")));
    String head = ledger.verify().getFirst().head();
    booked(ledger.book(cost("b", "2 USD")));

    assertThat(ledger.verify(Set.of(head)).getFirst().kept()).containsExactly(head);
    assertThat(ledger.verify(Set.of("f".repeat(64))).getFirst().kept()).isEmpty();
  }

  @Test
  void workThatFailsLeavesNothing() {
    assertThatThrownBy(() ->
            store.write(pages -> {
              pages.put(USD, VENDOR, new Balance(Money.parse("1 USD"), Money.zero(USD)));
              throw new IllegalStateException("no");
            }))
        .hasMessage("no");
    assertThat(assertThatNothingIsBooked()).isTrue();
  }

  private boolean assertThatNothingIsBooked() {
    try {
      return ledger.balances(USD).isEmpty() && ledger.currencies().isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A bill, a reservation and its settlement, a correction and a batch, each killed everywhere. */
  @Test
  void killedBetweenAnyTwoPagesAndToldAgainItIsAsIfThereHadBeenNoDeath() throws Exception {
    var mortal = new MortalStore(store);
    var killed = new Ledger(mortal, now::get);
    var spared = new Ledger(new MemoryLedgerStore(), now::get);
    Draft held = as(new Act.Reserve(NOVEMBER.plusSeconds(60)), cost("held", "0.50 USD"));
    List<Telling> all =
        List.of(
            book -> book.book(cost("bill", "0.054399 USD")),
            book -> book.book(held),
            book -> book.book(as(new Act.Settle(held.event()), cost("settled", "0.31 USD"))),
            book -> book.correct(event("back"), event("bill"), cost("anew", "0.0544 USD"), "typo"),
            book -> book.bookEach(List.of(cost("x", "1 USD"), cost("y", "2 USD"))),
            book -> book.reverse(event("undone"), event("settled"), "none came"));
    for (Telling telling : all) {
      telling.to(spared);
      // No piece of work here writes more than ten pages: the last deaths are behind it.
      for (int pages = 0; pages <= 10; pages++) {
        mortal.dieAfter(pages);
        assertThatThrownBy(() -> telling.to(killed)).isInstanceOf(MortalStore.Died.class);
        verified();
      }
      mortal.live();
      telling.to(killed);
    }

    assertThat(ledger.balances(USD)).isEqualTo(spared.balances(USD)).isNotEmpty();
    assertThat(ledger.verify()).isEqualTo(spared.verify());
  }

  /** Something that is told to a ledger. */
  @FunctionalInterface
  private interface Telling {
    void to(Ledger ledger) throws IOException;
  }

  @Test
  void manyWritersTellingTheSameFactsBookEachOnce() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 4; i++) {
        all.add(
            threads.submit(() -> {
              for (int n = 0; n < 15; n++) {
                ledger.book(cost("n" + n, "1 USD"));
              }
              return 0;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(posted(COST)).isEqualTo("15 USD");
    assertThat(ledger.bookEach(List.of(cost("n0", "1 USD"), cost("new", "1 USD"))))
        .hasExactlyElementsOfTypes(Verdict.Known.class, Verdict.Booked.class);
    verified();
  }
}
