package dev.understudy.settlement.focus;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What rules look at in a row, by the words of the rules' table. */
final class Tests {
  /** More different names in one file than a large year of a large company has. */
  private static final int NAMES_MAX = 4_000_000;

  private static final Set<String> PLACEHOLDERS =
      Set.of("n/a", "na", "none", "not applicable", "not available", "nil", "unknown", "undefined");

  /** The properties of {@code SkuPriceDetails} that the specification defines [M]. */
  private static final Set<String> DETAILS =
      Set.of(
          "CoreCount",
          "DiskMaxIops",
          "DiskSpace",
          "DiskType",
          "GpuCount",
          "InstanceSeries",
          "InstanceType",
          "MemorySize",
          "NetworkMaxIops",
          "NetworkMaxThroughput",
          "OperatingSystem",
          "Redundancy",
          "StorageClass");

  /**
   * What is wrong.
   *
   * @param because a requirement on formats
   */
  record Fault(String message, Optional<String> because) {
    static Optional<Fault> of(String message) {
      return Optional.of(new Fault(message, Optional.empty()));
    }

    static Optional<Fault> of(Formats.Fault fault) {
      return Optional.of(new Fault(fault.message(), Optional.of(fault.rule())));
    }
  }

  /** Looks at one column of a row for which the rule holds. */
  @FunctionalInterface
  interface Test {
    Optional<Fault> of(Row row, int column);
  }

  private Tests() {}

  /**
   * The test of a rule.
   *
   * @throws IllegalStateException if the table has a word that means nothing
   */
  static Test of(Rule rule) {
    String rest = rule.rest();
    return switch (rule.word()) {
      case "null" -> (row, at) -> row.get(at).isPresent() ? Fault.of("must be null") : none();
      case "some" -> (row, at) -> row.get(at).isEmpty() ? Fault.of("must not be null") : none();
      case "string" -> value((row, at) -> row.type(at) == ' ' || row.type(at) == 's', "no text");
      case "decimal" ->
          value(
              (row, at) ->
                  Formats.number(row.get(at).orElseThrow()).isPresent()
                      && (row.type(at) == ' ' || row.type(at) == 'n'),
              "no decimal");
      case "object" ->
          value((row, at) -> Formats.isJsonObject(row.get(at).orElseThrow()), "no JSON object");
      case "datetime" -> format(Formats::dateTime);
      case "numeric" -> format(Formats::numeric);
      case "unit" -> format(Formats::unit);
      case "currency" -> format(Formats::currency);
      case "keyvalue" -> format(Formats::keyValue);
      case "text" -> format(Formats::text);
      case "national-currency" ->
          value(
              (row, at) -> Formats.isNationalCurrency(row.get(at).orElseThrow()),
              "no national currency");
      case "equals" ->
          (row, at) -> isEqual(row.get(at), rest) ? none() : Fault.of("must be " + rest);
      case "differs" ->
          (row, at) -> row.get(at).equals(Optional.of(rest)) ? Fault.of("must not be so") : none();
      case "oneof" -> oneOf(List.of(rest.split("\\|")));
      case "pair" -> pair(rest);
      case "atleast" -> compared(rest, -1, "must be at least " + rest);
      case "atmost" -> compared(rest, 1, "must be at most " + rest);
      case "product" -> product(rest.split(" "));
      case "one" -> one(rest);
      case "same" ->
          (row, at) -> row.get(at).equals(row.get(rest)) ? none() : Fault.of("must be as " + rest);
      case "same-amount" ->
          value(
              (row, at) -> amounts(row.get(at), row.get(rest), 0),
              "must be the same amount as " + rest);
      case "before" ->
          value((row, at) -> order(row.get(at), row.get(rest)), "must be before " + rest);
      case "after" ->
          value((row, at) -> order(row.get(rest), row.get(at)), "must be after " + rest);
      case "detail-keys-pascal" ->
          keys(key -> !key.matches("(?:x_)?[A-Z][A-Za-z0-9]*"), "a key that is not in Pascal case");
      case "detail-keys-known" ->
          keys(
              key -> !key.startsWith("x_") && DETAILS.stream().noneMatch(key::equalsIgnoreCase),
              "a key of one's own begins with x_");
      case "detail-keys-case" ->
          keys(
              key -> !DETAILS.contains(key) && DETAILS.stream().anyMatch(key::equalsIgnoreCase),
              "a key of the specification is spelled otherwise");
      case "no-placeholder" ->
          value(
              (row, at) -> {
                String text = row.get(at).orElseThrow().strip();
                return !(row.type(at) == 's' && text.isEmpty())
                    && !PLACEHOLDERS.contains(text.toLowerCase(Locale.ROOT));
              },
              "a placeholder where null belongs");
      default -> throw new IllegalStateException("no test is called " + rule.word());
    };
  }

