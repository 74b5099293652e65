package dev.understudy.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.ledger.ExchangeRate;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.text.Problems;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SalesFileTest {
  private static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");

  private final Problems problems = new Problems();

  @Test
  void readsATable() {
    SalesFile.Content content =
        read(
            "id,kind,time,amount,currency,product,customer,to,rate,source\r\n"
                + "s-1,sale,2026-10-05,9000.50,USD,\"assistant, \"\"pro\"\"\",acme,,,\r\n"
                + "c-1,credit,2026-10-06T12:00:00Z,300,USD,,,,,shop\n"
                + "\n"
                + ",rate,2026-10-05,,EUR,,,USD,1.0815,ECB");

    assertThat(problems.lines()).isEmpty();
    assertThat(content.facts()).hasSize(2);
    SalesFact sale = content.facts().getFirst();
    assertThat(sale.product()).isEqualTo("assistant, \"pro\"");
    assertThat(sale.amount()).isEqualTo(Money.parse("9000.5 USD"));
    assertThat(sale.source()).isEqualTo("billing");
    assertThat(sale.occurredAt()).isEqualTo(Instant.parse("2026-10-05T00:00:00Z"));
    assertThat(content.facts().getLast().source()).isEqualTo("shop");
    assertThat(content.rates())
        .containsExactly(
            new ExchangeRate(
                Currencies.of("EUR"),
                Currencies.USD,
                new BigDecimal("1.0815"),
                LocalDate.parse("2026-10-05"),
                "ECB"));
  }

  @Test
  void readsLinesOfJsonWithAmountsAsTextOrNumbersWithoutLosingDigits() {
    SalesFile.Content content =
        read(
            """
            {"id": "p-1", "kind": "profit", "time": "2026-10-05", "amount": "-12.5", "currency": "USD", "seller": "openai"}
            {"id": "s-1", "kind": "sale", "time": "2026-10-05", "amount": 0.1234567890123456789, "currency": "USD"}
            """);

    assertThat(problems.lines()).isEmpty();
    assertThat(content.facts())
        .extracting(SalesFact::amount)
        .containsExactly(Money.parse("-12.5 USD"), Money.parse("0.1234567890123456789 USD"));
  }

  @Test
  void eachMistakeIsToldWithItsLine() {
    read(
        """
        id,kind,time,amount,currency,customer,rate
        s-1,sale,2026-10-05,9000,USD,a,
        s-1,sale,2026-10-05,9000,USD,a,
        s-2,sael,2026-10-05,9000,USD,a,
        s-3,sale,2026-10-05,"9,000",USD,a,
        s-4,sale,2026-10-05,9000,,a,
        s-5,sale,2026-10-05,9000,USd,a,
        s-6,sale,05.10.2026,9000,USD,a,
        s-7,sale,2027-10-05,9000,USD,a,
        s-8,sale,2026-10-05,-1,USD,a,
        s-9,sale,2026-10-05,1,USD,a,3
        s-10,sale,2026-10-05,1
        ,sale,2026-10-05,1,USD,a,
        s-12,sale,2026-10-05,1e3,USD,a,
        """);

    assertThat(problems.lines())
        .containsExactly(
            "sales.csv:3:1: \"s-1\" is there twice; first in line 2",
            "sales.csv:4:1: unknown kind \"sael\"; near: sale; known: sale, tax, refund, credit,"
                + " chargeback, fee, profit, rate",
            "sales.csv:5:1: amount is written like 1250.00, without signs of currency, commas or"
                + " exponents, not \"9,000\"",
            "sales.csv:6:1: currency is missing",
            "sales.csv:7:1: unknown currency \"USd\"; currencies are written by their code, such as"
                + " USD or EUR",
            "sales.csv:8:1: a time is a day or an instant in UTC, such as 2026-10-05 or"
                + " 2026-10-05T16:00:00Z, not \"05.10.2026\"",
            "sales.csv:9:1: 2027-10-05T00:00:00Z is in the future: it is 2026-11-01T08:00:00Z here;"
                + " look at the file and at the clock",
            "sales.csv:10:1: the amount of a sale must be above zero, not -1 USD; what is taken"
                + " back is a refund or a credit",
            "sales.csv:11:1: a sale has no rate",
            "sales.csv:12:1: 4 fields under 7 columns",
            "sales.csv:13:1: id is missing",
            "sales.csv:14:1: amount is written like 1250.00, without signs of currency, commas or"
                + " exponents, not \"1e3\"");
  }

  @Test
  void anUnknownColumnOrMemberIsNamedWithWhatIsNear() {
    read("id,kind,time,amount,curency\n");
    assertThat(problems.lines().getFirst()).contains("unknown column \"curency\"; near: currency");

    var json = new Problems();
    SalesFile.read(
        "sales.jsonl",
        "{\"id\": \"1\", \"kindd\": \"sale\"}".getBytes(StandardCharsets.UTF_8),
        "billing",
        NOW,
        json);
    assertThat(json.lines().getFirst())
        .startsWith("sales.jsonl:1:1: unknown column \"kindd\"; near: kind");
  }

  @Test
  void brokenTablesAreToldWithTheLine() {
    read("id,kind\n\"a,sale\n");
    assertThat(problems.lines()).containsExactly("sales.csv:2:1: a quote is not closed");
  }

  @Test
  void aSundayHasTheRateOfFridayAndAMonthLaterThereIsNone() {
    var table =
        new FxTable(
            List.of(
                new ExchangeRate(
                    Currencies.of("EUR"),
                    Currencies.USD,
                    new BigDecimal("1.10"),
                    LocalDate.parse("2026-10-02"),
                    "ECB")));

    assertThat(table.in(Currencies.USD, Money.parse("100 EUR"), LocalDate.parse("2026-10-04")))
        .isEqualTo(Money.parse("110 USD"));
    assertThatThrownBy(
            () -> table.in(Currencies.USD, Money.parse("100 EUR"), LocalDate.parse("2026-10-31")))
        .isInstanceOf(Unsettled.class)
        .hasMessageContaining("no rate of exchange from EUR to USD for 2026-10-31");
  }

  @Test
  void aRateHoldsForSevenDaysAndOneWayOnly() {
    Currency euro = Currencies.of("EUR");
    var table = new FxTable(List.of(rate("1.10", "2026-10-02", "ECB")));

    assertThat(table.rate(euro, Currencies.USD, LocalDate.parse("2026-10-09")).source())
        .isEqualTo("ECB");
    for (String day : List.of("2026-10-01", "2026-10-10")) {
      assertThatThrownBy(() -> table.rate(euro, Currencies.USD, LocalDate.parse(day)))
          .isInstanceOf(Unsettled.class)
          .hasMessage(
              "no rate of exchange from EUR to USD for %s, or for the 7 days before; import one"
                  .formatted(day));
    }
    // What a dollar is in euros somebody has to say: one over a rounded rate is nobody's.
    assertThatThrownBy(() -> table.rate(Currencies.USD, euro, LocalDate.parse("2026-10-02")))
        .isInstanceOf(Unsettled.class)
        .hasMessageStartingWith("no rate of exchange from USD to EUR for 2026-10-02");
  }

  @Test
  void twoSourcesForOneDayAreAnErrorAndNeitherWinsQuietly() {
    read(
        """
        id,kind,time,currency,to,rate,source
        ,rate,2026-10-05,EUR,USD,1.0815,ECB
        ,rate,2026-10-05,EUR,USD,1.0820,Fed
        ,rate,2026-10-06,EUR,USD,1.0820,Fed
        """);

    assertThat(problems.lines())
        .containsExactly("sales.csv:3:1: this rate of this day is there twice; first in line 2");
    assertThatThrownBy(() ->
            new FxTable(
                List.of(rate("1.0815", "2026-10-05", "ECB"), rate("1.0820", "2026-10-05", "Fed"))))
        .hasMessage(
            "two rates of exchange from EUR to USD for 2026-10-05: 1.0815 by ECB, and 1.0820 by"
                + " Fed");
  }

  @Test
  void aRateIsOfADayAboveZeroBetweenTwoCurrenciesAndNotOfTheFuture() {
    read(
        """
        id,kind,time,currency,to,rate,source
        ,rate,2026-10-05T10:00:00Z,EUR,USD,1.0815,ECB
        ,rate,2026-10-05,EUR,EUR,1,ECB
        ,rate,2026-10-05,EUR,USD,0,ECB
        ,rate,2026-10-05,EUR,USD,,ECB
        ,rate,2026-12-05,EUR,USD,1.0815,ECB
        """);

    assertThat(problems.lines())
        .containsExactly(
            "sales.csv:2:1: the time of a rate is a day, such as 2026-10-05, not"
                + " \"2026-10-05T10:00:00Z\"",
            "sales.csv:3:1: a rate of exchange is above zero, between two currencies, and has a"
                + " source",
            "sales.csv:4:1: a rate of exchange is above zero, between two currencies, and has a"
                + " source",
            "sales.csv:5:1: rate is missing",
            "sales.csv:6:1: 2026-12-05T00:00:00Z is in the future: it is 2026-11-01T08:00:00Z"
                + " here; look at the file and at the clock");
  }

  private static ExchangeRate rate(String rate, String day, String source) {
    return new ExchangeRate(
        Currencies.of("EUR"), Currencies.USD, new BigDecimal(rate), LocalDate.parse(day), source);
  }

  private SalesFile.Content read(String text) {
    return SalesFile.read(
        "sales.csv", text.getBytes(StandardCharsets.UTF_8), "billing", NOW, problems);
  }
}
