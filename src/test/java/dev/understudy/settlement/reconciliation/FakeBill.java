package dev.understudy.settlement.reconciliation;

import dev.understudy.json.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A bill in OpenAI's format, to be spoiled in one way or another. */
final class FakeBill {
  private final Map<LocalDate, List<ObjectNode>> days = new TreeMap<>();

  FakeBill day(String day) {
    days.computeIfAbsent(LocalDate.parse(day), _ -> new ArrayList<>());
    return this;
  }

  FakeBill line(String day, String item, String amount) {
    return line(day, item, amount, "");
  }

  FakeBill line(String day, String item, String amount, String quantity) {
    ObjectNode result = Json.object();
    result.put("object", "organization.costs.result");
    result.putObject("amount").put("value", new BigDecimal(amount)).put("currency", "usd");
    result.put("line_item", item);
    if (!quantity.isEmpty()) {
      result.put("quantity", new BigDecimal(quantity));
    }
    days.computeIfAbsent(LocalDate.parse(day), _ -> new ArrayList<>()).add(result);
    return this;
  }

  VendorBill.Document document(String name) {
    return BillReader.read(name, bytes());
  }

  VendorBill bill() {
    return VendorBill.of(List.of(document("costs.json")));
  }

  byte[] bytes() {
    ObjectNode page = Json.object();
    page.put("object", "page");
    ArrayNode data = page.putArray("data");
    days.forEach((day, lines) -> {
      ObjectNode bucket = data.addObject();
      bucket.put("object", "bucket");
      bucket.put("start_time", day.atStartOfDay().toEpochSecond(ZoneOffset.UTC));
      bucket.put("end_time", day.plusDays(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC));
      ArrayNode results = bucket.putArray("results");
      lines.forEach(results::add);
    });
    page.put("has_more", false);
    return Json.text(page).getBytes(StandardCharsets.UTF_8);
  }
}
