package dev.understudy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.bedrock.ConverseUsage;
import dev.understudy.protocol.cohere.CohereUsage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Bedrock's and Cohere's usage objects, own ones and the recorded ones. */
final class CloudUsageTest {

  @Test
  void absentIsNotZero() {
    assertThat(
            ConverseUsage.read(CloudExchanges.json("{'inputTokens':3,'outputTokens':0}")).tokens())
        .isEqualTo(Tokens.NONE.with(Leaf.INPUT, 3).with(Leaf.OUTPUT, 0));
    assertThat(
            ConverseUsage.read(CloudExchanges.json("{'inputTokens':3,'cacheReadInputTokens':0}"))
                .tokens()
                .byLeaf())
        .containsEntry(Leaf.CACHE_READ, 0L);
  }

  @Test
  void aSumThatDoesNotAddUpIsAViolation() {
    assertThat(
            ConverseUsage.read(
                    CloudExchanges.json("{'inputTokens':3,'outputTokens':4,'totalTokens':9}"))
                .violations())
        .containsExactly("totalTokens is 9, the parts add up to 7");
    assertThat(
            ConverseUsage.read(
                    CloudExchanges.json(
                        "{'inputTokens':3,'cacheWriteInputTokens':4,'cacheDetails':[{'ttl':'5m','inputTokens':5}]}"))
                .violations())
        .hasSize(1);
    assertThat(ConverseUsage.read(CloudExchanges.json("{'inputTokens':-3}")).violations())
        .hasSize(1);
  }

  @Test
  void cohereIsBilledByBilledUnits() {
    Usage usage =
        CohereUsage.read(
            CloudExchanges.json(
                """
                {'billed_units':{'input_tokens':40,'output_tokens':8,'search_units':1},
                 'tokens':{'input_tokens':1522.0,'output_tokens':21},'cached_tokens':992}
                """));

    assertThat(usage.tokens()).isEqualTo(Tokens.NONE.with(Leaf.INPUT, 40).with(Leaf.OUTPUT, 8));
    assertThat(usage.units())
        .containsEntry("tokens.output_tokens", new BigDecimal(21))
        .containsEntry("cached_tokens", new BigDecimal(992))
        .containsEntry("billed_units.search_units", BigDecimal.ONE)
        .hasSize(4);
  }

  @Test
  void countedTokensAreTheLeavesWhereNothingIsBilled() {
    assertThat(
            CohereUsage.read(
                    CloudExchanges.json(
                        "{'tokens':{'input_tokens':10,'output_tokens':2},'cached_tokens':4}"))
                .tokens())
        .isEqualTo(Tokens.NONE.with(Leaf.INPUT, 6).with(Leaf.CACHE_READ, 4).with(Leaf.OUTPUT, 2));
  }

  /** What another extractor read out of the same objects; no disagreement is known. */
  @Test
  void readsTheRecordedObjectsAsAnotherExtractorDoes() {
    var disagreements = new ArrayList<String>();
    int bedrock = 0;
    int cohere = 0;
    for (String line : CloudExchanges.lines("data/usage-objects/usages.jsonl")) {
      JsonNode recorded = Json.parse(line);
      if (!(recorded.path("body").path("usage") instanceof ObjectNode object)) {
        continue;
      }
      for (JsonNode extracted : recorded.path("extracted")) {
        for (JsonNode extractor : extracted.path("extractors")) {
          String who =
              extractor.path("provider_id").stringValue("")
                  + "/"
                  + extractor.path("api_flavor").stringValue("");
          if (who.equals("aws/default")) {
            bedrock++;
            compare(recorded, ConverseUsage.read(object), extracted.get("usage"), disagreements);
          } else if (who.equals("cohere/default")) {
            cohere++;
            compare(recorded, CohereUsage.read(object), extracted.get("usage"), disagreements);
          }
        }
      }
    }
    assertThat(disagreements).isEmpty();
    assertThat(bedrock).isPositive();
    assertThat(cohere).isPositive();
  }

  private static void compare(
      JsonNode recorded, Usage ours, JsonNode theirs, List<String> disagreements) {
    Tokens tokens = ours.tokens();
    boolean same =
        tokens.input() == theirs.path("input_tokens").longValue(0)
            && tokens.output() == theirs.path("output_tokens").longValue(0)
            && tokens.cacheRead() == theirs.path("cache_read_tokens").longValue(0)
            && tokens.cacheWrite() == theirs.path("cache_write_tokens").longValue(0)
            && ours.violations().isEmpty();
    if (!same) {
      disagreements.add(
          recorded.get("id").stringValue() + " " + tokens + " " + theirs + " " + ours.violations());
    }
  }
}
