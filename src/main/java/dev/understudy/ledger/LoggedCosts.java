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
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Makes facts of the log's lines: what each attempt cost is owed to its vendor, under a name made
 * of the exchange's, so that a line read twice is booked once.
 */
public final class LoggedCosts {
  private static final int NOTE_MAX = 400;

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
        var event = new EventId("exchange", id + "/" + index++);
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
    String vendor = attempt.path("vendor").asString("");
    Account payable = Account.of(Account.Kind.PAYABLE, vendor);
    Account suspense = Account.of(Account.Kind.SUSPENSE, vendor);
    // What contradicts itself is owed, but not known well enough to be a cost.
    boolean doubtful = !usage.path("violations").isEmpty();
    Account account = doubtful ? suspense : Account.of(Account.Kind.USAGE, vendor);
    var postings = new ArrayList<Posting>();
    if (!total.isZero()) {
      postings.add(Posting.debit(account, total));
    }
    Money unpriced = counted.minus(total);
    if (!unpriced.isZero()) {
      postings.add(Posting.debit(suspense, unpriced));
    }
    if (!counted.isZero()) {
      postings.add(Posting.credit(payable, counted));
    }
    if (postings.isEmpty()) {
      return;
    }
    var notes = new TreeMap<String, String>();
    note("target", attempt.path("target").asString(""), notes);
    note("price", cost.path("price").asString(""), notes);
    note("unpriced", reasons(cost), notes);
    note("violations", words(usage.path("violations")), notes);
    if (usage.path("estimated").asBoolean(false)) {
      note("estimated", "the vendor did not say what it took", notes);
    }
    Instant occurredAt =
        begun.plus(Duration.ofNanos((long) (attempt.path("started_ms").asDouble(0) * 1_000_000)));
    drafts.add(new Draft(event, Act.post(), currency, occurredAt, postings, notes));
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
          unpriced.path("item").asString("")
              + " x "
              + unpriced.path("quantity").decimalValue(BigDecimal.ZERO).toPlainString()
              + ": "
              + unpriced.path("reason").asString(""));
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

  private static void note(String name, String value, Map<String, String> notes) {
    if (!value.isEmpty()) {
      notes.put(name, value.length() > NOTE_MAX ? value.substring(0, NOTE_MAX) + "…" : value);
    }
  }
}
