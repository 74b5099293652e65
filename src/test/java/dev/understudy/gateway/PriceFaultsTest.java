package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.json.Json;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import dev.understudy.pricing.Ask;
import dev.understudy.pricing.PriceBookReader;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Shipped;
import dev.understudy.pricing.Use;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.UsageConvention;
import dev.understudy.protocol.anthropic.AnthropicUsage;
import dev.understudy.protocol.bedrock.ConverseUsage;
import dev.understudy.protocol.gemini.GeminiUsage;
import dev.understudy.protocol.openaichat.ChatUsage;
import dev.understudy.protocol.openairesponses.ResponsesUsage;
import dev.understudy.text.Problems;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Mistakes that other gateways and price lists made, by the number of the issue that tells of them
 * (BerriAI/litellm where no name is given): each is here what it should have been, from the
 * vendor's own object to the last digit.
 */
final class PriceFaultsTest {
  private static final Prices LIST = new Prices(List.of(Shipped.list()));
  private static final Instant SUMMER = Instant.parse("2026-08-07T12:00:00Z");

  private static Prices prices(String yaml) {
    var problems = new Problems();
    return new Prices(
        List.of(
            PriceBookReader.read("own.yaml", yaml.getBytes(StandardCharsets.UTF_8), problems)
                .orElseThrow(() -> new AssertionError(problems.lines().toString())),
            Shipped.list()));
  }

  private static Cost cost(Prices prices, String kind, String model, Usage usage) {
    return prices.cost(Use.of(kind, kind, model, SUMMER, usage));
  }

  private static String total(String kind, String model, Usage usage) {
    Cost cost = cost(LIST, kind, model, usage);
    assertThat(cost.unpriced()).isEmpty();
    return cost.total().toString();
  }

  private static Usage anthropic(String json) {
    return AnthropicUsage.read(Json.parseObject(json));
  }

  private static Usage gemini(String json) {
    return GeminiUsage.read(Json.parseObject(json));
  }

  private static Usage chat(String json, UsageConvention convention) {
    return ChatUsage.read(Json.parseObject(json), Optional.empty(), convention);
  }

  private static Usage tier(Usage usage, String tier) {
    return new Usage(
        usage.tokens(),
        usage.units(),
        Optional.of(tier),
        usage.vendorJson(),
        usage.estimated(),
        usage.violations());
  }

  private static Usage of(Tokens tokens) {
    return new Usage(tokens, Map.of(), Optional.empty(), Optional.empty(), false, List.of());
  }

  private static Tokens tokens(long input, long output) {
    return Tokens.NONE.with(Leaf.INPUT, input).with(Leaf.OUTPUT, output);
  }

  /** What a stream of a vendor comes to. */
  private static Usage streamed(String protocol, UsageConvention convention, String... events) {
    var fold = new ReplyFold();
    var reader =
        Protocols.outbound(new ProtocolName(protocol))
            .streamReader(new Dialect("vendor", convention, Set.of()), fold, new Losses());
    byte[] bytes =
        ("data: " + String.join("\n\ndata: ", events) + "\n\n").getBytes(StandardCharsets.UTF_8);
    reader.accept(bytes, 0, bytes.length);
    reader.end();
    return fold.usage();
  }

  private static Usage whole(String protocol, UsageConvention convention, String body)
      throws Exception {
    return Protocols.outbound(new ProtocolName(protocol))
        .readReply(
            body.getBytes(StandardCharsets.UTF_8),
            new Dialect("vendor", convention, Set.of()),
            new Losses())
        .usage();
  }

  // Worked numbers.

  @Test
  void workedNumberAnthropic9812CacheWritesAreCountedOnce() {
    Usage usage =
        anthropic(
            """
            {"input_tokens": 3, "cache_creation_input_tokens": 12304, "cache_read_input_tokens": 0,
             "output_tokens": 550}
            """);
    Cost cost = cost(LIST, "anthropic", "claude-sonnet-4-5-20250929", usage);

    assertThat(cost.lines())
        .extracting(line -> line.item() + " " + line.amount())
        .contains("input.text 0.000009 USD", "output.text 0.00825 USD")
        .anyMatch(line -> line.startsWith("input.text.write") && line.endsWith(" 0.04614 USD"));
    assertThat(cost.total()).hasToString("0.054399 USD").isNotEqualTo(Money.parse("0.091311 USD"));
  }

