package dev.understudy.settlement;

import dev.understudy.json.Json;
import dev.understudy.ledger.ExchangeRate;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.Line.Item;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was exchanged at one rate.
 *
 * @param amount in the currency the rate is from
 * @param worth in the currency the rate is to, exact
 */
public record Exchange(ExchangeRate rate, BigDecimal amount, BigDecimal worth) {
  Exchange plus(Exchange other) {
    return new Exchange(rate, amount.add(other.amount), worth.add(other.worth));
  }

  Exchange negate() {
    return new Exchange(rate, amount.negate(), worth.negate());
  }

  boolean isNothing() {
    return amount.signum() == 0 && worth.signum() == 0;
  }

  /** As people read it: how much, at the rate of which day, by whose word. */
  String text() {
    return "%s at the rate of %s (%s)"
        .formatted(Money.of(amount, rate.from()), rate.day(), rate.source());
  }

  Line line() {
    return new Line(
        Item.FX,
        text(),
        Optional.of(rate.rate()),
        Optional.empty(),
        Money.of(worth, rate.to()),
        false);
  }

  ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("from", rate.from().getCurrencyCode());
    json.put("to", rate.to().getCurrencyCode());
    json.put("rate", rate.rate().toPlainString());
    json.put("day", rate.day().toString());
    json.put("source", rate.source());
    json.put("amount", amount.toPlainString());
    json.put("worth", worth.toPlainString());
    return json;
  }

  static Exchange read(JsonNode json) {
    return new Exchange(
        new ExchangeRate(
            Currencies.of(json.path("from").asString()),
            Currencies.of(json.path("to").asString()),
            new BigDecimal(json.path("rate").asString()),
            LocalDate.parse(json.path("day").asString()),
            json.path("source").asString()),
        new BigDecimal(json.path("amount").asString()),
        new BigDecimal(json.path("worth").asString()));
  }
}
