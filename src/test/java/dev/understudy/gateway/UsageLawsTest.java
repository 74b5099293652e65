package dev.understudy.gateway;

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
import dev.understudy.protocol.anthropic.AnthropicUsage;
import dev.understudy.protocol.bedrock.ConverseUsage;
import dev.understudy.protocol.gemini.GeminiUsage;
import dev.understudy.protocol.openaichat.ChatUsage;
import dev.understudy.protocol.openairesponses.ResponsesUsage;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/**
 * Leaves are disjoint and sum, whoever counts: so many tokens of each kind are written as each
 * vendor writes them, its totals with or without what is told beside them, and read back as exactly
 * those leaves, each token once.
 */
final class UsageLawsTest {
  /** Disjoint counts: of the prompt, from the cache, into it, of the answer, thought. */
  record Counts(long fresh, long read, long five, long hour, long said, long thought) {
    long prompt() {
      return fresh + read + five + hour;
    }

    long written() {
      return five + hour;
    }

    long answer() {
      return said + thought;
    }
  }

  @Provide
  Arbitrary<Counts> counts() {
    Arbitrary<Long> many = Arbitraries.longs().between(0, 3_000_000);
    return Combinators.combine(many, many, many, many, many, many).as(Counts::new);
  }

  private static void are(Tokens expected, Usage usage, long all) {
    assertThat(usage.violations()).isEmpty();
    assertThat(counted(usage.tokens())).isEqualTo(counted(expected));
    assertThat(usage.tokens().input() + usage.tokens().output()).isEqualTo(all);
  }

  /** A leaf of which the vendor says that there was none is as good as one it does not name. */
  private static Map<Leaf, Long> counted(Tokens tokens) {
    var counted = new TreeMap<>(tokens.byLeaf());
    counted.values().removeIf(count -> count == 0);
    return counted;
  }

  private static Tokens tokens(Counts c, Leaf written, long writes) {
    return Tokens.NONE
        .with(Leaf.INPUT, c.fresh())
        .with(Leaf.CACHE_READ, c.read())
        .with(written, writes)
        .with(Leaf.OUTPUT, c.said())
        .with(Leaf.REASONING, c.thought());
  }

  @Property(tries = 300)
  void openAisTotalsHoldEverything(@ForAll("counts") Counts c) {
    Tokens expected = tokens(c, Leaf.CACHE_WRITE, c.written());
    long all = c.prompt() + c.answer();
    are(
        expected,
        ChatUsage.read(
            Json.parseObject(
                """
                {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d,
                 "prompt_tokens_details": {"cached_tokens": %d, "cache_write_tokens": %d},
                 "completion_tokens_details": {"reasoning_tokens": %d}}
                """
                    .formatted(c.prompt(), c.answer(), all, c.read(), c.written(), c.thought())),
            Optional.empty(),
            UsageConvention.STANDARD),
        all);
    are(
        expected,
        ResponsesUsage.read(
            Json.parseObject(
                """
                {"input_tokens": %d, "output_tokens": %d, "total_tokens": %d,
                 "input_tokens_details": {"cached_tokens": %d, "cache_write_tokens": %d},
                 "output_tokens_details": {"reasoning_tokens": %d}}
                """
                    .formatted(c.prompt(), c.answer(), all, c.read(), c.written(), c.thought())),
            Optional.empty(),
            UsageConvention.STANDARD),
        all);
  }

  @Property(tries = 300)
  void xAisCompletionLeavesReasoningOutAndItsResponsesDoNot(@ForAll("counts") Counts c) {
    Counts unwritten = new Counts(c.fresh(), c.read(), 0, 0, c.said(), c.thought());
    Tokens expected = tokens(unwritten, Leaf.CACHE_WRITE, 0);
    long all = unwritten.prompt() + c.answer();
    are(
        expected,
        ChatUsage.read(
            Json.parseObject(
                """
                {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d,
                 "prompt_tokens_details": {"cached_tokens": %d},
                 "completion_tokens_details": {"reasoning_tokens": %d}}
                """
                    .formatted(unwritten.prompt(), c.said(), all, c.read(), c.thought())),
            Optional.empty(),
            UsageConvention.XAI),
        all);
    are(
        expected,
        ResponsesUsage.read(
            Json.parseObject(
                """
                {"input_tokens": %d, "output_tokens": %d, "total_tokens": %d,
                 "input_tokens_details": {"cached_tokens": %d},
                 "output_tokens_details": {"reasoning_tokens": %d}}
                """
                    .formatted(unwritten.prompt(), c.answer(), all, c.read(), c.thought())),
            Optional.empty(),
            UsageConvention.XAI),
        all);
  }

