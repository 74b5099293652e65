package dev.understudy.protocol.bedrock;

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
 * Reads Converse's TokenUsage: {@code inputTokens} leaves cached tokens out, {@code
 * cacheReadInputTokens} and {@code cacheWriteInputTokens} come on top, {@code cacheDetails} splits
 * the writes by how long they last (API_runtime_TokenUsage.html, API_runtime_CacheDetail.html).
 */
public final class ConverseUsage {
  private ConverseUsage() {}

  /**
   * Reads a usage object by itself.
   *
   * @throws dev.understudy.json.Malformed if a count is not a whole number
   */
  public static Usage read(ObjectNode usage) {
    return read(Fields.of(usage), Optional.empty());
  }

  static Usage read(Fields usage, Optional<String> serviceTier) {
    var violations = new ArrayList<String>();
    Optional<Long> input = count(usage, "inputTokens", violations);
    Optional<Long> output = count(usage, "outputTokens", violations);
    Optional<Long> read = count(usage, "cacheReadInputTokens", violations);
    Optional<Long> write = count(usage, "cacheWriteInputTokens", violations);
    Optional<Long> total = count(usage, "totalTokens", violations);
    // Older names of the same two counts, sent beside the new ones by some models.
    usage.ignore("cacheReadInputTokenCount", "cacheWriteInputTokenCount");

    Tokens tokens = Tokens.NONE;
    tokens = input.isPresent() ? tokens.with(Leaf.INPUT, input.get()) : tokens;
    tokens = read.isPresent() ? tokens.with(Leaf.CACHE_READ, read.get()) : tokens;
    tokens = writes(tokens, usage, write, violations);
    tokens = output.isPresent() ? tokens.with(Leaf.OUTPUT, output.get()) : tokens;
    if (total.isPresent() && total.get() != tokens.input() + tokens.output()) {
      violations.add(
          "totalTokens is %d, the parts add up to %d"
              .formatted(total.get(), tokens.input() + tokens.output()));
    }
    return new Usage(
        tokens, units(usage), serviceTier, Optional.of(Json.text(usage.node())), false, violations);
  }

  private static Tokens writes(
      Tokens tokens, Fields usage, Optional<Long> write, List<String> violations) {
    Tokens split = tokens;
    long detailed = 0;
    for (Fields detail : usage.objects("cacheDetails")) {
      Optional<Long> count = count(detail, "inputTokens", violations);
      Leaf leaf =
          switch (detail.text("ttl").orElse("")) {
            case "5m" -> Leaf.CACHE_WRITE_5M;
            case "1h" -> Leaf.CACHE_WRITE_1H;
            default -> Leaf.CACHE_WRITE;
          };
      split = split.with(leaf, split.of(leaf) + count.orElse(0L));
      detailed += count.orElse(0L);
    }
    if (write.isEmpty()) {
      return split;
    }
    if (detailed > write.get()) {
      violations.add(
          "cacheDetails add up to %d, cacheWriteInputTokens is %d"
              .formatted(detailed, write.get()));
      return tokens.with(Leaf.CACHE_WRITE, write.get());
    }
    long rest = write.get() - detailed;
    return rest > 0 || detailed == 0
        ? split.with(Leaf.CACHE_WRITE, split.of(Leaf.CACHE_WRITE) + rest)
        : split;
  }

  private static Optional<Long> count(Fields usage, String name, List<String> violations) {
    Optional<Long> count = usage.integer(name);
    if (count.isPresent() && count.get() < 0) {
      violations.add("%s is negative: %d".formatted(name, count.get()));
      return Optional.empty();
    }
    return count;
  }

  /** What tools of the vendor's own were used, such as searches. */
  private static Map<String, BigDecimal> units(Fields usage) {
    var units = new TreeMap<String, BigDecimal>();
    usage
        .object("serverToolUsage")
        .ifPresent(tools -> {
          for (Map.Entry<String, JsonNode> member : tools.node().properties()) {
            if (member.getValue().isNumber()) {
              units.put("serverToolUsage." + member.getKey(), member.getValue().decimalValue());
              tools.ignore(member.getKey());
            }
          }
        });
    return units;
  }
}
