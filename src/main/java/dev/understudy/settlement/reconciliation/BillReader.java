package dev.understudy.settlement.reconciliation;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.focus.Row;
import dev.understudy.settlement.focus.RowReader;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Reads vendors' bills as their APIs give them out: OpenAI's costs and usage, Anthropic's cost and
 * usage reports (whose amounts are texts in cents), a FOCUS table, or a plain table of {@code
 * day,line_item,amount,currency}, {@code model}, {@code quantity}, {@code tier} where they are.
 *
 * <p>Numbers are read as they are written: {@code 0.060000000000000005} keeps all its digits.
 */
public final class BillReader {
  /** The largest document, in bytes. */
  public static final int BYTES_MAX = 256 << 20;

  private static final int DIGITS_MAX = 60;
  private static final BigDecimal CENT = new BigDecimal("0.01");
  private static final List<String> TIERS = List.of("batch", "flex", "priority", "scale");

  private BillReader() {}

  /**
   * Reads one document; several pages of one may stand in an array, or line by line.
   *
   * @param name under which it is spoken of
   * @throws IllegalArgumentException if it is none that is known, with the place
   */
  public static VendorBill.Document read(String name, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String start = text.stripLeading();
    try {
      if (start.startsWith("{") || start.startsWith("[")) {
        return json(name, text);
      }
      return table(name, text);
    } catch (IOException | Malformed e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          e.getMessage() != null && e.getMessage().startsWith(name)
              ? e.getMessage()
              : name + ": " + e.getMessage(),
          e);
    }
  }

  private static VendorBill.Document json(String name, String text) {
    var days = new ArrayList<VendorBill.Bucket>();
    var usage = new ArrayList<UsageLine>();
    var pages = new ArrayList<JsonNode>();
    JsonNode whole;
    try {
      whole = Json.parse(text);
      if (whole.isArray()) {
        whole.forEach(pages::add);
      } else {
        pages.add(whole);
      }
    } catch (Malformed e) {
      // Pages as lines, as many tools keep them.
      for (String line : text.strip().split("\n", -1)) {
        if (!line.isBlank()) {
          pages.add(Json.parse(line));
        }
      }
    }
    int number = 0;
    for (JsonNode page : pages) {
      number++;
      if (!page.path("data").isArray()) {
        throw new IllegalArgumentException(
            "%s: page %d has no data; a page of a cost or usage API is expected"
                .formatted(name, number));
      }
      boolean usagePage = isUsage(page);
      int at = 0;
      for (JsonNode bucket : page.path("data")) {
        String place = "%s: page %d, data[%d]".formatted(name, number, at++);
        bucket(place, bucket, usagePage, days, usage);
      }
    }
    if (!pages.isEmpty() && pages.getLast().path("has_more").asBoolean(false)) {
      throw new IllegalArgumentException(
          name + ": the last page says that there are more; fetch them all");
    }
    return new VendorBill.Document(name, days, usage);
  }

  /** Whether the page counts tokens; one without any result is taken for costs. */
  private static boolean isUsage(JsonNode page) {
    for (JsonNode bucket : page.path("data")) {
      for (JsonNode result : bucket.path("results")) {
        return !result.has("amount");
      }
    }
    return false;
  }

  private static void bucket(
      String place,
      JsonNode bucket,
      boolean usagePage,
      List<VendorBill.Bucket> days,
      List<UsageLine> usage) {
    LocalDate day = day(place, bucket, !usagePage);
    var lines = new ArrayList<BillLine>();
    int at = 0;
    for (JsonNode result : bucket.path("results")) {
      String where = place + ".results[" + at++ + "]";
      if (result.path("amount").isObject()) {
        lines.add(openAi(where, day, result));
      } else if (result.has("amount")) {
        lines.add(anthropic(where, day, result));
      } else {
        usage(where, day, result, usage);
      }
    }
    // A day without results is a day of the bill on which nothing was billed.
    if (!usagePage) {
      days.add(new VendorBill.Bucket(day, lines));
    }
  }

  /** Usage may be counted by the hour; costs of a part of a day would be taken for all of it. */
  private static LocalDate day(String place, JsonNode bucket, boolean whole) {
    Instant begins;
    Instant ends;
    if (bucket.path("start_time").isIntegralNumber()) {
      begins = Instant.ofEpochSecond(bucket.path("start_time").longValue());
      ends = Instant.ofEpochSecond(bucket.path("end_time").longValue());
    } else {
      begins = Instant.parse(bucket.path("starting_at").asString(""));
      ends = Instant.parse(bucket.path("ending_at").asString(""));
    }
    LocalDate day = begins.atOffset(ZoneOffset.UTC).toLocalDate();
    Instant midnight = day.atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant next = day.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    boolean within =
        whole
            ? begins.equals(midnight) && ends.equals(next)
            : begins.isBefore(ends) && !ends.isAfter(next);
    if (!within) {
      throw new IllegalArgumentException(
          "%s is from %s to %s, which is no day in UTC; ask for buckets of a day"
              .formatted(place, begins, ends));
    }
    return day;
  }

  private static BillLine openAi(String place, LocalDate day, JsonNode result) {
    BigDecimal value = number(place + ".amount.value", result.path("amount").path("value"));
    String currency = result.path("amount").path("currency").asString("usd");
    String item = result.path("line_item").asString("");
    Optional<BigDecimal> quantity =
        result.path("quantity").isNumber()
            ? Optional.of(number(place + ".quantity", result.path("quantity")))
            : Optional.empty();
    return named(
        day, item.isEmpty() ? "(all)" : item, value, currency, value.scale(), quantity, "", "");
  }

  private static BillLine anthropic(String place, LocalDate day, JsonNode result) {
    if (!result.path("amount").isString()) {
      throw new IllegalArgumentException(
          place + ".amount is no text; this API writes cents as text, such as \"123.45\"");
    }
    BigDecimal cents = number(place + ".amount", result.path("amount"));
    String model = result.path("model").asString("");
    String words =
        result.path("token_type").asString("") + " " + result.path("description").asString("");
    String tier = tier(result.path("service_tier").asString("standard"));
    String name = result.path("description").asString("");
    Meter meter =
        result.path("cost_type").asString("tokens").equals("web_search")
            ? Meter.ofWords("search")
            : Meter.ofWords(words);
    return new BillLine(
        day,
        name.isEmpty() ? (model + " " + words).strip() : name,
        model,
        meter,
        tier,
        Money.of(
            cents.multiply(CENT),
            Currencies.of(result.path("currency").asString("USD").toUpperCase(Locale.ROOT))),
        Math.max(0, cents.scale()) + 2,
        Optional.empty());
  }

  /** A line whose name says model, meter and tier: {@code gpt-5.1-2025-11-13, cached input}. */
  private static BillLine named(
      LocalDate day,
      String name,
      BigDecimal amount,
      String currency,
      int decimals,
      Optional<BigDecimal> quantity,
      String saidModel,
      String saidTier) {
    int cut = Math.max(name.lastIndexOf(", "), name.lastIndexOf(" | "));
    String rest = cut < 0 ? name : name.substring(cut);
    String head = cut < 0 ? "" : name.substring(0, cut);
    String tier = saidTier;
    for (String word : TIERS) {
      if (tier.isEmpty() && name.toLowerCase(Locale.ROOT).matches(".*\\b" + word + "\\b.*")) {
        tier = word;
        head = head.replaceAll("(?i)[ ,|(]*\\b" + word + "\\b\\)?", "");
      }
    }
    Meter meter = Meter.ofWords(rest);
    String model =
        saidModel.isEmpty() && head.matches("[A-Za-z0-9][A-Za-z0-9 ._:/@-]*") ? head : saidModel;
    return new BillLine(
        day,
        name,
        model.strip(),
        meter,
        tier(tier),
        Money.of(amount, Currencies.of(currency.toUpperCase(Locale.ROOT))),
        Math.max(0, decimals),
        quantity);
  }

  private static String tier(String said) {
    return said.equals("standard") || said.equals("default") || said.equals("null") ? "" : said;
  }

  private static void usage(String place, LocalDate day, JsonNode result, List<UsageLine> usage) {
    String model = result.path("model").asString("");
    if (result.has("uncached_input_tokens")) {
      String tier = tier(result.path("service_tier").asString("standard"));
      add(place, usage, day, model, Meter.INPUT, tier, result.path("uncached_input_tokens"));
      add(place, usage, day, model, Meter.CACHED, tier, result.path("cache_read_input_tokens"));
      JsonNode creation = result.path("cache_creation");
      add(
          place,
          usage,
          day,
          model,
          Meter.WRITTEN,
          tier,
          creation.path("ephemeral_5m_input_tokens"));
      add(
          place,
          usage,
          day,
          model,
          Meter.WRITTEN,
          tier,
          creation.path("ephemeral_1h_input_tokens"));
      add(place, usage, day, model, Meter.OUTPUT, tier, result.path("output_tokens"));
      return;
    }
    if (!result.has("input_tokens")) {
      throw new IllegalArgumentException(place + " is neither a cost nor a count of tokens");
    }
    boolean batch = result.path("batch").asBoolean(false);
    String tier = batch ? "batch" : tier(result.path("service_tier").asString("standard"));
    // The total includes what was cached and written; only the rest is plain input.
    BigDecimal cached = count(place, result.path("input_cached_tokens"));
    BigDecimal written = count(place, result.path("input_cache_write_tokens"));
    BigDecimal input = count(place, result.path("input_tokens")).subtract(cached).subtract(written);
    if (input.signum() < 0) {
      throw new IllegalArgumentException(place + " counts more cached tokens than tokens");
    }
    usage.add(new UsageLine(day, model, Meter.INPUT, tier, input));
    usage.add(new UsageLine(day, model, Meter.CACHED, tier, cached));
    usage.add(new UsageLine(day, model, Meter.WRITTEN, tier, written));
    add(place, usage, day, model, Meter.OUTPUT, tier, result.path("output_tokens"));
  }

  private static void add(
      String place,
      List<UsageLine> usage,
      LocalDate day,
      String model,
      Meter meter,
      String tier,
      JsonNode count) {
    usage.add(new UsageLine(day, model, meter, tier, count(place, count)));
  }

  private static BigDecimal count(String place, JsonNode value) {
    return value.isMissingNode() || value.isNull() ? BigDecimal.ZERO : number(place, value);
  }

  private static BigDecimal number(String place, JsonNode value) {
    BigDecimal number;
    try {
      number = value.isString() ? new BigDecimal(value.stringValue()) : value.decimalValue();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(place + " is no number", e);
    }
    return bounded(place, number);
  }

  private static BigDecimal bounded(String place, BigDecimal number) {
    if (number.precision() > DIGITS_MAX || Math.abs((long) number.scale()) > DIGITS_MAX) {
      throw new IllegalArgumentException(place + " is a number out of all bounds");
    }
    return number;
  }

  /** A table: FOCUS by its column ChargePeriodStart, else our plain one. */
  private static VendorBill.Document table(String name, String text) throws IOException {
    Map<LocalDate, List<BillLine>> days = new TreeMap<>();
    try (RowReader rows = RowReader.of(new StringReader(text), false)) {
      boolean focus = rows.header().has("ChargePeriodStart");
      for (String needed :
          focus ? List.of("BilledCost", "BillingCurrency") : List.of("day", "amount")) {
        if (!rows.header().has(needed)) {
          throw new IllegalArgumentException(
              ("%s: no column %s; a plain bill has day, line_item, amount, and if need be currency, model,"
                      + " quantity, tier")
                  .formatted(name, needed));
        }
      }
      for (Optional<Row> row = rows.next(); row.isPresent(); row = rows.next()) {
        BillLine line = focus ? focus(name, row.get()) : plain(name, row.get());
        days.computeIfAbsent(line.day(), _ -> new ArrayList<>()).add(line);
      }
    }
    var buckets = new ArrayList<VendorBill.Bucket>();
    days.forEach((day, lines) -> buckets.add(new VendorBill.Bucket(day, lines)));
    return new VendorBill.Document(name, buckets, List.of());
  }

  private static BillLine focus(String name, Row row) {
    String place = "%s: row %d".formatted(name, row.line());
    LocalDate day =
        LocalDate.parse(
            row.get("ChargePeriodStart").orElse("").substring(0, "2026-10-01".length()));
    BigDecimal amount = amount(place, row.get("BilledCost").orElse("0"));
    String item = row.get("SkuMeter").or(() -> row.get("ChargeDescription")).orElse("(charge)");
    String model = row.get("x_ModelId").or(() -> row.get("ResourceName")).orElse("");
    return new BillLine(
        day,
        item,
        model,
        Meter.ofWords(item),
        "",
        Money.of(amount, Currencies.of(row.get("BillingCurrency").orElse("USD"))),
        Math.max(0, amount.scale()),
        row.get("ConsumedQuantity").map(text -> amount(place, text)));
  }

  private static BillLine plain(String name, Row row) {
    String place = "%s: row %d".formatted(name, row.line());
    LocalDate day;
    try {
      day = LocalDate.parse(row.get("day").orElse(""));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(place + ": day must be like 2026-10-31", e);
    }
    BigDecimal amount = amount(place, row.get("amount").orElse(""));
    return named(
        day,
        row.get("line_item").orElse("(all)"),
        amount,
        row.get("currency").orElse("USD"),
        amount.scale(),
        row.get("quantity").map(text -> amount(place, text)),
        row.get("model").orElse(""),
        row.get("tier").orElse(""));
  }

  private static BigDecimal amount(String place, String text) {
    try {
      return bounded(place, new BigDecimal(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          place + ": an amount is a plain number, without currency signs and commas", e);
    }
  }
}