  @Property(tries = 300)
  void deepSeeksPromptIsHitsAndMissesAndItsMirrorIsNotAdded(@ForAll("counts") Counts c) {
    Counts unwritten = new Counts(c.fresh(), c.read(), 0, 0, c.said(), c.thought());
    are(
        tokens(unwritten, Leaf.CACHE_WRITE, 0),
        ChatUsage.read(
            Json.parseObject(
                """
                {"prompt_tokens": %d, "completion_tokens": %d, "total_tokens": %d,
                 "prompt_cache_hit_tokens": %d, "prompt_cache_miss_tokens": %d,
                 "prompt_tokens_details": {"cached_tokens": %d},
                 "completion_tokens_details": {"reasoning_tokens": %d}}
                """
                    .formatted(
                        unwritten.prompt(),
                        c.answer(),
                        unwritten.prompt() + c.answer(),
                        c.read(),
                        c.fresh(),
                        c.read(),
                        c.thought())),
            Optional.empty(),
            UsageConvention.DEEPSEEK),
        unwritten.prompt() + c.answer());
  }

  @Property(tries = 300)
  void anthropicsInputIsOnlyWhatNoCacheTook(@ForAll("counts") Counts c) {
    Tokens expected = tokens(c, Leaf.CACHE_WRITE_5M, c.five()).with(Leaf.CACHE_WRITE_1H, c.hour());
    are(
        expected,
        AnthropicUsage.read(
            Json.parseObject(
                """
                {"input_tokens": %d, "cache_read_input_tokens": %d, "cache_creation_input_tokens": %d,
                 "cache_creation": {"ephemeral_5m_input_tokens": %d, "ephemeral_1h_input_tokens": %d},
                 "output_tokens": %d, "output_tokens_details": {"thinking_tokens": %d}}
                """
                    .formatted(
                        c.fresh(),
                        c.read(),
                        c.written(),
                        c.five(),
                        c.hour(),
                        c.answer(),
                        c.thought()))),
        c.prompt() + c.answer());
  }

  @Property(tries = 300)
  void bedrocksInputIsOnlyWhatNoCacheTook(@ForAll("counts") Counts c) {
    Tokens expected =
        Tokens.NONE
            .with(Leaf.INPUT, c.fresh())
            .with(Leaf.CACHE_READ, c.read())
            .with(Leaf.CACHE_WRITE_5M, c.five())
            .with(Leaf.CACHE_WRITE_1H, c.hour())
            .with(Leaf.OUTPUT, c.answer());
    long all = c.prompt() + c.answer();
    are(
        expected,
        ConverseUsage.read(
            Json.parseObject(
                """
                {"inputTokens": %d, "outputTokens": %d, "totalTokens": %d,
                 "cacheReadInputTokens": %d, "cacheWriteInputTokens": %d,
                 "cacheDetails": [{"ttl": "5m", "inputTokens": %d}, {"ttl": "1h", "inputTokens": %d}]}
                """
                    .formatted(
                        c.fresh(), c.answer(), all, c.read(), c.written(), c.five(), c.hour()))),
        all);
  }

  @Property(tries = 300)
  void geminisPromptHoldsTheCacheAndThoughtsAndToolsComeOnTop(
      @ForAll("counts") Counts c, @ForAll @LongRange(max = 100_000) long tools) {
    long prompt = c.fresh() + c.read();
    long all = prompt + tools + c.answer();
    are(
        Tokens.NONE
            .with(Leaf.INPUT, c.fresh())
            .with(Leaf.CACHE_READ, c.read())
            .with(new Leaf(Direction.INPUT, Modality.TEXT, Cache.NONE, Phase.TOOL_USE), tools)
            .with(Leaf.OUTPUT, c.said())
            .with(Leaf.REASONING, c.thought()),
        GeminiUsage.read(
            Json.parseObject(
                """
                {"promptTokenCount": %d, "cachedContentTokenCount": %d, "candidatesTokenCount": %d,
                 "thoughtsTokenCount": %d, "toolUsePromptTokenCount": %d, "totalTokenCount": %d}
                """
                    .formatted(prompt, c.read(), c.said(), c.thought(), tools, all))),
        all);
  }
}
