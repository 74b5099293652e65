package dev.understudy.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.ledger.Account.Kind;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What holds of the ledger whatever is told, in whatever order and however often. */
final class LedgerLawsTest {
  private static final Instant NOW = Instant.parse("2026-11-27T19:00:00Z");
  private static final Currency USD = Currencies.USD;
  private static final List<Account> ACCOUNTS =
      List.of(
          Account.of(Kind.PAYABLE, "anthropic"),
          Account.of(Kind.USAGE, "anthropic"),
          Account.of(Kind.RECEIVABLE, "nightly"),
          Account.of(Kind.REVENUE, "nightly"),
          Account.of(Kind.SUSPENSE, "mai"));

  /** A fact to tell: between two accounts, perhaps held first, perhaps taken back. */
  record Told(int id, int from, int to, long nanos, int what, int age) {
    Draft draft(Act act, String suffix) {
      return draft(id % 3 == 0 ? EUR : USD, act, id + suffix);
    }

    Draft draft(Currency currency, Act act, String event) {
      Money money = Money.of(BigDecimal.valueOf(nanos, 9), currency);
      int other = from == to ? (to + 1) % ACCOUNTS.size() : to;
      return new Draft(
          new EventId("law", event),
          act,
          money.currency(),
          NOW.minusSeconds(age),
          List.of(
              Posting.debit(ACCOUNTS.get(from), money), Posting.credit(ACCOUNTS.get(other), money)),
          new TreeMap<>());
    }
  }

  private static final Currency EUR = Currencies.of("EUR");

