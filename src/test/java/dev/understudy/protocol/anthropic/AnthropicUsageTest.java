package dev.understudy.protocol.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class AnthropicUsageTest {

  @Test
  void inputTokensAreOnlyWhatTheCacheHadNothingToDoWith() {
    Usage usage =
        read(
            """
            {"input_tokens": 3, "cache_read_input_tokens": 9511,
             "cache_creation_input_tokens": 1956,
             "cache_creation": {"ephemeral_5m_input_tokens": 1900,
                                "ephemeral_1h_input_tokens": 56},
             "output_tokens": 44, "service_tier": "standard"}\
            """);
    assertThat(usage.tokens())
        .isEqualTo(
            Tokens.NONE
                .with(Leaf.INPUT, 3)
                .with(Leaf.CACHE_READ, 9511)
                .with(Leaf.CACHE_WRITE_5M, 1900)
                .with(Leaf.CACHE_WRITE_1H, 56)
                .with(Leaf.OUTPUT, 44));
    assertThat(usage.tokens().input()).isEqualTo(3 + 9511 + 1956);
    assertThat(usage.serviceTier()).contains("standard");
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void absentIsNotZero() {
    assertThat(read("{\"input_tokens\": 5, \"output_tokens\": 0}").tokens())
        .isEqualTo(Tokens.NONE.with(Leaf.INPUT, 5).with(Leaf.OUTPUT, 0));
    assertThat(read("{\"input_tokens\": null}").tokens()).isEqualTo(Tokens.NONE);
  }

  @Test
  void thoughtsAreInsideOutputTokens() {
    Usage usage =
        read("{\"output_tokens\": 145, \"output_tokens_details\": {\"thinking_tokens\": 47}}");
    assertThat(usage.tokens())
        .isEqualTo(Tokens.NONE.with(Leaf.OUTPUT, 98).with(Leaf.REASONING, 47));
  }

  @Test
  void moreThoughtsThanOutputAreAViolationAndTheTotalStands() {
    Usage usage =
        read("{\"output_tokens\": 10, \"output_tokens_details\": {\"thinking_tokens\": 11}}");
    assertThat(usage.tokens()).isEqualTo(Tokens.NONE.with(Leaf.OUTPUT, 10));
    assertThat(usage.violations())
        .containsExactly("thinking_tokens 11 are more than output_tokens 10");
  }

  @Test
  void aStreamReplacesWhatItSaidAtTheStartAndKeepsTheRest() {
    ObjectNode merged =
        AnthropicUsage.merge(
            object(
                """
                {"input_tokens": 25, "output_tokens": 1, "cache_read_input_tokens": 7,
                 "cache_creation_input_tokens": 0,
                 "cache_creation": {"ephemeral_5m_input_tokens": 0,
                                    "ephemeral_1h_input_tokens": 0},
                 "service_tier": "priority"}\
                """),
            object(
                """
                {"output_tokens": 30, "input_tokens": 25, "cache_read_input_tokens": null,
                 "cache_creation_input_tokens": 0}\
                """));
    assertThat(AnthropicUsage.read(merged).tokens())
        .isEqualTo(
            Tokens.NONE
                .with(Leaf.INPUT, 25)
                .with(Leaf.CACHE_READ, 7)
                .with(Leaf.CACHE_WRITE_5M, 0)
                .with(Leaf.CACHE_WRITE_1H, 0)
                .with(Leaf.OUTPUT, 30));
    assertThat(AnthropicUsage.read(merged).serviceTier()).contains("priority");
  }

  @Test
  void aLaterTotalThatIsLargerThanTheSplitAtTheStartIsBilledInFull() {
    ObjectNode merged =
        AnthropicUsage.merge(
            object(
                """
                {"input_tokens": 3, "cache_creation_input_tokens": 2399, "output_tokens": 1,
                 "cache_creation": {"ephemeral_5m_input_tokens": 2399,
                                    "ephemeral_1h_input_tokens": 0}}\
                """),
            object(
                "{\"input_tokens\": 17, \"cache_creation_input_tokens\": 23258,"
                    + " \"output_tokens\": 515}"));
    Usage usage = AnthropicUsage.read(merged);
    assertThat(usage.tokens().cacheWrite()).isEqualTo(23258);
    assertThat(usage.tokens().of(Leaf.CACHE_WRITE_5M)).isEqualTo(2399);
    assertThat(usage.tokens().of(Leaf.CACHE_WRITE)).isEqualTo(23258 - 2399);
    assertThat(usage.violations())
        .containsExactly(
            "cache_creation sums to 2399, less than cache_creation_input_tokens 23258");
  }

  @Test
  void theIterationsTellHowLongLaterEntriesLive() {
    Usage usage =
        read(
            """
            {"input_tokens": 17, "cache_creation_input_tokens": 300, "output_tokens": 30,
             "cache_creation": {"ephemeral_5m_input_tokens": 100,
                                "ephemeral_1h_input_tokens": 0},
             "iterations": [
               {"type": "message", "input_tokens": 10, "output_tokens": 10,
                "cache_creation": {"ephemeral_5m_input_tokens": 100,
                                   "ephemeral_1h_input_tokens": 0}},
               {"type": "message", "input_tokens": 7, "output_tokens": 20,
                "cache_creation": {"ephemeral_5m_input_tokens": 0,
                                   "ephemeral_1h_input_tokens": 200}}]}\
            """);
    assertThat(usage.tokens().of(Leaf.CACHE_WRITE_5M)).isEqualTo(100);
    assertThat(usage.tokens().of(Leaf.CACHE_WRITE_1H)).isEqualTo(200);
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void aSplitLargerThanItsTotalIsNotBelieved() {
    Usage usage =
        read(
            """
            {"cache_creation_input_tokens": 10,
             "cache_creation": {"ephemeral_5m_input_tokens": 8, "ephemeral_1h_input_tokens": 8}}\
            """);
    assertThat(usage.tokens()).isEqualTo(Tokens.NONE.with(Leaf.CACHE_WRITE, 10));
    assertThat(usage.violations()).hasSize(1);
  }

  @Test
  void workBesideTheAnswerIsCountedAsUnits() {
    Usage usage =
        read(
            """
            {"input_tokens": 220, "output_tokens": 8, "speed": "fast", "inference_geo": "us",
             "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 0},
             "iterations": [
               {"type": "compaction", "input_tokens": 55196, "output_tokens": 125},
               {"type": "advisor_message", "model": "claude-opus-4-8",
                "input_tokens": 2543, "output_tokens": 18},
               {"type": "message", "input_tokens": 220, "output_tokens": 8}]}\
            """);
    assertThat(usage.tokens().input()).isEqualTo(220);
    assertThat(usage.units())
        .containsEntry("server_tool_use.web_search_requests", new BigDecimal(2))
        .containsEntry("iterations.compaction.input_tokens", new BigDecimal(55196))
        .containsEntry(
            "iterations.advisor_message.claude-opus-4-8.output_tokens", new BigDecimal(18))
        .containsEntry("speed.fast", BigDecimal.ONE)
        .containsEntry("inference_geo.us", BigDecimal.ONE);
    assertThat(usage.violations()).isEmpty();
  }

  @Test
  void negativeCountsAndOtherNonsenseAreViolationsAndNeverFail() {
    Usage usage = read("{\"input_tokens\": -4, \"output_tokens\": \"many\", \"iterations\": 3}");
    assertThat(usage.tokens()).isEqualTo(Tokens.NONE);
    assertThat(usage.violations())
        .containsExactly("input_tokens is not a count", "output_tokens is not a count");
  }

  @Test
  void whatIsWrittenForACallerReadsAsTheSameLeaves() {
    Tokens tokens =
        Tokens.NONE
            .with(Leaf.INPUT, 3)
            .with(Leaf.CACHE_READ, 5)
            .with(Leaf.CACHE_WRITE_5M, 7)
            .with(Leaf.CACHE_WRITE_1H, 11)
            .with(Leaf.OUTPUT, 13)
            .with(Leaf.REASONING, 17);
    var usage =
        new Usage(
            tokens,
            Map.of("server_tool_use.web_search_requests", BigDecimal.ONE),
            Optional.of("batch"),
            Optional.empty(),
            false,
            List.of());
    Usage again = AnthropicUsage.read(AnthropicUsage.write(usage));
    assertThat(again.tokens()).isEqualTo(tokens);
    assertThat(again.units()).isEqualTo(usage.units());
    assertThat(again.serviceTier()).isEqualTo(usage.serviceTier());
  }

  /** Each recorded object against what another project reads out of it. */
  @Test
  void recordedObjectsReadAsOthersReadThem() throws IOException {
    Path path = Recordings.shared().resolve("data/usage-objects/usages.jsonl");
    assumeTrue(Files.exists(path), () -> "no usage objects at " + path);
    var disagreements = new ArrayList<String>();
    int read = 0;
    for (String line : Files.readAllLines(path)) {
      ObjectNode node = Json.parseObject(line);
      if (!(node.path("body").get("usage") instanceof ObjectNode usage) || !isOurs(usage, node)) {
        continue;
      }
      read++;
      Usage ours = AnthropicUsage.read(usage);
      JsonNode theirs = node.get("extracted").get(0).get("usage");
      compare(node, "input_tokens", ours.tokens().input(), theirs, disagreements);
      compare(node, "output_tokens", ours.tokens().output(), theirs, disagreements);
      compare(node, "cache_read_tokens", ours.tokens().cacheRead(), theirs, disagreements);
      compare(node, "cache_write_tokens", ours.tokens().cacheWrite(), theirs, disagreements);
      assertThat(ours.violations()).as(node.get("id").stringValue()).isEmpty();
    }
    assertThat(read).isGreaterThan(100);
    assertThat(disagreements).isEmpty();
  }

  /** The Responses API of another vendor has members of the same names. */
  private static boolean isOurs(ObjectNode usage, ObjectNode node) {
    return !usage.has("total_tokens")
        && !usage.has("input_tokens_details")
        && node.get("extracted").toString().contains("\"provider_id\":\"anthropic\"")
        && usage.has("input_tokens");
  }

  private static void compare(
      ObjectNode node, String name, long ours, JsonNode theirs, List<String> disagreements) {
    long expected = theirs.path(name).asLong(0);
    if (ours != expected) {
      disagreements.add(
          "%s %s: %d, others read %d"
              .formatted(node.get("id").stringValue(), name, ours, expected));
    }
  }

  private static Usage read(String json) {
    return AnthropicUsage.read(object(json));
  }

  private static ObjectNode object(String json) {
    return Json.parseObject(json);
  }
}
