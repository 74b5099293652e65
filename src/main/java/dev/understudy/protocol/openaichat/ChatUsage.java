package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Leaf.Modality;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Figures;
import dev.understudy.json.Json;
import dev.understudy.protocol.UsageConvention;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a {@code usage} object into disjoint leaves.
 *
 * <p>Where the vendor's numbers contradict each other, its totals are kept and the part that does
 * not fit into them is left out; {@link Usage#violations()} says which. The fields are those of <a
 * href="https://platform.openai.com/docs/api-reference/chat/object">OpenAI's reference</a>, the
 * departures from it are told at {@link UsageConvention}.
 */
public final class ChatUsage {
  /** Numbers that are units of their own, by where they stand in the object. */
  private static final List<String> UNITS =
      List.of(
          "cost",
          "cost_in_usd_ticks",
          "market_cost",
          "num_sources_used",
          "num_search_queries",
          "prompt_audio_seconds",
          "cost.total_cost",
          "cost.request_cost",
          "cost_details.upstream_inference_cost",
          "server_tool_use_details.web_search_requests",
          "server_tool_use_details.tool_calls_executed",
          "completion_tokens_details.accepted_prediction_tokens",
          "completion_tokens_details.rejected_prediction_tokens");

  /** In this order cached tokens that cannot all be text are taken for something else. */
  private static final List<Modality> MEDIA =
      List.of(Modality.AUDIO, Modality.IMAGE, Modality.VIDEO);

  /** One for each thread; what it found is used before it looks at the next. */
  private static final ThreadLocal<Figures> FIGURES = ThreadLocal.withInitial(Figures::new);

  private static final List<String> PROMPT_FIELDS = fields("prompt_tokens_details.");
  private static final List<String> COMPLETION_FIELDS = fields("completion_tokens_details.");

  /** In the order of the kinds of content, so that nothing is put together for each call. */
  private static List<String> fields(String holder) {
    return Arrays.stream(Modality.values()).map(modality -> holder + field(modality)).toList();
  }

  private final UsageObject usage;
  private final UsageConvention convention;
  private final SortedMap<Leaf, Long> leaves = new TreeMap<>();
  private final List<String> violations = new ArrayList<>();

  private ChatUsage(UsageObject usage, UsageConvention convention) {
    this.usage = usage;
    this.convention = convention;
  }

  /**
   * Reads the object.
   *
   * @param serviceTier the class of service as the reply names it beside the object
   */
  public static Usage read(
      ObjectNode usage, Optional<String> serviceTier, UsageConvention convention) {
    return new ChatUsage(new UsageObject.Tree(usage), convention).read(serviceTier);
  }

  /**
   * Reads the object from its bytes, which for most takes no tree.
   *
   * @throws dev.understudy.json.Malformed if it is no object
   */
  public static Usage read(
      byte[] bytes,
      int offset,
      int length,
      Optional<String> serviceTier,
      UsageConvention convention) {
    Figures figures = FIGURES.get();
    return figures.read(bytes, offset, length)
        ? new ChatUsage(new UsageObject.Plain(figures), convention).read(serviceTier)
        : read(Json.parseObject(bytes, offset, length), serviceTier, convention);
  }

  private Usage read(Optional<String> serviceTier) {
    OptionalLong prompt = count("prompt_tokens");
    OptionalLong completion = count("completion_tokens");
    prompt.ifPresent(this::input);
    completion.ifPresent(this::output);
    checkTotal(prompt, completion);
    return new Usage(
        new Tokens(leaves),
        units(),
        serviceTier.or(() -> usage.text("service_tier")),
        Optional.of(usage.json()),
        false,
        violations);
  }

  private void input(long prompt) {
    long cached = 0;
    OptionalLong read = cacheRead(prompt);
    if (read.isPresent()) {
      if (read.getAsLong() <= prompt) {
        cached = read.getAsLong();
        put(Leaf.CACHE_READ, cached);
      } else if (convention == UsageConvention.XAI) {
        // Seen with Grok behind other hosts: the cache then counts tokens beside the prompt's.
        put(Leaf.CACHE_READ, read.getAsLong());
        violations.add(
            "%d cached tokens are more than the %d of the prompt: counted beside them"
                .formatted(read.getAsLong(), prompt));
      } else {
        violations.add(
            "%d cached tokens are more than the %d of the prompt: left out"
                .formatted(read.getAsLong(), prompt));
      }
    }
    long written = 0;
    OptionalLong write = count("prompt_tokens_details.cache_write_tokens");
    if (write.isPresent()) {
      if (write.getAsLong() <= prompt - cached) {
        written = write.getAsLong();
        put(Leaf.CACHE_WRITE, written);
      } else {
        violations.add(
            "%d tokens written to the cache and %d read from it are more than the %d of the prompt: the written ones are left out"
                .formatted(write.getAsLong(), cached, prompt));
      }
    }
    uncached(prompt, cached, written);
  }

  /** Splits the prompt by kind of content, once it is known what the cache did. */
  private void uncached(long prompt, long cached, long written) {
    var media = new TreeMap<Modality, Long>();
    long inMedia = 0;
    for (Modality modality : MEDIA) {
      OptionalLong said = count(PROMPT_FIELDS.get(modality.ordinal()));
      if (said.isPresent()) {
        media.put(modality, said.getAsLong());
        inMedia += said.getAsLong();
      }
    }
    long onTop = 0;
    long total = count("total_tokens").orElse(-1);
    if (convention == UsageConvention.MISTRAL
        && inMedia > 0
        && total == prompt + inMedia + count("completion_tokens").orElse(0)) {
      // https://docs.mistral.ai/capabilities/audio: audio is counted beside the text of a prompt.
      onTop = inMedia;
    }
    if (inMedia - onTop > prompt) {
      violations.add(
          "%d tokens of images and sounds are more than the %d of the prompt: counted as text"
              .formatted(inMedia, prompt));
      put(Leaf.INPUT, prompt - cached - written);
      return;
    }
    long text = prompt - (inMedia - onTop) - cached - written;
    for (Modality modality : MEDIA) {
      if (text < 0 && media.containsKey(modality)) {
        // Text alone cannot hold what was cached: so many of the cached tokens are of this kind.
        text += moveToCache(modality, Math.min(-text, media.get(modality)), media);
      }
    }
    media.forEach((modality, count) -> put(Leaf.input(modality), count));
    put(Leaf.INPUT, text);
  }

  /** So many tokens of a kind were cached ones; what was read is taken before what was written. */
  private long moveToCache(Modality modality, long wanted, Map<Modality, Long> media) {
    long moved = 0;
    for (Leaf.Cache cache : List.of(Leaf.Cache.READ, Leaf.Cache.WRITE)) {
      Leaf text = Leaf.cached(Modality.TEXT, cache);
      long of = Math.min(wanted - moved, leaves.getOrDefault(text, 0L));
      if (of > 0) {
        put(text, leaves.getOrDefault(text, 0L) - of);
        put(Leaf.cached(modality, cache), of);
        moved += of;
      }
    }
    media.merge(modality, -moved, Long::sum);
    return moved;
  }

  private OptionalLong cacheRead(long prompt) {
    OptionalLong details = count("prompt_tokens_details.cached_tokens");
    return switch (convention) {
      case DEEPSEEK -> {
        // https://api-docs.deepseek.com/guides/kv_cache: the prompt is hit + miss.
        OptionalLong hit = count("prompt_cache_hit_tokens");
        OptionalLong miss = count("prompt_cache_miss_tokens");
        if (hit.isPresent() && miss.isPresent() && hit.getAsLong() + miss.getAsLong() != prompt) {
          violations.add(
              "cache hits %d and misses %d are not the %d of the prompt: misses are taken as the rest"
                  .formatted(hit.getAsLong(), miss.getAsLong(), prompt));
        }
        yield hit.isPresent() ? hit : details;
      }
      case MOONSHOT -> {
        OptionalLong top = count("cached_tokens");
        yield top.isPresent() ? top : details;
      }
      case STANDARD, XAI, PERPLEXITY, OPENROUTER, MISTRAL, GOOGLE -> details;
    };
  }

  private void output(long completion) {
    OptionalLong thoughts = count("completion_tokens_details.reasoning_tokens");
    long inside = 0;
    switch (convention) {
      case XAI -> {
        // https://docs.x.ai/docs/guides/reasoning: reasoning is counted beside the completion.
        long total = count("total_tokens").orElse(-1);
        long sum = count("prompt_tokens").orElse(0) + completion;
        if (thoughts.orElse(0) > 0 && total == sum && thoughts.getAsLong() <= completion) {
          violations.add(
              "the total leaves no room for reasoning beside the completion: counted inside it");
          inside = thoughts.getAsLong();
        }
      }
      case PERPLEXITY -> {
        thoughts = thoughts.isPresent() ? thoughts : count("reasoning_tokens");
        count("citation_tokens")
            .ifPresent(citations ->
                put(
                    new Leaf(
                        Leaf.Direction.INPUT, Modality.TEXT, Leaf.Cache.NONE, Leaf.Phase.CITATION),
                    citations));
      }
      case GOOGLE -> {
        long hidden =
            count("total_tokens").orElse(0) - count("prompt_tokens").orElse(0) - completion;
        if (thoughts.isEmpty() && hidden > 0) {
          thoughts = OptionalLong.of(hidden);
        } else if (hidden <= 0) {
          inside = thoughts.orElse(0);
        }
      }
      case STANDARD, DEEPSEEK, MOONSHOT, OPENROUTER, MISTRAL -> inside = thoughts.orElse(0);
    }
    if (inside > completion) {
      violations.add(
          "%d tokens of reasoning are more than the %d of the completion: left out"
              .formatted(inside, completion));
      inside = 0;
      thoughts = OptionalLong.empty();
    }
    thoughts.ifPresent(count -> put(Leaf.REASONING, count));
    long left = completion - inside;
    for (Modality modality : MEDIA) {
      OptionalLong said = count(COMPLETION_FIELDS.get(modality.ordinal()));
      if (said.isPresent() && said.getAsLong() <= left) {
        put(Leaf.output(modality), said.getAsLong());
        left -= said.getAsLong();
      } else if (said.isPresent()) {
        violations.add(
            "%d tokens of %s are more than are left of the completion: counted as text"
                .formatted(said.getAsLong(), field(modality)));
      }
    }
    put(Leaf.OUTPUT, left);
  }

  private void checkTotal(OptionalLong prompt, OptionalLong completion) {
    OptionalLong total = count("total_tokens");
    if (total.isEmpty() || prompt.isEmpty() || completion.isEmpty()) {
      return;
    }
    long sum = 0;
    for (long count : leaves.values()) {
      sum += count;
    }
    boolean asPerplexityCounts =
        convention == UsageConvention.PERPLEXITY
            && prompt.getAsLong() + completion.getAsLong() == total.getAsLong();
    if (sum != total.getAsLong() && !asPerplexityCounts) {
      violations.add("the total is %d, the parts are %d".formatted(total.getAsLong(), sum));
    }
  }

  private Map<String, BigDecimal> units() {
    var units = new TreeMap<String, BigDecimal>();
    for (String path : UNITS) {
      Optional<BigDecimal> number = usage.number(path);
      if (number.isPresent()) {
        units.put(path, number.get());
      }
    }
    return units;
  }

  private void put(Leaf leaf, long count) {
    leaves.put(leaf, count);
  }

  /** A count; anything but a whole number from zero up is none, and a violation. */
  private OptionalLong count(String path) {
    OptionalLong count = usage.count(path);
    if (count.isPresent() || !usage.says(path)) {
      return count;
    }
    String violation = path + " is not a count of tokens: left out";
    if (!violations.contains(violation)) {
      violations.add(violation);
    }
    return OptionalLong.empty();
  }

  private static String field(Modality modality) {
    return modality.name().toLowerCase(Locale.ROOT) + "_tokens";
  }
}
