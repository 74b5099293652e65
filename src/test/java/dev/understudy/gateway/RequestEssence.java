package dev.understudy.gateway;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Source;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Losses;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Finds what a request asks, in whatever protocol it was written, without that protocol's reader.
 */
final class RequestEssence {
  private final List<String> strings = new ArrayList<>();
  private final Set<JsonNode> values = new HashSet<>();
  private final Losses losses;
  private final List<String> missing = new ArrayList<>();

  private RequestEssence(Losses losses) {
    this.losses = losses;
  }

  /** A model of the protocol's author that can do most. */
  static String model(ProtocolName protocol) {
    if (protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      return "claude-sonnet-4-5";
    }
    if (protocol.equals(ProtocolName.BEDROCK_CONVERSE)) {
      return "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    }
    if (protocol.equals(ProtocolName.GEMINI)) {
      return "gemini-2.5-flash";
    }
    return protocol.equals(ProtocolName.COHERE_CHAT) ? "command-a-03-2025" : "gpt-5.1";
  }

  /** What stands neither in the body nor among the losses, as kinds of things. */
  static List<String> missing(ChatRequest request, byte[] body, Losses losses) {
    var essence = new RequestEssence(losses);
    essence.collect(Json.parse(body));
    for (Message message : request.messages()) {
      message.parts().forEach(part -> essence.look(part));
    }
    for (Tool tool : request.tools()) {
      if (tool instanceof Tool.Function function
          && mayBeCalled(function.name(), request.toolChoice())) {
        essence.needs("tool", function.name(), "tools");
        function
            .description()
            .ifPresent(text -> essence.needs("tool's description", text, "tools"));
      }
    }
    request.sampling().maxTokens().ifPresent(n -> essence.needsNumber("max tokens", n, "max"));
    request
        .sampling()
        .temperature()
        .ifPresent(n -> essence.needsNumber("temperature", n, "temperature"));
    request.sampling().topP().ifPresent(n -> essence.needsNumber("top p", n, "top"));
    request.sampling().topK().ifPresent(n -> essence.needsNumber("top k", n, "top"));
    request.sampling().seed().ifPresent(n -> essence.needsNumber("seed", n, "seed"));
    request
        .sampling()
        .frequencyPenalty()
        .filter(n -> n.signum() != 0) // the default of all vendors
        .ifPresent(n -> essence.needsNumber("frequency penalty", n, "frequency"));
    request
        .sampling()
        .presencePenalty()
        .filter(n -> n.signum() != 0)
        .ifPresent(n -> essence.needsNumber("presence penalty", n, "presence"));
    request.sampling().stop().forEach(text -> essence.needs("stop text", text, "stop"));
    request
        .labels()
        .user()
        .ifPresent(text -> essence.needs("user", text, "user", "safety", "metadata", "labels"));
    return essence.missing;
  }

  /** A tool that the model must not call need not be offered. */
  private static boolean mayBeCalled(String tool, ToolChoice choice) {
    return switch (choice) {
      case ToolChoice.None _ -> false;
      case ToolChoice.Named(String only) -> only.equals(tool);
      case ToolChoice.Among(List<String> some, _) -> some.contains(tool);
      case ToolChoice.Unsaid _, ToolChoice.Auto _, ToolChoice.Required _ -> true;
    };
  }

  private void look(Part part) {
    switch (part) {
      case Part.Text(String text, _, _) -> needs("text", text, "messages", "contents", "input");
      case Part.Refusal(String text) -> needs("refusal", text, "messages", "contents", "input");
      case Part.Reasoning(String text, var seal) -> {
        if (!text.isEmpty() && seal.isEmpty()) {
          needs("reasoning", text, "messages", "contents", "input");
        }
      }
      case Part.Image(var source, _) -> source("image", source);
      case Part.Audio(var source, _) -> source("audio", source);
      case Part.Video(var source) -> source("video", source);
      case Part.Document(var source, _, _, _) -> source("document", source);
      case Part.ToolCall call -> {
        needs("call of a tool", call.tool(), "messages", "contents", "input");
        needsJson("arguments", call.inputJson());
      }
      case Part.ToolResult result -> result.content().forEach(inner -> look(inner));
      case Part.CachePoint _, Part.Foreign _ -> {}
    }
  }

  private void source(String kind, Source source) {
    switch (source) {
      case Source.Inline(String type, String base64) -> {
        // A document of plain text may be given as text, or as the bytes of it.
        if (type.startsWith("text/")) {
          needs(kind, decoded(base64), "messages", "contents", "input");
        } else {
          needs(kind, base64, "messages", "contents", "input");
        }
      }
      case Source.Url(String url, _) ->
          needs(kind + " by url", url, "messages", "contents", "input");
      case Source.FileId(_, String id, _) ->
          needs(kind + " by file", id, "messages", "contents", "input");
      case Source.PlainText(String text) -> needs(kind, text, "messages", "contents", "input");
    }
  }

  private static String decoded(String base64) {
    return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private boolean holds(String text) {
    String base64 =
        Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    return strings.stream().anyMatch(s -> s.contains(text) || s.contains(base64));
  }

  private void needs(String kind, String text, String... places) {
    if (text.isBlank() || holds(text) || isLost(places)) {
      return;
    }
    // Text that is JSON may have become JSON.
    if (text.startsWith("{") || text.startsWith("[")) {
      needsJson(kind, text);
    } else {
      missing.add(kind);
    }
  }

  private void needsJson(String kind, String json) {
    Optional<JsonNode> value = Optional.empty();
    try {
      value = Optional.of(Json.parse(json));
    } catch (Malformed e) {
      // Models send such things; the text must stand somewhere then.
    }
    if (json.isBlank()
        || value.map(values::contains).orElse(false)
        || value.map(v -> v.isObject() && v.isEmpty()).orElse(false)
        || strings.stream().anyMatch(s -> s.contains(json))
        || isLost("messages", "contents", "input")) {
      return;
    }
    missing.add(kind);
  }

  private void needsNumber(String kind, Number number, String place) {
    JsonNode node = Json.parse(number.toString());
    boolean found =
        values.stream()
            .anyMatch(v -> v.isNumber() && v.decimalValue().compareTo(node.decimalValue()) == 0);
    if (!found && !isLost(place)) {
      missing.add(kind);
    }
  }

  private boolean isLost(String... places) {
    return losses.kept().stream()
        .anyMatch(loss -> {
          for (String place : places) {
            if (loss.path().toLowerCase(java.util.Locale.ROOT).contains(place)) {
              return true;
            }
          }
          return false;
        });
  }

  private void collect(JsonNode node) {
    if (node.isString()) {
      strings.add(node.stringValue());
    }
    if (!node.isString()) {
      values.add(node);
    }
    node.forEach(this::collect);
  }
}
