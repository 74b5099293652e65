package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.ledger.ExchangeRate;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.SalesStore.Kept;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store of sales does wherever it is; each store runs it. */
public abstract class SalesStoreContract {
  private static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");
  private static final ExchangeRate RATE =
      new ExchangeRate(
          Currencies.of("EUR"),
          Currencies.USD,
          new BigDecimal("1.0815"),
          LocalDate.parse("2026-10-05"),
          "ECB reference rate");

  private SalesStore store;

  /** A store of no sales. */
  protected abstract SalesStore fresh() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = fresh();
  }

  @Test
  void keepsFactsAndRatesOnceAndReadsThemByTime() throws Exception {
    List<SalesFact> facts =
        List.of(
            fact("s-2", "2026-10-05T10:00:00.123Z", "0.0000000001 USD"),
            fact("s-1", "2026-09-30T23:59:59.999Z", "9000 EUR"));

    assertThat(store.keep(facts, List.of(RATE), NOW)).isEqualTo(new Kept(3, 0, List.of()));
    assertThat(store.keep(facts, List.of(RATE), NOW)).isEqualTo(new Kept(0, 3, List.of()));

    assertThat(read("2026-09-01T00:00:00Z", "2027-01-01T00:00:00Z"))
        .containsExactly(facts.get(1), facts.get(0));
    assertThat(read("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")).containsExactly(facts.get(0));
    assertThat(store.rates()).containsExactly(RATE);
  }

  @Test
  void keepsNothingOfWhatContradictsItself() throws Exception {
    store.keep(List.of(fact("s-1", "2026-10-05T10:00:00Z", "5 USD")), List.of(RATE), NOW);

    Kept kept =
        store.keep(
            List.of(
                fact("s-2", "2026-10-05T10:00:00Z", "5 USD"),
                fact("s-1", "2026-10-05T10:00:00Z", "6 USD")),
            List.of(
                new ExchangeRate(
                    RATE.from(), RATE.to(), new BigDecimal("1.09"), RATE.day(), RATE.source())),
            NOW);

    assertThat(kept.kept()).isZero();
    assertThat(kept.conflicts())
        .containsExactly(
            "s-1 of shop is kept already, as a sale of 5 USD at 2026-10-05T10:00:00Z; what changed"
                + " is told by a new fact",
            "from EUR to USD on 2026-10-05, 1.0815 by ECB reference rate is kept already");
    assertThat(read("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")).hasSize(1);
  }

  @Test
  void keepsNoSecondSourceForTheRateOfADay() throws Exception {
    store.keep(List.of(), List.of(RATE), NOW);
    var other = new ExchangeRate(RATE.from(), RATE.to(), RATE.rate(), RATE.day(), "Fed");
    var next = new ExchangeRate(RATE.from(), RATE.to(), RATE.rate(), RATE.day().plusDays(1), "Fed");

    assertThat(store.keep(List.of(), List.of(other, next), NOW).conflicts())
        .containsExactly(
            "from EUR to USD on 2026-10-05, 1.0815 by ECB reference rate is kept already");
    assertThat(store.rates()).containsExactly(RATE);
    assertThat(store.keep(List.of(), List.of(next), NOW).kept()).isEqualTo(1);
    assertThat(store.rates()).containsExactly(RATE, next);
  }

  private List<SalesFact> read(String from, String until) throws Exception {
    var all = new ArrayList<SalesFact>();
    store.each(Instant.parse(from), Instant.parse(until), all::add);
    return all;
  }

  private static SalesFact fact(String id, String at, String amount) {
    return new SalesFact(
        "shop",
        id,
        SalesFact.Kind.SALE,
        Instant.parse(at),
        Money.parse(amount),
        "",
        "acme",
        "assistant, größer",
        "api",
        "gpt-x",
        "eu",
        "",
        "c-1",
        "");
  }
}
