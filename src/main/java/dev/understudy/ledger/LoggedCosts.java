package dev.understudy.ledger;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Makes facts of the log's lines: what each attempt cost is owed to its vendor, under a name made
 * of the exchange's, so that a line read twice is booked once.
 */
public final class LoggedCosts {
  private LoggedCosts() {}

  /**
   * The facts of one line: none if it tells of no exchange, or of none that cost anything.
   *
   * @throws IllegalArgumentException if it tells of one that cannot be understood
   */
  public static List<Draft> read(String line) {
    JsonNode exchange;
    try {
      exchange = Json.parse(line);
    } catch (Malformed e) {
      throw new IllegalArgumentException("no line of the log: not JSON", e);
    }
    if (!exchange.path("event").asString("").equals("exchange")) {
      return List.of();
    }
    try {
      var drafts = new ArrayList<Draft>();
      Instant begun = Instant.parse(exchange.path("time").asString(""));
      String id = exchange.path("id").asString("");
      int index = 0;
      for (JsonNode attempt : exchange.path("attempts")) {
        var event = new EventId(AttemptCosts.SOURCE, id + "/" + index++);
        if (attempt.has("cost")) {
          draft(event, begun, attempt, drafts);
        }
      }
      return drafts;
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("a line of the log that cannot be understood", e);
    }
  }

  private static void draft(EventId event, Instant begun, JsonNode attempt, List<Draft> drafts) {
    JsonNode cost = attempt.path("cost");
    JsonNode usage = attempt.path("usage");
    Currency currency = Currencies.of(cost.path("currency").asString(""));
    Money total = money(cost, "total", currency);
    Money counted = cost.has("counted") ? money(cost, "counted", currency) : total;
    Instant occurredAt =
        begun.plus(Duration.ofNanos((long) (attempt.path("started_ms").asDouble(0) * 1_000_000)));
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
