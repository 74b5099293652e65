package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Leaf.Modality;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.UsageConvention;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the usage object of the Responses API into disjoint leaves.
 *
 * <p>{@code input_tokens} includes what was read from and written to the cache, {@code
 * output_tokens} includes reasoning, and {@code total_tokens} is their sum (schema {@code
 * ResponseUsage}). xAI counts so too in this API, but has been seen to report more cached tokens
 * than input tokens, or to leave reasoning out; there the total decides which it was.
 */
public final class ResponsesUsage {
  private final UsageConvention convention;
  private final ObjectNode usage;
  private final List<String> violations = new ArrayList<>();
  private Tokens tokens = Tokens.NONE;

  private ResponsesUsage(ObjectNode usage, UsageConvention convention) {
    this.usage = usage;
    this.convention = convention;
  }

  /**
   * Reads a usage object; what does not add up is named in {@link Usage#violations()}, and no leaf
   * is ever negative.
   *
   * @param serviceTier the tier the response names, which is not part of its usage object
   */
  public static Usage read(
      ObjectNode usage, Optional<String> serviceTier, UsageConvention convention) {
    var reader = new ResponsesUsage(usage, convention);
    reader.input();
    reader.output();
    reader.total();
    return new Usage(
        reader.tokens,
        units(usage),
        serviceTier,
        Optional.of(Json.text(usage)),
        false,
        reader.violations);
  }

  /**
   * The usage of a whole response object: its usage, its tier, and the calls of the vendor's own
   * tools, counted by the type of their items and by {@code tool_usage} where that is there.
   */
  static Usage ofResponse(ObjectNode response, JsonNode output, UsageConvention convention) {
    JsonNode tier = response.get("service_tier");
    Optional<String> serviceTier =
        tier != null && tier.isString() ? Optional.of(tier.stringValue()) : Optional.empty();
    Usage read =
        response.get("usage") instanceof ObjectNode usage
            ? read(usage, serviceTier, convention)
            : Usage.UNSAID;
    var units = new TreeMap<>(read.units());
    if (output instanceof ArrayNode items) {
      for (JsonNode item : items) {
        String type = item.path("type").asString("");
        if (isVendorsCall(type)) {
          units.merge(type, BigDecimal.ONE, BigDecimal::add);
        }
      }
    }
    if (response.get("tool_usage") instanceof ObjectNode toolUsage) {
      positives("tool_usage", toolUsage, units);
    }
    return new Usage(
        read.tokens(),
        units,
        read.isSaid() ? read.serviceTier() : serviceTier,
        read.vendorJson(),
        read.estimated(),
        read.violations());
  }

  /** Whether an output item is a call that the vendor made itself. */
  static boolean isVendorsCall(String type) {
    return switch (type) {
      case "web_search_call",
          "file_search_call",
          "code_interpreter_call",
          "image_generation_call",
          "mcp_call" ->
          true;
      default -> false;
    };
  }

  private void input() {
    OptionalLong said = count(usage, "input_tokens");
    JsonNode details = usage.get("input_tokens_details");
    OptionalLong read = count(details, "cached_tokens");
    OptionalLong write = count(details, "cache_write_tokens");
    if (said.isEmpty()) {
      put(Leaf.CACHE_READ, read);
      put(Leaf.CACHE_WRITE, write);
      if (read.isPresent() || write.isPresent()) {
        violations.add("cached tokens without input_tokens");
      }
      return;
    }
    long input = said.getAsLong();
    long cached = read.orElse(0) + write.orElse(0);
    if (cached > input) {
      if (convention == UsageConvention.XAI) {
        // Seen at xAI: then the cached tokens stand beside the input tokens.
        put(Leaf.CACHE_READ, read);
        put(Leaf.CACHE_WRITE, write);
        split(input, media(details), Leaf.Direction.INPUT);
        return;
      }
      violations.add(
          "cached and written tokens are %d of %d input_tokens".formatted(cached, input));
      split(input, media(details), Leaf.Direction.INPUT);
      return;
    }
    put(Leaf.CACHE_READ, read);
    put(Leaf.CACHE_WRITE, write);
    Map<Modality, Long> media = media(details);
    long inMedia = media.values().stream().mapToLong(Long::longValue).sum();
    if (inMedia <= input) {
      cachedMedia(inMedia - (input - cached), media);
    }
    split(input - cached, media, Leaf.Direction.INPUT);
  }

  /** So many tokens of other kinds were cached ones, since text alone cannot be all of these. */
  private void cachedMedia(long wanted, Map<Modality, Long> media) {
    long left = wanted;
    for (Map.Entry<Modality, Long> one : media.entrySet()) {
      for (Leaf.Cache cache : List.of(Leaf.Cache.READ, Leaf.Cache.WRITE)) {
        Leaf text = Leaf.cached(Modality.TEXT, cache);
        long moved = Math.min(Math.min(left, one.getValue()), tokens.of(text));
        if (moved > 0) {
          tokens = tokens.with(text, tokens.of(text) - moved);
          tokens = tokens.with(Leaf.cached(one.getKey(), cache), moved);
          one.setValue(one.getValue() - moved);
          left -= moved;
        }
      }
    }
  }

