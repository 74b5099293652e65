package dev.understudy.settlement.reconciliation;

import dev.understudy.json.Json;
import dev.understudy.money.Money;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Tells what came of holding records and bill against each other. */
public final class Report {
  private Report() {}

  /** As JSON: amounts are texts, since a number would become a binary fraction in many a reader. */
  public static ObjectNode json(String vendor, List<Day> days) {
    ObjectNode page = Json.object();
    page.put("vendor", vendor);
    page.put("explained", days.stream().allMatch(Day::isExplained));
    var list = page.putArray("days");
    for (Day day : days) {
      ObjectNode one = list.addObject();
      one.put("day", day.day().toString());
      one.put("currency", day.ours().currency().getCurrencyCode());
      one.put("ours", amount(day.ours()));
      day.reported().ifPresent(reported -> one.put("reported", amount(reported)));
      one.put("billed", amount(day.billed()));
      one.put("difference", amount(day.billed().minus(day.ours())));
      one.put("unexplained", amount(day.unexplained()));
      var findings = one.putArray("findings");
      for (Finding finding : day.findings()) {
        ObjectNode found = findings.addObject();
        found.put("kind", finding.kind().words());
        found.put("explained", finding.isExplained());
        found.put("line", finding.line());
        found.put("amount", amount(finding.amount()));
        found.put("text", finding.text());
      }
    }
    return page;
  }

  private static String amount(Money money) {
    return money.amount().toPlainString();
  }

  /** As a page to send. */
  public static String html(String vendor, List<Day> days) {
    var page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append("Reconciliation with ")
        .append(escaped(vendor))
        .append(
            "</title><style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}")
        .append("td,th{border-bottom:1px solid #ccc;padding:.3em .8em;text-align:left}")
        .append(
            ".n{text-align:right;font-variant-numeric:tabular-nums}.open{color:#b00020}</style>")
        .append("</head><body>\n<h1>Reconciliation with ")
        .append(escaped(vendor))
        .append("</h1>\n<table><tr><th>day<th class=n>ours<th class=n>reported<th class=n>billed")
        .append("<th class=n>difference<th class=n>unexplained</tr>\n");
    for (Day day : days) {
      page.append("<tr><td>").append(day.day());
      cell(page, day.ours().toString(), "n");
      cell(page, day.reported().map(Money::toString).orElse(""), "n");
      cell(page, day.billed().toString(), "n");
      cell(page, day.billed().minus(day.ours()).toString(), "n");
      cell(page, day.isExplained() ? "" : day.unexplained().toString(), "n open");
      page.append("</tr>\n");
      for (Finding finding : day.findings()) {
        page.append("<tr").append(finding.isExplained() ? "" : " class=open").append("><td>");
        cell(page, finding.kind().words(), "");
        cell(page, finding.line(), "");
        cell(page, finding.text(), "");
        cell(page, finding.amount().toString(), "n");
        page.append("<td></tr>\n");
      }
    }
    return page.append("</table></body></html>\n").toString();
  }

  private static void cell(StringBuilder page, String text, String kind) {
    page.append("<td").append(kind.isEmpty() ? "" : " class=\"" + kind + "\"").append('>');
    page.append(escaped(text));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
