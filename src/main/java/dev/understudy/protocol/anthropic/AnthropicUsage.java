package dev.understudy.protocol.anthropic;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the {@code usage} of a Messages answer, and writes one.
 *
 * <p>{@code input_tokens} counts only what neither came from the cache nor went into it; {@code
 * output_tokens} counts thoughts too (platform.claude.com/docs/en/api/messages). Counts that the
 * vendor states for work beside the answer, compactions and other models that were asked for
 * advice, are in no total of its own: they are units here, named {@code iterations.…}, and not
 * leaves.
 */
public final class AnthropicUsage {
  private static final String INPUT = "input_tokens";
  private static final String OUTPUT = "output_tokens";
  private static final String CACHE_READ = "cache_read_input_tokens";
  private static final String CACHE_WRITE = "cache_creation_input_tokens";
  private static final String CACHE_SPLIT = "cache_creation";
  private static final String WRITE_5M = "ephemeral_5m_input_tokens";
  private static final String WRITE_1H = "ephemeral_1h_input_tokens";
  private static final String SERVER_TOOLS = "server_tool_use";

  private final ObjectNode usage;
  private final List<String> violations = new ArrayList<>();
  private final Map<String, BigDecimal> units = new TreeMap<>();
  private Tokens tokens = Tokens.NONE;

  private AnthropicUsage(ObjectNode usage) {
    this.usage = usage;
  }

  /**
   * Reads a usage object, whole or {@linkplain #merge merged}. Never fails: what does not add up is
   * among the {@linkplain Usage#violations() violations}.
   */
  public static Usage read(ObjectNode usage) {
    return new AnthropicUsage(usage).read();
  }

  /**
   * The usage of a stream: what {@code message_start} said, replaced by what a later {@code
   * message_delta} says. Counts there are cumulative; a member that is absent or null replaces
   * nothing.
   */
  public static ObjectNode merge(ObjectNode start, ObjectNode delta) {
    ObjectNode merged = start.deepCopy();
    for (Map.Entry<String, JsonNode> member : delta.properties()) {
      if (!member.getValue().isNull()) {
        merged.set(member.getKey(), member.getValue());
      }
    }
    return merged;
  }

  /** Whether the vendor says how long the answer has become. */
  static boolean tellsOutput(ObjectNode usage) {
    return usage.path(OUTPUT).isNumber();
  }

  /**
   * The usage of a stream that ended without the vendor's last count: what {@code message_start}
   * says of the output is from before there was any.
   */
  static Usage readUnfinished(ObjectNode usage) {
    ObjectNode input = usage.deepCopy();
    input.remove(List.of(OUTPUT, "output_tokens_details"));
    Usage read = read(input);
    return new Usage(
        read.tokens(),
        read.units(),
        read.serviceTier(),
        Optional.of(Json.text(usage)),
        false,
        read.violations());
  }

  private Usage read() {
    count(usage, INPUT).ifPresent(count -> tokens = tokens.with(Leaf.INPUT, count));
    count(usage, CACHE_READ).ifPresent(count -> tokens = tokens.with(Leaf.CACHE_READ, count));
    readCacheWrites();
    readOutput();
    readIterations();
    readUnits();
    return new Usage(
        tokens, units, text("service_tier"), Optional.of(Json.text(usage)), false, violations);
  }

  /**
   * The total is what is billed; how long the entries live is only said by the split. In a stream
   * the split may be that of {@code message_start}, before the vendor's own tools ran.
   */
  private void readCacheWrites() {
    OptionalLong total = count(usage, CACHE_WRITE);
    if (!(usage.get(CACHE_SPLIT) instanceof ObjectNode split)) {
      total.ifPresent(count -> tokens = tokens.with(Leaf.CACHE_WRITE, count));
      return;
    }
    OptionalLong shortLived = count(split, WRITE_5M);
    OptionalLong longLived = count(split, WRITE_1H);
    if (shortLived.isEmpty() && longLived.isEmpty()) {
      total.ifPresent(count -> tokens = tokens.with(Leaf.CACHE_WRITE, count));
      return;
    }
    long sum = shortLived.orElse(0) + longLived.orElse(0);
    long all = total.orElse(sum);
    if (sum != all && splitOfIterations(all)) {
      return;
    }
    if (sum > all) {
      violations.add(
          "cache_creation sums to %d, more than cache_creation_input_tokens %d"
              .formatted(sum, all));
      tokens = tokens.with(Leaf.CACHE_WRITE, all);
      return;
    }
    shortLived.ifPresent(count -> tokens = tokens.with(Leaf.CACHE_WRITE_5M, count));
    longLived.ifPresent(count -> tokens = tokens.with(Leaf.CACHE_WRITE_1H, count));
    if (sum < all) {
      violations.add(
          "cache_creation sums to %d, less than cache_creation_input_tokens %d"
              .formatted(sum, all));
      tokens = tokens.with(Leaf.CACHE_WRITE, all - sum);
    }
  }

  /** Takes the split from the iterations of the answer, if that one adds up. */
  private boolean splitOfIterations(long all) {
    long shortLived = 0;
    long longLived = 0;
    for (ObjectNode iteration : iterations()) {
      if (isOfAnswer(iteration) && iteration.get(CACHE_SPLIT) instanceof ObjectNode split) {
        shortLived += count(split, WRITE_5M).orElse(0);
        longLived += count(split, WRITE_1H).orElse(0);
      }
    }
    if (shortLived + longLived != all) {
      return false;
    }
    tokens = tokens.with(Leaf.CACHE_WRITE_5M, shortLived).with(Leaf.CACHE_WRITE_1H, longLived);
    return true;
  }

