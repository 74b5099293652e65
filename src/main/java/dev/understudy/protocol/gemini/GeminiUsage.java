package dev.understudy.protocol.gemini;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Leaf.Cache;
import dev.understudy.chat.Leaf.Direction;
import dev.understudy.chat.Leaf.Modality;
import dev.understudy.chat.Leaf.Phase;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code usageMetadata} to and from disjoint leaves.
 *
 * <p>{@code promptTokenCount} includes {@code cachedContentTokenCount}; {@code thoughtsTokenCount}
 * and {@code toolUsePromptTokenCount} come on top of answer and prompt; the {@code …Details} split
 * each count by modality. {@code totalTokenCount} is the sum of prompt, answer, thoughts and tool
 * use. Source: ai.google.dev/api/generate-content, "UsageMetadata".
 */
public final class GeminiUsage {
  /** The numbers of {@code Modality}, for answers that hold enumerations as numbers. */
  private static final List<Modality> BY_NUMBER =
      List.of(
          Modality.TEXT,
          Modality.TEXT,
          Modality.IMAGE,
          Modality.VIDEO,
          Modality.AUDIO,
          Modality.DOCUMENT);

  private static final List<String> TRAFFIC_BY_NUMBER =
      List.of("TRAFFIC_TYPE_UNSPECIFIED", "ON_DEMAND", "PROVISIONED_THROUGHPUT");

  private final ObjectNode node;
  private final List<String> violations = new ArrayList<>();
  private Tokens tokens = Tokens.NONE;

  private GeminiUsage(ObjectNode node) {
    this.node = node;
  }

  /** Reads the vendor's object; never throws, what does not add up is a violation. */
  public static Usage read(ObjectNode usageMetadata) {
    return new GeminiUsage(usageMetadata).read();
  }

  private Usage read() {
    Optional<Long> prompt = count(node, "promptTokenCount");
    Optional<Long> cached = count(node, "cachedContentTokenCount");
    Optional<Long> answer = count(node, "candidatesTokenCount");
    Optional<Long> thoughts = count(node, "thoughtsTokenCount");
    Optional<Long> toolUse = count(node, "toolUsePromptTokenCount");
    Map<Modality, Long> asked = split(prompt, "promptTokenCount", "promptTokensDetails");
    input(asked, split(cached, "cachedContentTokenCount", "cacheTokensDetails"), cached);
    split(answer, "candidatesTokenCount", "candidatesTokensDetails")
        .forEach((modality, count) -> tokens = tokens.with(Leaf.output(modality), count));
    thoughts.ifPresent(count -> tokens = tokens.with(Leaf.REASONING, count));
    split(toolUse, "toolUsePromptTokenCount", "toolUsePromptTokensDetails")
        .forEach((modality, count) ->
            tokens =
                tokens.with(
                    new Leaf(Direction.INPUT, modality, Cache.NONE, Phase.TOOL_USE), count));
    count(node, "totalTokenCount").ifPresent(this::checkTotal);
    return new Usage(tokens, Map.of(), tier(), Optional.of(Json.text(node)), false, violations);
  }

  /** What the cache did not serve is what was asked less what it served, by modality. */
  private void input(Map<Modality, Long> asked, Map<Modality, Long> served, Optional<Long> cached) {
    var left = new EnumMap<Modality, Long>(Modality.class);
    left.putAll(asked);
    var read = new EnumMap<Modality, Long>(Modality.class);
    boolean detailed = node.get("cacheTokensDetails") instanceof ArrayNode all && !all.isEmpty();
    long missing = 0;
    for (Map.Entry<Modality, Long> entry : served.entrySet()) {
      long there = left.getOrDefault(entry.getKey(), 0L);
      long taken = Math.min(there, entry.getValue());
      if (there > 0 || taken > 0) {
        left.put(entry.getKey(), there - taken);
      }
      read.merge(entry.getKey(), detailed ? entry.getValue() : taken, Long::sum);
      missing += entry.getValue() - taken;
    }
    // Cached tokens of unsaid modality, or of one that the prompt does not name: the prompt's other
    // modalities hold them.
    for (Modality modality : Modality.values()) {
      long taken = Math.min(missing, left.getOrDefault(modality, 0L));
      if (taken > 0) {
        left.put(modality, left.getOrDefault(modality, 0L) - taken);
        if (!detailed) {
          read.merge(modality, taken, Long::sum);
        }
        missing -= taken;
      }
    }
    if (missing > 0) {
      violations.add(
          "cachedContentTokenCount %d is more than promptTokenCount %d"
              .formatted(cached.orElse(0L), total(asked)));
      if (!detailed) {
        read.merge(Modality.TEXT, missing, Long::sum);
      }
    }
    left.forEach((modality, count) -> tokens = tokens.with(Leaf.input(modality), count));
    read.forEach(
        (modality, count) -> tokens = tokens.with(Leaf.cached(modality, Cache.READ), count));
  }

