package dev.understudy.settlement;

import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractVersion;
import dev.understudy.ledger.ExchangeRate;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What was sold and used, for tests to settle. */
final class Trade {
  final MemoryFacts facts = new MemoryFacts();
  final List<SalesFact> sales = new ArrayList<>();
  final List<ExchangeRate> rates = new ArrayList<>();

  /** A fact written {@code 2026-10-05 sale 9000 USD}, perhaps with what was sold behind it. */
  Trade fact(String text, String... fields) {
    String[] words = text.split(" ", -1);
    String[] rest = {"", "", "", ""};
    System.arraycopy(fields, 0, rest, 0, fields.length);
    sales.add(
        new SalesFact(
            "test",
            "f-" + sales.size(),
            SalesFact.Kind.values()[SalesFact.Kind.words().indexOf(words[1])],
            words[0].contains("T")
                ? Instant.parse(words[0])
                : Instant.parse(words[0] + "T00:00:00Z"),
            Money.of(new BigDecimal(words[2]), Currencies.of(words[3])),
            "",
            rest[0],
            "",
            rest[1],
            rest[2],
            "",
            "",
            rest[3],
            ""));
    return this;
  }

  Trade rate(String day, String from, String rate) {
    rates.add(
        new ExchangeRate(
            Currencies.of(from),
            Currencies.USD,
            new BigDecimal(rate),
            LocalDate.parse(day),
            "ECB"));
    return this;
  }

  Given given() {
    return given(Given.ListPrices.NONE);
  }

  Given given(Given.ListPrices list) {
    return new Given(this::each, facts, new FxTable(rates), list);
  }

  private void each(Instant from, Instant until, Consumer<SalesFact> use) throws IOException {
    sales.stream()
        .filter(s -> !s.occurredAt().isBefore(from) && s.occurredAt().isBefore(until))
        .forEach(use);
  }

  Statement settle(String month, ContractVersion... versions) throws IOException {
    return Settler.settle(
        new Contract(versions[0].contract(), List.of(versions)), YearMonth.parse(month), given());
  }
}
