package dev.understudy.protocol.openaichat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.protocol.Recordings;
import dev.understudy.protocol.UsageConvention;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads every recorded usage object of Chat's shape and compares with what others read of it. */
final class RecordedUsageTest {

  /** Whose extractor is asked for each of our conventions. */
  private static final Map<String, UsageConvention> CONVENTIONS =
      Map.of(
          "openai", UsageConvention.STANDARD,
          "openrouter", UsageConvention.OPENROUTER,
          "deepseek", UsageConvention.DEEPSEEK,
          "mistral", UsageConvention.MISTRAL,
          "groq", UsageConvention.STANDARD,
          "moonshotai", UsageConvention.MOONSHOT,
          "x-ai", UsageConvention.XAI);

  /** Where the two readings differ, by vendor and count, and why ours is right. */
  private static final Map<String, String> DISAGREEMENTS =
      Map.ofEntries(
          // Every object was read by every vendor's extractor, so these are other vendors' objects.
          Map.entry("deepseek cache_write_tokens", "theirs does not know the field; ours keeps it"),
          Map.entry("groq cache_write_tokens", "the same"),
          Map.entry("mistral cache_write_tokens", "the same"),
          Map.entry("moonshotai cache_write_tokens", "the same"),
          Map.entry("x-ai cache_write_tokens", "the same"),
          Map.entry("deepseek input_audio_tokens", "theirs counts audio as text; ours apart"),
          Map.entry("mistral input_audio_tokens", "the same"),
          Map.entry("moonshotai input_audio_tokens", "the same"),
          Map.entry("x-ai input_audio_tokens", "the same"),
          Map.entry(
              "x-ai output_tokens where the total holds no reasoning",
              "theirs adds reasoning to a completion that includes it; ours looks at the total"));

  @Test
  void readsEachObjectAsItsVendorCountsIt() throws IOException {
    var file = Recordings.shared().resolve("data/usage-objects/usages.jsonl");
    assumeTrue(Files.exists(file), "no usage objects at " + file);
    var found = new TreeMap<String, String>();
    var compared = new int[1];
    try (var lines = Files.lines(file)) {
      lines.forEach(line -> {
        ObjectNode recorded = Json.parseObject(line);
        if (recorded.get("body").path("usage") instanceof ObjectNode usage
            && usage.has("prompt_tokens")) {
          for (JsonNode extracted : recorded.get("extracted")) {
            for (JsonNode extractor : extracted.get("extractors")) {
              String provider = extractor.get("provider_id").stringValue();
              String flavour = extractor.get("api_flavor").stringValue();
              UsageConvention convention = CONVENTIONS.get(provider);
              boolean chat =
                  flavour.equals("chat")
                      || (flavour.equals("default")
                          && (provider.equals("groq") || provider.equals("mistral")));
              if (convention != null && chat) {
                compared[0]++;
                compare(recorded, usage, provider, convention, extracted.get("usage"), found);
              }
            }
          }
        }
      });
    }

    assertThat(compared[0]).isPositive();
    assertThat(found.keySet()).as(found.toString()).isSubsetOf(DISAGREEMENTS.keySet());
  }

  private static void compare(
      ObjectNode recorded,
      ObjectNode usage,
      String provider,
      UsageConvention convention,
      JsonNode theirs,
      Map<String, String> found) {
    Usage read = ChatUsage.read(usage, Optional.empty(), convention);
    byte[] bytes = usage.toPrettyString().getBytes(StandardCharsets.UTF_8);
    assertThat(ChatUsage.read(bytes, 0, bytes.length, Optional.empty(), convention))
        .as("the same, read from its bytes")
        .isEqualTo(read);
    Tokens ours = read.tokens();
    String id = recorded.get("id").stringValue() + " " + Json.text(usage) + " " + ours;
    note(found, provider, "input_tokens", theirs, ours.input(), id);
    boolean inside =
        usage.path("total_tokens").asLong(0)
            == usage.path("prompt_tokens").asLong(0) + usage.path("completion_tokens").asLong(0);
    boolean xai = convention == UsageConvention.XAI && inside;
    String output = "output_tokens" + (xai ? " where the total holds no reasoning" : "");
    note(found, provider, output, "output_tokens", theirs, ours.output(), id);
    note(found, provider, "cache_read_tokens", theirs, ours.cacheRead(), id);
    note(found, provider, "cache_write_tokens", theirs, ours.cacheWrite(), id);
    note(found, provider, "output_reasoning_tokens", theirs, ours.reasoning(), id);
    long audio =
        ours.sum(leaf ->
            leaf.direction() == Leaf.Direction.INPUT && leaf.modality() == Leaf.Modality.AUDIO);
    note(found, provider, "input_audio_tokens", theirs, audio, id);
  }

  private static void note(
      Map<String, String> found,
      String provider,
      String name,
      JsonNode theirs,
      long ours,
      String id) {
    note(found, provider, name, name, theirs, ours, id);
  }

  private static void note(
      Map<String, String> found,
      String provider,
      String label,
      String name,
      JsonNode theirs,
      long ours,
      String id) {
    if (theirs.path(name).asLong(0) != ours) {
      found.putIfAbsent(
          provider + " " + label,
          "theirs %d, ours %d: %s".formatted(theirs.path(name).asLong(0), ours, id));
    }
  }
}