  /** A count by modality; what the details leave out is text. */
  private Map<Modality, Long> split(Optional<Long> count, String name, String detailsName) {
    var found = new EnumMap<Modality, Long>(Modality.class);
    if (node.get(detailsName) instanceof ArrayNode details) {
      for (JsonNode detail : details) {
        if (detail instanceof ObjectNode object) {
          count(object, "tokenCount")
              .ifPresent(
                  tokens -> found.merge(modality(object.path("modality")), tokens, Long::sum));
        }
      }
    }
    if (count.isEmpty()) {
      return found;
    }
    long sum = total(found);
    if (found.isEmpty() || sum > count.get()) {
      if (sum > count.get()) {
        violations.add("%s add up to %d, %s is %d".formatted(detailsName, sum, name, count.get()));
      }
      found.clear();
      found.put(Modality.TEXT, count.get());
    } else if (sum < count.get()) {
      found.merge(Modality.TEXT, count.get() - sum, Long::sum);
    }
    return found;
  }

  private void checkTotal(long said) {
    long sum = tokens.input() + tokens.output();
    if (sum != said) {
      violations.add("totalTokenCount is %d, its parts add up to %d".formatted(said, sum));
    }
  }

  private Optional<Long> count(ObjectNode holder, String name) {
    JsonNode value = holder.get(name);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    try {
      // Numbers of 64 bits may stand as strings.
      long count =
          value.isString()
              ? Long.parseLong(value.stringValue())
              : value.decimalValue().longValueExact();
      if (count < 0) {
        violations.add("%s is negative: %d".formatted(name, count));
        return Optional.empty();
      }
      return Optional.of(count);
    } catch (RuntimeException e) {
      violations.add(name + " is not a whole number");
      return Optional.empty();
    }
  }

  private static Modality modality(JsonNode word) {
    if (word.isIntegralNumber()) {
      int number = word.asInt(0);
      return number >= 0 && number < BY_NUMBER.size() ? BY_NUMBER.get(number) : Modality.TEXT;
    }
    return switch (word.asString("").toUpperCase(Locale.ROOT)) {
      case "IMAGE" -> Modality.IMAGE;
      case "AUDIO" -> Modality.AUDIO;
      case "VIDEO" -> Modality.VIDEO;
      case "DOCUMENT" -> Modality.DOCUMENT;
      default -> Modality.TEXT;
    };
  }

  /** The Gemini API says {@code serviceTier}, Vertex AI {@code trafficType}. */
  private Optional<String> tier() {
    for (String name : List.of("serviceTier", "trafficType")) {
      JsonNode value = node.path(name);
      if (value.isString()) {
        return Optional.of(value.stringValue());
      }
      if (value.isIntegralNumber()) {
        int number = value.asInt(0);
        return number > 0 && number < TRAFFIC_BY_NUMBER.size()
            ? Optional.of(TRAFFIC_BY_NUMBER.get(number))
            : Optional.of(value.asString());
      }
    }
    return Optional.empty();
  }

  /** The object as callers of this protocol expect it. */
  static ObjectNode write(Usage usage) {
    Tokens tokens = usage.tokens();
    var out = Json.object();
    long toolUse = tokens.sum(leaf -> leaf.phase() == Phase.TOOL_USE);
    counted(out, "promptTokenCount", tokens, GeminiUsage::isPrompt);
    counted(out, "cachedContentTokenCount", tokens, leaf -> leaf.cache() == Cache.READ);
    counted(out, "candidatesTokenCount", tokens, GeminiUsage::isAnswer);
    counted(out, "toolUsePromptTokenCount", tokens, leaf -> leaf.phase() == Phase.TOOL_USE);
    counted(out, "thoughtsTokenCount", tokens, leaf -> leaf.phase() == Phase.REASONING);
    out.put("totalTokenCount", tokens.input() + tokens.output());
    details(out, "promptTokensDetails", tokens, GeminiUsage::isPrompt);
    details(out, "cacheTokensDetails", tokens, leaf -> leaf.cache() == Cache.READ);
    details(out, "candidatesTokensDetails", tokens, GeminiUsage::isAnswer);
    if (toolUse > 0) {
      details(out, "toolUsePromptTokensDetails", tokens, leaf -> leaf.phase() == Phase.TOOL_USE);
    }
    return out;
  }

  private static boolean isPrompt(Leaf leaf) {
    return leaf.direction() == Direction.INPUT && leaf.phase() != Phase.TOOL_USE;
  }

  private static boolean isAnswer(Leaf leaf) {
    return leaf.direction() == Direction.OUTPUT && leaf.phase() != Phase.REASONING;
  }

  private static void counted(ObjectNode out, String name, Tokens tokens, Predicate<Leaf> which) {
    if (tokens.byLeaf().keySet().stream().anyMatch(which)) {
      out.put(name, tokens.sum(which));
    }
  }

  private static void details(ObjectNode out, String name, Tokens tokens, Predicate<Leaf> which) {
    var details = Json.array();
    for (Modality modality : Modality.values()) {
      if (tokens.byLeaf().keySet().stream()
          .anyMatch(leaf -> leaf.modality() == modality && which.test(leaf))) {
        details
            .addObject()
            .put("modality", modality.name())
            .put("tokenCount", tokens.sum(leaf -> leaf.modality() == modality && which.test(leaf)));
      }
    }
    if (!details.isEmpty()) {
      out.set(name, details);
    }
  }

  private static long total(Map<Modality, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
