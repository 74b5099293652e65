package dev.understudy.protocol.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Leaf.Cache;
import dev.understudy.chat.Leaf.Direction;
import dev.understudy.chat.Leaf.Modality;
import dev.understudy.chat.Leaf.Phase;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class GeminiUsageTest {
  @Test
  void leavesAreDisjointAndAddUpToTheTotal() {
    Usage usage =
        GeminiUsage.read((ObjectNode) Json.parse(Samples.file("reply.json")).get("usageMetadata"));

    assertThat(usage.tokens().byLeaf())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                Leaf.input(Modality.TEXT),
                30L,
                Leaf.input(Modality.DOCUMENT),
                30L,
                Leaf.cached(Modality.TEXT, Cache.READ),
                30L,
                Leaf.cached(Modality.DOCUMENT, Cache.READ),
                10L,
                new Leaf(Direction.INPUT, Modality.TEXT, Cache.NONE, Phase.TOOL_USE),
                5L,
                Leaf.OUTPUT,
                20L,
                Leaf.REASONING,
                30L));
    assertThat(usage.tokens().input() + usage.tokens().output()).isEqualTo(155);
    assertThat(usage.violations()).isEmpty();
    assertThat(usage.serviceTier()).hasValue("ON_DEMAND");
  }

  @Test
  void whatIsNotSaidIsAbsentAndZeroIsZero() {
    Tokens tokens =
        read("{\"promptTokenCount\":5,\"candidatesTokenCount\":0,\"totalTokenCount\":5}").tokens();

    assertThat(tokens.byLeaf()).containsOnlyKeys(Leaf.INPUT, Leaf.OUTPUT);
    assertThat(read("{\"trafficType\":\"ON_DEMAND\"}").tokens().isEmpty()).isTrue();
  }

  @Test
  void takesCachedTokensOfUnsaidModalityFromTextFirst() {
    Usage usage =
        read(
            """
            {"promptTokenCount": 100, "cachedContentTokenCount": 70, "totalTokenCount": 100,
             "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 60}, {"modality": "IMAGE", "tokenCount": 40}]}\
            """);

    assertThat(usage.tokens().of(Leaf.INPUT)).isZero();
    assertThat(usage.tokens().of(Leaf.CACHE_READ)).isEqualTo(60);
    assertThat(usage.tokens().of(Leaf.cached(Modality.IMAGE, Cache.READ))).isEqualTo(10);
    assertThat(usage.tokens().of(Leaf.input(Modality.IMAGE))).isEqualTo(30);
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void saysWhatDoesNotAddUpAndNeverThrows() {
    assertThat(
            read("{\"promptTokenCount\":5,\"candidatesTokenCount\":2,\"totalTokenCount\":9}")
                .violations())
        .containsExactly("totalTokenCount is 9, its parts add up to 7");
    assertThat(read("{\"promptTokenCount\":-5}").violations())
        .containsExactly("promptTokenCount is negative: -5");
    assertThat(read("{\"promptTokenCount\":\"many\"}").violations())
        .containsExactly("promptTokenCount is not a whole number");
    assertThat(read("{\"promptTokenCount\":5,\"cachedContentTokenCount\":8}").violations())
        .hasSize(1);
    assertThat(
            read("""
            {"promptTokenCount":5,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":6}]}\
            """)
                .tokens()
                .byLeaf())
        .isEqualTo(Map.of(Leaf.INPUT, 5L));
  }

  @Test
  void whatIsWrittenForCallersReadsTheSame() {
    Usage usage =
        GeminiUsage.read((ObjectNode) Json.parse(Samples.file("reply.json")).get("usageMetadata"));

    assertThat(GeminiUsage.read(GeminiUsage.write(usage)).tokens()).isEqualTo(usage.tokens());
  }

  @Test
  void agreesWithThePublicUsageObjectsOrSaysWhyNot() {
    var disagreements = new TreeMap<String, String>();
    int seen = 0;
    for (ObjectNode line : Recordings.lines("data/usage-objects/usages.jsonl")) {
      if (!(line.path("body").get("usageMetadata") instanceof ObjectNode object)) {
        continue;
      }
      seen++;
      Usage usage = GeminiUsage.read(object);
      Tokens tokens = usage.tokens();
      JsonNode said = line.path("extracted").path(0).path("usage");
      var wrong = new TreeMap<String, String>();
      check(wrong, said, "input_tokens", tokens.input());
      check(wrong, said, "output_tokens", tokens.output());
      check(wrong, said, "output_reasoning_tokens", tokens.reasoning());
      check(wrong, said, "cache_read_tokens", tokens.cacheRead());
      check(wrong, said, "output_image_tokens", tokens.of(Leaf.output(Modality.IMAGE)));
      for (Modality modality : Modality.values()) {
        // Theirs prices documents as images, and so counts them there.
        long documents = modality == Modality.IMAGE ? input(tokens, Modality.DOCUMENT) : 0;
        // Theirs leaves out what the vendor's details leave out; ours counts it as text.
        long unsaid =
            modality == Modality.TEXT
                ? unsaid(object, "prompt") + unsaid(object, "toolUsePrompt")
                : 0;
        if (modality != Modality.DOCUMENT) {
          check(
              wrong,
              said,
              "input_" + modality.name().toLowerCase(Locale.ROOT) + "_tokens",
              input(tokens, modality) + documents - unsaid);
        }
      }
      if (!usage.violations().isEmpty()) {
        wrong.put("violations", usage.violations().toString());
      }
      if (!wrong.isEmpty()) {
        disagreements.put(line.path("id").stringValue(), wrong + " " + object);
      }
    }
    assertThat(seen).isGreaterThan(300);
    assertThat(disagreements).isEmpty();
  }

  private static long unsaid(JsonNode object, String what) {
    long said = 0;
    for (JsonNode detail : object.path(what + "TokensDetails")) {
      said += detail.path("tokenCount").asLong(0);
    }
    return object.path(what + "TokenCount").asLong(0) - said;
  }

  private static long input(Tokens tokens, Modality modality) {
    return tokens.sum(leaf -> leaf.direction() == Direction.INPUT && leaf.modality() == modality);
  }

  private static void check(Map<String, String> wrong, JsonNode said, String name, long ours) {
    if (said.has(name) && said.get(name).asLong() != ours) {
      wrong.put(name, "theirs " + said.get(name) + ", ours " + ours);
    }
  }

  private static Usage read(String json) {
    return GeminiUsage.read(Json.parseObject(json));
  }
}
