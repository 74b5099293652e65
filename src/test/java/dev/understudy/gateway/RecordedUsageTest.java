package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Leaf.Direction;
import dev.understudy.chat.Leaf.Modality;
import dev.understudy.chat.Leaf.Phase;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Recordings;
import dev.understudy.protocol.Recordings.Recording;
import dev.understudy.protocol.ReplyFold;
import dev.understudy.protocol.UsageConvention;
import dev.understudy.protocol.anthropic.AnthropicUsage;
import dev.understudy.protocol.bedrock.ConverseUsage;
import dev.understudy.protocol.cohere.CohereUsage;
import dev.understudy.protocol.gemini.GeminiUsage;
import dev.understudy.protocol.openaichat.ChatUsage;
import dev.understudy.protocol.openairesponses.ResponsesUsage;
import dev.understudy.protocol.wire.BedrockChunks;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.vendor.Framing;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Recorded usage objects become leaves; docs/reference/usage.md lists where others differ. */
final class RecordedUsageTest {

  /** The counts another extractor reads, as sums of our leaves. */
  private static final Map<String, Function<Usage, Long>> COUNTS = counts();

  private static Map<String, Function<Usage, Long>> counts() {
    var counts = new LinkedHashMap<String, Function<Usage, Long>>();
    counts.put("input_tokens", usage -> usage.tokens().input());
    counts.put("output_tokens", usage -> usage.tokens().output());
    counts.put("cache_read_tokens", usage -> usage.tokens().cacheRead());
    counts.put("cache_write_tokens", usage -> usage.tokens().cacheWrite());
    counts.put("cache_write_5m_tokens", sum(leaf -> leaf.cache() == Leaf.Cache.WRITE_5M));
    counts.put("output_reasoning_tokens", usage -> usage.tokens().reasoning());
    counts.put("input_tool_tokens", sum(leaf -> leaf.phase() == Phase.TOOL_USE));
    counts.put(
        "input_text_tool_tokens",
        sum(leaf -> leaf.phase() == Phase.TOOL_USE && leaf.modality() == Modality.TEXT));
    for (Modality modality : Modality.values()) {
      String name = modality.name().toLowerCase(java.util.Locale.ROOT);
      counts.put(
          "input_" + name + "_tokens",
          sum(leaf -> leaf.direction() == Direction.INPUT && leaf.modality() == modality));
      counts.put(
          "output_" + name + "_tokens",
          sum(leaf -> leaf.direction() == Direction.OUTPUT && leaf.modality() == modality));
      counts.put(
          "cache_" + name + "_read_tokens",
          sum(leaf -> leaf.cache() == Leaf.Cache.READ && leaf.modality() == modality));
    }
    counts.put(
        "web_searches",
        usage ->
            usage
                .units()
                .getOrDefault("server_tool_use.web_search_requests", BigDecimal.ZERO)
                .longValue());
    return counts;
  }

  private static Function<Usage, Long> sum(Predicate<Leaf> which) {
    return usage -> usage.tokens().sum(which);
  }

  /** Disagreements of one kind. */
  private static final class Disagreement {
    private final TreeSet<String> objects = new TreeSet<>();
    private final TreeSet<String> extractors = new TreeSet<>();
    private String example = "";
  }

