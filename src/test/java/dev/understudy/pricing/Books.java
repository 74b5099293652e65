package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.money.Cost;
import dev.understudy.text.Problems;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Price books and usages for tests. */
final class Books {
  static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  private Books() {}

  static PriceBook read(String yaml) {
    var problems = new Problems();
    return PriceBookReader.read("book.yaml", yaml.getBytes(StandardCharsets.UTF_8), problems)
        .orElseThrow(() -> new AssertionError(String.join("\n", problems.lines())));
  }

  static List<String> problems(String yaml) {
    var problems = new Problems();
    if (PriceBookReader.read("book.yaml", yaml.getBytes(StandardCharsets.UTF_8), problems)
        .isPresent()) {
      return List.of();
    }
    return problems.lines();
  }

  static Prices prices(String... yaml) {
    return new Prices(Arrays.stream(yaml).map(Books::read).toList());
  }

  /** A book in dollars whose vendors are given. */
  static String book(String vendors) {
    return """
    book: list
    currency: USD
    sources: {page: {where: "https://example.com/prices", checked: 2026-06-01, mark: verified}}
    fallbacks: {output.text.reasoning: output.text, input.text.write_5m: input.text.write}
    unpriced: {input: 10, output: 40, unit: 1}
    vendors:
    """
        + vendors.indent(2);
  }

  static Usage usage(Tokens tokens) {
    return new Usage(tokens, Map.of(), Optional.empty(), Optional.empty(), false, List.of());
  }

  static Usage usage(Tokens tokens, String tier) {
    return new Usage(tokens, Map.of(), Optional.of(tier), Optional.empty(), false, List.of());
  }

  static Usage usage(Tokens tokens, Map<String, BigDecimal> units) {
    return new Usage(tokens, units, Optional.empty(), Optional.empty(), false, List.of());
  }

  static Tokens inAndOut(long input, long output) {
    return Tokens.NONE.with(Leaf.INPUT, input).with(Leaf.OUTPUT, output);
  }

  static Cost cost(Prices prices, String vendor, String model, Usage usage) {
    return prices.cost(Use.of(vendor, vendor, model, NOON, usage));
  }

  static String total(Prices prices, String vendor, String model, Usage usage) {
    return cost(prices, vendor, model, usage).total().toString();
  }
}