  @Test
  void workedNumberGemini14849CachedTokensAboveTheCliffCostTheCachedRateAboveTheCliff() {
    Usage usage =
        gemini(
            """
            {"promptTokenCount": 262960, "cachedContentTokenCount": 257955, "candidatesTokenCount": 1744,
             "totalTokenCount": 264704}
            """);

    assertThat(total("gemini", "gemini-2.5-pro", usage)).isEqualTo("0.10316125 USD");
  }

  @Test
  void workedNumberXaiReasoningIsPaidAsOutput() {
    Usage usage =
        chat(
            """
            {"prompt_tokens": 1000, "completion_tokens": 500, "total_tokens": 6500,
             "completion_tokens_details": {"reasoning_tokens": 5000}}
            """,
            UsageConvention.XAI);

    assertThat(total("xai", "grok-4-0709", usage)).isEqualTo("0.0855 USD");
    assertThat(total("xai", "grok-4", of(tokens(1_000, 500)))).isEqualTo("0.0105 USD");
  }

  private static final String QWEN =
      """
      book: own
      kind: negotiated
      currency: USD
      sources: {page: {where: "worked number", checked: 2026-11-27, mark: witness}}
      vendors:
        qwen:
          source: page
          models:
            qwen-flash:
              prices:
                - from: 2025-07-28
                  tokens: {input.text: 0.05}
                  also: [{when: {above: 256000}, tokens: {input.text: 0.25}}]
            qwen-in-slices:
              prices:
                - from: 2025-07-28
                  steps: {input.text: {graduated: [{to: 256000, price: 0.05}, {price: 0.25}]}}
      """;

  @Test
  void workedNumberQwen34729ACliffIsNoSlice() {
    Usage usage = of(tokens(300_000, 0));

    assertThat(cost(prices(QWEN), "qwen", "qwen-flash", usage).total()).hasToString("0.075 USD");
    assertThat(cost(prices(QWEN), "qwen", "qwen-in-slices", usage).total())
        .hasToString("0.0238 USD");
  }