  @Test
  void everyRecordedObjectBecomesLeavesAndEveryDisagreementIsListed() throws IOException {
    var file = Recordings.shared().resolve("data/usage-objects/usages.jsonl");
    var found = new TreeMap<String, Disagreement>();
    int objects = 0;
    int readings = 0;
    int agreed = 0;
    for (String line : Files.readAllLines(file)) {
      JsonNode recorded = Json.parse(line);
      objects++;
      ObjectNode object = object(recorded.path("body"));
      String shape = shape(recorded.path("body"), object);
      for (JsonNode extracted : recorded.path("extracted")) {
        for (JsonNode extractor : extracted.path("extractors")) {
          String provider = extractor.path("provider_id").asString("");
          String flavour = extractor.path("api_flavor").asString("");
          Optional<Usage> ours = read(provider, flavour, object);
          if (ours.isEmpty()) {
            continue;
          }
          readings++;
          var different = new TreeSet<String>();
          COUNTS.forEach((name, count) -> {
            JsonNode theirs = extracted.path("usage").path(name);
            long mine = count.apply(ours.get());
            boolean same =
                theirs.isMissingNode() ? mine == 0 || isSplit(name) : theirs.asLong() == mine;
            if (!same) {
              different.add(name);
              String key = shape + " | " + reader(provider, flavour) + " | " + name;
              Disagreement disagreement = found.computeIfAbsent(key, _ -> new Disagreement());
              disagreement.objects.add(recorded.path("id").asString());
              disagreement.extractors.add(provider + "/" + flavour);
              if (disagreement.example.isEmpty()) {
                disagreement.example =
                    "%s: %d there, %d here"
                        .formatted(recorded.path("id").asString(), theirs.asLong(0), mine);
              }
            }
          });
          if (different.isEmpty()) {
            agreed++;
          }
        }
      }
    }
    assertThat(found.keySet()).allMatch(key -> !reason(key).isEmpty());
    var page = new StringBuilder(INTRODUCTION);
    page.append(
        """
        ## %d recorded usage objects, as another extractor reads them

        Each object of the data set of [genai-prices](https://github.com/pydantic/genai-prices) names the
        vendors and APIs whose extractor was run over it, whoever sent it. %d readings are of an API that
        the gateway knows; %d of them give the same counts here. The others:

        | object of | read as | count | objects | first of them | extractors | why ours differs |
        | --- | --- | --- | ---: | --- | --- | --- |
        """
            .formatted(objects, readings, agreed));
    found.forEach((key, d) ->
        page.append(
            "| %s | %d | %s | %s | %s |\n"
                .formatted(
                    key.replace("_", "\\_"),
                    d.objects.size(),
                    d.example,
                    extractors(d.extractors),
                    reason(key))));
    page.append(violations());
    PrintedPage.compare("usage.md", "RecordedUsageTest", page.toString());
  }

  private static final String INTRODUCTION =
      """
      # Usage

      Printed by a test from recorded traffic, and compared by it. Vendors count tokens in totals that
      overlap; the gateway keeps disjoint leaves, read by vendor and API, and beside them the vendor's
      own object. A count that is absent is not zero, none is ever negative, and sums that a vendor's
      object states but does not keep are noted in the record of the call.

      """;

  private static String extractors(TreeSet<String> names) {
    return names.size() <= 4
        ? String.join(", ", names)
        : String.join(", ", names.stream().limit(3).toList())
            + " and %d more".formatted(names.size() - 3);
  }

  /** Why a reading differs; empty if nobody knows. */
  private static String reason(String key) {
    String[] words = key.split(" \\| ");
    String reader = words[1];
    String count = words[2];
    if (reader.equals("Cohere")) {
      return "theirs reads `tokens`; Cohere bills `billed_units`, which are the leaves here, and"
          + " `tokens` are kept as units; `cohere/default` agrees";
    }
    if (reader.equals("Gemini")) {
      return switch (count) {
        case "output_text_tokens" -> "thoughts are text too, in a leaf of their own";
        case "input_text_tokens" -> "tokens whose modality is not told count as text";
        default -> "a document is a modality here; theirs calls it an image, as it is priced";
      };
    }
    if (reader.startsWith("Chat, XAI") && count.equals("output_tokens")) {
      return "theirs always adds the reasoning; ours only where `total_tokens` says that it is"
          + " beside the completion; none of these objects is xAI's";
    }
    if (reader.startsWith("Chat, PERPLEXITY") && count.startsWith("output_")) {
      return "Perplexity counts reasoning beside the completion, theirs leaves it out; none of"
          + " these objects is Perplexity's";
    }
    return switch (count) {
      case "cache_write_5m_tokens" -> "theirs does not read the lifetimes of this API";
      case "cache_read_tokens", "cache_write_tokens", "output_reasoning_tokens", "web_searches" ->
          "theirs does not read the field for this vendor; where the vendor sends it, it counts";
      case "input_audio_tokens", "input_video_tokens" ->
          "theirs counts these tokens as text for this vendor";
      default -> "";
    };
  }

  /** Parts of a total that the other extractor names only where there is more than one. */
  private static boolean isSplit(String name) {
    return name.contains("_text_");
  }

  static ObjectNode object(JsonNode body) {
    for (String name : new String[] {"usage", "usageMetadata", "meta"}) {
      if (body.path(name) instanceof ObjectNode object) {
        return object;
      }
    }
    throw new AssertionError("no usage object in " + body);
  }

