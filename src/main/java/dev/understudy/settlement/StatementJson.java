package dev.understudy.settlement;

import dev.understudy.json.Json;
import dev.understudy.ledger.Account;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A statement as JSON: to be kept, to be compared, to be loaded elsewhere. */
final class StatementJson {
  /**
   * Which lines a statement has. It is one more than before when a kind of line is added or goes,
   * so that months that were settled before are known again ({@link Substance}); bodies that name
   * none are of the first.
   */
  static final int FORM = 2;

  private StatementJson() {}

  /** What it says, and what is booked for it; the same statement is the same text. */
  static String body(Statement statement, String we, SortedMap<Account, Money> postings) {
    ObjectNode json = Json.object();
    json.put("form", FORM);
    json.put("contract", statement.contract());
    json.put("period", statement.period().toString());
    json.put("from", statement.from().toString());
    json.put("until", statement.until().toString());
    json.put("currency", statement.currency().getCurrencyCode());
    json.put("we", we);
    var due = json.putArray("due");
    statement
        .due()
        .forEach((pair, amount) ->
            due.addObject()
                .put("payer", pair.payer())
                .put("payee", pair.payee())
                .put("amount", amount.amount().toPlainString()));
    var sections = json.putArray("sections");
    for (Section section : statement.sections()) {
      ObjectNode one = sections.addObject();
      one.put("kind", section.kind().word());
      one.put("clause", section.clause());
      one.put("version", section.version());
      one.put("basis", section.basis());
      one.put("payer", section.payer());
      one.put("payee", section.payee());
      one.put("from", section.from().toString());
      one.put("until", section.until().toString());
      one.put("due", section.due().amount().toPlainString());
      var lines = one.putArray("lines");
      for (Line line : section.lines()) {
        ObjectNode said = lines.addObject();
        said.put("item", line.item().word());
        said.put("text", line.text());
        line.rate().ifPresent(rate -> said.put("rate", rate.toPlainString()));
        line.quantity().ifPresent(quantity -> said.put("quantity", quantity.toPlainString()));
        said.put("amount", line.amount().amount().toPlainString());
        said.put("adds", line.adds());
      }
    }
    var events = json.putArray("events");
    statement.events().forEach(events::add);
    var doubts = json.putArray("doubts");
    statement.doubts().forEach(doubts::add);
    var booked = json.putObject("postings");
    postings.forEach((account, amount) -> booked.put(account.toString(), amount.toString()));
    return Json.text(json);
  }

  /** A statement that is kept. */
  static Statement read(String body) {
    ObjectNode json = Json.parseObject(body);
    Currency currency = Currencies.of(json.path("currency").asString());
    var sections = new ArrayList<Section>();
    for (JsonNode one : json.path("sections")) {
      sections.add(section(one, currency));
    }
    return new Statement(
        json.path("contract").asString(),
        YearMonth.parse(json.path("period").asString()),
        currency,
        sections,
        texts(json.path("events")),
        texts(json.path("doubts")));
  }

  private static Section section(JsonNode one, Currency currency) {
    var lines = new ArrayList<Line>();
    for (JsonNode line : one.path("lines")) {
      lines.add(
          new Line(
              Line.Item.valueOf(line.path("item").asString().toUpperCase(Locale.ROOT)),
              line.path("text").asString(),
              number(line, "rate"),
              number(line, "quantity"),
              Money.of(new BigDecimal(line.path("amount").asString()), currency),
              line.path("adds").asBoolean()));
    }
    return new Section(
        Section.Kind.valueOf(
            one.path("kind").asString().toUpperCase(Locale.ROOT).replace(' ', '_')),
        one.path("clause").asString(),
        one.path("version").asInt(),
        one.path("basis").asString(),
        one.path("payer").asString(),
        one.path("payee").asString(),
        Instant.parse(one.path("from").asString()),
        Instant.parse(one.path("until").asString()),
        lines,
        Money.of(new BigDecimal(one.path("due").asString()), currency));
  }

  private static Optional<BigDecimal> number(JsonNode line, String name) {
    return line.has(name)
        ? Optional.of(new BigDecimal(line.path(name).asString()))
        : Optional.empty();
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(text -> texts.add(text.asString()));
    return texts;
  }

  /** What is booked for a statement that is kept. */
  static SortedMap<Account, Money> postings(String body) {
    Map<String, String> texts = new TreeMap<>();
    Json.parseObject(body)
        .path("postings")
        .properties()
        .forEach(one -> texts.put(one.getKey(), one.getValue().asString()));
    return Booking.read(texts);
  }

  static String digest(String body) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
