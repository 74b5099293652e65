package dev.understudy.settlement;

import dev.understudy.json.Json;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a customer is asked for a month, or given back of it: lines, each rounded once, and tax.
 *
 * @param exact what the lines come to before they are rounded
 * @param reference the number of the invoice that a credit note gives back of; empty for an invoice
 * @param reason why, for a credit note
 * @param event the name under which a credit was asked for; empty where usage is the reason
 * @param sold what contracts are told of it
 * @param exchanged what came from other currencies, by rate: its worth is within the lines; empty
 *     where that was not written down
 * @param names whose it is and for whom, as they were when it was issued; empty before
 */
public record Invoice(
    String customer,
    YearMonth period,
    Currency currency,
    List<Item> lines,
    Money net,
    Money tax,
    Money total,
    Money exact,
    Optional<BigDecimal> taxRate,
    String reference,
    String reason,
    String event,
    Sold sold,
    Optional<List<Exchange>> exchanged,
    Optional<Names> names) {

  /**
   * Who sends it, and who gets it.
   *
   * @param taxId of who sends it; empty if it has none
   */
  public record Names(
      String issuer, List<String> issuerAddress, String taxId, String name, List<String> address) {
    public Names {
      issuerAddress = List.copyOf(issuerAddress);
      address = List.copyOf(address);
    }

    /** As a tariff says them. */
    public static Names of(Tariff.Issuer issuer, String name, List<String> address) {
      return new Names(issuer.name(), issuer.address(), issuer.taxId(), name, address);
    }

    private ObjectNode json() {
      ObjectNode json = Json.object();
      json.put("issuer", issuer);
      issuerAddress.forEach(json.putArray("issuer_address")::add);
      json.put("tax_id", taxId);
      json.put("name", name);
      address.forEach(json.putArray("address")::add);
      return json;
    }

    private static Names read(JsonNode json) {
      return new Names(
          json.path("issuer").asString(),
          texts(json.path("issuer_address")),
          json.path("tax_id").asString(),
          json.path("name").asString(),
          texts(json.path("address")));
    }

    private static List<String> texts(JsonNode array) {
      var texts = new ArrayList<String>();
      array.forEach(text -> texts.add(text.asString()));
      return texts;
    }
  }

  /** By which way it was sold, and as what. */
  public record Sold(String channel, String product) {}

  /**
   * One line.
   *
   * @param label a team or key; empty where lines go by model alone
   * @param item what was counted: a leaf or unit
   * @param each the price of one, where it is one price
   * @param exact before it is rounded
   */
  public record Item(
      String label,
      String model,
      String item,
      Optional<BigDecimal> each,
      BigDecimal quantity,
      Money exact,
      Money net) {

    /** What makes it the same line as another. */
    List<String> key() {
      return List.of(label, model, item, each.map(BigDecimal::toPlainString).orElse(""));
    }
  }

  public Invoice {
    lines = List.copyOf(lines);
    exchanged = exchanged.map(List::copyOf);
  }

  /** Sums up and adds the tax, which is rounded once. */
  static Invoice of(
      String customer,
      YearMonth period,
      Currency currency,
      List<Item> lines,
      Optional<BigDecimal> taxRate,
      Sold sold) {
    Money net = Money.zero(currency);
    Money exact = Money.zero(currency);
    for (Item line : lines) {
      net = net.plus(line.net());
      exact = exact.plus(line.exact());
    }
    Money tax = rounding(currency).round(net.times(taxRate.orElse(BigDecimal.ZERO))).money();
    return new Invoice(
        customer,
        period,
        currency,
        lines,
        net,
        tax,
        net.plus(tax),
        exact,
        taxRate,
        "",
        "",
        "",
        sold,
        Optional.empty(),
        Optional.empty());
  }

  /** The same under these names. */
  Invoice under(Optional<Names> of) {
    return new Invoice(
        customer, period, currency, lines, net, tax, total, exact, taxRate, reference, reason,
        event, sold, exchanged, of);
  }

  /** The same of which this came from other currencies. */
  Invoice exchanging(Optional<List<Exchange>> of) {
    return new Invoice(
        customer, period, currency, lines, net, tax, total, exact, taxRate, reference, reason,
        event, sold, of, names);
  }

  /** The same with every amount and quantity turned round, as a credit note. */
  Invoice back(String number, String why) {
    return new Invoice(
        customer,
        period,
        currency,
        lines.stream()
            .map(line ->
                new Item(
                    line.label(),
                    line.model(),
                    line.item(),
                    line.each(),
                    line.quantity().negate(),
                    line.exact().negate(),
                    line.net().negate()))
            .toList(),
        net.negate(),
        tax.negate(),
        total.negate(),
        exact.negate(),
        taxRate,
        number,
        why,
        "",
        sold,
        exchanged.map(all -> all.stream().map(Exchange::negate).toList()),
        names);
  }

  static Rounding rounding(Currency currency) {
    return new Rounding(RoundingMode.HALF_EVEN, Currencies.decimals(currency));
  }

  /** As it is kept. */
  String json(String number) {
    ObjectNode json = Json.object();
    json.put("number", number);
    json.put("customer", customer);
    json.put("period", period.toString());
    json.put("currency", currency.getCurrencyCode());
    json.put("net", net.amount().toPlainString());
    json.put("tax", tax.amount().toPlainString());
    json.put("total", total.amount().toPlainString());
    json.put("exact", exact.amount().toPlainString());
    taxRate.ifPresent(rate -> json.put("tax_rate", rate.toPlainString()));
    json.put("channel", sold.channel());
    json.put("product", sold.product());
    names.ifPresent(who -> json.set("names", who.json()));
    if (!reference.isEmpty()) {
      json.put("reference", reference);
      json.put("reason", reason);
      json.put("event", event);
    }
    var all = json.putArray("lines");
    for (Item line : lines) {
      ObjectNode one = all.addObject();
      one.put("label", line.label());
      one.put("model", line.model());
      one.put("item", line.item());
      line.each().ifPresent(each -> one.put("each", each.toPlainString()));
      one.put("quantity", line.quantity().toPlainString());
      one.put("exact", line.exact().amount().toPlainString());
      one.put("net", line.net().amount().toPlainString());
    }
    exchanged.ifPresent(rates -> {
      var array = json.putArray("exchanged");
      rates.forEach(one -> array.add(one.json()));
    });
    return Json.text(json);
  }

  /** As it was kept. */
  static Invoice read(String body) {
    ObjectNode json = Json.parseObject(body);
    Currency currency = Currencies.of(json.path("currency").asString());
    var lines = new ArrayList<Item>();
    for (JsonNode one : json.path("lines")) {
      lines.add(
          new Item(
              one.path("label").asString(),
              one.path("model").asString(),
              one.path("item").asString(),
              one.has("each")
                  ? Optional.of(new BigDecimal(one.path("each").asString()))
                  : Optional.empty(),
              new BigDecimal(one.path("quantity").asString()),
              money(one, "exact", currency),
              money(one, "net", currency)));
    }
    return new Invoice(
        json.path("customer").asString(),
        YearMonth.parse(json.path("period").asString()),
        currency,
        lines,
        money(json, "net", currency),
        money(json, "tax", currency),
        money(json, "total", currency),
        money(json, "exact", currency),
        json.has("tax_rate")
            ? Optional.of(new BigDecimal(json.path("tax_rate").asString()))
            : Optional.empty(),
        json.path("reference").asString(""),
        json.path("reason").asString(""),
        json.path("event").asString(""),
        new Sold(json.path("channel").asString(""), json.path("product").asString("")),
        json.has("exchanged") ? Optional.of(exchanges(json.path("exchanged"))) : Optional.empty(),
        json.has("names") ? Optional.of(Names.read(json.path("names"))) : Optional.empty());
  }

  private static List<Exchange> exchanges(JsonNode array) {
    var all = new ArrayList<Exchange>();
    array.forEach(one -> all.add(Exchange.read(one)));
    return all;
  }

  private static Money money(JsonNode json, String name, Currency currency) {
    return Money.of(new BigDecimal(json.path(name).asString()), currency);
  }
}
