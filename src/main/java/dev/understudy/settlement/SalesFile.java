package dev.understudy.settlement;

import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.ledger.ExchangeRate;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.text.Days;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads sales and rates of exchange from a table with commas or from lines of JSON. */
public final class SalesFile {
  /** The largest file that is read, in bytes. */
  public static final int BYTES_MAX = 64 << 20;

  /** The columns, or members, there are. */
  public static final List<String> COLUMNS =
      List.of(
          "id",
          "kind",
          "time",
          "amount",
          "currency",
          "source",
          "contract",
          "seller",
          "product",
          "channel",
          "model",
          "region",
          "segment",
          "customer",
          "reference",
          "to",
          "rate");

  private static final String RATE = "rate";
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]{0,29})(?:\\.[0-9]{1,20})?");

  private final String file;
  private final String source;
  private final Instant now;
  private final Problems problems;
  private final List<SalesFact> facts = new ArrayList<>();
  private final List<ExchangeRate> rates = new ArrayList<>();
  private final SortedMap<String, Place> contracts = new TreeMap<>();
  private final Map<String, Integer> lines = new HashMap<>();

  private SalesFile(String file, String source, Instant now, Problems problems) {
    this.file = file;
    this.source = source;
    this.now = now;
    this.problems = problems;
  }

  /**
   * What a file holds.
   *
   * @param contracts which facts name as the only ones they count for, and where each is named
   *     first
   */
  public record Content(
      List<SalesFact> facts, List<ExchangeRate> rates, SortedMap<String, Place> contracts) {
    private static final Content NOTHING = new Content(List.of(), List.of(), new TreeMap<>());

    public Content {
      facts = List.copyOf(facts);
      rates = List.copyOf(rates);
      contracts = Collections.unmodifiableSortedMap(new TreeMap<>(contracts));
    }
  }

  /**
   * Reads a file; what is wrong goes to {@code problems}, each with its line, and then nothing of
   * it may be used.
   *
   * @param source who tells facts that do not say so themselves
   * @param now facts of a day after tomorrow are mistakes, or a clock is wrong
   */
  public static Content read(
      String file, byte[] bytes, String source, Instant now, Problems problems) {
    var reader = new SalesFile(file, source, now, problems);
    if (bytes.length > BYTES_MAX) {
      reader.wrong(1, "larger than %d MiB; split it".formatted(BYTES_MAX >> 20));
      return Content.NOTHING;
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      reader.wrong(1, "not UTF-8 text");
      return Content.NOTHING;
    }
    if (text.startsWith("\ufeff")) {
      text = text.substring(1);
    }
    if (text.stripLeading().startsWith("{")) {
      reader.json(text);
    } else {
      reader.table(text);
    }
    return new Content(reader.facts, reader.rates, reader.contracts);
  }

  private void json(String text) {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        Fields fields = Fields.of(Json.parseObject(line));
        var values = new LinkedHashMap<String, String>();
        for (String column : COLUMNS) {
          // Amounts may be written as numbers: they are read as decimals, never as binary ones.
          if (column.equals("amount") || column.equals(RATE)) {
            fields
                .raw(column)
                .ifPresent(value ->
                    values.put(
                        column,
                        value.isNumber()
                            ? value.decimalValue().toPlainString()
                            : value.isString() ? value.stringValue() : "?"));
          } else {
            fields.text(column).ifPresent(value -> values.put(column, value));
          }
        }
        boolean known = true;
        for (String unread : fields.unread()) {
          wrong(number, unknown(unread));
          known = false;
        }
        if (known) {
          row(number, values);
        }
      } catch (Malformed e) {
        wrong(number, String.valueOf(e.getMessage()));
      }
    }
  }

  private static String unknown(String column) {
    return "unknown column "
        + Nearness.quoted(column)
        + Nearness.hint(column, COLUMNS)
        + "; known: "
        + String.join(", ", COLUMNS);
  }

  private void table(String text) {
    List<Csv.Row> rows;
    try {
      rows = Csv.read(text);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      int colon = message.indexOf(':');
      wrong(Integer.parseInt(message.substring(0, colon)), message.substring(colon + 2));
      return;
    }
    if (rows.isEmpty()) {
      wrong(1, "the file is empty; its first line names the columns: " + COLUMNS);
      return;
    }
    List<String> header = rows.getFirst().fields().stream().map(String::strip).toList();
    int before = problems.total();
    for (int i = 0; i < header.size(); i++) {
      if (!COLUMNS.contains(header.get(i))) {
        wrong(rows.getFirst().line(), unknown(header.get(i)));
      } else if (header.indexOf(header.get(i)) != i) {
        wrong(rows.getFirst().line(), "two columns are called " + header.get(i));
      }
    }
    if (problems.total() > before) {
      return;
    }
    for (Csv.Row row : rows.subList(1, rows.size())) {
      if (row.fields().size() != header.size()) {
        wrong(
            row.line(), "%d fields under %d columns".formatted(row.fields().size(), header.size()));
        continue;
      }
      var values = new LinkedHashMap<String, String>();
      for (int i = 0; i < header.size(); i++) {
        if (!row.fields().get(i).isEmpty()) {
          values.put(header.get(i), row.fields().get(i).strip());
        }
      }
      row(row.line(), values);
    }
  }

  private void row(int line, Map<String, String> values) {
    try {
      String kind = needed(values, "kind");
      if (kind.equals(RATE)) {
        rate(line, values);
      } else {
        fact(line, kind, values);
      }
    } catch (IllegalArgumentException | ArithmeticException e) {
      wrong(line, String.valueOf(e.getMessage()));
    }
  }

  private void rate(int line, Map<String, String> values) {
    only(values, List.of("id", "kind", "time", "currency", "to", RATE, "source"), "rate");
    String day = needed(values, "time");
    LocalDate date;
    try {
      date = Days.day(day);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "the time of a rate is a day, such as 2026-10-05, not " + Nearness.quoted(day), e);
    }
    notAhead(date.atStartOfDay(ZoneOffset.UTC).toInstant());
    var rate =
        new ExchangeRate(
            Currencies.ofMoney(needed(values, "currency")),
            Currencies.ofMoney(needed(values, "to")),
            number(needed(values, RATE), RATE),
            date,
            values.getOrDefault("source", source));
    once(line, "rate " + rate.from() + rate.to() + rate.day(), "this rate of this day");
    rates.add(rate);
  }

  private void fact(int line, String word, Map<String, String> values) {
    if (!SalesFact.Kind.words().contains(word)) {
      throw new IllegalArgumentException(
          "unknown kind %s%s; known: %s, rate"
              .formatted(
                  Nearness.quoted(word),
                  Nearness.hint(word, SalesFact.Kind.words()),
                  String.join(", ", SalesFact.Kind.words())));
    }
    only(values, COLUMNS.subList(0, COLUMNS.size() - 2), word);
    SalesFact.Kind kind = SalesFact.Kind.values()[SalesFact.Kind.words().indexOf(word)];
    Currency currency = Currencies.ofMoney(needed(values, "currency"));
    Instant at = instant(needed(values, "time"));
    notAhead(at);
    var fact =
        new SalesFact(
            values.getOrDefault("source", source),
            needed(values, "id"),
            kind,
            at,
            Money.of(number(needed(values, "amount"), "amount"), currency),
            values.getOrDefault("contract", ""),
            values.getOrDefault("seller", ""),
            values.getOrDefault("product", ""),
            values.getOrDefault("channel", ""),
            values.getOrDefault("model", ""),
            values.getOrDefault("region", ""),
            values.getOrDefault("segment", ""),
            values.getOrDefault("customer", ""),
            values.getOrDefault("reference", ""));
    once(line, fact.source() + ' ' + fact.id(), Nearness.quoted(fact.id()));
    facts.add(fact);
    if (!fact.contract().isEmpty()) {
      contracts.putIfAbsent(fact.contract(), new Place(file, line, 1));
    }
  }

  private void once(int line, String name, String what) {
    Integer first = lines.putIfAbsent(name, line);
    if (first != null) {
      throw new IllegalArgumentException(
          "%s is there twice; first in line %d".formatted(what, first));
    }
  }

  private static void only(Map<String, String> values, List<String> fits, String kind) {
    for (String column : values.keySet()) {
      if (!fits.contains(column)) {
        throw new IllegalArgumentException("a %s has no %s".formatted(kind, column));
      }
    }
  }

  private void notAhead(Instant at) {
    if (at.isAfter(now.plusSeconds(2 * 86_400))) {
      throw new IllegalArgumentException(
          "%s is in the future: it is %s here; look at the file and at the clock"
              .formatted(at, now));
    }
  }

  private static String needed(Map<String, String> values, String column) {
    String value = values.get(column);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(column + " is missing");
    }
    return value;
  }

  private static BigDecimal number(String text, String column) {
    if (!NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "%s is written like 1250.00, without signs of currency, commas or exponents, not %s"
              .formatted(column, Nearness.quoted(text)));
    }
    return new BigDecimal(text);
  }

  private static Instant instant(String text) {
    try {
      return text.contains("T")
          ? Days.moment(text)
          : Days.day(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "a time is a day or an instant in UTC, such as 2026-10-05 or 2026-10-05T16:00:00Z, not "
              + Nearness.quoted(text),
          e);
    }
  }

  private void wrong(int line, String message) {
    problems.add(new Place(file, line, 1), message);
  }
}
