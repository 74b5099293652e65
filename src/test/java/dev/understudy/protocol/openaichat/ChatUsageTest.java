package dev.understudy.protocol.openaichat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Leaf.Cache;
import dev.understudy.chat.Leaf.Direction;
import dev.understudy.chat.Leaf.Modality;
import dev.understudy.chat.Leaf.Phase;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.UsageConvention;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class ChatUsageTest {

  private static Usage read(UsageConvention convention, String json) {
    return ChatUsage.read(Json.parseObject(json), Optional.empty(), convention);
  }

  @Test
  void openAiCountsCachedAndReasoningTokensInsideItsTotals() {
    Usage usage =
        read(
            UsageConvention.STANDARD,
            """
            {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150,
             "prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 10, "audio_tokens": 5},
             "completion_tokens_details": {"reasoning_tokens": 30, "audio_tokens": 4}}
            """);

    assertThat(usage.tokens().byLeaf())
        .isEqualTo(
            Map.of(
                Leaf.INPUT,
                25L,
                Leaf.CACHE_READ,
                60L,
                Leaf.CACHE_WRITE,
                10L,
                Leaf.input(Modality.AUDIO),
                5L,
                Leaf.OUTPUT,
                16L,
                Leaf.REASONING,
                30L,
                Leaf.output(Modality.AUDIO),
                4L));
    assertThat(usage.violations()).isEmpty();
    assertThat(usage.vendorJson()).isPresent();
  }

  @Test
  void whatIsAbsentIsNotZero() {
    Usage usage =
        read(
            UsageConvention.STANDARD,
            """
            {"prompt_tokens": 3, "completion_tokens": null, "prompt_tokens_details": {"cached_tokens": 0}}
            """);

    assertThat(usage.tokens().byLeaf()).isEqualTo(Map.of(Leaf.INPUT, 3L, Leaf.CACHE_READ, 0L));
  }

  @Test
  void xaiCountsReasoningBesideTheCompletion() {
    Usage usage =
        read(
            UsageConvention.XAI,
            """
            {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 6500,
             "completion_tokens_details": {"reasoning_tokens": 5000},
             "num_sources_used": 2, "cost_in_usd_ticks": 17}
            """);

    assertThat(usage.tokens().output()).isEqualTo(5500);
    assertThat(usage.tokens().reasoning()).isEqualTo(5000);
    assertThat(usage.units())
        .isEqualTo(
            Map.of("num_sources_used", new BigDecimal(2), "cost_in_usd_ticks", new BigDecimal(17)));
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void xaiCountsMoreCachedTokensThanThePromptHasBesideIt() {
    String json =
        """
        {"prompt_tokens": 262, "completion_tokens": 46, "total_tokens": 308,
         "prompt_tokens_details": {"cached_tokens": 314}}
        """;

    assertThat(read(UsageConvention.XAI, json).tokens().input()).isEqualTo(576);
    assertThat(read(UsageConvention.XAI, json).violations()).isNotEmpty();
    assertThat(read(UsageConvention.STANDARD, json).tokens().input()).isEqualTo(262);
    assertThat(read(UsageConvention.STANDARD, json).violations())
        .containsExactly("314 cached tokens are more than the 262 of the prompt: left out");
  }

  @Test
  void deepSeekCountsHitsAndMisses() {
    Usage usage =
        read(
            UsageConvention.DEEPSEEK,
            """
            {"prompt_tokens": 181, "completion_tokens": 12, "total_tokens": 193,
             "prompt_tokens_details": {"cached_tokens": 128},
             "prompt_cache_hit_tokens": 128, "prompt_cache_miss_tokens": 53}
            """);

    assertThat(usage.tokens().byLeaf())
        .isEqualTo(Map.of(Leaf.INPUT, 53L, Leaf.CACHE_READ, 128L, Leaf.OUTPUT, 12L));
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void moonshotCountsCachedTokensAtTheTop() {
    Usage usage =
        read(
            UsageConvention.MOONSHOT,
            """
            {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12, "cached_tokens": 8}
            """);

    assertThat(usage.tokens().cacheRead()).isEqualTo(8);
    assertThat(usage.tokens().input()).isEqualTo(10);
  }

  @Test
  void perplexityCountsReasoningAndCitationsOnTop() {
    Usage usage =
        read(
            UsageConvention.PERPLEXITY,
            """
            {"prompt_tokens": 33, "completion_tokens": 7163, "total_tokens": 7196,
             "citation_tokens": 20032, "num_search_queries": 18, "reasoning_tokens": 73997,
             "cost": {"total_cost": 0.5}}
            """);

    assertThat(usage.tokens().byLeaf())
        .isEqualTo(
            Map.of(
                Leaf.INPUT,
                33L,
                new Leaf(Direction.INPUT, Modality.TEXT, Cache.NONE, Phase.CITATION),
                20032L,
                Leaf.OUTPUT,
                7163L,
                Leaf.REASONING,
                73997L));
    assertThat(usage.units()).containsKeys("num_search_queries", "cost.total_cost");
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void mistralCountsAudioBesideThePrompt() {
    Usage usage =
        read(
            UsageConvention.MISTRAL,
            """
            {"prompt_audio_seconds": 4, "prompt_tokens": 9, "total_tokens": 585,
             "completion_tokens": 201, "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 375},
             "service_tier": "standard"}
            """);

    assertThat(usage.tokens().of(Leaf.INPUT)).isEqualTo(9);
    assertThat(usage.tokens().of(Leaf.input(Modality.AUDIO))).isEqualTo(375);
    assertThat(usage.serviceTier()).contains("standard");
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void googleTellsThoughtsInTheTotalAlone() {
    Usage usage =
        read(
            UsageConvention.GOOGLE,
            "{\"prompt_tokens\": 66, \"completion_tokens\": 6, \"total_tokens\": 100}");

    assertThat(usage.tokens().reasoning()).isEqualTo(28);
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void cachedTokensThatCannotAllBeTextAreTakenForAudio() {
    Usage usage =
        read(
            UsageConvention.STANDARD,
            """
            {"prompt_tokens": 100, "completion_tokens": 1, "total_tokens": 101,
             "prompt_tokens_details": {"cached_tokens": 64, "audio_tokens": 80}}
            """);

    assertThat(usage.tokens().input()).isEqualTo(100);
    assertThat(usage.tokens().of(Leaf.INPUT)).isZero();
    assertThat(usage.tokens().of(Leaf.input(Modality.AUDIO))).isEqualTo(36);
    assertThat(usage.tokens().of(Leaf.cached(Modality.AUDIO, Cache.READ))).isEqualTo(44);
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void aTotalThatDoesNotAddUpIsSaidAndNothingIsNegative() {
    Usage usage =
        read(
            UsageConvention.STANDARD,
            """
            {"prompt_tokens": 5, "completion_tokens": 10, "total_tokens": 99,
             "completion_tokens_details": {"reasoning_tokens": 37, "audio_tokens": -1}}
            """);

    assertThat(usage.tokens().output()).isEqualTo(10);
    assertThat(usage.violations())
        .containsExactly(
            "37 tokens of reasoning are more than the 10 of the completion: left out",
            "completion_tokens_details.audio_tokens is not a count of tokens: left out",
            "the total is 99, the parts are 15");
  }

  @Property(tries = 1000)
  void leavesAddUpToTheTotalsWhateverTheDetailsSay(
      @ForAll UsageConvention convention,
      @ForAll @IntRange(max = 200) int prompt,
      @ForAll @IntRange(max = 200) int completion,
      @ForAll @IntRange(max = 120) int cached,
      @ForAll @IntRange(max = 120) int written,
      @ForAll @IntRange(max = 120) int audio,
      @ForAll @IntRange(max = 120) int image,
      @ForAll @IntRange(max = 120) int reasoning) {
    ObjectNode usage = Json.object();
    usage.put("prompt_tokens", prompt);
    usage.put("completion_tokens", completion);
    usage.put("total_tokens", prompt + completion);
    usage
        .putObject("prompt_tokens_details")
        .put("cached_tokens", cached)
        .put("cache_write_tokens", written)
        .put("audio_tokens", audio)
        .put("image_tokens", image);
    usage
        .putObject("completion_tokens_details")
        .put("reasoning_tokens", reasoning)
        .put("audio_tokens", audio);

    Usage read = ChatUsage.read(usage, Optional.empty(), convention);

    byte[] bytes = Json.bytes(usage);
    assertThat(ChatUsage.read(bytes, 0, bytes.length, Optional.empty(), convention))
        .isEqualTo(read);
    Tokens tokens = read.tokens();
    boolean beside = convention == UsageConvention.XAI || convention == UsageConvention.PERPLEXITY;
    if (!beside) {
      assertThat(tokens.input()).isEqualTo(prompt);
      assertThat(tokens.output()).isEqualTo(completion);
    }
    if (!beside && read.violations().isEmpty()) {
      assertThat(tokens.cacheRead()).isEqualTo(cached);
      assertThat(tokens.cacheWrite()).isEqualTo(written);
      assertThat(tokens.reasoning()).isEqualTo(reasoning);
      Usage again =
          ChatUsage.read(UsageWriter.write(tokens), Optional.empty(), UsageConvention.STANDARD);
      assertThat(again.tokens()).isEqualTo(tokens);
    }
  }
}
