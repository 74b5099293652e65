package dev.understudy.admin;

import dev.understudy.exchange.Records;
import dev.understudy.json.Json;
import dev.understudy.text.Days;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Writes the records of calls that are kept, one line each: JSON Lines, or CSV for a table. */
public final class ExchangeExport {
  /** How records are written. */
  public enum Format {
    /** All that is known of each. */
    JSONL("application/jsonl"),
    /** What fits a row. */
    CSV("text/csv; charset=utf-8");

    private final String mediaType;

    Format(String mediaType) {
      this.mediaType = mediaType;
    }

    public String mediaType() {
      return mediaType;
    }

    /**
     * The format of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Format of(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "jsonl" -> JSONL;
        case "csv" -> CSV;
        default ->
            throw new IllegalArgumentException("the format must be jsonl or csv, not " + name);
      };
    }
  }

  private static final List<String> COLUMNS =
      List.of(
          "time",
          "id",
          "caller",
          "key_id",
          "team",
          "organisation",
          "protocol",
          "operation",
          "route",
          "purpose",
          "stream",
          "status",
          "outcome",
          "failure_type",
          "duration_ms",
          "first_byte_ms",
          "bytes_in",
          "bytes_out",
          "trace_id",
          "attempts",
          "target",
          "reply_model",
          "input",
          "output",
          "estimated",
          "cost",
          "unpriced");

  private ExchangeExport() {}

  /**
   * Writes them.
   *
   * @return how many there were
   * @throws IOException if they cannot be read or written
   */
  public static long write(Records records, Span span, Format format, OutputStream out)
      throws IOException {
    var count = new long[1];
    if (format == Format.CSV) {
      line(COLUMNS, out);
    }
    records.each(
        span.from(),
        span.until(),
        json -> {
          count[0]++;
          try {
            switch (format) {
              case JSONL -> {
                out.write(json);
                out.write('\n');
              }
              case CSV -> line(row(Json.parse(json)), out);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return count[0];
  }

  /**
   * What is asked for.
   *
   * @param from the first instant
   * @param until the first instant that is no longer meant
   */
  public record Span(Instant from, Instant until) {
    /**
     * Reads a span as people write it: from a first day or month to a last one, in UTC, both of
     * them meant; or moments, of which the last one is no longer meant.
     *
     * @throws IllegalArgumentException if one is none of these, or the last lies before the first
     */
    public static Span of(String from, String to) {
      Instant begins = moment("from", from, false);
      Instant ends = moment("to", to, true);
      if (!begins.isBefore(ends)) {
        throw new IllegalArgumentException("to (%s) lies before from (%s)".formatted(to, from));
      }
      return new Span(begins, ends);
    }

    private static Instant moment(String which, String text, boolean behind) {
      try {
        return switch (text.length()) {
          case 7 -> midnight(Days.month(text).plusMonths(behind ? 1 : 0).atDay(1));
          case 10 -> midnight(Days.day(text).plusDays(behind ? 1 : 0));
          default -> Days.moment(text);
        };
      } catch (DateTimeException e) {
        throw new IllegalArgumentException(
            "%s must be like 2026-11, 2026-11-30 or 2026-11-30T12:00:00Z, not %s"
                .formatted(which, text.length() > 40 ? text.substring(0, 40) + "…" : text),
            e);
      }
    }

    private static Instant midnight(LocalDate day) {
      return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
  }

  private static List<String> row(JsonNode exchange) {
    JsonNode attempts = exchange.path("attempts");
    JsonNode last = attempts.path(attempts.size() - 1);
    return COLUMNS.stream()
        .map(column ->
            switch (column) {
              case "attempts" -> Integer.toString(attempts.size());
              case "target", "reply_model" -> last.path(column).asString("");
              case "input", "output", "estimated" -> last.path("usage").path(column).asString("");
              case "cost" -> costs(attempts);
              case "unpriced" -> unpriced(attempts);
              case "purpose" -> exchange.path(column).asString("call");
              default -> exchange.path(column).asString("");
            })
        .toList();
  }

  /** Of all attempts, each currency for itself. */
  private static String costs(JsonNode attempts) {
    var sums = new TreeMap<String, BigDecimal>();
    for (JsonNode attempt : attempts) {
      JsonNode cost = attempt.path("cost");
      if (cost.path("total").isNumber()) {
        sums.merge(
            cost.path("currency").asString(""), cost.path("total").decimalValue(), BigDecimal::add);
      }
    }
    return sums.entrySet().stream()
        .map(sum -> sum.getValue().toPlainString() + " " + sum.getKey())
        .collect(Collectors.joining(" + "));
  }

  private static String unpriced(JsonNode attempts) {
    int items = 0;
    for (JsonNode attempt : attempts) {
      items += attempt.path("cost").path("unpriced").size();
    }
    return Integer.toString(items);
  }

  private static void line(List<String> cells, OutputStream out) throws IOException {
    String line =
        cells.stream().map(ExchangeExport::cell).collect(Collectors.joining(",", "", "\r\n"));
    out.write(line.getBytes(StandardCharsets.UTF_8));
  }

  /** Names come from strangers, and what begins like a formula would be one in a table program. */
  private static String cell(String text) {
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        ? '"' + safe.replace("\"", "\"\"") + '"'
        : safe;
  }
}
