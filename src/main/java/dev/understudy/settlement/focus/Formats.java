package dev.understudy.settlement.focus;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Currency;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** How values are written: each way with the requirement of the specification that it breaks. */
final class Formats {
  /** Longer numbers are not amounts; their products would not fit memory. */
  private static final int NUMBER_LENGTH_MAX = 100;

  private static final int EXPONENT_MAX = 100;
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:E-?[0-9]{1,9})?");
  private static final Pattern DATE_TIME =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,9})?Z");
  private static final Pattern CODE = Pattern.compile("[A-Z]{3}");
  private static final Pattern UNIT =
      Pattern.compile(
          "(?:[1-9][0-9]* )?[A-Za-z][A-Za-z0-9]*(?: [A-Za-z][A-Za-z0-9]*)*"
              + "(?:-[A-Z][a-z]+|/(?:[1-9][0-9]* )?[A-Z][a-z]+)?");
  private static final Pattern UNIT_FRACTION = Pattern.compile("[0-9]*\\.[0-9]+ .*");

  /**
   * Words of units with the letters the specification writes them in. From memory [M]: they are in
   * the specification's text, and the published model of its requirements does not list them.
   */
  private static final Map<String, String> UNIT_WORDS = new TreeMap<>();

  private static final Set<String> CURRENCIES = new HashSet<>();

  static {
    for (String word :
        ("Byte Bytes KB MB GB TB PB EB KiB MiB GiB TiB PiB EiB Kb Mb Gb Tb Count Unit Units Request Requests"
                + " Token Tokens Second Seconds Minute Minutes Hour Hours Day Days Week Weeks Month"
                + " Months Year Years")
            .split(" ")) {
      UNIT_WORDS.put(word, word);
    }
    for (Currency currency : Currency.getAvailableCurrencies()) {
      CURRENCIES.add(currency.getCurrencyCode());
    }
    // In ISO 4217, and not known to the platform.
    CURRENCIES.add("UYW");
    CURRENCIES.add("XCG");
  }

  /**
   * What is wrong.
   *
   * @param rule the requirement of the specification that is broken
   */
  record Fault(String rule, String message) {}

  private Formats() {}

  private static Optional<Fault> fault(String rule, String message) {
    return Optional.of(new Fault(rule, message));
  }

  /** Plain decimals, or {@code mEn} with a sign of the exponent only where it is below zero. */
  static Optional<Fault> numeric(String value) {
    if (value.length() <= NUMBER_LENGTH_MAX && NUMBER.matcher(value).matches()) {
      return number(value).isPresent()
          ? Optional.empty()
          : fault("NumericFormat-A-003-M", "the exponent is out of all bounds");
    }
    if (value.isBlank() || value.length() > NUMBER_LENGTH_MAX) {
      return fault("NumericFormat-A-002-M", "not a single number");
    }
    if (value.startsWith("+")) {
      return fault("NumericFormat-A-010-M", "a sign for a number above zero");
    }
    if (value.matches(".*[eE]\\+.*")) {
      return fault("NumericFormat-A-006-M", "a sign for an exponent above zero");
    }
    if (value.matches("-?[0-9.]+e-?[0-9]+")) {
      return fault("NumericFormat-A-005-M", "an exponent is written with a capital E");
    }
    if (value.matches("-?[0-9]+ ?/ ?[0-9]+")) {
      return fault("NumericFormat-A-004-M", "a fraction");
    }
    if (value.matches("[^,]*[$€£¥%A-Za-z\\s].*") && !value.matches(".*[x^*].*[0-9].*")) {
      return fault("NumericFormat-A-008-M", "characters that are no part of a number");
    }
    if (value.contains(",") || value.indexOf('.') != value.lastIndexOf('.')) {
      return fault("NumericFormat-A-009-M", "commas, or more than one decimal point");
    }
    if (value.matches("\\(.*\\)|.*-")) {
      return fault("NumericFormat-A-011-M", "below zero is said by a sign in front alone");
    }
    return fault("NumericFormat-A-007-M", "symbols, functions or operators");
  }

  /** The number a text is, if it is one as the specification writes them. */
  static Optional<BigDecimal> number(String value) {
    if (value.length() > NUMBER_LENGTH_MAX || !NUMBER.matcher(value).matches()) {
      return Optional.empty();
    }
    var number = new BigDecimal(value);
    return Math.abs((long) number.scale()) > EXPONENT_MAX + NUMBER_LENGTH_MAX
        ? Optional.empty()
        : Optional.of(number);
  }

  /** {@code 2026-11-01T00:00:00Z}, and nothing else. */
  static Optional<Fault> dateTime(String value) {
    if (DATE_TIME.matcher(value).matches()) {
      return instant(value).isPresent()
          ? Optional.empty()
          : fault("DateTimeFormat-A-002-M", "no such date or time");
    }
    if (!value.contains("T")) {
      return fault("DateTimeFormat-A-004-M", "no T between date and time");
    }
    if (!value.endsWith("Z")) {
      return fault("DateTimeFormat-A-006-M", "no Z at the end");
    }
    return fault("DateTimeFormat-A-005-M", "hours, minutes and seconds have two digits each");
  }

  static Optional<Instant> instant(String value) {
    if (!DATE_TIME.matcher(value).matches()) {
      return Optional.empty();
    }
    try {
      // Reads 24:00:00 as the next day and a second of 60 as one of 59, which are no times of day.
      return value.startsWith("24", 11) || value.startsWith("60", 17)
          ? Optional.empty()
          : Optional.of(Instant.parse(value));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  static boolean isNationalCurrency(String value) {
    return CURRENCIES.contains(value);
  }

  /** A code of ISO 4217, or the name of a virtual currency. */
  static Optional<Fault> currency(String value) {
    if (CODE.matcher(value).matches() && !isNationalCurrency(value)) {
      return fault("CurrencyFormat-A-001-C", "no currency of ISO 4217 has this code");
    }
    if (!isNationalCurrency(value) && isNationalCurrency(value.toUpperCase(Locale.ROOT))) {
      return fault("CurrencyFormat-A-001-C", "codes of currencies are written in capitals");
    }
    return text(value).map(t -> new Fault("CurrencyFormat-A-002-C", t.message()));
  }

  /** Text that is Unicode, and not blank. */
  static Optional<Fault> text(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < value.length()
              && Character.isLowSurrogate(value.charAt(i + 1));
      if (pair) {
        i++;
      } else if (Character.isSurrogate(c) || c == '\uFFFD') {
        return fault("StringHandling-A-001-M", "not valid Unicode");
      }
    }
    return value.isBlank()
        ? fault("StringHandling-A-007-M", "nothing but white space")
        : Optional.empty();
  }

  /** {@code Tokens}, {@code 1000000 Tokens}, {@code PTU-Hours}, {@code GB/Month}. */
  static Optional<Fault> unit(String value) {
    if (UNIT_FRACTION.matcher(value).matches()) {
      return fault("UnitFormat-A-002-O", "a quantity of units is a whole number");
    }
    if (!UNIT.matcher(value).matches()) {
      return fault("UnitFormat-A-001-M", "not a unit, a quantity of units, or units and time");
    }
    for (String word : value.split("[ \\-/]")) {
      for (String known : UNIT_WORDS.keySet()) {
        if (known.equalsIgnoreCase(word)
            && !UNIT_WORDS.containsKey(word)
            // Kb and KB, Gb and GB are different units.
            && word.length() > 2) {
          return fault("UnitFormat-A-003-M", "written " + known + ", not " + word);
        }
      }
    }
    return Optional.empty();
  }

  /** A flat JSON object. */
  static Optional<Fault> keyValue(String value) {
    JsonNode node;
    try {
      node = Json.parse(value);
    } catch (Malformed e) {
      return fault(
          e.getMessage() != null && e.getMessage().contains("uplicate")
              ? "KeyValueFormat-A-002-M"
              : "KeyValueFormat-A-001-M",
          "no JSON object whose keys are unique");
    }
    if (!node.isObject()) {
      return fault("KeyValueFormat-A-001-M", "JSON, but no object");
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      if (member.getValue().isContainer()) {
        return fault("KeyValueFormat-A-004-M", "a value is an object or array");
      }
    }
    return Optional.empty();
  }

  static boolean isJsonObject(String value) {
    try {
      return Json.parse(value).isObject();
    } catch (Malformed e) {
      return false;
    }
  }
}
