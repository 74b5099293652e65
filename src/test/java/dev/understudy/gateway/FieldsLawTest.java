package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.InboundCall;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Quirk;
import dev.understudy.protocol.Recordings.Recording;
import dev.understudy.protocol.UsageConvention;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What a caller's request holds is in what is written for a vendor of the same protocol, or named
 * among the losses: fields in are fields out and losses.
 */
final class FieldsLawTest {

  private static final Pattern MODEL = Pattern.compile("/models/([^/:?]+):");

  @Test
  void whatIsReadOfARequestIsWrittenOrNamedAsLost() {
    var gone = new TreeMap<String, TreeSet<String>>();
    int[] read = new int[1];
    RecordedVendors.each(recording -> {
      ProtocolName protocol = RecordedVendors.protocol(recording).orElseThrow();
      Optional<Inbound> inbound =
          Protocols.inbounds().stream().filter(i -> i.name().equals(protocol)).findFirst();
      if (inbound.isEmpty() || RecordedVendors.isCount(recording) || recording.status() != 200) {
        return;
      }
      var losses = new Losses();
      Optional<byte[]> written = written(inbound.get(), recording, losses);
      if (written.isEmpty()) {
        return;
      }
      read[0]++;
      var body = Json.parse(written.get());
      var strings = new HashSet<String>();
      var numbers = new HashSet<String>();
      collect(body, strings, numbers);
      String all = String.join("\n", strings);
      walk(
          recording.request(),
          "",
          (path, leaf) -> {
            boolean there =
                leaf.isString()
                    ? leaf.stringValue().isBlank() || all.contains(normal(leaf.stringValue()))
                    : numbers.contains(plain(leaf));
            String field = path.replaceAll("\\[\\d+]", "[]");
            if (!there && !isLost(path, losses) && !isFree(protocol, field)) {
              gone.computeIfAbsent(
                      protocol + " " + field + " = " + shown(leaf), _ -> new TreeSet<>())
                  .add(recording.id());
            }
          });
    });
    assertThat(gone).isEmpty();
    assertThat(read[0]).isPositive();
  }

  /** Words of a schema are in any case, and bytes in either of two alphabets. */
  private static String normal(String text) {
    return text.toLowerCase(Locale.ROOT).replace('-', '+').replace('_', '/').replace("=", "");
  }

  /** Fields that say what is said without them, and names that a protocol gives anew. */
  private static boolean isFree(ProtocolName protocol, String field) {
    return FREE.stream().anyMatch(free -> (protocol + " " + field).matches(free));
  }

  /** Patterns of fields, each with why nothing is lost without them. */
  private static final List<String> FREE =
      List.of(
          // What kind of part it is shows in its members.
          ".* .*\\.type",
          // Those of the call, which are the target's when it is written.
          ".* stream",
          ".* model",
          "anthropic-messages anthropic_version",
          // The default, or the same in another of the protocol's words.
          "anthropic-messages messages\\[].content\\[].is_error",
          "anthropic-messages messages\\[].role",
          "openai-chat n",
          "openai-chat logprobs",
          "openai-chat tool_choice",
          "openai-chat usage.include",
          "openai-chat messages\\[].prefix",
          "openai-responses input\\[].role",
          "gemini generationConfig.candidateCount",
          "gemini generationConfig.responseModalities\\[]",
          "gemini generationConfig.responseMimeType",
          "gemini contents\\[].role",
          // How much to think has several words, and each vendor knows another.
          "openai-chat (reasoning\\..*|enable_thinking|thinking\\..*)",
          // A budget that the model knows as a level is named by the model's own word for it.
          "gemini generationConfig.thinkingConfig\\..*",
          // The schema did not fit strict mode; the loss is named by the model's own word for it.
          "openai-chat tools\\[].function.strict",
          // Numbers and names of items, which the protocol does not need: order and call ids say
          // it.
          "openai-chat messages\\[].(tool_calls|reasoning_details)\\[].(index|format)",
          "openai-chat messages\\[].(tool_calls\\[].id|tool_call_id)",
          "openai-responses input\\[].(id|status)",
          // A word of clients for "no signature"; it is put back where Google demands one.
          "gemini contents\\[].parts\\[].thoughtSignature",
          // Schemas are fitted to what the model takes.
          "gemini .*(chema|parameters)\\..*(\\$ref|additionalProperties|enum\\[]|nullable)");

  private static String shown(JsonNode leaf) {
    String text = leaf.toString();
    return text.length() > 30 ? text.substring(0, 30) : text;
  }

  private static Optional<byte[]> written(Inbound inbound, Recording recording, Losses losses) {
    ChatRequest request;
    try {
      request =
          inbound.readRequest(
              new InboundCall(
                  recording.request(), Optional.of(model(recording)), recording.stream(), true),
              losses);
    } catch (Malformed e) {
      return Optional.empty();
    }
    var able =
        new Dialect(
            recording.vendor(),
            UsageConvention.STANDARD,
            Set.of(
                Quirk.TOP_K,
                Quirk.CACHE_CONTROL,
                Quirk.ALLOWED_TOOLS,
                Quirk.REASONING_CONTENT_BACK));
    return Optional.of(
        Protocols.outbound(inbound.name()).writeRequest(request, able, losses).json());
  }

  /** The model that the path names: what may be asked depends on it. */
  private static String model(Recording recording) {
    Matcher named = MODEL.matcher(recording.path());
    return named.find() ? named.group(1) : "m";
  }

  private static boolean isLost(String path, Losses losses) {
    return losses.kept().stream()
        .anyMatch(loss -> path.startsWith(loss.path()) || loss.path().startsWith(path));
  }

  private interface Leaves {
    void leaf(String path, JsonNode value);
  }

  private static void walk(JsonNode node, String path, Leaves leaves) {
    if (node.isObject()) {
      node.properties()
          .forEach(m ->
              walk(m.getValue(), path.isEmpty() ? m.getKey() : path + "." + m.getKey(), leaves));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(node.get(i), path + "[" + i + "]", leaves);
      }
    } else if (!node.isNull()) {
      leaves.leaf(path, node);
    }
  }

  private static void collect(JsonNode node, Set<String> strings, Set<String> numbers) {
    if (node.isString()) {
      strings.add(normal(node.stringValue()));
    } else if (node.isValueNode()) {
      numbers.add(plain(node));
    } else {
      node.forEach(child -> collect(child, strings, numbers));
    }
  }

  private static String plain(JsonNode node) {
    return node.isNumber()
        ? node.decimalValue().stripTrailingZeros().toPlainString()
        : node.toString();
  }
}