  private void readOutput() {
    OptionalLong total = count(usage, OUTPUT);
    if (total.isEmpty()) {
      return;
    }
    OptionalLong thoughts =
        usage.get("output_tokens_details") instanceof ObjectNode details
            ? count(details, "thinking_tokens")
            : OptionalLong.empty();
    long all = total.getAsLong();
    if (thoughts.isPresent() && thoughts.getAsLong() > all) {
      violations.add(
          "thinking_tokens %d are more than output_tokens %d".formatted(thoughts.getAsLong(), all));
      thoughts = OptionalLong.empty();
    }
    tokens = tokens.with(Leaf.OUTPUT, all - thoughts.orElse(0));
    thoughts.ifPresent(count -> tokens = tokens.with(Leaf.REASONING, count));
  }

  private void readIterations() {
    long input = 0;
    long output = 0;
    boolean seen = false;
    for (ObjectNode iteration : iterations()) {
      if (isOfAnswer(iteration)) {
        seen = true;
        input += count(iteration, INPUT).orElse(0);
        output += count(iteration, OUTPUT).orElse(0);
      } else {
        unitsOf(iteration);
      }
    }
    if (seen) {
      checkSum(INPUT, input);
      checkSum(OUTPUT, output);
    }
  }

  private void checkSum(String name, long sum) {
    OptionalLong total = count(usage, name);
    if (total.isPresent() && total.getAsLong() != sum) {
      violations.add(
          "%s is %d, but its iterations sum to %d".formatted(name, total.getAsLong(), sum));
    }
  }

  /** Another model's prices hold for advice; a compaction is billed like an answer. */
  private void unitsOf(ObjectNode iteration) {
    String type = iteration.path("type").asString("unknown");
    String model = iteration.path("model").asString("");
    String prefix = "iterations." + type + (model.isEmpty() ? "" : "." + model) + ".";
    for (String name : List.of(INPUT, CACHE_READ, CACHE_WRITE, OUTPUT)) {
      count(iteration, name)
          .ifPresent(n -> units.merge(prefix + name, BigDecimal.valueOf(n), BigDecimal::add));
    }
  }

  private void readUnits() {
    if (usage.get(SERVER_TOOLS) instanceof ObjectNode counts) {
      for (Map.Entry<String, JsonNode> count : counts.properties()) {
        if (count.getValue().isNumber()) {
          units.put(SERVER_TOOLS + "." + count.getKey(), count.getValue().decimalValue());
        }
      }
    }
    // Where and how fast it ran changes the price of every token of the call.
    text("inference_geo")
        .filter(geo -> !geo.equals("not_available"))
        .ifPresent(geo -> units.put("inference_geo." + geo, BigDecimal.ONE));
    text("speed").ifPresent(speed -> units.put("speed." + speed, BigDecimal.ONE));
  }

  private List<ObjectNode> iterations() {
    var found = new ArrayList<ObjectNode>();
    if (usage.get("iterations") instanceof ArrayNode iterations) {
      for (JsonNode iteration : iterations) {
        if (iteration instanceof ObjectNode object) {
          found.add(object);
        }
      }
    }
    return found;
  }

  private static boolean isOfAnswer(ObjectNode iteration) {
    return iteration.path("type").asString("message").equals("message");
  }

  private OptionalLong count(ObjectNode node, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      return OptionalLong.empty();
    }
    if (value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0) {
      return OptionalLong.of(value.longValue());
    }
    String violation = name + " is not a count";
    if (!violations.contains(violation)) {
      violations.add(violation);
    }
    return OptionalLong.empty();
  }

  private Optional<String> text(String name) {
    JsonNode value = usage.get(name);
    return value != null && value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
  }

  /**
   * A usage object for a caller of this protocol; unsaid counts that it cannot go without are 0.
   */
  static ObjectNode write(Usage usage) {
    Tokens tokens = usage.tokens();
    long writes = tokens.cacheWrite();
    ObjectNode node = Json.object();
    node.put(INPUT, tokens.input() - tokens.cacheRead() - writes);
    node.put(CACHE_WRITE, writes);
    node.put(CACHE_READ, tokens.cacheRead());
    long shortLived = tokens.sum(leaf -> leaf.cache() == Leaf.Cache.WRITE_5M);
    long longLived = tokens.sum(leaf -> leaf.cache() == Leaf.Cache.WRITE_1H);
    if (writes == 0 || shortLived + longLived > 0) {
      node.set(CACHE_SPLIT, Json.object().put(WRITE_5M, shortLived).put(WRITE_1H, longLived));
    }
    node.put(OUTPUT, tokens.output());
    if (tokens.byLeaf().keySet().stream().anyMatch(AnthropicUsage::isThought)) {
      node.set("output_tokens_details", Json.object().put("thinking_tokens", tokens.reasoning()));
    }
    writeUnits(usage, node);
    usage
        .serviceTier()
        .filter(List.of("standard", "priority", "batch")::contains)
        .ifPresent(tier -> node.put("service_tier", tier));
    return node;
  }

  private static void writeUnits(Usage usage, ObjectNode node) {
    ObjectNode tools = Json.object();
    for (Map.Entry<String, BigDecimal> unit : new TreeMap<>(usage.units()).entrySet()) {
      if (unit.getKey().startsWith(SERVER_TOOLS + ".")) {
        tools.put(unit.getKey().substring(SERVER_TOOLS.length() + 1), unit.getValue());
      }
    }
    if (!tools.isEmpty()) {
      node.set(SERVER_TOOLS, tools);
    }
  }

  private static boolean isThought(Leaf leaf) {
    return leaf.phase() == Leaf.Phase.REASONING;
  }
}