  @Provide
  Arbitrary<Told> told() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 30),
            Arbitraries.integers().between(0, ACCOUNTS.size() - 1),
            Arbitraries.integers().between(0, ACCOUNTS.size() - 1),
            Arbitraries.longs().between(1, 5_000_000_000L),
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(0, 5_000_000))
        .as(Told::new);
  }

  private static Ledger ledger() {
    return new Ledger(new MemoryLedgerStore(), () -> NOW);
  }

  private static void tell(Told told, Ledger ledger) throws IOException {
    switch (told.what()) {
      case 0, 1 -> ledger.book(told.draft(Act.post(), ""));
      case 2 -> ledger.book(told.draft(new Act.Reserve(NOW.plusSeconds(5)), "r"));
      case 3 -> ledger.book(told.draft(new Act.Settle(new EventId("law", told.id() + "r")), "s"));
      default ->
          ledger.reverse(
              new EventId("law", told.id() + "back"), new EventId("law", told.id() + ""), "law");
    }
  }

  /** Whatever came, was refused, or came again: debits equal credits, and the chain holds. */
  @Property(tries = 200)
  void theLedgerBalancesAfterAnyInterleavingAndRetry(
      @ForAll @Size(max = 60) List<@net.jqwik.api.From("told") Told> all) throws IOException {
    Ledger ledger = ledger();
    int n = 0;
    for (Told told : all) {
      tell(told, ledger);
      if (n++ % 3 == 0) {
        tell(told, ledger);
      }
      if (n == 20) {
        ledger.close(USD, NOW.minusSeconds(2_000_000));
      }
    }
    for (Verification verification : ledger.verify()) {
      assertThat(verification.problems()).isEmpty();
      Money posted = Money.zero(verification.currency());
      Money pending = posted;
      for (Balance balance : ledger.balances(verification.currency()).values()) {
        posted = posted.plus(balance.posted());
        pending = pending.plus(balance.pending());
      }
      assertThat(posted.isZero()).isTrue();
      assertThat(pending.isZero()).isTrue();
    }
  }

  /**
   * Killed within any piece of work or right behind it, and told again what was not answered: the
   * same balances as without a death, nothing booked twice, nothing half.
   */
  @Property(tries = 200)
  void afterAnyCrashAndRetryTheLedgerIsAsIfThereHadBeenNone(
      @ForAll @Size(max = 40) List<@net.jqwik.api.From("told") Told> all,
      @ForAll @Size(min = 1, max = 7) List<@IntRange(max = 6) Integer> deaths)
      throws IOException {
    Ledger spared = ledger();
    var store = new MortalStore(new MemoryLedgerStore());
    Ledger killed = new Ledger(store, () -> NOW);
    int n = 0;
    for (Told told : all) {
      tell(told, spared);
      store.dieAfter(deaths.get(n++ % deaths.size()));
      assertThatThrownBy(() -> tell(told, killed)).isInstanceOf(MortalStore.Died.class);
      for (Verification one : killed.verify()) {
        assertThat(one.problems()).isEmpty();
      }
      store.live();
      tell(told, killed);
    }

    assertThat(killed.currencies()).isEqualTo(spared.currencies());
    for (Currency currency : spared.currencies()) {
      assertThat(killed.balances(currency)).isEqualTo(spared.balances(currency));
    }
    assertThat(killed.verify()).isEqualTo(spared.verify());
  }

  /** The same facts in another order, some of them told again, leave the same balances. */
  @Property(tries = 200)
  void permutedAndRepeatedEventsLeaveBalancesUnchanged(
      @ForAll @Size(max = 40) List<@net.jqwik.api.From("told") Told> all, @ForAll long seed)
      throws IOException {
    // Facts under one name must be the same facts: the first of each id stands for it.
    Map<Integer, Told> facts = new TreeMap<>();
    all.forEach(told -> facts.putIfAbsent(told.id(), told));
    var repeated = new ArrayList<>(facts.values());
    repeated.addAll(facts.values().stream().filter(t -> t.id() % 2 == 0).toList());
    Collections.shuffle(repeated, new Random(seed));
    Ledger inOrder = ledger();
    for (Told told : facts.values()) {
      inOrder.book(told.draft(Act.post(), ""));
    }
    Ledger shuffled = ledger();
    for (Told told : repeated) {
      shuffled.book(told.draft(Act.post(), ""));
    }

    for (Currency currency : List.of(USD, EUR)) {
      assertThat(shuffled.balances(currency)).isEqualTo(inOrder.balances(currency));
    }
  }

  /**
   * Taking back what was booked leaves nothing, whether it was posted at once or reserved first and
   * settled to another amount, and whether or not its period was closed in between.
   */
  @Property(tries = 300)
  void reverseOfPostIsNothing(
      @ForAll("told") Told told, @ForAll("told") Told before, @ForAll boolean isClosed)
      throws IOException {
    Ledger ledger = ledger();
    ledger.book(before.draft(Act.post(), "/before"));
    Currency currency = told.draft(Act.post(), "").currency();
    var balances = ledger.balances(currency);
    Draft draft;
    if (told.what() % 2 == 0) {
      draft = told.draft(Act.post(), "");
    } else {
      Draft held = told.draft(new Act.Reserve(NOW.plusSeconds(5)), "r");
      assertThat(ledger.book(held)).isInstanceOf(Verdict.Booked.class);
      draft = before.draft(held.currency(), new Act.Settle(held.event()), told.id() + "s");
    }
    assertThat(ledger.book(draft)).isInstanceOf(Verdict.Booked.class);
    assertThat(ledger.balances(currency)).isNotEqualTo(balances);
    if (isClosed) {
      ledger.close(currency, NOW);
    }
    assertThat(ledger.reverse(new EventId("law", "back"), draft.event(), "law"))
        .isInstanceOf(Verdict.Booked.class);

    assertThat(ledger.balances(currency)).isEqualTo(balances);
    assertThat(ledger.verify()).allMatch(one -> one.problems().isEmpty());
  }

  /** Cut anywhere, changed anywhere: the chain says so. */
  @Property(tries = 100)
  void nothingInTheChainCanBeChangedUnseen(
      @ForAll @IntRange(min = 2, max = 12) int count, @ForAll @IntRange(max = 11) int which)
      throws IOException {
    var entries = new ArrayList<Entry>();
    String previous = Chain.START;
    for (int i = 1; i <= count; i++) {
      Entry entry =
          Entry.of(
              i,
              new Told(i * 3 + 1, 0, 1, i, 0, 0).draft(Act.post(), ""),
              NOW,
              NOW,
              false,
              previous);
      previous = entry.hash();
      entries.add(entry);
    }
    int at = which % (count - 1);
    var without = new ArrayList<>(entries);
    without.remove(at);
    var changed = new ArrayList<>(entries);
    Entry was = entries.get(at);
    changed.set(
        at,
        Entry.of(
            was.number(),
            was.draft().noting("note", "x"),
            was.receivedAt(),
            was.bookedAt(),
            was.correction(),
            was.previous()));

    assertThat(problems(entries)).isEmpty();
    assertThat(problems(without)).isNotEmpty();
    assertThat(problems(changed)).isNotEmpty();
  }

  private static List<String> problems(List<Entry> entries) {
    var store = new MemoryLedgerStore();
    return store.write(pages -> {
      SortedMap<Account, Balance> balances = new TreeMap<>();
      for (Entry entry : entries) {
        pages.append(entry);
        Effects.of(entry.draft(), Optional.empty())
            .forEach((account, effect) -> balances.merge(account, effect, Balance::plus));
      }
      balances.forEach((account, balance) -> pages.put(USD, account, balance));
      return Verification.of(USD, pages, Set.of()).problems();
    });
  }

  /** There and back again, no more is lost than rounding takes, and that is on its account. */
  @Property(tries = 200)
  void anExchangeThereAndBackIsBounded(
      @ForAll @LongRange(min = 1, max = 10_000_000) long cents,
      @ForAll @LongRange(min = 100_000, max = 100_000_000) long micros)
      throws IOException {
    BigDecimal rate = BigDecimal.valueOf(micros, 6);
    BigDecimal back = new Rounding(RoundingMode.HALF_EVEN, 12).divide(BigDecimal.ONE, rate);
    Account payable = ACCOUNTS.get(0);
    Money euros = Money.of(BigDecimal.valueOf(cents, 2), EUR);
    LocalDate day = LocalDate.parse("2026-11-27");
    Ledger ledger = ledger();
    for (Draft draft :
        new ExchangeRate(EUR, USD, rate, day, "law")
            .exchange(new EventId("law", "there"), payable, euros, Rounding.of(USD), NOW)) {
      assertThat(ledger.book(draft)).isInstanceOf(Verdict.Booked.class);
    }
    Balance arrived = ledger.balances(USD).get(payable);
    if (arrived == null) {
      return;
    }
    for (Draft draft :
        new ExchangeRate(USD, EUR, back, day, "law")
            .exchange(
                new EventId("law", "back"), payable, arrived.posted(), Rounding.of(EUR), NOW)) {
      assertThat(ledger.book(draft)).isInstanceOf(Verdict.Booked.class);
    }
    Balance left = ledger.balances(EUR).getOrDefault(payable, Balance.zero(EUR));
    // Half a cent of each rounding, the first at the rate back, and what the inverse rate lacks.
    BigDecimal bound =
        new BigDecimal("0.005")
            .multiply(back.add(BigDecimal.ONE))
            .add(arrived.posted().amount().abs().multiply(new BigDecimal("0.000000000001")));

    assertThat(left.posted().amount().abs()).isLessThanOrEqualTo(bound);
    assertThat(ledger.verify()).allMatch(v -> v.problems().isEmpty());
  }
}