  private void output() {
    OptionalLong said = count(usage, "output_tokens");
    JsonNode details = usage.get("output_tokens_details");
    OptionalLong reasoning = count(details, "reasoning_tokens");
    if (said.isEmpty()) {
      put(Leaf.REASONING, reasoning);
      if (reasoning.isPresent()) {
        violations.add("reasoning_tokens without output_tokens");
      }
      return;
    }
    long output = said.getAsLong();
    long thought = reasoning.orElse(0);
    if (convention == UsageConvention.XAI && leavesReasoningOut(output, thought)) {
      put(Leaf.REASONING, reasoning);
      split(output, media(details), Leaf.Direction.OUTPUT);
      return;
    }
    if (thought > output) {
      violations.add("reasoning_tokens are %d of %d output_tokens".formatted(thought, output));
      split(output, media(details), Leaf.Direction.OUTPUT);
      return;
    }
    put(Leaf.REASONING, reasoning);
    split(output - thought, media(details), Leaf.Direction.OUTPUT);
  }

  private boolean leavesReasoningOut(long output, long thought) {
    OptionalLong total = count(usage, "total_tokens");
    return thought > 0
        && total.isPresent()
        && total.getAsLong() == Math.addExact(tokens.input(), output) + thought;
  }

  private void total() {
    OptionalLong total = count(usage, "total_tokens");
    long sum = tokens.input() + tokens.output();
    if (total.isPresent() && total.getAsLong() != sum) {
      violations.add("total_tokens is %d, the parts make %d".formatted(total.getAsLong(), sum));
    }
  }

  /** What the details tell of other kinds of content than text. */
  private Map<Modality, Long> media(JsonNode details) {
    var media = new EnumMap<Modality, Long>(Modality.class);
    count(details, "image_tokens").ifPresent(count -> media.put(Modality.IMAGE, count));
    count(details, "audio_tokens").ifPresent(count -> media.put(Modality.AUDIO, count));
    return media;
  }

  /** Spreads tokens over kinds of content; the rest is text. */
  private void split(long count, Map<Modality, Long> media, Leaf.Direction direction) {
    long rest = count;
    for (Map.Entry<Modality, Long> one : media.entrySet()) {
      long part = one.getValue();
      if (part > rest) {
        violations.add(
            "%s_tokens are %d of %d tokens"
                .formatted(one.getKey().name().toLowerCase(Locale.ROOT), part, rest));
        continue;
      }
      rest -= part;
      put(
          direction == Leaf.Direction.INPUT ? Leaf.input(one.getKey()) : Leaf.output(one.getKey()),
          OptionalLong.of(part));
    }
    put(direction == Leaf.Direction.INPUT ? Leaf.INPUT : Leaf.OUTPUT, OptionalLong.of(rest));
  }

  private void put(Leaf leaf, OptionalLong count) {
    if (count.isPresent()) {
      tokens = tokens.with(leaf, count.getAsLong());
    }
  }

  private OptionalLong count(JsonNode holder, String name) {
    JsonNode value = holder == null ? null : holder.get(name);
    if (value == null || value.isNull()) {
      return OptionalLong.empty();
    }
    if (!value.isNumber() || !value.canConvertToExactIntegral() || !value.canConvertToLong()) {
      note(name + " is no whole number");
      return OptionalLong.empty();
    }
    if (value.longValue() < 0) {
      note(name + " is negative: " + value.longValue());
      return OptionalLong.empty();
    }
    return OptionalLong.of(value.longValue());
  }

  private void note(String violation) {
    if (!violations.contains(violation)) {
      violations.add(violation);
    }
  }

  /** What is counted otherwise: costs and the numbers of sources and searches. */
  private static Map<String, BigDecimal> units(ObjectNode usage) {
    var units = new TreeMap<String, BigDecimal>();
    for (String name :
        List.of("cost", "cost_in_usd_ticks", "num_sources_used", "num_server_side_tools_used")) {
      JsonNode value = usage.get(name);
      if (value != null && value.isNumber() && value.decimalValue().signum() >= 0) {
        units.put(name, value.decimalValue());
      }
    }
    if (usage.get("server_side_tool_usage_details") instanceof ObjectNode details) {
      positives("server_side_tool_usage_details", details, units);
    }
    return units;
  }

  /** Adds the numbers above zero, at any depth: zero searches are nothing to bill. */
  private static void positives(String path, ObjectNode node, Map<String, BigDecimal> units) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String name = path + "." + member.getKey();
      if (member.getValue() instanceof ObjectNode object) {
        positives(name, object, units);
      } else if (member.getValue().isNumber() && member.getValue().decimalValue().signum() > 0) {
        units.put(name, member.getValue().decimalValue());
      }
    }
  }
}
