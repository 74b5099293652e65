package dev.understudy.ledger;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Fact;
import dev.understudy.exchange.Purpose;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Makes finished calls of the log's lines: their attempts, and what each of these cost, under names
 * made of the exchange's, so that a line read twice counts once.
 */
public final class LoggedCalls {
  private static final byte[] NO_RECORD = {};

  private LoggedCalls() {}

  /**
   * The call of one line, without its record; empty if it tells of none.
   *
   * @throws IllegalArgumentException if it tells of one that cannot be understood
   */
  public static Optional<AttemptBook.Finished> read(String line) {
    JsonNode exchange;
    try {
      exchange = Json.parse(line);
    } catch (Malformed e) {
      throw new IllegalArgumentException("no line of the log: not JSON", e);
    }
    if (!exchange.path("event").asString("").equals("exchange")) {
      return Optional.empty();
    }
    try {
      var facts = new ArrayList<Fact>();
      var drafts = new ArrayList<Draft>();
      Instant begun = Instant.parse(exchange.path("time").asString(""));
      String id = exchange.path("id").asString("");
      int index = 0;
      for (JsonNode attempt : exchange.path("attempts")) {
        Instant at =
            begun.plus(
                Duration.ofNanos((long) (attempt.path("started_ms").asDouble(0) * 1_000_000)));
        facts.add(fact(exchange, attempt, id, index, at));
        if (attempt.has("cost")) {
          draft(new EventId(AttemptCosts.SOURCE, id + "/" + index), at, attempt, drafts);
        }
        index++;
      }
      return Optional.of(
          new AttemptBook.Finished(id, begun.toEpochMilli(), facts, drafts, NO_RECORD));
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("a line of the log that cannot be understood", e);
    }
  }

  private static Fact fact(JsonNode exchange, JsonNode attempt, String id, int index, Instant at) {
    JsonNode usage = attempt.path("usage");
    SortedMap<String, BigDecimal> leaves = new TreeMap<>();
    for (String kind : List.of("leaves", "units")) {
      usage
          .path(kind)
          .properties()
          .forEach(one -> leaves.put(one.getKey(), one.getValue().decimalValue()));
    }
    var tags = new TreeMap<String, String>();
    exchange
        .path("tags")
        .properties()
        .forEach(one -> tags.put(one.getKey(), one.getValue().asString("")));
    return new Fact(
        id,
        index,
        at,
        text(exchange, "organisation"),
        text(exchange, "team"),
        text(exchange, "key_id"),
        tags,
        text(exchange, "route"),
        Purpose.of(exchange.path("purpose").asString(Purpose.CALL.word())),
        text(attempt, "vendor"),
        text(attempt, "kind"),
        text(attempt, "model"),
        text(attempt, "reply_model"),
        text(attempt, "credential"),
        // Lines do not tell it.
        "",
        text(usage, "service_tier"),
        outcome(text(attempt, "outcome")),
        usage.path("estimated").asBoolean(false),
        leaves,
        attempt.has("cost") ? Optional.of(cost(attempt.path("cost"), leaves)) : Optional.empty());
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  private static Attempt.Outcome outcome(String word) {
    for (Attempt.Outcome outcome : Attempt.Outcome.values()) {
      if (outcome.name().toLowerCase(Locale.ROOT).equals(word)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("an attempt with the outcome \"%s\"".formatted(word));
  }

  /** Lines tell what each item came to, and not what one of it costs. */
  private static Cost cost(JsonNode cost, Map<String, BigDecimal> leaves) {
    Currency currency = Currencies.of(text(cost, "currency"));
    var lines = new ArrayList<Cost.Line>();
    for (Map.Entry<String, JsonNode> one : cost.path("lines").properties()) {
      Money amount = money(cost.path("lines"), one.getKey(), currency);
      BigDecimal quantity = leaves.getOrDefault(one.getKey(), BigDecimal.ONE);
      // One without an end of decimals was none: the item goes by steps or packages.
      Optional<BigDecimal> each = Rounding.exactly(amount.amount(), quantity);
      lines.add(new Cost.Line(one.getKey(), quantity, each, amount));
    }
    Money total = money(cost, "total", currency);
    // What budgets count is told of all that has no price together.
    Money rest = cost.has("counted") ? money(cost, "counted", currency).minus(total) : null;
    var unpriced = new ArrayList<Cost.Unpriced>();
    for (JsonNode one : cost.path("unpriced")) {
      unpriced.add(
          new Cost.Unpriced(
              text(one, "item"),
              one.path("quantity").decimalValue(BigDecimal.ZERO),
              text(one, "reason"),
              rest != null && unpriced.isEmpty() ? rest : Money.zero(currency)));
    }
    return Cost.of(lines, unpriced, currency, text(cost, "price"));
  }

  private static void draft(
      EventId event, Instant occurredAt, JsonNode attempt, List<Draft> drafts) {
    JsonNode cost = attempt.path("cost");
    JsonNode usage = attempt.path("usage");
    Currency currency = Currencies.of(cost.path("currency").asString(""));
    Money total = money(cost, "total", currency);
    Money counted = cost.has("counted") ? money(cost, "counted", currency) : total;
    new AttemptCosts.Told(
            event,
            occurredAt,
            attempt.path("vendor").asString(""),
            attempt.path("target").asString(""),
            total,
            counted,
            cost.path("price").asString(""),
            reasons(cost),
            words(usage.path("violations")),
            usage.path("estimated").asBoolean(false))
        .draft()
        .ifPresent(drafts::add);
  }

  private static Money money(JsonNode cost, String name, Currency currency) {
    JsonNode value = cost.path(name);
    if (!value.isNumber()) {
      throw new IllegalArgumentException("a cost without " + name);
    }
    return Money.of(value.decimalValue(), currency);
  }

  private static String reasons(JsonNode cost) {
    var reasons = new ArrayList<String>();
    for (JsonNode unpriced : cost.path("unpriced")) {
      reasons.add(
          AttemptCosts.reason(
              unpriced.path("item").asString(""),
              unpriced.path("quantity").decimalValue(BigDecimal.ZERO).toPlainString(),
              unpriced.path("reason").asString("")));
    }
    return String.join("; ", reasons);
  }

  private static String words(JsonNode texts) {
    var words = new ArrayList<String>();
    for (JsonNode text : texts) {
      words.add(text.asString(""));
    }
    return String.join("; ", words);
  }
}