  @Test
  void aStreamedAnswerCostsWhatTheSameAnswerInOnePieceCosts() throws Exception {
    String chat =
        "{\"prompt_tokens\":900,\"completion_tokens\":120,\"total_tokens\":1020,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":512},"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":64}}";
    Usage chatStream =
        streamed(
            "openai-chat",
            UsageConvention.STANDARD,
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"service_tier\":\"flex\","
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}",
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"service_tier\":\"flex\","
                + "\"choices\":[],\"usage\":"
                + chat
                + "}",
            "[DONE]");
    Usage chatWhole =
        whole(
            "openai-chat",
            UsageConvention.STANDARD,
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"model\":\"m\",\"service_tier\":\"flex\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},"
                + "\"finish_reason\":\"stop\"}],\"usage\":"
                + chat
                + "}");
    // (388 x 1.25 + 512 x 0.125 + 120 x 10) / 2, in millionths.
    assertThat(total("openai", "gpt-5", chatStream)).isEqualTo("0.0008745 USD");
    assertThat(cost(LIST, "openai", "gpt-5", chatStream))
        .isEqualTo(cost(LIST, "openai", "gpt-5", chatWhole));

    String gemini =
        "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"hi\"}]},"
            + "\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":250000,"
            + "\"cachedContentTokenCount\":100000,\"candidatesTokenCount\":50,\"thoughtsTokenCount\":500,"
            + "\"totalTokenCount\":250550}}";
    Usage geminiStream = streamed("gemini", UsageConvention.STANDARD, gemini);
    Usage geminiWhole = whole("gemini", UsageConvention.STANDARD, gemini);
    // 150 000 x 2.5 + 100 000 x 0.25 + 550 x 15, in millionths.
    assertThat(total("gemini", "gemini-2.5-pro", geminiStream)).isEqualTo("0.40825 USD");
    assertThat(cost(LIST, "gemini", "gemini-2.5-pro", geminiStream))
        .isEqualTo(cost(LIST, "gemini", "gemini-2.5-pro", geminiWhole));
  }

  // Numbered faults.

  private static final String START =
      """
      {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"claude-sonnet-4-5",\
      "content":[],"usage":{"input_tokens":10,"cache_creation_input_tokens":2000,"cache_read_input_tokens":5000,\
      "cache_creation":{"ephemeral_5m_input_tokens":2000,"ephemeral_1h_input_tokens":0},"output_tokens":1}}}\
      """;

  private static final String BLOCK =
      """
      {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hi"}}

      data: {"type":"content_block_stop","index":0}\
      """;

  private static String end(String usage) {
    return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":"
        + usage
        + "}\n\ndata: {\"type\":\"message_stop\"}";
  }

  @Test
  void litellm5443And6575And11364And11789CachedTokensOfClaudeCostTheirOwnRatesOnce()
      throws Exception {
    String usage =
        """
        {"input_tokens":10,"cache_creation_input_tokens":2000,"cache_read_input_tokens":5000,\
        "cache_creation":{"ephemeral_5m_input_tokens":2000,"ephemeral_1h_input_tokens":0},"output_tokens":40}\
        """;
    Usage streamed =
        streamed("anthropic-messages", UsageConvention.STANDARD, START, BLOCK, end(usage));
    Usage whole =
        whole(
            "anthropic-messages",
            UsageConvention.STANDARD,
            "{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
                + "\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"stop_reason\":\"end_turn\","
                + "\"usage\":"
                + usage
                + "}");

    // 10 x 3 + 2000 x 3.75 + 5000 x 0.3 + 40 x 15, in millionths.
    assertThat(total("anthropic", "claude-sonnet-4-5", streamed)).isEqualTo("0.00963 USD");
    assertThat(total("anthropic", "claude-sonnet-4-5", whole)).isEqualTo("0.00963 USD");
    assertThat(streamed.tokens()).isEqualTo(whole.tokens());
  }

  @Test
  void litellm31282And40006And40016AnOwnPriceReadsTheSameLeavesAsTheList() {
    Usage usage =
        chat(
            """
            {"prompt_tokens": 10000, "completion_tokens": 100, "total_tokens": 10100,
             "prompt_tokens_details": {"cached_tokens": 9000}}
            """,
            UsageConvention.STANDARD);
    Prices own =
        prices(
            """
            book: own
            kind: negotiated
            currency: USD
            sources: {deal: {where: "annex", checked: 2026-01-01, mark: contract}}
            vendors:
              openai:
                source: deal
                models:
                  gpt-5.1: {prices: [{from: 2025-11-13, tokens: {input.text: 1.25, input.text.read: 0.125, output.text: 10}}]}
            """);

    assertThat(cost(own, "openai", "gpt-5.1", usage).total())
        .isEqualTo(cost(LIST, "openai", "gpt-5.1", usage).total())
        .hasToString("0.003375 USD");
  }

  @Test
  void litellm16341CachedTokensOfGeminiAreNeitherDroppedNorDoubled() {
    Usage usage =
        gemini(
            """
            {"promptTokenCount": 10000, "cachedContentTokenCount": 8000, "candidatesTokenCount": 100,
             "totalTokenCount": 10100, "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 8000}]}
            """);

    assertThat(total("gemini", "gemini-2.5-flash", usage)).isEqualTo("0.00109 USD");
  }

  @Test
  void litellm10141ThoughtsOfGeminiArePaidAsOutput() {
    Usage usage =
        gemini(
            """
            {"promptTokenCount": 100, "candidatesTokenCount": 50, "thoughtsTokenCount": 1000,
             "totalTokenCount": 1150}
            """);

    assertThat(total("gemini", "gemini-2.5-flash", usage)).isEqualTo("0.002655 USD");
  }

  @Test
  void litellm13810FlexIsHalfThePrice() {
    Usage flex = tier(of(tokens(1_000_000, 0)), "flex");

    // Above 272 000 tokens, so twice the usual, and half of that.
    assertThat(total("openai", "gpt-5.4", flex)).isEqualTo("2.5 USD");
    assertThat(total("openai", "gpt-5", flex)).isEqualTo("0.625 USD");
  }

  @Test
  void litellm37046PriorityOfADatedSnapshotHasAPrice() {
    Usage priority = tier(of(tokens(1_000_000, 0)), "priority");

    assertThat(total("openai", "gpt-4.1-2025-04-14", priority)).isEqualTo("3.5 USD");
    assertThat(total("openai", "gpt-4o-2024-11-20", priority)).isEqualTo("4.25 USD");
    assertThat(total("openai", "gpt-5-mini-2025-08-07", priority)).isEqualTo("0.45 USD");
  }

  @Test
  void litellm35925ReasoningOnPriorityIsAtThePriorityRate() {
    Usage usage = tier(of(tokens(0, 0).with(Leaf.REASONING, 1_000_000)), "priority");

    assertThat(total("openai", "gpt-5.2", usage)).isEqualTo("28 USD");
  }

  @Test
  void litellm30558TheTierOfClaudeIsReadFromItsReply() {
    Usage batch =
        anthropic("{\"input_tokens\": 1000, \"output_tokens\": 100, \"service_tier\": \"batch\"}");
    Usage priority =
        anthropic(
            "{\"input_tokens\": 1000, \"output_tokens\": 100, \"service_tier\": \"priority\"}");

    assertThat(total("anthropic", "claude-haiku-4-5", batch)).isEqualTo("0.00075 USD");
    Cost cost = cost(LIST, "anthropic", "claude-haiku-4-5", priority);
    assertThat(cost.total().isZero()).isTrue();
    assertThat(cost.unpriced().getFirst().reason())
        .isEqualTo("no price for claude-haiku-4-5 with tier priority");
  }

  @Test
  void litellm30135ACliffOfOnesOwnBookHolds() {
    Prices own =
        prices(
            """
            book: own
            kind: negotiated
            currency: USD
            sources: {deal: {where: "annex", checked: 2026-01-01, mark: contract}}
            vendors:
              mine:
                source: deal
                models:
                  m:
                    prices:
                      - from: 2025-01-01
                        tokens: {input.text: 1, output.text: 2}
                        also: [{when: {above: 200000}, tokens: {input.text: 3, output.text: 4}}]
            """);

    assertThat(cost(own, "mine", "m", of(tokens(200_001, 1_000))).total())
        .hasToString("0.604003 USD");
  }

  @Test
  void litellm36679WhatIsReservedIsNeverLessThanWhatIsPosted() {
    var ask =
        new Ask(
            "gemini",
            "gemini",
            "gemini-2.5-pro",
            Optional.empty(),
            Optional.empty(),
            SUMMER,
            262_960,
            1_744);
    Usage usage = of(tokens(262_960, 1_744));

    assertThat(LIST.worstCase(ask).counted())
        .isEqualTo(cost(LIST, "gemini", "gemini-2.5-pro", usage).total())
        .hasToString("0.68356 USD");
  }

  @Test
  void litellm39861BatchAboveTheCliffAndItsCacheHavePrices() {
    Usage usage = tier(of(tokens(300_000, 1_000).with(Leaf.CACHE_READ, 100_000)), "batch");

    // (300 000 x 5 + 100 000 x 0.5 + 1 000 x 22.5) / 2, in millionths.
    assertThat(total("openai", "gpt-5.4", usage)).isEqualTo("0.78625 USD");
  }

  @Test
  void litellm37923AStreamOfVertexIsNotFree() {
    Usage usage =
        streamed(
            "gemini",
            UsageConvention.STANDARD,
            """
            {"candidates":[{"content":{"role":"model","parts":[{"text":"a"}]}}],\
            "usageMetadata":{"promptTokenCount":1000,"totalTokenCount":1000,"trafficType":"ON_DEMAND"}}\
            """,
            """
            {"candidates":[{"content":{"role":"model","parts":[{"text":"b"}]},"finishReason":"STOP"}],\
            "usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":200,"totalTokenCount":1200,\
            "trafficType":"ON_DEMAND"}}\
            """);

    assertThat(total("vertex", "gemini-2.5-flash", usage)).isEqualTo("0.0008 USD");
  }

  @Test
  void litellm36943TheVendorsWordComesBeforeAnEstimate() {
    Usage said = anthropic("{\"input_tokens\": 100, \"output_tokens\": 10}");
    Usage complete =
        Estimates.complete(
            new Reading(said, "", Optional.empty(), "", 1_000_000),
            Attempt.Outcome.ANSWERED,
            1_000_000);

    assertThat(complete).isEqualTo(said);
    assertThat(total("anthropic", "claude-haiku-4-5", complete)).isEqualTo("0.00015 USD");
  }

  @Test
  void litellm36083And36168UsageOnAChunkWithAChoiceCounts() {
    Usage usage =
        streamed(
            "openai-chat",
            UsageConvention.STANDARD,
            """
            {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,\
            "delta":{"role":"assistant","content":"hi"},"finish_reason":null}]}\
            """,
            """
            {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},\
            "finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}\
            """,
            "[DONE]");

    assertThat(total("groq", "llama-3.3-70b-versatile", usage)).isEqualTo("0.000669 USD");
  }

  @Test
  void litellm42663TheLastCountOfCacheWritesHoldsWhateverTheFirstSaidOfLifetimes() {
    Usage usage =
        streamed(
            "anthropic-messages",
            UsageConvention.STANDARD,
            START,
            BLOCK,
            end(
                "{\"input_tokens\":30,\"cache_creation_input_tokens\":6000,"
                    + "\"cache_read_input_tokens\":9000,\"output_tokens\":400}"));

    assertThat(usage.tokens().cacheWrite()).isEqualTo(6_000);
    // 30 x 3 + 6000 x 3.75 + 9000 x 0.3 + 400 x 15: the 4 000 further written ones at five minutes.
    assertThat(total("anthropic", "claude-sonnet-4-5", usage)).isEqualTo("0.03129 USD");
  }

  @Test
  void litellm8514ABillIsNotAThirtiethOfWhatTheCloudAsks() {
    // Claude on Bedrock with its cache, whose fields another gateway did not read: 26.74 for 770.
    Usage usage =
        ConverseUsage.read(
            Json.parseObject(
                """
                {"inputTokens": 1000, "outputTokens": 2000, "cacheReadInputTokens": 90000,
                 "cacheWriteInputTokens": 60000, "totalTokens": 153000}
                """));

    assertThat(total("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", usage))
        .isEqualTo("0.3135 USD");
  }

  @Test
  void braintrustSdkJava88CacheFieldsOfBedrockAreReadWithTheirLifetimes() {
    Usage usage =
        ConverseUsage.read(
            Json.parseObject(
                """
                {"inputTokens": 10, "outputTokens": 20, "cacheReadInputTokens": 1000,
                 "cacheWriteInputTokens": 3000, "totalTokens": 4030,
                 "cacheDetails": [{"ttl": "1h", "inputTokens": 2000}, {"ttl": "5m", "inputTokens": 1000}]}
                """));

    // 10 x 3 + 1000 x 0.3 + 1000 x 3.75 + 2000 x 6 + 20 x 15, in millionths.
    assertThat(total("bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0", usage))
        .isEqualTo("0.01638 USD");
  }

  @Test
  void inspectAi5528AndReqLlm198And336AndRaif470AndVercelAi6738ReasoningIsPaidByVendorsRules() {
    Usage beside =
        chat(
            """
            {"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 130,
             "completion_tokens_details": {"reasoning_tokens": 100}}
            """,
            UsageConvention.XAI);
    Usage within =
        chat(
            """
            {"prompt_tokens": 10, "completion_tokens": 120, "total_tokens": 130,
             "completion_tokens_details": {"reasoning_tokens": 100}}
            """,
            UsageConvention.STANDARD);
    Usage responses =
        ResponsesUsage.read(
            Json.parseObject(
                """
                {"input_tokens": 10, "output_tokens": 120, "total_tokens": 130,
                 "output_tokens_details": {"reasoning_tokens": 100}}
                """),
            Optional.empty(),
            UsageConvention.XAI);

    assertThat(total("xai", "grok-4", beside)).isEqualTo("0.00183 USD");
    assertThat(total("xai", "grok-4", responses)).isEqualTo("0.00183 USD");
    assertThat(total("openai", "gpt-5", within)).isEqualTo("0.0012125 USD");
  }

  @Test
  void opik6982TiersOfLengthAreKnown() {
    assertThat(total("gemini", "gemini-3-pro-preview", of(tokens(200_000, 100))))
        .isEqualTo("0.4012 USD");
    assertThat(total("gemini", "gemini-3-pro-preview", of(tokens(200_001, 100))))
        .isEqualTo("0.801804 USD");
  }
}
