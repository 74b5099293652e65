package dev.understudy.protocol.openairesponses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.UsageConvention;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class ResponsesUsageTest {

  @Test
  void splitsTotalsIntoDisjointLeaves() {
    Usage usage =
        read(
            "{'input_tokens':100,'input_tokens_details':{'cached_tokens':60,'cache_write_tokens':10},"
                + "'output_tokens':50,'output_tokens_details':{'reasoning_tokens':20},"
                + "'total_tokens':150}",
            UsageConvention.STANDARD);

    assertThat(usage.tokens())
        .isEqualTo(
            Tokens.NONE
                .with(Leaf.INPUT, 30)
                .with(Leaf.CACHE_READ, 60)
                .with(Leaf.CACHE_WRITE, 10)
                .with(Leaf.OUTPUT, 30)
                .with(Leaf.REASONING, 20));
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void picturesThatWereCachedAreNoLongerPaidInFull() {
    Usage usage =
        read(
            "{'input_tokens':1000,'output_tokens':5,'total_tokens':1005,"
                + "'input_tokens_details':{'cached_tokens':900,'image_tokens':300}}",
            UsageConvention.STANDARD);

    assertThat(usage.violations()).isEmpty();
    assertThat(usage.tokens().of(Leaf.CACHE_READ)).isEqualTo(700);
    assertThat(usage.tokens().of(Leaf.cached(Leaf.Modality.IMAGE, Leaf.Cache.READ))).isEqualTo(200);
    assertThat(usage.tokens().of(Leaf.input(Leaf.Modality.IMAGE))).isEqualTo(100);
    assertThat(usage.tokens().of(Leaf.INPUT)).isZero();
    assertThat(usage.tokens().input()).isEqualTo(1000);
  }

  @Test
  void tellsWhatWasNotSaidFromZero() {
    Usage usage = read("{'input_tokens':3,'output_tokens':0}", UsageConvention.STANDARD);

    assertThat(usage.tokens().byLeaf()).containsOnlyKeys(Leaf.INPUT, Leaf.OUTPUT);
  }

  @Test
  void namesWhatDoesNotAddUpAndNeverCountsBelowZero() {
    assertThat(
            read(
                    "{'input_tokens':3,'input_tokens_details':{'cached_tokens':5},"
                        + "'output_tokens':1,'total_tokens':9}",
                    UsageConvention.STANDARD)
                .violations())
        .containsExactly(
            "cached and written tokens are 5 of 3 input_tokens",
            "total_tokens is 9, the parts make 4");
    Usage negative = read("{'input_tokens':-3,'output_tokens':1}", UsageConvention.STANDARD);
    assertThat(negative.violations()).containsExactly("input_tokens is negative: -3");
    assertThat(negative.tokens().input()).isZero();
  }

  @Test
  void letsTheTotalDecideWhatXaiMeant() {
    Usage beside =
        read(
            "{'input_tokens':3,'input_tokens_details':{'cached_tokens':5},'output_tokens':10,"
                + "'output_tokens_details':{'reasoning_tokens':4},'total_tokens':22}",
            UsageConvention.XAI);
    assertThat(beside.violations()).isEmpty();
    assertThat(beside.tokens().output()).isEqualTo(14);

    Usage within =
        read(
            "{'input_tokens':10,'input_tokens_details':{'cached_tokens':5},'output_tokens':10,"
                + "'output_tokens_details':{'reasoning_tokens':4},'total_tokens':20,"
                + "'cost_in_usd_ticks':7909000}",
            UsageConvention.XAI);
    assertThat(within.violations()).isEmpty();
    assertThat(within.tokens().of(Leaf.OUTPUT)).isEqualTo(6);
    assertThat(within.units()).containsKey("cost_in_usd_ticks");
  }

  @Test
  void agreesWithTheRecordedUsageObjectsOfThisShape() throws IOException {
    var file = Recordings.shared().resolve("data/usage-objects/usages.jsonl");
    var disagreements = new ArrayList<String>();
    int read = 0;
    for (String line : Files.readAllLines(file)) {
      ObjectNode recorded = Json.parseObject(line);
      if (!(recorded.path("body").path("usage") instanceof ObjectNode usage)
          || !usage.has("input_tokens")
          || !(usage.has("input_tokens_details") || usage.has("output_tokens_details"))
          || usage.has("cache_creation_input_tokens")) {
        continue;
      }
      Optional<JsonNode> expected = expected(recorded);
      if (expected.isEmpty()) {
        continue;
      }
      read++;
      Usage ours = ResponsesUsage.read(usage, Optional.empty(), UsageConvention.STANDARD);
      compare(recorded, expected.get(), "input_tokens", ours.tokens().input(), disagreements);
      compare(
          recorded, expected.get(), "cache_read_tokens", ours.tokens().cacheRead(), disagreements);
      compare(recorded, expected.get(), "output_tokens", ours.tokens().output(), disagreements);
      if (!ours.violations().isEmpty()) {
        disagreements.add(recorded.path("id").asString() + ": " + ours.violations());
      }
    }
    System.out.println("usage objects of the Responses shape: " + read);
    assertThat(read).isPositive();
    assertThat(disagreements).isEmpty();
  }

  private static Optional<JsonNode> expected(ObjectNode recorded) {
    for (JsonNode extracted : recorded.path("extracted")) {
      for (JsonNode extractor : extracted.path("extractors")) {
        if (extractor.path("api_flavor").asString("").equals("responses")
            && extractor.path("provider_id").asString("").equals("openai")) {
          return Optional.of(extracted.path("usage"));
        }
      }
    }
    return Optional.empty();
  }

  private static void compare(
      ObjectNode recorded, JsonNode expected, String name, long ours, ArrayList<String> found) {
    long theirs = expected.path(name).asLong(0);
    if (theirs != ours) {
      found.add(
          "%s: %s is %d there, %d here"
              .formatted(recorded.path("id").asString(), name, theirs, ours));
    }
  }

  private static Usage read(String json, UsageConvention convention) {
    return ResponsesUsage.read(
        Json.parseObject(json.replace('\'', '"')), Optional.empty(), convention);
  }
}
