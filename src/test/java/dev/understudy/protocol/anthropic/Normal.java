package dev.understudy.protocol.anthropic;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Part;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a translation may change, stated as a normal form. */
final class Normal {
  private Normal() {}

  /**
   * Requests: text alone is a block; {@code output_format} is {@code output_config.format}; what
   * says only the default is left out.
   */
  static ObjectNode request(ObjectNode request) {
    ObjectNode node = request.deepCopy();
    node.remove("anthropic_version");
    node.remove("model"); // clouds have it in the path
    // What the model does anyway, or says of itself.
    leaveOutDefaults(node);
    if (node.has("output_format")) {
      node.withObject("/output_config").set("format", node.remove("output_format"));
    }
    JsonNode stream = node.get("stream");
    if (stream != null && !stream.booleanValue()) {
      node.remove("stream");
    }
    blocks(node, "system");
    node.path("messages").forEach(message -> blocks((ObjectNode) message, "content"));
    return node;
  }

  private static void leaveOutDefaults(ObjectNode node) {
    JsonNode failed = node.get("is_error");
    if (failed != null && !failed.booleanValue()) {
      node.remove("is_error");
    }
    if (node.path("caller").path("type").asString("").equals("direct")) {
      node.remove("caller");
    }
    for (JsonNode member : node) {
      visit(member);
    }
  }

  private static void visit(JsonNode node) {
    if (node instanceof ObjectNode object) {
      leaveOutDefaults(object);
    } else {
      node.forEach(Normal::visit);
    }
  }

  private static void blocks(ObjectNode owner, String name) {
    JsonNode content = owner.get(name);
    if (content == null) {
      return;
    }
    if (content.isString()) {
      ArrayNode array = Json.array();
      array.addObject().put("type", "text").put("text", content.stringValue());
      owner.set(name, array);
    }
    for (JsonNode block : owner.get(name)) {
      if (block instanceof ObjectNode object
          && object.path("type").asString("").equals("tool_result")) {
        blocks(object, "content");
      }
    }
  }

  /** Counts that are not zero: a caller's usage object has fields that no vendor need fill. */
  private static Tokens said(Tokens tokens) {
    var said = new TreeMap<>(tokens.byLeaf());
    said.values().removeIf(count -> count == 0);
    return new Tokens(said);
  }

  /** Replies: counts but not the vendor's own usage object; no empty text; blank input is none. */
  static ChatReply reply(ChatReply reply) {
    var parts = new ArrayList<Part>();
    for (Part part : reply.parts()) {
      switch (part) {
        case Part.Text text when text.text().isEmpty() && text.citations().isEmpty() -> {}
        case Part.Reasoning(String text, Optional<Seal> seal)
            when text.isEmpty() && seal.isEmpty() -> {}
        case Part.ToolCall call ->
            parts.add(
                new Part.ToolCall(
                    call.callId(),
                    call.tool(),
                    call.inputJson().isBlank() ? "{}" : call.inputJson(),
                    call.seal()));
        default -> parts.add(part);
      }
    }
    var usage =
        new Usage(
            said(reply.usage().tokens()),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            List.of());
    return new ChatReply(
        reply.id(),
        reply.model(),
        parts,
        new Stop(reply.stop().reason(), Optional.empty(), reply.stop().sequence()),
        usage);
  }
}