  private static Optional<Fault> none() {
    return Optional.empty();
  }

  /** A question about a value that is there. */
  @FunctionalInterface
  private interface Question {
    boolean isRight(Row row, int column);
  }

  private static Test value(Question question, String otherwise) {
    return (row, at) ->
        row.get(at).isEmpty() || question.isRight(row, at) ? none() : Fault.of(otherwise);
  }

  private static Test format(Function<String, Optional<Formats.Fault>> format) {
    return (row, at) -> row.get(at).flatMap(format).flatMap(Fault::of);
  }

  /** As text, or as numbers where both are. */
  private static boolean isEqual(Optional<String> value, String wanted) {
    return value.equals(Optional.of(wanted)) || amounts(value, Optional.of(wanted), 0);
  }

  private static boolean amounts(Optional<String> left, Optional<String> right, int sign) {
    Optional<BigDecimal> a = left.flatMap(Formats::number);
    Optional<BigDecimal> b = right.flatMap(Formats::number);
    return a.isPresent() && b.isPresent() && a.get().compareTo(b.get()) == sign;
  }

  private static boolean order(Optional<String> first, Optional<String> second) {
    Optional<Instant> a = first.flatMap(Formats::instant);
    Optional<Instant> b = second.flatMap(Formats::instant);
    // What is no time is said by the rule on its format.
    return a.isEmpty() || b.isEmpty() || a.get().isBefore(b.get());
  }

  private static Test oneOf(List<String> allowed) {
    Set<String> values = Set.copyOf(allowed);
    String shown =
        allowed.size() > 6
            ? "not one of the %d allowed values".formatted(allowed.size())
            : "not one of " + String.join(", ", allowed);
    return value((row, at) -> values.contains(row.get(at).orElseThrow()), shown);
  }

  private static Test pair(String rest) {
    Map<String, String> parents = new HashMap<>();
    for (String pair : rest.split("\\|")) {
      int arrow = pair.indexOf('>');
      parents.put(pair.substring(0, arrow), pair.substring(arrow + 1));
    }
    return value(
        (row, at) -> {
          String parent = parents.get(row.get(at).orElseThrow());
          return parent == null || row.is("ServiceCategory", parent);
        },
        "belongs to another ServiceCategory");
  }

  private static Test compared(String bound, int wrong, String message) {
    var limit = new BigDecimal(bound);
    return (row, at) ->
        row.get(at)
            .flatMap(Formats::number)
            .filter(number -> Integer.signum(number.compareTo(limit)) == wrong)
            .flatMap(_ -> Fault.of(message));
  }

  private static Test product(String[] columns) {
    return (row, _) -> {
      Optional<BigDecimal> price = row.get(columns[0]).flatMap(Formats::number);
      Optional<BigDecimal> quantity = row.get(columns[1]).flatMap(Formats::number);
      Optional<BigDecimal> cost = row.get(columns[2]).flatMap(Formats::number);
      if (price.isEmpty() || quantity.isEmpty() || cost.isEmpty()) {
        return none();
      }
      BigDecimal product = price.get().multiply(quantity.get());
      return product.compareTo(cost.get()) == 0
          ? none()
          : Fault.of(
              "%s %s x %s %s is %s, not %s %s"
                  .formatted(
                      columns[0],
                      price.get().toPlainString(),
                      columns[1],
                      quantity.get().toPlainString(),
                      product.stripTrailingZeros().toPlainString(),
                      columns[2],
                      cost.get().toPlainString()));
    };
  }

  /** Each value of the column goes with one value of another, in all of the file. */
  private static Test one(String other) {
    Map<String, String> seen = new HashMap<>();
    return (row, at) -> {
      Optional<String> name = row.get(at);
      if (name.isEmpty() || !row.header().has(other)) {
        return none();
      }
      String value = row.get(other).orElse("");
      String first = seen.putIfAbsent(name.get(), value);
      if (seen.size() > NAMES_MAX) {
        throw new IllegalArgumentException("more than %d different names".formatted(NAMES_MAX));
      }
      return first == null || first.equals(value)
          ? none()
          : Fault.of("goes with %s \"%s\" here and \"%s\" before".formatted(other, value, first));
    };
  }

  private static Test keys(Predicate<String> wrong, String message) {
    return (row, at) -> {
      var found = new TreeSet<String>();
      for (String key : keys(row.get(at))) {
        if (wrong.test(key)) {
          found.add(key);
        }
      }
      return found.isEmpty() ? none() : Fault.of(message + ": " + String.join(", ", found));
    };
  }

  private static List<String> keys(Optional<String> json) {
    try {
      JsonNode node = Json.parse(json.orElse("{}"));
      return node.isObject() ? new ArrayList<>(node.propertyNames()) : List.of();
    } catch (Malformed e) {
      return Arrays.asList();
    }
  }
}
