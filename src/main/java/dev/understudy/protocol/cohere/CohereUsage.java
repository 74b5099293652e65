package dev.understudy.protocol.cohere;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads Cohere's usage, which counts twice: {@code billed_units} is what is paid and becomes the
 * leaves; {@code tokens} is what went through the model, Cohere's own prompt included, and is kept
 * among the units, as is {@code cached_tokens}, which is a share of the latter and may exceed the
 * former (docs.cohere.com/reference/chat, "usage").
 *
 * <p>Where there are no billed units the counted tokens become the leaves.
 */
public final class CohereUsage {
  private CohereUsage() {}

  /**
   * Reads a usage object by itself.
   *
   * @throws dev.understudy.json.Malformed if a count is not a number
   */
  public static Usage read(ObjectNode usage) {
    return read(Fields.of(usage));
  }

  static Usage read(Fields usage) {
    var violations = new ArrayList<String>();
    var units = new TreeMap<String, BigDecimal>();
    Optional<Fields> billed = usage.object("billed_units");
    Optional<Fields> counted = usage.object("tokens");
    usage.number("cached_tokens").ifPresent(cached -> units.put("cached_tokens", cached));
    counted.ifPresent(tokens -> keep("tokens.", tokens, units));
    billed.ifPresent(paid -> keep("billed_units.", paid, units));
    // What becomes a leaf is not kept twice.
    Tokens leaves =
        billed
            .filter(paid -> paid.has("input_tokens") || paid.has("output_tokens"))
            .map(paid -> billed(paid, units, violations))
            .or(() -> counted.map(tokens -> counted(tokens, usage, units, violations)))
            .orElse(Tokens.NONE);
    boolean empty = usage.node().isEmpty();
    return new Usage(
        leaves,
        units,
        Optional.empty(),
        empty ? Optional.empty() : Optional.of(Json.text(usage.node())),
        false,
        violations);
  }

  private static Tokens billed(
      Fields paid, Map<String, BigDecimal> units, List<String> violations) {
    Tokens leaves = Tokens.NONE;
    leaves = with(leaves, Leaf.INPUT, count(paid, "input_tokens", violations));
    leaves = with(leaves, Leaf.OUTPUT, count(paid, "output_tokens", violations));
    units.remove("billed_units.input_tokens");
    units.remove("billed_units.output_tokens");
    return leaves;
  }

  private static Tokens counted(
      Fields tokens, Fields usage, Map<String, BigDecimal> units, List<String> violations) {
    Optional<Long> input = count(tokens, "input_tokens", violations);
    Optional<Long> cached = count(usage, "cached_tokens", violations);
    Tokens leaves = Tokens.NONE;
    if (input.isPresent() && cached.isPresent() && cached.get() <= input.get()) {
      leaves = leaves.with(Leaf.INPUT, input.get() - cached.get());
      leaves = leaves.with(Leaf.CACHE_READ, cached.get());
      units.remove("cached_tokens");
    } else {
      if (input.isPresent() && cached.isPresent()) {
        violations.add(
            "cached_tokens is %d, tokens.input_tokens %d".formatted(cached.get(), input.get()));
      }
      leaves = with(leaves, Leaf.INPUT, input);
    }
    leaves = with(leaves, Leaf.OUTPUT, count(tokens, "output_tokens", violations));
    units.remove("tokens.input_tokens");
    units.remove("tokens.output_tokens");
    return leaves;
  }

  private static Tokens with(Tokens tokens, Leaf leaf, Optional<Long> count) {
    return count.isPresent() ? tokens.with(leaf, count.get()) : tokens;
  }

  private static Optional<Long> count(Fields fields, String name, List<String> violations) {
    Optional<Long> count = fields.integer(name);
    if (count.isPresent() && count.get() < 0) {
      violations.add("%s is negative: %d".formatted(fields.pathOf(name), count.get()));
      return Optional.empty();
    }
    return count;
  }

  private static void keep(String prefix, Fields counts, Map<String, BigDecimal> units) {
    for (Map.Entry<String, JsonNode> count : counts.node().properties()) {
      if (count.getValue().isNumber()) {
        units.put(prefix + count.getKey(), count.getValue().decimalValue());
        counts.ignore(count.getKey());
      }
    }
  }
}
