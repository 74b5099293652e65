package dev.understudy.settlement.figures;

import dev.understudy.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes figures as JSON and as comma-separated values; amounts are texts with all their digits.
 */
public final class FiguresReport {
  private static final List<String> COLUMNS =
      List.of(
          "currency",
          "input_tokens",
          "output_tokens",
          "spend",
          "list",
          "against_list",
          "suspense",
          "revenue",
          "margin");

  private FiguresReport() {}

  public static ObjectNode json(List<Figure> figures, String by, Instant from, Instant until) {
    ObjectNode page = Json.object();
    page.put("from", from.toString());
    page.put("until", until.toString());
    page.put("by", by);
    ArrayNode list = page.putArray("figures");
    List<String> dimensions = dimensions(by);
    for (Figure figure : figures) {
      ObjectNode one = list.addObject();
      for (int i = 0; i < dimensions.size(); i++) {
        one.put(dimensions.get(i), figure.names().get(i));
      }
      List<String> values = values(figure);
      for (int i = 0; i < COLUMNS.size(); i++) {
        if (values.get(i).isEmpty()) {
          one.putNull(COLUMNS.get(i));
        } else {
          one.put(COLUMNS.get(i), values.get(i));
        }
      }
    }
    return page;
  }

  /** A head and a row for each. */
  public static String csv(List<Figure> figures, String by) {
    var text = new StringBuilder();
    var heads = new ArrayList<>(dimensions(by));
    heads.addAll(COLUMNS);
    text.append(String.join(",", heads)).append('\n');
    for (Figure figure : figures) {
      var cells = new ArrayList<String>();
      figure.names().forEach(name -> cells.add(quoted(name)));
      cells.addAll(values(figure));
      text.append(String.join(",", cells)).append('\n');
    }
    return text.toString();
  }

  private static String quoted(String text) {
    return text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r')
        ? text
        : '"' + text.replace("\"", "\"\"") + '"';
  }

  /** As they are asked for. */
  public static List<String> dimensions(String by) {
    return List.of(by.split(",", -1)).stream().map(String::strip).toList();
  }

  private static List<String> values(Figure figure) {
    return List.of(
        figure.currency().getCurrencyCode(),
        plain(figure.input()),
        plain(figure.output()),
        plain(figure.spend()),
        plain(figure.list()),
        figure.againstList().map(FiguresReport::plain).orElse(""),
        plain(figure.suspense()),
        figure.revenue().map(FiguresReport::plain).orElse(""),
        figure.margin().map(FiguresReport::plain).orElse(""));
  }

  /** Commitments and capacity. */
  public static ObjectNode json(List<BurnDown> commitments, List<CapacityUse> capacity) {
    ObjectNode page = Json.object();
    ArrayNode list = page.putArray("commitments");
    for (BurnDown one : commitments) {
      ObjectNode node = list.addObject();
      node.put("id", one.promise().id());
      node.put("where", one.promise().where());
      node.put("from", one.promise().terms().from().toString());
      node.put("until", one.promise().terms().to().toString());
      node.put("unit", one.terms().unit());
      node.put("amount", plain(one.terms().amount()));
      node.put("used", plain(one.used()));
      node.put("floors", plain(one.floors()));
      node.put("remaining", plain(one.remaining()));
      node.put("days_left", one.daysLeft());
      node.put("per_day", plain(one.perDay()));
      node.put("forecast", plain(one.forecast()));
      node.put("shortfall", plain(one.shortfall()));
      put(node, "burn_pressure", one.pressure());
      node.put("shortfall_risk", risk(one.risk()));
    }
    ArrayNode hours = page.putArray("capacity");
    for (CapacityUse one : capacity) {
      ObjectNode node = hours.addObject();
      node.put("id", one.capacity().id());
      node.put("vendor", one.capacity().eligible().vendor());
      node.put("units", plain(one.capacity().terms().units()));
      node.put("unit", one.capacity().terms().unit());
      node.put("hours", one.hours());
      node.put("currency", one.cost().currency().getCurrencyCode());
      node.put("cost", plain(one.cost().amount()));
      node.put("used", plain(one.used().amount()));
      node.put("unused", plain(one.cost().minus(one.used()).amount()));
      node.put("by_the_token", plain(one.value().amount()));
      node.put("utilisation", plain(one.utilisation()));
      put(node, "break_even", one.breakEven());
    }
    return page;
  }

  private static void put(ObjectNode node, String name, Optional<BigDecimal> value) {
    value.ifPresentOrElse(number -> node.put(name, plain(number)), () -> node.putNull(name));
  }

  /** A chance with three decimals. */
  public static String risk(double chance) {
    return plain(BigDecimal.valueOf(chance).setScale(3, RoundingMode.HALF_EVEN));
  }

  static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