  /** Which API's object it is by the fields that only this API has. */
  private static String shape(JsonNode body, ObjectNode object) {
    if (body.has("usageMetadata")) {
      return "Gemini";
    }
    if (object.has("inputTokens")) {
      return "Bedrock Converse";
    }
    if (object.has("billed_units")) {
      return "Cohere";
    }
    if (object.has("prompt_tokens")) {
      return "Chat";
    }
    return object.has("cache_read_input_tokens") ? "Messages" : "Responses";
  }

  /** Which of our readers a vendor's API goes to; empty for what is no chat. */
  private static String reader(String provider, String flavour) {
    return switch (flavour) {
      case "chat" -> "Chat, " + convention(provider);
      case "responses" -> "Responses";
      case "anthropic" -> "Messages";
      case "tokens" -> "Cohere";
      case "default" ->
          switch (provider) {
            case "anthropic", "minimax" -> "Messages";
            case "aws" -> "Bedrock Converse";
            case "cohere" -> "Cohere";
            case "google" -> "Gemini";
            default -> "Chat, " + convention(provider);
          };
      default -> "";
    };
  }

  private static UsageConvention convention(String provider) {
    return switch (provider) {
      case "x-ai" -> UsageConvention.XAI;
      case "moonshotai" -> UsageConvention.MOONSHOT;
      case "google" -> UsageConvention.GOOGLE;
      default -> RecordedVendors.speech(provider, ProtocolName.OPENAI_CHAT).usage();
    };
  }

  static Optional<Usage> read(String provider, String flavour, ObjectNode object) {
    String reader = reader(provider, flavour);
    return switch (reader) {
      case "" -> Optional.empty();
      case "Responses" ->
          Optional.of(ResponsesUsage.read(object, Optional.empty(), UsageConvention.STANDARD));
      case "Messages" -> Optional.of(AnthropicUsage.read(object));
      case "Bedrock Converse" -> Optional.of(ConverseUsage.read(object));
      case "Cohere" -> Optional.of(CohereUsage.read(object));
      case "Gemini" -> Optional.of(GeminiUsage.read(object));
      default -> Optional.of(ChatUsage.read(object, Optional.empty(), convention(provider)));
    };
  }

  /** The sums that vendors' own objects break, with numbers left out. */
  private static String violations() {
    var violations = new TreeMap<String, TreeSet<String>>();
    int[] replies = new int[1];
    RecordedVendors.each(recording -> {
      if (recording.status() == 200 && !RecordedVendors.isCount(recording)) {
        ProtocolName protocol = RecordedVendors.protocol(recording).orElseThrow();
        Usage usage = usage(recording, protocol);
        replies[0]++;
        for (String violation : usage.violations()) {
          String words = violation.replaceAll("\\d+", "n").replace("_", "\\_");
          violations
              .computeIfAbsent(
                  "| %s | %s | %s |".formatted(recording.vendor(), protocol, words),
                  _ -> new TreeSet<>())
              .add(recording.id());
        }
      }
    });
    var text = new StringBuilder();
    text.append(
        """

        ## Sums that do not add up

        Of %d recorded replies and streams these contradict themselves. The vendor's totals are kept, and
        the record says so.

        | vendor | protocol | what is wrong | replies | first of them |
        | --- | --- | --- | ---: | --- |
        """
            .formatted(replies[0]));
    violations.forEach(
        (row, ids) -> text.append("%s %d | %s |\n".formatted(row, ids.size(), ids.first())));
    return text.toString();
  }

  private static Usage usage(Recording recording, ProtocolName protocol) {
    var outbound = Protocols.outbound(protocol);
    var dialect = RecordedVendors.dialect(recording.vendor(), protocol);
    byte[] body = recording.body();
    try {
      if (!recording.stream()) {
        return outbound.readReply(body, dialect, new Losses()).usage();
      }
    } catch (Malformed e) {
      return Usage.UNSAID;
    }
    if (RecordedVendors.speech(recording.vendor(), protocol).framing() == Framing.BEDROCK_CHUNKS) {
      var plain = new Bytes();
      var chunks = new BedrockChunks();
      chunks.accept(body, 0, body.length, plain);
      chunks.end(plain);
      body = plain.toByteArray();
    }
    var fold = new ReplyFold();
    var reader = outbound.streamReader(dialect, fold, new Losses());
    reader.accept(body, 0, body.length);
    reader.end();
    return fold.usage();
  }
}
