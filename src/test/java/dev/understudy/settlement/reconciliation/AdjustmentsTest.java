package dev.understudy.settlement.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.ledger.Account;
import dev.understudy.ledger.Draft;
import dev.understudy.ledger.EventId;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.LedgerStore;
import dev.understudy.ledger.MemoryLedgerStore;
import dev.understudy.ledger.Posting;
import dev.understudy.ledger.Verification;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdjustmentsTest {
  private static final LocalDate DAY = LocalDate.parse("2026-10-02");
  private final LedgerStore store = new MemoryLedgerStore();
  private final Ledger ledger =
      new Ledger(store, InstantSource.fixed(Instant.parse("2026-10-05T00:00:00Z")));

  private static List<Day> day(String estimated, String open) {
    Money more = Money.parse(estimated.replace("-", "") + " USD");
    Money signed = estimated.startsWith("-") ? more.negate() : more;
    Money rest = Money.parse(open + " USD");
    Money ours = Money.parse("10 USD");
    return List.of(
        new Day(
            DAY,
            ours,
            Optional.empty(),
            ours.plus(signed).plus(rest),
            List.of(
                new Finding(Finding.Kind.ESTIMATED, "m", signed, ""),
                new Finding(Finding.Kind.UNEXPLAINED, "x", rest, ""))));
  }

  private Money usage() throws IOException {
    var balance = ledger.balances(Currencies.USD).get(Account.of(Account.Kind.USAGE, "openai"));
    return balance == null ? Money.zero(Currencies.USD) : balance.posted();
  }

  @Test
  void anEstimateGivesWayOnceHoweverOftenItIsRun() throws IOException {
    var adjustments = new Adjustments(ledger, store);

    assertThat(adjustments.book("openai", day("-0.006", "4"))).hasSize(1);
    assertThat(adjustments.book("openai", day("-0.006", "4"))).isEmpty();

    assertThat(usage())
        .as("what is unexplained is not booked")
        .isEqualTo(Money.parse("0.006 USD").negate());
  }

  @Test
  void aRestatedBillBooksTheDifferenceAlone() throws IOException {
    var adjustments = new Adjustments(ledger, store);
    adjustments.book("openai", day("-0.006", "1"));

    assertThat(adjustments.book("openai", day("0.002", "1"))).hasSize(1);

    assertThat(usage()).isEqualTo(Money.parse("0.002 USD"));
    assertThat(adjustments.book("openai", day("0.002", "1"))).isEmpty();
    assertThat(ledger.verify())
        .extracting(Verification::problems)
        .allSatisfy(problems -> assertThat(problems).isEmpty());
  }

  @Test
  void whatHadNoPriceLeavesSuspenseAndIsOwedAsBilled() throws IOException {
    // As the attempt was booked: owed at the fallback of 0.01.
    Money fallback = Money.parse("0.01 USD");
    ledger.book(
        Draft.post(
            new EventId("exchange", "a/0"),
            Currencies.USD,
            DAY.atStartOfDay().toInstant(ZoneOffset.UTC),
            List.of(
                Posting.debit(Account.of(Account.Kind.SUSPENSE, "openai"), fallback),
                Posting.credit(Account.of(Account.Kind.PAYABLE, "openai"), fallback))));
    Money billed = Money.parse("0.003 USD");
    Money zero = Money.zero(Currencies.USD);
    var day =
        new Day(
            DAY,
            zero,
            Optional.empty(),
            billed,
            List.of(new Finding(Finding.Kind.NO_PRICE, "m", billed, "", fallback)));
    var adjustments = new Adjustments(ledger, store);

    assertThat(adjustments.book("openai", List.of(day))).hasSize(1);
    assertThat(adjustments.book("openai", List.of(day))).isEmpty();

    var balances = ledger.balances(Currencies.USD);
    assertThat(usage()).isEqualTo(billed);
    assertThat(balances)
        .as("what comes to nothing is not listed")
        .doesNotContainKey(Account.of(Account.Kind.SUSPENSE, "openai"));
    assertThat(balances.get(Account.of(Account.Kind.PAYABLE, "openai")).posted())
        .isEqualTo(billed.negate());
  }
}
